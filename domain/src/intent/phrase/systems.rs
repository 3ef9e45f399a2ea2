//! What kind of system a phrase speaks of, where that is another than a web application.

use super::parser::Parser;

/// Wordings of each archetype; `web` is what is planned without any.
const SYSTEMS: &[(&str, &str)] = &[
    ("api", "api"),
    ("apis", "api"),
    ("an api with a database", "api"),
    ("api with a database", "api"),
    ("api with database", "api"),
    ("api with an sql database", "api"),
    ("api with a sql database", "api"),
    ("api and a database", "api"),
    ("api and database", "api"),
    ("api on a database", "api"),
    ("rest api", "api"),
    ("rest api with a database", "api"),
    ("http api", "api"),
    ("json api", "api"),
    ("api backend", "api"),
    ("web api", "api"),
    ("static site", "static"),
    ("static sites", "static"),
    ("static website", "static"),
    ("static web site", "static"),
    ("static files", "static"),
    ("static site with cdn", "static"),
    ("static site with a cdn", "static"),
    ("static site behind a cdn", "static"),
    ("static website with a cdn", "static"),
    ("static website behind a cdn", "static"),
    ("web application", "web"),
    ("worker", "worker"),
    ("workers", "worker"),
    ("background worker", "worker"),
    ("background workers", "worker"),
    ("background jobs", "worker"),
    ("job queue", "worker"),
    ("task queue", "worker"),
    ("queue with workers", "worker"),
    ("queue and workers", "worker"),
    ("worker with queue", "worker"),
    ("worker with a queue", "worker"),
    ("workers with a queue", "worker"),
    ("workers behind a queue", "worker"),
];

impl Parser<'_, '_> {
    /// The kind of system that stands here.
    pub(super) fn system(&mut self, at: usize) -> Option<usize> {
        let (next, archetype) = self.row(at, SYSTEMS)?;
        self.state((at, next), &["archetype"], archetype, &format!("archetype {archetype}"));
        Some(next)
    }
}
