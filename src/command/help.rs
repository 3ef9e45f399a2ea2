//! `plimsoll help`: an error code explained, from the error page of the book.

use clap::CommandFactory;
use domain::intent::nearest;

use crate::arguments::Arguments;
use crate::failure::{Exit, Failure};
use crate::screen;

/// The page has one heading for each code; a test compares the two lists.
const ERRORS: &str = include_str!("../../docs/book/src/errors.md");

pub(super) fn run(topic: Option<&str>) -> Result<Exit, Failure> {
    let Some(topic) = topic else {
        let mut text = Arguments::command().render_long_help().to_string();
        text.push_str("\nError codes, each explained by `plimsoll help CODE`:\n");
        text.extend(codes().flat_map(|code| ["  ", code, "\n"]));
        screen::print(&text)?;
        return Ok(Exit::Verified);
    };
    if let Some(section) = section(topic) {
        screen::print(&format!("{section}\n"))?;
        return Ok(Exit::Verified);
    }
    let mut command = Arguments::command();
    // Built, a subcommand knows by what name it is called.
    command.build();
    if let Some(subcommand) = command.find_subcommand_mut(topic) {
        screen::print(&subcommand.render_long_help().to_string())?;
        return Ok(Exit::Verified);
    }
    Err(Failure::Unknown {
        name: topic.to_owned(),
        what: "an error code or a command",
        help: match nearest(topic, codes()) {
            Some(code) => format!("did you mean `{code}`? plimsoll help lists all of them"),
            None => "plimsoll help lists all of them".to_owned(),
        },
    })
}

fn codes() -> impl Iterator<Item = &'static str> {
    let headings = ERRORS.lines().filter_map(|line| line.strip_prefix("## "));
    headings.map(str::trim).filter(|heading| heading.contains("::"))
}

/// The heading of a code and what stands under it.
fn section(code: &str) -> Option<&'static str> {
    let start = ERRORS.find(&format!("## {code}\n"))?;
    let body = &ERRORS[start + 3..];
    let end = body.find("\n## ").unwrap_or(body.len());
    Some(body[..end].trim_end())
}
