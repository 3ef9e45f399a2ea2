//! Operations of disks: what queries take, against what comes with the storage.

use domain::candidate::{Rejection, Rejections};
use domain::demand::ServiceIndex;
use domain::intent::document::read_document;
use domain::outcome::Outcome;
use domain::plan::Plan;
use solver::assemble;
use solver::characterise::characterise;
use solver::explain_floor;
use solver::model::{Model, Settings};
use solver::optimise::{Optimised, optimise};

use crate::support::EMBEDDED;

/// An app that asks a database once for each of 1,000 requests a second.
fn text(each: f64, storage: &str, region: &str) -> String {
    format!(
        "apiVersion: plimsoll/v1\nkind: Intent\n\
         objectives: {{load: {{requests_per_second: 1000}}, uptime: 99%}}\n\
         requests: {{page: {{enters: app}}}}\n\
         services:\n  app: {{type: service, calls: [{{to: db}}]}}\n  \
         db: {{type: sql, cpu_time: 0.2ms, storage: {storage}, iops_per_query: {each}}}\n\
         run_on: {{regions: [{region}]}}\n"
    )
}

fn planned(each: f64, storage: &str, region: &str) -> Option<Plan> {
    let intent = read_document(&text(each, storage, region), "test.yaml").expect("an intent");
    let demand = characterise(&intent, &EMBEDDED, None).expect("the intent is sound");
    let model = Model::new(&demand, &EMBEDDED, Settings::GUARDED);
    let Optimised::Found(optimum) = optimise(&model, &[]) else { return None };
    let plan = assemble::plan(&model, &optimum);
    assert_eq!(plimsoll::check::faults(&demand, &plan, &EMBEDDED), Vec::<String>::new());
    // The check has the same limit: with twice the operations it refuses the same plan.
    let mut more = demand.clone();
    let data = more.services[demand.services.len() - 1].data.as_mut().expect("a database");
    data.iops_per_query = Some(1_000.0);
    let faults = plimsoll::check::faults(&more, &plan, &EMBEDDED);
    assert!(faults.iter().any(|fault| fault.contains("operations a second")), "{faults:?}");
    Some(plan)
}

#[test]
fn a_volume_does_so_many_operations_as_come_with_it() {
    // 1,250 requests a second with the headroom; 3,000 operations come with gp3, 12,000 with a
    // database of 400 GiB and more.
    assert!(planned(2.3, "200GiB", "eu-west-1").is_some());
    assert!(planned(2.5, "200GiB", "eu-west-1").is_none());
    assert!(planned(2.5, "399GiB", "eu-west-1").is_none());
    assert!(planned(9.5, "400GiB", "eu-west-1").is_some());
    assert!(planned(9.7, "400GiB", "eu-west-1").is_none());
}

#[test]
fn what_cannot_do_them_is_rejected_for_that_reason() {
    let intent = read_document(&text(2.5, "200GiB", "eu-west-1"), "test.yaml").expect("an intent");
    let demand = characterise(&intent, &EMBEDDED, None).expect("the intent is sound");
    let entry = demand.ledger.find("services.db.iops_per_query").expect("it is in the ledger");
    assert_eq!(entry.origin, domain::ledger::Origin::User);
    let model = Model::new(&demand, &EMBEDDED, Settings::GUARDED);
    let mut regions = EMBEDDED.regions.iter();
    let region = regions.find(|own| own.name.as_str() == "eu-west-1").expect("a region");
    let shelf =
        solver::screen::Shelf::new(&EMBEDDED, &demand, region, None).expect("all has a price");
    let layout = solver::layout::Layout { region, zones: 2, survives_zone_loss: false };
    let db = ServiceIndex(demand.services.len() - 1);
    let stock = &shelf.stocks[db.0];
    let source = solver::option::Source { model: &model, layout: &layout, service: db, stock };
    let mut rejections = Rejections::default();
    let found = source.options(None, Some(&mut rejections));
    assert!(found.options.is_empty());
    let reasons: Vec<&Rejection> = rejections.counts().map(|(reason, _)| reason).collect();
    assert_eq!(reasons, [&Rejection::Iops]);
    assert_eq!(Rejection::Iops.label(), "too few operations of its storage");
}

#[test]
fn what_no_storage_of_its_size_does_is_named_with_the_size_that_does() {
    let reason = |each: f64, storage: &str, region: &str| {
        let text = text(each, storage, region);
        let intent = read_document(&text, "test.yaml").expect("an intent");
        let demand = characterise(&intent, &EMBEDDED, None).expect("the intent is sound");
        explain_floor::reason(&Model::new(&demand, &EMBEDDED, Settings::CERTIFIED))
    };
    let told = reason(2.5, "200GiB", "eu-west-1").expect("no disk of it does 3,125 a second");
    assert_eq!(told.headline, "the disk of db cannot do what its queries take of it");
    let told = told.details.join("; ");
    assert!(told.contains("3,125 operations a second"), "{told}");
    assert!(told.contains("200 GiB comes with 3,000 at most"), "{told}");
    assert!(told.contains("enough come with services.db.storage: 400GiB"), "{told}");
    let most = reason(9.7, "400GiB", "eu-west-1").expect("nor does any do 12,125");
    assert!(most.details[1].contains("no storage that is sold there"), "{:?}", most.details);
    assert_eq!(reason(2.3, "200GiB", "eu-west-1"), None);
}

#[test]
fn a_disk_of_which_nobody_says_what_is_asked_is_a_risk() {
    let risk = |phrase: &str| {
        let Outcome::Planned(answer) = crate::grid::plan(phrase, &EMBEDDED) else {
            panic!("{phrase} is planned")
        };
        let rate = answer.plan.sizing.last().expect("a database").arrival_rate.value();
        let told = answer.risks.into_iter().find(|risk| risk.id == "disk");
        (rate, told.map(|risk| risk.text))
    };
    let (rate, told) = risk("10k users, 99.9% uptime, 400ms latency");
    let each = format!("{:.3} for each query", 3_000.0 / (rate * 1.25));
    let told = told.expect("less than one operation for each query");
    assert!(told.contains("db: 3,000 operations a second come with 200 GiB"), "{told}");
    assert!(told.contains(&each), "{told} has no {each}");
    assert_eq!(risk("100 users, 99.9% uptime, 400ms latency").1, None);
}
