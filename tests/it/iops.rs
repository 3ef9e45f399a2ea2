//! Operations of disks: what queries take, against what comes with the storage.

use domain::candidate::{Rejection, Rejections};
use domain::demand::ServiceIndex;
use domain::intent::document::read_document;
use domain::plan::Plan;
use solver::assemble;
use solver::characterise::characterise;
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
