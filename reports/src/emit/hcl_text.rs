//! HCL as a person would write it: aligned as `terraform fmt` does, with comments, every text
//! escaped.
//!
//! Values are those of hcl-rs; what is left to this file is where lines break, and a stricter
//! escape: hcl-rs leaves bidirectional controls as they are and doubles the last `$` of `$${`.

use std::fmt::Write as _;

use hcl::expr::{Expression, Object, ObjectKey};
use hcl::format::{Format as _, FormatterBuilder};

/// The most columns of a line that could be broken.
const COLUMNS: usize = 96;

/// What stands between braces, or a whole file.
#[derive(Debug, Clone, Default)]
pub(super) struct Body(Vec<Item>);

#[derive(Debug, Clone)]
enum Item {
    Comment(String),
    Gap,
    Attribute(String, Expression),
    Block(String, Vec<String>, Body),
}

impl Body {
    /// A file: what it is for, and what follows.
    pub(super) fn file(about: &str) -> Self {
        Self::default().comment(about)
    }

    /// A remark, broken into lines.
    pub(super) fn comment(mut self, text: &str) -> Self {
        self.0.push(Item::Comment(text.to_owned()));
        self
    }

    /// An empty line.
    pub(super) fn gap(mut self) -> Self {
        self.0.push(Item::Gap);
        self
    }

    /// An attribute.
    pub(super) fn set(mut self, name: &str, value: impl Into<Expression>) -> Self {
        self.0.push(Item::Attribute(name.to_owned(), value.into()));
        self
    }

    /// An attribute where there is something to say.
    pub(super) fn set_some(self, name: &str, value: Option<impl Into<Expression>>) -> Self {
        match value {
            Some(value) => self.set(name, value),
            None => self,
        }
    }

    /// A block within.
    pub(super) fn block(mut self, kind: &str, labels: &[&str], body: Self) -> Self {
        let labels = labels.iter().map(|label| (*label).to_owned()).collect();
        self.0.push(Item::Block(kind.to_owned(), labels, body));
        self
    }

    /// A block of a file, with an empty line and a remark before it.
    pub(super) fn part(self, about: &str, kind: &str, labels: &[&str], body: Self) -> Self {
        let own = self.gap();
        let own = if about.is_empty() { own } else { own.comment(about) };
        own.block(kind, labels, body)
    }

    /// What another body says, after this one.
    pub(super) fn then(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// The text.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        self.write(&mut text, 0);
        text
    }

    fn write(&self, text: &mut String, depth: usize) {
        let mut at = 0;
        while at < self.0.len() {
            match &self.0[at] {
                Item::Gap => text.push('\n'),
                Item::Comment(words) => comment(text, words, depth),
                Item::Block(kind, labels, body) => block(text, (kind, labels, body), depth),
                Item::Attribute(..) => {
                    let group: Vec<(String, String)> =
                        self.0[at..].iter().map_while(|item| attribute(item, depth)).collect();
                    aligned(text, &group, depth);
                    at += group.len() - 1;
                }
            }
            at += 1;
        }
    }
}

fn attribute(item: &Item, depth: usize) -> Option<(String, String)> {
    let Item::Attribute(name, value) = item else { return None };
    Some((name.clone(), expression(value, depth, name.chars().count() + 3)))
}

fn block(text: &mut String, (kind, labels, body): (&str, &[String], &Body), depth: usize) {
    let indent = "  ".repeat(depth);
    let _ = write!(text, "{indent}{kind}");
    for label in labels {
        let _ = write!(text, " {}", quoted(label));
    }
    if body.0.is_empty() {
        text.push_str(" {}\n");
        return;
    }
    text.push_str(" {\n");
    body.write(text, depth + 1);
    let _ = writeln!(text, "{indent}}}");
}

/// Lines of names and values: the signs of neighbours that stand on one line are aligned.
fn aligned(text: &mut String, group: &[(String, String)], depth: usize) {
    let indent = "  ".repeat(depth);
    let runs = group.chunk_by(|one, other| one.1.contains('\n') == other.1.contains('\n'));
    for run in runs {
        let several = run[0].1.contains('\n');
        let width = run.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
        for (name, value) in run {
            let width = if several { 0 } else { width };
            let _ = writeln!(text, "{indent}{name:width$} = {value}");
        }
    }
}

/// A remark in lines that nothing can leave.
pub(super) fn comment(text: &mut String, words: &str, depth: usize) {
    let indent = "  ".repeat(depth);
    let mut line = String::new();
    let mut flush = |line: &mut String| {
        let _ = writeln!(text, "{indent}# {line}");
        line.clear();
    };
    for word in words.split_whitespace() {
        let word: String = word
            .chars()
            .map(|letter| if is_hidden(letter) { '\u{fffd}' } else { letter })
            .collect();
        let length = indent.len() + 2 + line.chars().count() + 1 + word.chars().count();
        if !line.is_empty() && length > COLUMNS {
            flush(&mut line);
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(&word);
    }
    flush(&mut line);
}

/// A value, whose first line has so many columns taken.
fn expression(value: &Expression, depth: usize, taken: usize) -> String {
    match value {
        Expression::String(text) => quoted(text),
        Expression::Array(values) => array(values, depth, taken),
        Expression::Object(object) => self::object(object, depth),
        other => {
            let mut buffer = Vec::new();
            let builder: FormatterBuilder<'_> = hcl::format::Formatter::builder();
            let mut formatter = builder.compact(true).build(&mut buffer);
            other.format(&mut formatter).expect("writing to memory does not fail");
            String::from_utf8(buffer).expect("HCL is text")
        }
    }
}

fn array(values: &[Expression], depth: usize, taken: usize) -> String {
    let one: Vec<String> = values.iter().map(|value| expression(value, depth + 1, 0)).collect();
    let line = format!("[{}]", one.join(", "));
    if !line.contains('\n') && 2 * depth + taken + line.chars().count() <= COLUMNS {
        return line;
    }
    let (indent, end) = ("  ".repeat(depth + 1), "  ".repeat(depth));
    format!("[\n{indent}{},\n{end}]", one.join(&format!(",\n{indent}")))
}

fn object(object: &Object<ObjectKey, Expression>, depth: usize) -> String {
    if object.is_empty() {
        return "{}".to_owned();
    }
    let entries: Vec<(String, String)> = object
        .iter()
        .map(|(key, value)| (self::key(key), expression(value, depth + 1, 0)))
        .collect();
    let mut text = String::from("{\n");
    aligned(&mut text, &entries, depth + 1);
    text.push_str(&"  ".repeat(depth));
    text.push('}');
    text
}

fn key(key: &ObjectKey) -> String {
    match key {
        ObjectKey::Identifier(name) => name.to_string(),
        ObjectKey::Expression(value) => expression(value, 0, 0),
        _ => unreachable!("no other kind of key is made here"),
    }
}

/// A text between quotes, which stands for itself whatever it holds.
fn quoted(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let mut quoted = String::from("\"");
    for (at, letter) in letters.iter().copied().enumerate() {
        match letter {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '$' | '%' if letters.get(at + 1) == Some(&'{') => {
                // A third one would be read as another's escape.
                if at > 0 && letters[at - 1] == letter {
                    push_code(&mut quoted, letter);
                } else {
                    quoted.extend([letter, letter]);
                }
            }
            '$' | '%' if letters.get(at + 1) == Some(&letter) => push_code(&mut quoted, letter),
            _ if is_hidden(letter) => push_code(&mut quoted, letter),
            _ => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}

fn push_code(text: &mut String, letter: char) {
    let code = u32::from(letter);
    let _ = match code {
        0..=0xffff => write!(text, "\\u{code:04x}"),
        _ => write!(text, "\\U{code:08x}"),
    };
}

/// Whether a character is not seen, or changes how others are seen.
pub(super) fn is_hidden(letter: char) -> bool {
    letter.is_control()
        || matches!(letter,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}')
}

/// An expression that this program states.
///
/// # Panics
/// When it is none.
#[track_caller]
pub(super) fn code(text: &str) -> Expression {
    text.parse().expect("an expression that the program states is one")
}

/// A map by texts.
pub(super) fn map<K, V>(entries: impl IntoIterator<Item = (K, V)>) -> Expression
where
    K: Into<String>,
    V: Into<Expression>,
{
    let entries = entries.into_iter();
    let object: Object<ObjectKey, Expression> = entries
        .map(|(key, value)| (ObjectKey::Expression(Expression::String(key.into())), value.into()))
        .collect();
    Expression::Object(object)
}

/// A list.
pub(super) fn list<V: Into<Expression>>(values: impl IntoIterator<Item = V>) -> Expression {
    Expression::Array(values.into_iter().map(Into::into).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Read back by hcl-rs, as a template where there is one.
    fn read(text: &str) -> Expression {
        let body = hcl::parse(&format!("it = {text}\n")).expect("it is HCL");
        body.attributes().next().expect("it is there").expr().clone()
    }

    #[test]
    fn a_text_stands_for_itself() {
        for (text, expected) in [
            ("plain", r#""plain""#),
            ("${var.x}", r#""$${var.x}""#),
            ("%{if x}", r#""%%{if x}""#),
            ("$${x}", r#""\u0024\u0024{x}""#),
            ("100%%{", r#""100\u0025\u0025{""#),
            ("$", r#""$""#),
            ("a \"b\" \\ c", r#""a \"b\" \\ c""#),
            ("a\nb", r#""a\nb""#),
            ("a\u{202e}b\u{7}", r#""a\u202eb\u0007""#),
            ("é\u{e0041}", r#""é\U000e0041""#),
        ] {
            assert_eq!(quoted(text), expected);
            assert_eq!(read(&quoted(text)), Expression::String(text.to_owned()), "{text:?}");
        }
    }

    #[test]
    fn a_remark_cannot_be_left() {
        let words = format!("one\n}} resource \u{202e} \r {}", "long ".repeat(40));
        let text = Body::file(&words).text();
        assert!(text.lines().all(|line| line.starts_with("# ") && line.len() <= 100), "{text}");
        assert!(!text.contains(['\r', '\u{202e}']));
    }

    #[test]
    fn neighbours_are_aligned_as_far_as_they_stand_on_one_line() {
        let body = Body::default().block(
            "a",
            &["b"],
            Body::default()
                .set("long_name", 1)
                .set("x", code("var.y"))
                .set("tags", map([("k", "v"), ("longer", "v")]))
                .set("z", list(["one"]))
                .comment("why")
                .block("c", &[], Body::default()),
        );
        let lines = [
            "a \"b\" {",
            "  long_name = 1",
            "  x         = var.y",
            "  tags = {",
            "    \"k\"      = \"v\"",
            "    \"longer\" = \"v\"",
            "  }",
            "  z = [\"one\"]",
            "  # why",
            "  c {}",
            "}",
        ];
        let expected = lines.map(|line| format!("{line}\n")).concat();
        assert_eq!(body.text(), expected);
        hcl::parse(&body.text()).expect("it is HCL");
    }
}
