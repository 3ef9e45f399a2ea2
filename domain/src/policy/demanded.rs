//! Which reviews a plan needs: what is not known is never taken to be harmless.

use super::words::amount;
use super::{Author, AuthorKind, Gatekeeping, Review, Stage};
use crate::name::Name;
use crate::units::MicroDollars;

/// What reviews ask about a plan.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// The environment that it is for, where it says so.
    pub environment: Option<&'a str>,
    /// Who asked for it.
    pub author: &'a Author,
    /// Its expected bill of a month.
    pub expected: MicroDollars,
    /// That of the plan whose place it takes, where there is one.
    pub before: Option<MicroDollars>,
}

/// What became of a review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Demanded {
    /// The review; `stage: walk` for what that stage demands by itself.
    pub review: String,
    /// Whether it is due.
    pub applies: bool,
    /// Why, or why not.
    pub why: String,
    /// So many people have to approve where it is due.
    pub approvals: u32,
    /// Of these roles; empty for every signer.
    pub from: Vec<Name>,
}

/// What one condition says of a plan.
enum Met {
    Yes(String),
    No(String),
    Unknown(&'static str),
}

impl Gatekeeping {
    /// Every review, with whether it is due; the gate of the stage comes last.
    pub fn demanded(&self, facts: &Facts<'_>) -> Vec<Demanded> {
        let reviews = self.reviews.iter().map(|review| judge(review, facts));
        reviews.chain(self.gate(facts.environment)).collect()
    }

    /// Why the stage allows no plan for an environment at all, if it does not.
    pub fn forbids(&self, environment: Option<&str>) -> Option<String> {
        let free = self.stage != Some(Stage::Crawl) || environment == Some("dev");
        (!free).then(|| match environment {
            Some(named) => format!("stage crawl builds dev only, and this is for {named}"),
            None => {
                "stage crawl builds dev only, and the plan does not say which environment it is for"
                    .to_owned()
            }
        })
    }

    /// Stage walk wants an approval for everything beyond dev and staging.
    fn gate(&self, environment: Option<&str>) -> Option<Demanded> {
        if self.stage != Some(Stage::Walk) {
            return None;
        }
        let free = matches!(environment, Some("dev" | "staging"));
        let why = match environment {
            Some(named) => format!("environment {named}"),
            None => "the environment is not known".to_owned(),
        };
        let review = "stage: walk".to_owned();
        Some(Demanded { review, applies: !free, why, approvals: 1, from: Vec::new() })
    }
}

fn judge(review: &Review, facts: &Facts<'_>) -> Demanded {
    let when = &review.when;
    let conditions = [
        when.environment.as_ref().map(|due| environment(due.as_str(), facts.environment)),
        when.increase_ppm.map(|share| increase(share, facts)),
        when.expected.map(|most| expected(most, facts.expected)),
        when.author.map(|due| author(due, facts.author.kind)),
    ];
    let (mut reasons, mut against) = (Vec::new(), None);
    for met in conditions.into_iter().flatten() {
        match met {
            Met::Yes(text) => reasons.push(text),
            Met::Unknown(text) => reasons.push(text.to_owned()),
            Met::No(text) => against = against.or(Some(text)),
        }
    }
    if reasons.is_empty() && against.is_none() {
        reasons.push("every plan".to_owned());
    }
    Demanded {
        review: review.name.clone(),
        applies: against.is_none(),
        why: against.unwrap_or_else(|| reasons.join("; ")),
        approvals: review.approvals,
        from: review.from.clone(),
    }
}

fn environment(due: &str, own: Option<&str>) -> Met {
    match own {
        None => Met::Unknown("the environment is not known"),
        Some(own) if own == due => Met::Yes(format!("environment {own}")),
        Some(own) => Met::No(format!("environment {own}, not {due}")),
    }
}

/// Exact: the two bills are compared as whole micro-dollars.
fn increase(share: u64, facts: &Facts<'_>) -> Met {
    let Some(before) = facts.before else {
        return Met::Unknown(
            "the increase is not known: plan with --supersedes and the spec of what is built now",
        );
    };
    let (before, after) = (i128::from(before.micros()), i128::from(facts.expected.micros()));
    let (limit, percent) = (1_000_000 + i128::from(share), percent(share));
    let bills = format!("cost.expected {} after {}", amount(facts.expected), plain(before));
    if after * 1_000_000 > before * limit {
        Met::Yes(format!("{bills}, more than {percent} above"))
    } else {
        Met::No(format!("{bills}, not more than {percent} above"))
    }
}

fn plain(micros: i128) -> String {
    let cents = micros / 10_000;
    format!("{}.{:02} USD/month", cents / 100, cents % 100)
}

fn percent(ppm: u64) -> String {
    let (whole, rest) = (ppm / 10_000, ppm % 10_000);
    match rest {
        0 => format!("{whole}%"),
        _ => format!("{whole}.{}%", format!("{rest:04}").trim_end_matches('0')),
    }
}

fn expected(most: MicroDollars, own: MicroDollars) -> Met {
    let (own_text, most_text) = (amount(own), amount(most));
    if own > most {
        Met::Yes(format!("cost.expected {own_text}, above {most_text}"))
    } else {
        Met::No(format!("cost.expected {own_text}, not above {most_text}"))
    }
}

fn author(due: AuthorKind, own: AuthorKind) -> Met {
    if due == own {
        Met::Yes(format!("author.kind {}", own.as_str()))
    } else {
        Met::No(format!("author.kind {}, not {}", own.as_str(), due.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::ReviewWhen;

    fn gates(when: ReviewWhen) -> Gatekeeping {
        let review = Review {
            name: "a".into(),
            place: "p.yaml:1:1".into(),
            when,
            approvals: 1,
            from: vec![Name::of("platform")],
            because: None,
        };
        Gatekeeping { stage: None, reviews: vec![review], signers: Vec::new() }
    }

    fn dollars(count: i64) -> MicroDollars {
        MicroDollars::new(count * 1_000_000).expect("it is not negative")
    }

    fn applies(when: &ReviewWhen, facts: &Facts<'_>) -> bool {
        gates(when.clone()).demanded(facts)[0].applies
    }

    #[test]
    fn all_conditions_have_to_hold_and_what_is_unknown_counts_as_held() {
        let author = Author { name: None, kind: AuthorKind::Agent };
        let facts = Facts {
            environment: Some("prod"),
            author: &author,
            expected: dollars(110),
            before: Some(dollars(100)),
        };
        let prod = Some(Name::of("prod"));
        let both = ReviewWhen {
            environment: prod.clone(),
            author: Some(AuthorKind::Agent),
            ..ReviewWhen::default()
        };
        assert!(applies(&both, &facts));
        assert!(!applies(&both, &Facts { author: &Author::default(), ..facts }));
        assert!(!applies(&both, &Facts { environment: Some("dev"), ..facts }));
        assert!(applies(&both, &Facts { environment: None, ..facts }));
        let dearer = ReviewWhen { increase_ppm: Some(100_000), ..ReviewWhen::default() };
        assert!(!applies(&dearer, &facts), "exactly 10% is not more than 10%");
        let above = MicroDollars::new(110_000_001).expect("it is not negative");
        assert!(applies(&dearer, &Facts { expected: above, ..facts }));
        assert!(applies(&dearer, &Facts { before: None, ..facts }), "unknown never passes");
        let dear = ReviewWhen { expected: Some(dollars(110)), ..ReviewWhen::default() };
        assert!(!applies(&dear, &facts));
        assert!(applies(&dear, &Facts { expected: above, ..facts }));
        assert!(applies(&ReviewWhen::default(), &facts));
    }

    #[test]
    fn stages_decide_about_environments() {
        let of = |stage| Gatekeeping { stage: Some(stage), ..Gatekeeping::default() };
        let gate = |stage, environment| of(stage).gate(environment).is_some_and(|own| own.applies);
        for (environment, crawl, walk) in [
            (Some("dev"), true, true),
            (Some("staging"), false, true),
            (Some("prod"), false, false),
            (Some("pre-prod"), false, false),
            (None, false, false),
        ] {
            assert_eq!(of(Stage::Crawl).forbids(environment).is_none(), crawl, "{environment:?}");
            assert_eq!(!gate(Stage::Walk, environment), walk, "{environment:?}");
            assert!(of(Stage::Walk).forbids(environment).is_none());
            assert!(!gate(Stage::Run, environment) && !gate(Stage::Crawl, environment));
        }
    }
}
