//! The words of a phrase, in explicit lists. What is in none of them is not understood.

/// Words that say nothing about the outcome.
pub(super) const FILLERS: &str = "\
    / a about across all also an and answer answered answers any app application approximately are \
    around as asking at be being build but by can capacity carry carrying comfortably costing \
    could deliver delivers deploy deployed deployment design desired each every for from get \
    give goal handle handles handling has have having hold host hosted i in infrastructure \
    into is it its just keep keeping kept let load make may me meet must my need needed needs \
    next objective of on one only or our peak plan platform please plus promise provide \
    provides reach requests require required requires respond responding responds roughly run \
    running runs serve served serves serving shall should site size sized slo so some stay \
    stays support supporting supports survive survived survives sustain system take takes \
    target targets that the their then there this throughput to tolerate tolerates traffic up \
    use uses using want wants we web web-app webapp website when where which while will with \
    withstand workload would you your";

/// Ways to say that nothing is asked of the cloud.
pub(super) const INDIFFERENT: &[&str] = &["any cloud", "any provider", "any region", "anywhere"];

/// Words that stand between what is limited and its limit, and the way in which they limit.
pub(super) const LIMITS: &[(&str, Way)] = &[
    ("no more than", Way::AtMost),
    ("not more than", Way::AtMost),
    ("no longer than", Way::AtMost),
    ("no less than", Way::AtLeast),
    ("not less than", Way::AtLeast),
    ("less than", Way::AtMost),
    ("lower than", Way::AtMost),
    ("cheaper than", Way::AtMost),
    ("faster than", Way::AtMost),
    ("not above", Way::AtMost),
    ("not over", Way::AtMost),
    ("at most", Way::AtMost),
    ("at worst", Way::AtMost),
    ("up to", Way::AtMost),
    ("limited to", Way::AtMost),
    ("capped at", Way::AtMost),
    ("under", Way::AtMost),
    ("below", Way::AtMost),
    ("within", Way::AtMost),
    ("max", Way::AtMost),
    ("maximum", Way::AtMost),
    ("limit", Way::AtMost),
    ("cap", Way::AtMost),
    ("<=", Way::AtMost),
    ("<", Way::AtMost),
    ("\u{2264}", Way::AtMost),
    ("at least", Way::AtLeast),
    ("more than", Way::AtLeast),
    ("greater than", Way::AtLeast),
    ("higher than", Way::AtLeast),
    ("minimum", Way::AtLeast),
    ("min", Way::AtLeast),
    ("over", Way::AtLeast),
    ("above", Way::AtLeast),
    (">=", Way::AtLeast),
    (">", Way::AtLeast),
    ("\u{2265}", Way::AtLeast),
    ("exactly", Way::Equal),
    ("==", Way::Equal),
    ("=", Way::Equal),
];

/// Words that join what is limited to its limit.
pub(super) const JOINS: &[&str] = &[
    "should be",
    "should",
    "must",
    "stay",
    "remain",
    "remains",
    "must be",
    "has to be",
    "needs to be",
    "of",
    "is",
    "at",
    "to",
    "be",
    "in",
    "by",
    "stays",
    "kept",
    "a",
    "an",
    "the",
    "about",
    "around",
    "roughly",
    "approximately",
    "only",
    "for",
    "are",
    ":",
    "target",
    "slo",
    "sla",
    "objective",
    "goal",
];

/// The way in which a limit limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// No more of it.
    AtMost,
    /// No less of it.
    AtLeast,
    /// So much of it.
    Equal,
}

/// Nouns of people.
pub(super) const USERS: &[&str] =
    &["users", "user", "people", "customers", "visitors", "clients", "accounts", "members"];

/// Nouns of uptime.
pub(super) const UPTIME: &[&str] = &[
    "uptime",
    "up-time",
    "availability",
    "available",
    "sla",
    "slo",
    "availability target",
    "uptime target",
];

/// Nouns of latency.
pub(super) const LATENCY: &[&str] = &[
    "latency",
    "latencies",
    "response time",
    "response times",
    "response-time",
    "responses",
    "response",
    "reply",
    "replies",
    "respond",
    "responds",
    "answered",
    "answers",
    "served",
];

/// Nouns of a budget.
pub(super) const BUDGET: &[&str] = &[
    "expected cost",
    "expected bill",
    "expected budget",
    "monthly budget",
    "budget",
    "monthly cost",
    "cost",
    "costs",
    "costing",
    "monthly spend",
    "spend",
    "spending",
    "price",
    "monthly bill",
    "bill",
    "paying",
    "pay",
];

/// Nouns of machines.
pub(super) const MACHINES: &[&str] = &[
    "instances",
    "instance",
    "vms",
    "vm",
    "servers",
    "server",
    "nodes",
    "node",
    "machines",
    "machine",
    "replicas",
    "replica",
];

/// Numbers as words.
pub(super) const NUMBERS: &[(&str, &str)] = &[
    ("one", "1"),
    ("two", "2"),
    ("three", "3"),
    ("four", "4"),
    ("five", "5"),
    ("six", "6"),
    ("seven", "7"),
    ("eight", "8"),
    ("nine", "9"),
    ("ten", "10"),
    ("eleven", "11"),
    ("twelve", "12"),
    ("twenty", "20"),
    ("thirty", "30"),
    ("fifty", "50"),
];

/// Words of praise that are no numbers, each with an example of the number that is due.
pub(super) const VAGUE: &[(&str, &str)] = &[
    (
        "p99 under 100 ms",
        "\
         fast quick quickly snappy blazing blazingly instant instantly low responsive speedy \
         slow short latency response responses performant performance lightning real-time \
         realtime",
    ),
    (
        "99.9% uptime",
        "\
         reliable reliability reliably robust resilient highly ha available availability \
         uptime stable always redundant solid bulletproof fault-tolerant high-availability \
         high",
    ),
    (
        "below $1500/month",
        "\
         cheap cheaply cheapest inexpensive affordable budget cost costs economical low-cost \
         expensive cost-effective",
    ),
    (
        "10k users",
        "\
         scalable scale scales large huge many lots big small tiny massive web-scale users \
         customers people visitors popular busy",
    ),
    ("25% headroom", "headroom"),
    ("30s think time", "think"),
];

/// Words that carry meaning, for "did you mean".
pub(super) const KNOWN: &str = "\
    users concurrent daily active registered api worker requests uptime availability latency \
    response percentile median budget month aws azure google headroom zones instances operations \
    basic standard advanced canary under below within traffic growth second minute between pages";

/// Whether a list of words, parted by spaces, has the word.
pub(super) fn lists(list: &str, word: &str) -> bool {
    list.split(' ').any(|listed| listed == word)
}
