//! `plimsoll approve`: writes somebody's leave to build a plan, for that person to sign.

use std::path::Path;

use domain::approval::{APPROVAL_SCHEMA_V1, Approval, ApprovalKind};
use domain::policy::AuthorKind;
use domain::record::Record;
use domain::spec::{ApiVersion, Day, Spec};
use jiff::civil::Date;
use reports::emit;
use reports::spec::reviews;

use super::plan::quoted;
use crate::approvals::{
    ApprovalFault, ApprovalFaults, Bench, admissible, approved_spec, how_to_sign,
};
use crate::arguments::ApproveArguments;
use crate::authorship::named;
use crate::chain::{Chain, today};
use crate::emission::EmitFault;
use crate::failure::{Exit, Failure};
use crate::{governance, input, output, screen};

pub(super) fn run(arguments: &ApproveArguments) -> Result<Exit, Failure> {
    let chain = arguments.audit.as_deref().map(Chain::open).transpose()?;
    let spec = input::sealed(&arguments.spec)?;
    let force = governance::in_force(&spec, &arguments.policies)?;
    let approval = approval(arguments, &spec)?;
    let out = arguments.out.to_string_lossy().into_owned();
    let signer = force.signers.iter().find(|signer| signer.name == approval.by);
    let Some(signer) = signer else {
        let names: Vec<&str> = force.signers.iter().map(|signer| signer.name.as_str()).collect();
        let help = match names.as_slice() {
            [] => "no policy of the spec lists signers: give one with --policy".to_owned(),
            some => format!("there are {}", some.join(", ")),
        };
        let fault = ApprovalFault::Unlisted { by: approval.by, help };
        return Err(ApprovalFaults(vec![fault]).into());
    };
    let author = reviews::author_in(&spec);
    // No approval counts where the stage builds nothing.
    let environment = reviews::environment_in(&spec);
    if let Some(why) = force.policies.people.forbids(environment) {
        return Err(EmitFault::Stage { why }.into());
    }
    let demanded = force.policies.people.demanded(&reviews::facts_in(&spec, &author));
    let on = approval.on.0;
    let bench = Bench { spec: &spec, signers: &force.signers, demanded: &demanded, on };
    admissible(&out, &approval, signer, &bench).map_err(|fault| ApprovalFaults(vec![fault]))?;
    let (folder, name) = place(&arguments.out)?;
    let files = output::Files::prepare(folder, arguments.force, &[&name])?;
    if let Some(chain) = chain {
        chain.append(record(&spec, &approval, &force))?;
    }
    files.write(&[(&name, emit::approval(&approval))])?;
    let ends = signer.until.filter(|until| *until < approval.until.0);
    screen::print(&told(arguments, &spec, (&out, ends)))?;
    Ok(Exit::Verified)
}

fn approval(arguments: &ApproveArguments, spec: &Spec) -> Result<Approval, Failure> {
    let role = arguments.role.as_ref().map(|role| {
        role.parse().map_err(|fault| Failure::Usage {
            message: format!("the value of '--role' {fault}"),
            help: "write a role as policies do, such as platform".to_owned(),
        })
    });
    let (on, until) = (arguments.on.unwrap_or_else(today), arguments.until);
    if until < on {
        return Err(Failure::Usage {
            message: format!("--until {until}: that day is over, the approval is of {on}"),
            help: format!("give the last day on which it counts, {on} or a later one"),
        });
    }
    Ok(Approval {
        schema: APPROVAL_SCHEMA_V1.to_owned(),
        api_version: ApiVersion::V1,
        kind: ApprovalKind::Approval,
        spec: approved_spec(spec),
        reviews: arguments.reviews.clone(),
        by: named("--by", &arguments.by)?,
        role: role.transpose()?,
        on: Day(on),
        until: Day(until),
    })
}

/// A folder, and the name of a file in it.
fn place(path: &Path) -> Result<(&Path, String), Failure> {
    let name = path.file_name().and_then(|name| name.to_str());
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let Some(name) = name else {
        return Err(Failure::Usage {
            message: "the value of '--out' is not a file".to_owned(),
            help: "for example: --out approval.json".to_owned(),
        });
    };
    Ok((folder.unwrap_or(Path::new(".")), name.to_owned()))
}

fn record(spec: &Spec, approval: &Approval, force: &governance::InForce) -> Record {
    let reviews = approval.reviews.iter().map(|review| format!("approval written for {review}"));
    let mut verdicts: Vec<String> = reviews.collect();
    if verdicts.is_empty() {
        verdicts.push("approval written".to_owned());
    }
    Record {
        actor: Some(approval.by.clone()),
        author_kind: AuthorKind::Human,
        command: "plimsoll approve".to_owned(),
        intent_digest: Some(spec.provenance.intent_digest.clone()),
        catalog_digest: Some(spec.provenance.catalog.digest.clone()),
        policy_digests: force.policies.layers.iter().map(|layer| layer.digest.clone()).collect(),
        verdicts,
        spec_digest: Some(spec.metadata.digest.clone()),
        ..Record::default()
    }
}

/// What was written, and what is to be done with it; where the key ends before the approval, that
/// nothing is generated by it from then on.
fn told(arguments: &ApproveArguments, spec: &Spec, (out, ends): (&str, Option<Date>)) -> String {
    let (by, last) = (&arguments.by, arguments.until);
    let ends = ends.map_or_else(String::new, |ends| {
        format!("  counts  until {ends} and not {last}: the key of {by} is listed no longer\n")
    });
    let digest = &spec.metadata.digest;
    let (file, named) = (quoted(out), quoted(&arguments.spec));
    format!(
        "WRITTEN  {out}, which counts when it is signed\n\n  spec    {named}  {digest}\n{ends}  \
         sign    {}\n  then    plimsoll emit {named} --to FORMAT --out DIR --approval {file}\n",
        how_to_sign(&file)
    )
}
