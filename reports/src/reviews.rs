//! Which approvals a plan needs, in a few lines.

use domain::name::Name;
use domain::outcome::Answer;
use domain::policy::Demanded;

/// The lines; none where no policy says anything about people.
pub(crate) fn lines(answer: &Answer) -> Vec<String> {
    let people = &answer.intent.policy.people;
    if people.is_empty() {
        return Vec::new();
    }
    let facts = answer.facts();
    if let Some(why) = people.forbids(facts.environment) {
        return vec![format!("none helps: {why}")];
    }
    let demanded = people.demanded(&facts);
    let due: Vec<String> = demanded.iter().filter(|review| review.applies).map(sentence).collect();
    if due.is_empty() { vec!["none is needed".to_owned()] } else { due }
}

/// "prod-change wants 1 of platform or storefront-leads: environment prod".
pub(crate) fn sentence(review: &Demanded) -> String {
    let Demanded { review, approvals, from, why, .. } = review;
    format!("{review} wants {}: {why}", who(*approvals, from))
}

/// How many people of which roles: "2 of platform".
pub(crate) fn who(approvals: u32, from: &[Name]) -> String {
    let roles: Vec<&str> = from.iter().map(Name::as_str).collect();
    match roles.as_slice() {
        [] => format!("{approvals} of the signers"),
        some => format!("{approvals} of {}", some.join(" or ")),
    }
}
