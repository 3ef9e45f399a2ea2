//! The program of a small system, printed as algebra.

use solver::characterise::characterise;
use solver::model::{Model, Settings};
use solver::optimise::programs;

use crate::support::{assume, catalog, chain, instance, latency, region, uptime};

#[test]
fn the_program_reads_as_algebra() {
    let offers =
        vec![instance("small", "here", (2, 1.0), 0.05), instance("large", "here", (8, 1.2), 0.22)];
    let catalog = catalog(vec![region("here")], offers);
    let mut intent = chain(200, &[10.0, 5.0]);
    intent.objectives.uptime = Some(uptime(999_000));
    intent.objectives.latency = vec![latency(950, 400.0)];
    assume(&mut intent, "rules.replicas_max", "3");
    assume(&mut intent, "rules.vcpu_quota", "24");
    let demand = characterise(&intent, &catalog, None).expect("the demand can be worked out");
    let model = Model::new(&demand, &catalog, Settings::GUARDED);
    let program = programs(&model).into_iter().next().expect("there is a placement").pruned;
    insta::assert_snapshot!(program.algebra());
}
