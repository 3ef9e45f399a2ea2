//! What could not be read, for a terminal and for machines: every fault with its code, the place in
//! the user's own text, and what to do.
//!
//! The text shown is the user's, so whatever a terminal would obey is made harmless first.

mod document;

use miette::{Diagnostic, SourceCode, SourceSpan};
use serde_json::{Value, json};

use self::document::{ErrorPart, ErrorsDocument, PlacePart};
use crate::safe;
use crate::terminal::Style;

/// As wide as every screen.
const COLUMNS: usize = 100;
/// Columns of the gutter with the bar.
const GUTTER: usize = 4;
/// More faults than this on one screen help nobody.
const MOST_SHOWN: usize = 20;
/// As much of the text at fault as is shown, so that something around it is seen as well.
const MOST_OF_SPAN: usize = 60;

/// All faults, and the line that closes the screen, with what was not done because of them
/// (`nothing was planned`) where there was something to do. A diagnostic that relates others stands
/// for them; its help is shown under them.
pub fn render(diagnostics: &[&dyn Diagnostic], undone: Option<&str>, style: Style) -> String {
    let (faults, notes) = flattened(diagnostics);
    let mut screen = Vec::new();
    for fault in faults.iter().take(MOST_SHOWN) {
        block(*fault, style, &mut screen);
    }
    if let Some(more) = faults.len().checked_sub(MOST_SHOWN).filter(|more| *more > 0) {
        let plural = if more == 1 { "" } else { "s" };
        screen.push(format!("{more} more error{plural}: --json lists all"));
    }
    if !notes.is_empty() {
        screen.push(String::new());
    }
    for note in notes.iter().flat_map(|note| note.lines()) {
        lines(note, "", style, &mut screen);
    }
    let plural = if faults.len() == 1 { "" } else { "s" };
    let mut closing = format!("{} error{plural}", faults.len());
    if let Some(undone) = undone {
        closing = format!("{closing}, {undone}");
    }
    if let Some(code) = faults.first().and_then(|fault| fault.code()) {
        closing = format!("{closing} \u{b7} plimsoll help {code}");
    }
    lines(&closing, "", style, &mut screen);
    screen.push(String::new());
    screen.join("\n")
}

/// The faults for machines: a document of the schema `errors`.
pub fn json(diagnostics: &[&dyn Diagnostic]) -> Value {
    let (faults, notes) = flattened(diagnostics);
    let errors = faults.iter().map(|fault| ErrorPart {
        code: fault.code().map(|code| code.to_string()),
        message: safe::clean(&fault.to_string()),
        help: help(*fault).map(|help| safe::clean(&help)),
        place: place(*fault).map(Stretch::part),
    });
    json!(ErrorsDocument { errors: errors.collect(), notes })
}

/// The schema of that.
pub fn json_schema() -> String {
    crate::spec::design::schema::<ErrorsDocument>("errors")
}

/// Every single fault, and the help of what relates them.
fn flattened<'a>(diagnostics: &[&'a dyn Diagnostic]) -> (Vec<&'a dyn Diagnostic>, Vec<String>) {
    let (mut faults, mut notes) = (Vec::new(), Vec::new());
    for diagnostic in diagnostics {
        let related: Vec<&dyn Diagnostic> =
            diagnostic.related().map(Iterator::collect).unwrap_or_default();
        if related.is_empty() {
            faults.push(*diagnostic);
            continue;
        }
        let (inner, more) = flattened(&related);
        faults.extend(inner);
        notes.extend(more);
        notes.extend(diagnostic.help().map(|help| help.to_string()));
    }
    (faults, notes)
}

/// What to do: the help, or else the label at the place.
fn help(fault: &dyn Diagnostic) -> Option<String> {
    let label = || fault.labels()?.find_map(|label| label.label().map(str::to_owned));
    fault.help().map(|help| help.to_string()).or_else(label)
}

/// One fault.
fn block(fault: &dyn Diagnostic, style: Style, screen: &mut Vec<String>) {
    let code = fault.code().map(|code| format!("[{code}]")).unwrap_or_default();
    let head = letters(&format!("error{code}:"), style);
    let text = letters(&fault.to_string(), style);
    let cut = cut(style);
    let message = safe::wrapped(&format!("{head} {text}"), COLUMNS - 2, cut).join("\n  ");
    let rest = message.strip_prefix(head.as_str()).unwrap_or(&message);
    screen.push(format!("{}{rest}", red(&head, style)));
    let advice = help(fault);
    let Some(place) = place(fault) else {
        if let Some(advice) = advice {
            lines(&advice, "  ", style, screen);
        }
        return;
    };
    if let Some(name) = &place.name {
        let corner = if style.unicode { "\u{250c}" } else { "-->" };
        let spot = letters(&format!("{name}:{}:{}", place.line, place.column), style);
        screen.push(format!("  {corner} {spot}"));
    }
    place.show(advice.as_deref().unwrap_or_default(), style, screen);
}

/// A stretch of one line of a text.
struct Stretch {
    name: Option<String>,
    line: usize,
    column: usize,
    offset: usize,
    length: usize,
    before: String,
    within: String,
    after: String,
}

/// Where a fault is, when it has a text.
fn place(fault: &dyn Diagnostic) -> Option<Stretch> {
    let source = fault.source_code()?;
    let label = fault.labels()?.next()?;
    stretch(source, label.offset(), label.len())
}

fn stretch(source: &dyn SourceCode, offset: usize, length: usize) -> Option<Stretch> {
    let contents = source.read_span(&SourceSpan::new(offset.into(), length), 1, 1).ok()?;
    let text = String::from_utf8_lossy(contents.data()).into_owned();
    let at = text.floor_char_boundary(offset.checked_sub(contents.span().offset())?);
    let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let ends = |from: usize| text[from..].find('\n').map_or(text.len(), |newline| from + newline);
    let end = ends(at);
    let stop = text.ceil_char_boundary(at + length).clamp(at, end);
    Some(Stretch {
        name: contents.name().map(str::to_owned),
        line: contents.line() + text[..at].matches('\n').count() + 1,
        column: text[start..at].chars().count() + 1,
        offset,
        length,
        before: text[start..at].to_owned(),
        within: text[at..stop].to_owned(),
        after: text[stop..end].trim_end().to_owned(),
    })
}

impl Stretch {
    fn part(self) -> PlacePart {
        let Self { name, line, column, offset, length, .. } = self;
        PlacePart { name, line, column, offset, length }
    }

    /// The line, shortened around the stretch, and the carets under it with what to do.
    fn show(&self, advice: &str, style: Style, screen: &mut Vec<String>) {
        let cut = cut(style);
        let bar = if style.unicode { "\u{2502}" } else { "|" };
        let within = safe::fitted(&letters(&self.within, style), MOST_OF_SPAN, cut);
        let mut before = letters(&self.before, style);
        let mut after = letters(&self.after, style);
        let room = COLUMNS - GUTTER - safe::width(&within);
        let (left, right) = (safe::width(&before), safe::width(&after));
        if left + right > room {
            let ahead = right.min(room - left.min(room * 3 / 4));
            after = safe::fitted(&after, ahead, cut);
            before = last_columns(&before, room - safe::width(&after), cut);
        }
        screen.push(format!("  {bar} {before}{within}{after}").trim_end().to_owned());
        let indent = safe::width(&before);
        let carets = "^".repeat(safe::width(&within).max(1));
        let advice = letters(advice, style);
        let used = GUTTER + indent + carets.len();
        let blank = " ".repeat(indent);
        let carets = red(&carets, style);
        if advice.is_empty() {
            screen.push(format!("  {bar} {blank}{carets}"));
        } else if used + 1 + safe::width(&advice) <= COLUMNS {
            screen.push(format!("  {bar} {blank}{carets} {advice}"));
        } else {
            screen.push(format!("  {bar} {blank}{carets}"));
            for line in safe::wrapped(&advice, COLUMNS - GUTTER, cut) {
                screen.push(format!("  {bar} {line}"));
            }
        }
    }
}

/// The end of a text in at most so many columns.
fn last_columns(text: &str, most: usize, cut: &str) -> String {
    if safe::width(text) <= most {
        return text.to_owned();
    }
    let room = most.saturating_sub(safe::width(cut));
    let start = text
        .char_indices()
        .map(|(at, _)| at)
        .find(|at| safe::width(&text[*at..]) <= room)
        .unwrap_or(text.len());
    format!("{cut}{}", &text[start..])
}

/// A text in lines under each other.
fn lines(text: &str, indent: &str, style: Style, screen: &mut Vec<String>) {
    let text = letters(text, style);
    for line in safe::wrapped(&text, COLUMNS - indent.len(), cut(style)) {
        screen.push(format!("{indent}{line}"));
    }
}

/// The text without what a terminal obeys, in the letters that it has.
fn letters(text: &str, style: Style) -> String {
    let text = safe::clean(text);
    if style.unicode {
        return text;
    }
    let text = text.replace(" \u{b7} ", "; ").replace('\u{2192}', "->").replace('\u{2026}', "...");
    text.chars().map(|letter| if letter.is_ascii() { letter } else { '?' }).collect()
}

/// What stands where text was left out.
const fn cut(style: Style) -> &'static str {
    if style.unicode { "\u{2026}" } else { "..." }
}

fn red(text: &str, style: Style) -> String {
    if style.colour { format!("\u{1b}[31m{text}\u{1b}[0m") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::intent::Source;
    use domain::intent::read_intent;

    const UNDONE: Option<&str> = Some("nothing was planned or written");
    const RICH: Style = Style { colour: false, unicode: true };

    fn phrase(text: &str, style: Style) -> String {
        let faults = read_intent(&Source::Phrase(text.to_owned()), &[]).unwrap_err();
        render(&[&faults], UNDONE, style)
    }

    #[test]
    fn a_phrase_is_shown_with_a_caret_under_each_fault() {
        let text = "handle 10k users, 99.9 uptime, 400ms latency, blazingly fast on aws in dublin";
        let shown = phrase(text, RICH);
        let expected = "\
error[intent::unit]: `99.9 uptime` has no unit
  │ handle 10k users, 99.9 uptime, 400ms latency, blazingly fast on aws in dublin
  │                   ^^^^^^^^^^^ write 99.9%
error[intent::unknown_word]: `blazingly fast` is not a number
  │ handle 10k users, 99.9 uptime, 400ms latency, blazingly fast on aws in dublin
  │                                               ^^^^^^^^^^^^^^ for example: p99 under 100 ms
error[intent::region]: `dublin` is not a region
  │ handle 10k users, 99.9 uptime, 400ms latency, blazingly fast on aws in dublin
  │                                                                        ^^^^^^ try eu-west-1

understood: users 10k · latency 400 ms · provider aws
3 errors, nothing was planned or written · plimsoll help intent::unit
";
        assert_eq!(shown, expected);
    }

    #[test]
    fn a_document_is_shown_with_line_and_column() {
        let text = "apiVersion: plimsoll/v1\nkind: Intent\nobjectives:\n  uptime: 0.999\n";
        let faults = domain::intent::document::read_document(text, "shop.yaml").unwrap_err();
        let expected = "\
error[intent::uptime]: objectives.uptime is 0.999
  ┌ shop.yaml:4:11
  │   uptime: 0.999
  │           ^^^^^ write 99.9%; a fraction and a percentage are too easy to confuse here
1 error, nothing was planned or written · plimsoll help intent::uptime
";
        assert_eq!(render(&[&faults], UNDONE, RICH), expected);
        let value = json(&[&faults]);
        assert_eq!(value["errors"][0]["code"], "intent::uptime");
        assert_eq!(value["errors"][0]["place"]["line"], 4);
        assert_eq!(value["errors"][0]["place"]["column"], 11);
        assert_eq!(value["errors"][0]["place"]["length"], 5);
        assert_eq!(value["errors"][0]["place"]["name"], "shop.yaml");
    }

    #[test]
    fn plain_is_ascii_and_never_wider_than_the_screen() {
        let long =
            format!("10k users {} \u{1b}[31mred\u{7} \u{202e}evil \u{1f980}", "und ".repeat(60));
        let shown = phrase(&long, Style::PLAIN);
        assert!(shown.chars().all(|letter| letter == '\n' || (' '..='~').contains(&letter)));
        let widest = shown.lines().map(str::len).max().unwrap();
        assert!(widest <= COLUMNS, "{shown}");
        let rich = phrase(&long, RICH);
        assert!(!rich.contains(['\u{1b}', '\u{7}', '\u{202e}']));
        assert!(rich.lines().all(|line| safe::width(line) <= COLUMNS), "{rich}");
    }

    #[test]
    fn a_long_line_is_shortened_around_the_fault() {
        let text = format!("{}10k users, flurbs, {}", "aws ", "please ".repeat(60));
        let shown = phrase(&text, RICH);
        assert!(shown.contains("10k users, flurbs,"), "{shown}");
        assert!(shown.contains('…'), "{shown}");
        let caret = shown.lines().find(|line| line.contains('^')).unwrap();
        let line = shown.lines().find(|line| line.contains("flurbs, please")).unwrap();
        assert_eq!(caret.find('^'), line.find("flurbs"));
    }

    #[test]
    fn too_many_faults_are_counted() {
        let words: Vec<String> = (0..30).map(|number| format!("flurb{number}, ")).collect();
        let text = words.concat();
        let shown = phrase(&text, Style::PLAIN);
        assert_eq!(shown.matches("error[").count(), MOST_SHOWN, "{shown}");
        assert!(shown.contains("10 more errors: --json lists all"), "{shown}");
        assert!(shown.contains("30 errors, nothing was planned"), "{shown}");
    }

    #[test]
    fn only_the_head_and_the_carets_are_coloured() {
        let shown = phrase("10k flurbs", Style { colour: true, unicode: true });
        assert!(shown.starts_with("\u{1b}[31merror[intent::unit]:\u{1b}[0m `10k`"), "{shown}");
        assert!(shown.contains("\u{1b}[31m^^^\u{1b}[0m "));
        assert_eq!(shown.matches("\u{1b}[31m").count(), 4);
    }

    #[test]
    fn a_fault_without_a_text_shows_its_help() {
        #[derive(Debug, thiserror::Error, miette::Diagnostic)]
        #[error("the catalog is empty")]
        #[diagnostic(code(catalog::empty), help("give another directory"))]
        struct Bare;
        let shown = render(&[&Bare], None, RICH);
        let expected = "\
error[catalog::empty]: the catalog is empty
  give another directory
1 error · plimsoll help catalog::empty
";
        assert_eq!(shown, expected);
        assert_eq!(json(&[&Bare])["errors"][0]["place"], Value::Null);
    }
}
