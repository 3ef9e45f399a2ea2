//! `plimsoll diff`: what changed from one spec to another.

use reports::diff::{Course, Difference};
use reports::{markdown, terminal};

use crate::arguments::{DiffArguments, DiffFormat};
use crate::failure::{Exit, Failure};
use crate::{input, screen};

pub(super) fn run(arguments: &DiffArguments) -> Result<Exit, Failure> {
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
