//! `plimsoll diff`: what changed from one spec to another.

use reports::diff::{Course, Difference};
use reports::{markdown, terminal};

use crate::arguments::{DiffArguments, DiffFormat};
use crate::failure::{Exit, Failure};
use crate::{input, screen};

pub(super) fn run(arguments: &DiffArguments) -> Result<Exit, Failure> {
    if [&arguments.from, &arguments.to].iter().all(|spec| *spec == input::STDIN) {
        return Err(Failure::Usage {
            message: "both specs are to be read from standard input, which holds one".to_owned(),
            help: "name the file of one of them: plimsoll diff old.json -".to_owned(),
        });
    }
    let (from, to) = (input::sealed(&arguments.from)?, input::sealed(&arguments.to)?);
    let difference = Difference::between(&from, &to);
    let style = screen::style_of_stdout();
    let text = match arguments.format {
        _ if arguments.json => difference.json(),
        _ if arguments.quiet => terminal::difference_line(&difference, style),
        DiffFormat::Text => terminal::difference(&difference, style),
        DiffFormat::Markdown => markdown::difference(&difference),
    };
    screen::print(&text)?;
    Ok(match difference.course {
        Course::Worse => Exit::Refuted,
        Course::Dearer => Exit::Dearer,
        Course::Cheaper | Course::Same => Exit::Verified,
    })
}
