//! The page around the report: head, policy, styles, header, contents and script.

use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

use super::visible::visible;
use crate::document::{Sheet, TITLES};
use crate::figures::dollars;
use crate::findings;

const STYLE: &str = include_str!("report.css");
const SCRIPT: &str = include_str!("report.js");

/// Nothing may be fetched, sent or embedded; only the style and the script of this page count.
fn policy() -> String {
    let own = |text: &str| format!("'sha256-{}'", base64(&Sha256::digest(text.as_bytes())));
    format!(
        "default-src 'none'; style-src {}; script-src {}; img-src data:; base-uri 'none'; \
         form-action 'none'",
        own(STYLE),
        own(SCRIPT)
    )
}

pub(super) fn page(sheet: Sheet<'_>, screen: &Markup, sections: &[Markup]) -> Markup {
    let spec = sheet.spec;
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy());
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="generator" content=(visible(&spec.provenance.tool));
                title { (title(sheet)) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                a.skip href="#report" { "Skip to the report" }
                (header(sheet))
                main id="report" tabindex="-1" {
                    (screen)
                    nav aria-labelledby="contents" {
                        h2 id="contents" { "Contents" }
                        ol {
                            @for (number, name) in TITLES[..=sections.len()].iter().enumerate() {
                                li { a href=(format!("#s{number}")) { (number) " " (name) } }
                            }
                        }
                    }
                    @for section in sections { (section) }
                }
                footer { p.quiet {
                    "Made by " (visible(&spec.provenance.tool)) " from the spec "
                    code { (visible(&spec.metadata.digest)) } " alone."
                } }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    }
}

/// What a browser calls the page.
fn title(sheet: Sheet<'_>) -> String {
    let status = findings::status(sheet.answer.status());
    let cost = dollars(sheet.spec.cost.monthly_micros.expected);
    format!("{}: {status}, {cost} a month · sizing report", named(sheet))
}

/// `web · prod`
fn named(sheet: Sheet<'_>) -> String {
    let metadata = &sheet.spec.metadata;
    match &metadata.environment {
        Some(environment) => format!("{} · {environment}", metadata.name),
        None => metadata.name.to_string(),
    }
}

fn header(sheet: Sheet<'_>) -> Markup {
    let spec = sheet.spec;
    let digest: String = spec.metadata.digest.chars().take(19).collect();
    html! {
        header.top {
            h1 { (named(sheet)) ": sizing report" }
            @if let Some(phrase) = &spec.intent.phrase { span { "“" (visible(phrase)) "”" } }
            span.quiet.right {
                "prices of " (spec.provenance.catalog.as_of.0) " · "
                a href="#s13" { "spec " (visible(&digest)) "…" } " · "
                (visible(&spec.provenance.tool))
            }
            button.theme type="button" hidden aria-pressed="false" { "Dark" }
        }
    }
}

/// Bytes in base 64, as a policy names a hash.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let byte = |place: usize| u32::from(group.get(place).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * place) & 63) as usize];
            text.push(if place > group.len() { '=' } else { char::from(letter) });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::base64;

    #[test]
    fn groups_are_filled_up() {
        let cases =
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg==")];
        for (bytes, text) in cases {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
    }
}
