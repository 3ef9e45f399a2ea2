//! The sizing report as Markdown: what an architect has to defend, in the order of the questions.
//!
//! Sections are numbered as in the full report, so that a reference to one stays right when others
//! are added. A section without evidence says which command adds it.

mod diagram;
mod diff;
mod page;
mod verdict;

use domain::outcome::Answer;
use domain::spec::Spec;
use domain::study::Studies;

use crate::document::{Sheet, TITLES, sections};
use page::Page;

pub use diff::difference;

/// The report of a spec and of the answer that it was written from, or that was restored from it.
/// The plots that it shows are expected beside it under
/// [`crate::plots::LOAD_AGAINST_LATENCY_FILE`] and [`crate::plots::COST_LINES_FILE`].
pub fn render(spec: &Spec, answer: &Answer) -> String {
    render_with(spec, answer, &Studies::default())
}

/// The same with studies of the plan in it.
pub fn render_with(spec: &Spec, answer: &Answer, studies: &Studies) -> String {
    let mut page = Page::default();
    page.says(&format!("# Sizing report: {}", answer.demand.name));
    let sheet = Sheet { spec, answer, studies };
    verdict::verdict(&mut page, sheet);
    for (number, blocks) in (1..).zip(sections(sheet)) {
        page.section(number, TITLES[number]);
        page.shows(answer, &blocks);
    }
    page.finish()
}
