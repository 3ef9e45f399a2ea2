//! What a service answers with when something that it calls is down.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::demand::ServiceIndex;

/// What a service can do without for a while: an answer without it counts as served, and is told
/// apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Degradation {
    /// The service that it calls and can do without, itself or behind a cache.
    pub without: ServiceIndex,
    /// What stands in its place.
    pub serve: Substitute,
}

/// What is answered in the place of what is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Substitute {
    /// What was there before.
    Stale,
    /// The same for everybody.
    Default,
    /// Nothing: that part of the answer is left out.
    Nothing,
}

impl Substitute {
    /// All of them with what an intent calls them.
    pub const WORDS: [(&'static str, Self); 3] =
        [("stale", Self::Stale), ("default", Self::Default), ("nothing", Self::Nothing)];

    /// In a sentence after "answers with".
    pub const fn said(self) -> &'static str {
        match self {
            Self::Stale => "what it has from before",
            Self::Default => "the same for everybody",
            Self::Nothing => "that part left out",
        }
    }
}
