//! Faults of what makes a system of a station: autoscalers, quorums, lives, contents, connections.

use crate::models::Row;

/// What a station says beside its name, and what is wrong with it.
pub(crate) const SYSTEMS: &[Row] = &[
    ("autoscaler: {min: 1, hpa: 50%}", "model::missing_key", "autoscaler", "max: 20"),
    ("autoscaler: {min: 1, max: 2}", "model::contradiction", "autoscaler", "hpa: {target"),
    ("autoscaler: {min: 3, max: 2, hpa: 50%}", "model::contradiction", "autoscaler", "exchange"),
    ("autoscaler: {min: 1, max: 2, hpa: 95%}", "model::contradiction", "95%", "lower target"),
    ("autoscaler: {min: 1, max: 2, hpa: 50.5%}", "model::number", "50.5%", "whole percents"),
    ("autoscaler: {min: 1, max: 2, hpa: 5h}", "model::unit", "5h", ""),
    ("instances: 3, autoscaler: {min: 1, max: 2, hpa: 50%}", "model::contradiction", "3", "max"),
    (
        "autoscaler: {min: 1, max: 2, hpa: {target: 50%, scale_up: {policies: [{period: 1}]}}}",
        "model::contradiction",
        "{",
        "pods: 4",
    ),
    (
        "autoscaler: {min: 1, max: 2, target_tracking: {target: 50%, coldown: 1}}",
        "model::unknown_key",
        "coldown",
        "did you mean `cooldown`?",
    ),
    (
        "autoscaler: {min: 1, max: 2, step_scaling: {at_least: 2, scale_out: {above: 70%, \
         steps: [{from: 0, change: 1}]}}}",
        "model::contradiction",
        "at_least",
        "adjustment: percent",
    ),
    (
        "autoscaler: {min: 1, max: 2, schedule: {otherwise: 1, \
         windows: [{from: 8h, to: 25h, count: 2}]}}",
        "model::contradiction",
        "{",
        "a day",
    ),
    (
        "autoscaler: {min: 1, max: 2, hpa: 50%, warm_up: 60s}",
        "model::missing_key",
        "autoscaler",
        "warm_up_speed: 50%",
    ),
    ("calls: [{to: q, await: some}]", "model::choice", "some", "write one of all, none"),
    ("calls: [{to: q, await: 0}]", "model::range", "0", "1 to 100000"),
    ("calls: [{to: q, await: 2}]", "model::contradiction", "{", "count of at least 2"),
    (
        "calls: [{to: q, await: none, lookup: {hit_ratio: 1}}]",
        "model::contradiction",
        "{",
        "whoever looks up",
    ),
    ("calls: [{to: q, writes: 110%}]", "model::range", "110%", "0% to 100%"),
    ("life: {mttf: 1000h}", "model::missing_key", "life", "mttr: 4h"),
    ("life: {mttf: 0, mttr: 1}", "model::range", "0", "above 0"),
    ("life: {health_check: {intervall: 1}}", "model::unknown_key", "intervall", "`interval`"),
    ("life: {slow_start: {time: 1, speed: 0}}", "model::range", "0", "above 0%"),
    ("contents: {keys: 10}", "model::missing_key", "contents", "capacity: 10k"),
    (
        "contents: {keys: 10, capacity: 5, policy: lfu}",
        "model::choice",
        "lfu",
        "did you mean `lru`?",
    ),
    (
        "instances: 10, contents: {keys: 6M, capacity: 5}",
        "model::too_large",
        "contents",
        "50000000",
    ),
    (
        "contents: {keys: 9, capacity: 5}, calls: [{to: q, lookup: {hit_ratio: 1}}]",
        "model::contradiction",
        "1",
        "follows from the contents",
    ),
    ("calls: [{to: q, lookup: {keys: 2}}]", "model::missing_key", "lookup", "hit_ratio: 90%"),
    ("copies: {lag: 1s}", "model::missing_key", "copies", "failover: 30s"),
    ("near: 0", "model::range", "0", "1 to 1000000"),
    ("connections: {x: 5}", "model::unknown_station", "x", "known are q"),
    ("connections: {q: 0}", "model::range", "0", "1 to 1000000"),
    ("connections: {q: {waiting: 5}}", "model::missing_key", "q", "max: 20"),
    (
        "autoscaler: {min: 1, max: 2, hpa: {target: 50%, period: 1ms}}",
        "model::too_large",
        "50%",
        "at most 1000 times",
    ),
];
