//! Two intents that no plan carries.

use domain::offer::Provider;
use domain::outcome::{Change, ConflictPart, Infeasible, Relaxation};
use domain::plan::Certainty;
use domain::units::MicroDollars;
use domain::verification::Status;

fn part(name: &str, stated: &str, because: &str) -> ConflictPart {
    ConflictPart { name: name.into(), stated: stated.into(), because: because.into() }
}

fn relaxation(name: &str, from: &str, to: &str, dollars: u32) -> Relaxation {
    Relaxation {
        changes: vec![Change { name: name.into(), from: from.into(), to: to.into() }],
        cost: MicroDollars::from_dollars(dollars),
        status: Status::Verified,
        plan_digest: format!("sha256:{}", "0c".repeat(32)),
        plan: "app 8 × c8g.xlarge".into(),
        useless: None,
    }
}

/// Traffic alone costs more than the budget.
pub(crate) fn over_budget() -> Infeasible {
    let mut fewer = relaxation("users", "10,000", "3,650 concurrent", 1_498);
    fewer.useless = Some("3,660 concurrent".into());
    Infeasible {
        intent: super::intent(),
        demand: super::demand::demand(),
        headline:
            "no design in 9 regions of aws, azure and google carries this below $1,500 a month"
                .into(),
        details: Vec::new(),
        conflict: vec![
            part("users", "10,000 concurrent", "24.0 TB a month to the internet"),
            part("budget", "$1,500 a month", "that traffic alone costs $2,093"),
        ],
        certainty: Certainty::Certified,
        searched: vec![(Provider::Aws, 5), (Provider::Azure, 2), (Provider::Google, 2)],
        relaxations: vec![relaxation("budget", "$1,500", "$3,382 a month", 3_382), fewer],
        no_help: vec!["uptime (99% saves $215)".into(), "latency (2 s saves $0)".into()],
        provenance: super::provenance(),
    }
}

/// The latency is below the work of one request.
pub(crate) fn below_the_work() -> Infeasible {
    let mut infeasible = over_budget();
    infeasible.headline = "p99 of 30 ms is below the work itself".into();
    infeasible.details = vec![
        "one request works 35.6 ms at p99 on an idle c8g (mean 12 ms of reference CPU, speed 2.34)"
            .into(),
        "plus 1.1 ms of network; queueing comes on top".into(),
    ];
    infeasible.conflict = vec![part("latency", "p99 of 30 ms", "no offer known is fast enough")];
    let mut both = relaxation("latency p99", "30 ms", "39 ms", 641);
    both.changes.push(Change {
        name: "operations".into(),
        from: "standard".into(),
        to: "advanced".into(),
    });
    both.status = Status::Undecided;
    infeasible.relaxations = vec![both];
    infeasible.no_help = Vec::new();
    infeasible.certainty = Certainty::Estimated;
    infeasible
}
