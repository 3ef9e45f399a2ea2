//! Policies inside the solver: each rule changes one plan and leaves another intent without one,
//! under its name; and what the program says of it.

mod capacity;
mod exceptions;
mod floors;
mod guarded;
mod hours;
mod kinds;
mod labels;
mod program;
mod purchase;
mod rules;

use domain::catalog::{Catalog, SqlStorage};
use domain::intent::{Intent, ServiceKind};
use domain::name::Name;
use domain::offer::{Architecture, Offer, Product, Provider};
use domain::plan::Plan;
use domain::policy::{Policies, PolicySource, read_policies};
use domain::units::{Mebibytes, Seconds};
use solver::assemble;
use solver::characterise::characterise;
use solver::model::{Model, Settings};
use solver::optimise::{Optimised, optimise};

use crate::support::{
    assume, call, catalog, chain, instance, latency, price, region, service, stated, uptime,
};

/// A policy with those rules, one a line.
pub(crate) fn policy(rules: &[&str]) -> String {
    let rules: Vec<String> = rules.iter().map(|rule| format!("  - {rule}\n")).collect();
    let head = "apiVersion: plimsoll/v1\nkind: Policy\nmetadata: {name: test}\nrules:\n";
    format!("{head}{}", rules.concat())
}

pub(crate) fn policies(rules: &[&str]) -> Policies {
    let source = PolicySource {
        file: "test.yaml".into(),
        text: policy(rules),
        digest: "sha256:test".into(),
    };
    read_policies(&[source]).unwrap_or_else(|faults| panic!("{rules:?}: {faults:?}"))
}

/// What is asked for, and what it is bought from.
#[derive(Clone)]
struct Market {
    intent: Intent,
    catalog: Catalog,
}

/// A service with a database, for which one zone and one of everything is enough; sold in three
/// regions of two clouds, in which the burstable family is the cheapest.
fn market() -> Market {
    let mut intent = chain(600, &[12.0]);
    intent.services[0].calls.push(call("db"));
    let mut db = service("db", ServiceKind::Sql);
    db.cpu_time = vec![(None, stated(Seconds::of_milliseconds(1.0)))];
    db.storage = Some(stated(Mebibytes::from_gibibytes(20)));
    intent.services.push(db);
    intent.objectives.uptime = Some(uptime(990_000));
    intent.objectives.latency = vec![latency(950, 300.0)];
    assume(&mut intent, "rules.self_run_data", "anywhere");
    let mut regions = Vec::new();
    let mut offers = Vec::new();
    for (provider, name, factor) in [
        (Provider::Aws, "us-east-1", 1.0),
        (Provider::Aws, "eu-west-1", 1.1),
        (Provider::Azure, "westeurope", 1.2),
    ] {
        let mut place = region(name);
        place.provider = provider;
        place.sql_storage = Some(SqlStorage {
            product: "gp3".into(),
            single_gib_month: price(0.1),
            standby_gib_month: price(0.2),
            minimum: Mebibytes::from_gibibytes(20),
            iops: 3_000,
        });
        regions.push(place);
        let sizes = [("large", 2), ("4xlarge", 16)];
        for (family, architecture, hour) in
            [("t3", Architecture::X86_64, 0.02), ("m7", Architecture::Arm64, 0.03)]
        {
            for (size, vcpus) in sizes {
                let hour = factor * hour * f64::from(vcpus);
                let sku = format!("{family}.{size}");
                let mut offer = instance(&sku, name, (vcpus, 1.0), hour);
                (offer.provider, offer.family) = (provider, family.to_owned());
                offer.architecture = architecture;
                offers.push(offer);
            }
        }
        offers.push(database(provider, name, factor));
    }
    let mut catalog = catalog(regions, offers);
    catalog.facts = guarded::facts();
    Market { intent, catalog }
}

fn database(provider: Provider, region: &str, factor: f64) -> Offer {
    let mut offer = instance("db.m6.large", region, (2, 1.0), 0.05 * factor);
    (offer.provider, offer.family) = (provider, "m6".to_owned());
    offer.product = Product::ManagedSql { engine: "postgres".into() };
    offer.prices.with_standby = Some(price(0.1 * factor));
    offer
}

/// The cheapest plan by the model with its guard.
fn cheapest(market: &Market) -> Option<Plan> {
    let demand = characterise(&market.intent, &market.catalog, None)
        .unwrap_or_else(|faults| panic!("the intent is sound: {faults:?}"));
    let model = Model::new(&demand, &market.catalog, Settings::GUARDED);
    match optimise(&model, &[]) {
        Optimised::Found(optimum) => Some(assemble::plan(&model, &optimum)),
        Optimised::Infeasible => None,
        Optimised::GaveUp => panic!("a small search ends by itself"),
    }
}

/// The place of a service in the market's plans.
fn place(market: &Market, name: &str) -> usize {
    let demand = characterise(&market.intent, &market.catalog, None).expect("it is sound");
    let found = demand.services.iter().position(|service| service.name == Name::of(name));
    found.expect("the service is there")
}
