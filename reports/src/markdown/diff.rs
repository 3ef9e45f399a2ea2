//! What changed between two specs as a comment on a pull request.

use super::page::Page;
use crate::diff::{Change, Difference};
use crate::document::{Cell, Table, word};
use crate::{safe, terminal};

/// The comment.
pub fn difference(difference: &Difference) -> String {
    let mut page = Page::default();
    let (word, rest) = split(&terminal::headline(difference));
    let name = safe::markdown(&difference.name);
    page.says(&format!("**{word}** {}: {}", name, safe::markdown(&rest)));
    changes(&mut page, "What changes", &difference.changes);
    let bill: Vec<Change> = difference.bill.iter().map(terminal::paid).collect();
    changes(&mut page, "The bill of a month", &bill);
    changes(&mut page, "Because of", &difference.causes);
    let digests = [&difference.from.spec_digest, &difference.to.spec_digest];
    let [from, to] = digests.map(|digest| safe::markdown(digest));
    page.says(&format!("From {from} to {to}."));
    page.finish()
}

/// The first word of a headline, and what follows it.
fn split(headline: &str) -> (String, String) {
    let (word, rest) = headline.split_once("  ").unwrap_or((headline, ""));
    (word.to_owned(), rest.to_owned())
}

fn changes(page: &mut Page, heading: &str, changes: &[Change]) {
    let judged = changes.iter().any(|change| change.held.is_some());
    let columns = if judged { 4 } else { 3 };
    let rows = changes.iter().map(|change| {
        let turned = change.held.map(|[was, is]| format!("{} → {}", word(was), word(is)));
        let cells = [Some(change.about.clone()), change.from.clone(), change.to.clone(), turned];
        cells.into_iter().take(columns).map(|text| Cell::words(text.unwrap_or_default())).collect()
    });
    page.table(&Table::new("", heading, &["what", "before", "now", "held"][..columns], rows));
}
