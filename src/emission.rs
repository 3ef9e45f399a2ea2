//! Whether anything may be generated from a spec: not from one that was changed, that does not
//! hold, that breaks a rule, that its stage keeps back, or that nobody approved.

use std::path::{Path, PathBuf};

use domain::policy::Facts;
use domain::spec::Spec;
use domain::verification::Status;
use jiff::civil::Date;
use miette::Diagnostic;
use reports::spec::reviews;

use crate::approvals::{ApprovalFault, ApprovalFaults, Bench, Given, Lack, how_to_sign, judge};
use crate::failure::Failure;
use crate::{governance, input};

/// Why nothing is generated from a spec.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Diagnostic)]
pub enum EmitFault {
    /// The plan does not hold.
    #[error("the spec is {status}, and nothing is built from it")]
    #[diagnostic(code(emit::unverified), help("plan again; --unverified takes it nevertheless"))]
    Unverified {
        /// `refuted` or `undecided`.
        status: &'static str,
    },
    /// It does not pass its own check.
    #[error("the spec does not pass its check: {first}{more}")]
    #[diagnostic(code(emit::faults), help("plimsoll check lists all that does not hold"))]
    Faults {
        /// The first thing that does not hold.
        first: String,
        /// How many more there are.
        more: String,
    },
    /// A rule holds that it was not planned under.
    #[error("the spec was not planned under rule {rule} ({place}): {says}")]
    #[diagnostic(code(emit::rules), help("plan again with that policy"))]
    Rules {
        /// The rule.
        rule: String,
        /// Where it stands.
        place: String,
        /// What it says.
        says: String,
    },
    /// A rule was lifted for it, and is so no more.
    #[error("rule {rule} was lifted until {until} for this plan, and it is {on}")]
    #[diagnostic(
        code(emit::exception),
        help("plan again: the rule holds now; or have its policy lift it for longer")
    )]
    Exception {
        /// The rule.
        rule: String,
        /// The last day on which it was lifted.
        until: Date,
        /// The day on which something is to be generated.
        on: Date,
    },
    /// The stage does not allow its environment.
    #[error("{why}")]
    #[diagnostic(
        code(emit::stage),
        help("the stage stands in the policies; no approval helps against it")
    )]
    Stage {
        /// What the stage allows.
        why: String,
    },
    /// Too few people gave their leave.
    #[error("the spec is unapproved: {lacking}")]
    #[diagnostic(code(emit::unapproved), help("{help}"))]
    Unapproved {
        /// What is lacking.
        lacking: String,
        /// How to come by it.
        help: String,
    },
}

/// What a spec is to be judged with.
pub(crate) struct Case<'a> {
    pub(crate) spec: &'a Spec,
    pub(crate) named: &'a str,
    pub(crate) approvals: &'a [PathBuf],
    pub(crate) policies: &'a [PathBuf],
    pub(crate) catalog: Option<&'a Path>,
    pub(crate) on: Date,
    pub(crate) unverified: bool,
}

/// Refuses what nothing may be generated from; gives the digests of the policies in force.
pub(crate) fn allowed(case: &Case<'_>) -> Result<Vec<String>, Failure> {
    let spec = case.spec;
    if spec.verdict.status != Status::Verified && !case.unverified {
        return Err(EmitFault::Unverified { status: spec.verdict.status.as_str() }.into());
    }
    let force = governance::in_force(spec, case.policies)?;
    if let Some(rule) = force.unplanned {
        let (says, place) = (rule.text(), rule.place);
        return Err(EmitFault::Rules { rule: rule.name, place, says }.into());
    }
    let mut lifted = spec.policy.exceptions.iter().filter(|own| own.in_force);
    if let Some(own) = lifted.find(|own| own.until.0 < case.on) {
        let (rule, until) = (own.rule.clone(), own.until.0);
        return Err(EmitFault::Exception { rule, until, on: case.on }.into());
    }
    sound(case)?;
    let author = reviews::author_in(spec);
    let facts: Facts<'_> = reviews::facts_in(spec, &author);
    let people = &force.policies.people;
    if let Some(why) = people.forbids(facts.environment) {
        return Err(EmitFault::Stage { why }.into());
    }
    let given = case.approvals.iter().map(|file| given(file)).collect::<Result<Vec<_>, _>>()?;
    let demanded = people.demanded(&facts);
    let bench = Bench { spec, signers: &force.signers, demanded: &demanded, on: case.on };
    let lacks = judge(&given, &bench)?;
    if lacks.is_empty() {
        let layers = force.policies.layers.iter();
        return Ok(layers.map(|layer| layer.digest.clone()).collect());
    }
    let help = format!(
        "plimsoll approve {} --by NAME --until DATE --out FILE, signed and given with --approval",
        case.named
    );
    let lacking: Vec<String> = lacks.iter().map(lacking).collect();
    Err(EmitFault::Unapproved { lacking: lacking.join("; "), help }.into())
}

/// "prod-change wants 2 of platform and has 1: environment prod".
fn lacking(lack: &Lack) -> String {
    let roles: Vec<&str> = lack.from.iter().map(domain::name::Name::as_str).collect();
    let of = if roles.is_empty() { "the signers".to_owned() } else { roles.join(" or ") };
    let Lack { review, wanted, found, why, .. } = lack;
    format!("{review} wants {wanted} of {of} and has {found}: {why}")
}

/// A spec is judged once more, as `plimsoll check` does it: whoever can write a digest can write
/// any plan beside it.
fn sound(case: &Case<'_>) -> Result<(), Failure> {
    let checked = crate::command::checked(case.spec, case.catalog)?;
    let mut faults = checked.faults.iter();
    let Some(first) = faults.next() else { return Ok(()) };
    let more = match faults.count() {
        0 => String::new(),
        more => format!(", and {more} more"),
    };
    let first = format!("{}: {}", first.place, first.text);
    Err(EmitFault::Faults { first, more }.into())
}

/// An approval with the signature in the file beside it.
fn given(path: &Path) -> Result<Given, Failure> {
    let file = path.to_string_lossy().into_owned();
    let beside = PathBuf::from(format!("{file}.sig"));
    let text = input::document(path)?;
    let signature = input::document(&beside).map_err(|failure| match failure {
        Failure::Read { cause, .. } if cause.kind() == std::io::ErrorKind::NotFound => {
            let fault = ApprovalFault::SignatureForm {
                file: file.clone(),
                message: "there is no such file".to_owned(),
                help: format!("sign the approval: {}", how_to_sign(&file)),
            };
            ApprovalFaults(vec![fault]).into()
        }
        other => other,
    })?;
    Ok(Given { file, text, signature })
}
