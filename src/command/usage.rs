//! The arguments of the process, and what is wrong with them.

use clap::Parser;
use clap::error::ErrorKind;

use super::show;
use crate::arguments::Arguments;
use crate::failure::{Exit, Failure};
use crate::screen;

/// Reads the arguments. What was asked for, help or the version, is printed, and so is what is
/// wrong; then there is nothing left to do but to end.
pub(super) fn parse() -> Result<Arguments, Exit> {
    Arguments::try_parse().map_err(|usage| match usage.kind() {
        // A command alone is no mistake that a code would explain: the help is.
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            // Nothing more can be done for who cannot be written to.
            let _ = usage.print();
            Exit::Invalid
        }
        _ if usage.use_stderr() => {
            let failure = failure(&usage.to_string());
            show(&failure, None, std::env::args_os().any(|argument| argument == "--json"));
            failure.exit()
        }
        _ => match screen::unless_gone(usage.print()) {
            Ok(()) => Exit::Verified,
            Err(failure) => {
                show(&failure, None, false);
                failure.exit()
            }
        },
    })
}

/// The fault of a message of the reader: its first paragraph says what is wrong, the others what
/// would be right.
fn failure(text: &str) -> Failure {
    let mut paragraphs = text.split("\n\n").map(|paragraph| {
        let words: Vec<&str> = paragraph.split_whitespace().collect();
        words.join(" ")
    });
    let first = paragraphs.next().unwrap_or_default();
    let message = first.strip_prefix("error: ").unwrap_or(&first).to_owned();
    let help: Vec<String> = paragraphs
        .filter(|paragraph| !paragraph.is_empty() && !paragraph.starts_with("For more information"))
        .map(|paragraph| match paragraph.strip_prefix("Usage: ") {
            Some(usage) => format!("usage: {usage}"),
            None => paragraph.strip_prefix("tip: ").map_or(paragraph.clone(), str::to_owned),
        })
        .collect();
    let help = if message.starts_with("invalid value ") && message.contains(" <DATE>'") {
        "write the day as YYYY-MM-DD, such as 2026-03-31".to_owned()
    } else if help.is_empty() {
        "plimsoll help COMMAND lists what it takes".to_owned()
    } else {
        help.join("; ")
    };
    Failure::Usage { message, help }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_and_what_would_be_right_are_told_apart() {
        let text = "error: unexpected argument '--outt' found\n\n  tip: a similar argument exists: \
                    '--out'\n\nUsage: plimsoll plan --out <DIR> <INTENT>\n\nFor more information, \
                    try '--help'.\n";
        let Failure::Usage { message, help } = failure(text) else {
            panic!("it is a fault of usage");
        };
        assert_eq!(message, "unexpected argument '--outt' found");
        assert_eq!(
            help,
            "a similar argument exists: '--out'; usage: plimsoll plan --out <DIR> <INTENT>"
        );
    }
}
