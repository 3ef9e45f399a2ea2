//! The sizing report as Markdown: what an architect has to defend, in the order of the questions.
//!
//! Sections are numbered as in the full report, so that a reference to one stays right when others
//! are added. A section without evidence says which command adds it.

mod design;
mod diff;
mod evidence;
mod governed;
mod limits;
mod page;
mod price;
mod understanding;

use domain::outcome::Answer;
use domain::verification::Verdict;

use page::Page;

pub use diff::difference;

/// The report of an answer. The plots that it shows are expected beside it under
/// [`crate::plots::LOAD_AGAINST_LATENCY_FILE`] and [`crate::plots::COST_LINES_FILE`].
pub fn render(answer: &Answer) -> String {
    let mut page = Page::default();
    page.says(&format!("# Sizing report: {}", answer.demand.name));
    understanding::verdict(&mut page, answer);
    understanding::intent(&mut page, answer);
    understanding::assumptions(&mut page, answer);
    design::topology(&mut page, answer);
    design::materials(&mut page, answer);
    design::capacity(&mut page, answer);
    evidence::availability(&mut page, answer);
    evidence::simulation(&mut page, answer);
    price::optimality(&mut page, answer);
    price::rejected(&mut page, answer);
    price::bills(&mut page, answer);
    price::sensitivity(&mut page, answer);
    limits::risks(&mut page, answer);
    limits::reproduction(&mut page, answer);
    governed::policies(&mut page, answer);
    page.finish()
}

/// The word for a verdict of a check.
const fn verdict_word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "holds",
        Verdict::Fail => "FAILS",
        Verdict::Undecided => "UNDECIDED",
    }
}
