//! What somebody can do about a plan that a format cannot say: which key of the intent, or which
//! rule of a policy, asks for what it lacks.

/// Services that are taken away out of hours.
pub(super) const SCHEDULE: &str = "a schedule that takes it away out of hours";
/// Backups somewhere else as well.
pub(super) const COPIED: &str = "backups that are copied to another region";
/// Machines that may be taken away at any time.
pub(super) const SPOT: &str = "spot instances";
/// Answers from before the edge.
pub(super) const CDN: &str = "a content delivery network";
/// Too few zones for what AWS runs.
pub(super) const ONE_ZONE: &str = "one zone, where balancers and databases of AWS want two";
/// What is not run by the cloud, after what it is.
pub(super) const BY_HAND: &str = "on machines of our own";
/// What stands in the internet.
pub(super) const OUTSIDE: &str =
    "its place in the internet, which machines without a way out cannot reach";

/// What helps where a plan has that: beside the whole of what it is, a part by which it is known.
const KNOWN: [(&str, &str); 10] = [
    (SCHEDULE, "leave `hours` out of the intent, or out of the policy: it runs, and costs, always"),
    (COPIED, "leave `backup.copy` out of the policy, and copy backups beside what is generated"),
    (SPOT, "leave `spot` out of `purchase`"),
    (CDN, "leave `cacheable` out of `requests`, or deny the product `managed_cdn` by a policy"),
    (ONE_ZONE, "ask for two: `run_on: {zones: {at_least: 2}}`"),
    (
        BY_HAND,
        "let the cloud run it: `run_on: {platform: any}`, and no rule that denies its product",
    ),
    (OUTSIDE, "generate kubernetes, whose nodes may have a way out, or leave it out of `external`"),
    ("the image ", "leave `image` out of the service: an image of its machines is asked for then"),
    ("weights of instances", "pin one kind of machine: `pins: {SERVICE: {instance_type: …}}`"),
    ("the engine", "state another `engine` or `engine_version` of the service"),
];

/// What to do about it.
pub(super) fn remedy(what: &str) -> &'static str {
    let known = KNOWN.iter().find(|(own, _)| what.contains(own));
    known.map_or(
        "no key of the intent asks for this alone: pin other machines or products (`pins`), or \
         generate another format; nothing of a plan is left out",
        |(_, help)| help,
    )
}
