//! Places, encryption, backups and platforms: each rule changes a plan and leaves another intent
//! without one; what no plan ever does is found in a spec that was changed.

use domain::area::Country;
use domain::data_class::DataClass;
use domain::facts::{Ability, BackupOf, BackupTerms, Facts};
use domain::intent::Intent;
use domain::name::Name;
use domain::offer::Provider;
use domain::plan::Plan;
use domain::policy::Policies;
use domain::spec::SubnetTier;
use plimsoll::check::policy::{broken, verdicts};
use reports::spec::built;
use solver::characterise::characterise;

use super::rules::{Kept, Prepare, nothing, refused, standing};
use super::{Market, cheapest, market, place, policies};
use crate::support::{assume, price};

/// What is known of the regions of the market: the cheap family cannot be encrypted, and nothing is
/// known of what the second cloud encrypts and keeps.
pub(super) fn facts() -> Facts {
    let mut facts = Facts::default();
    let country = |text: &str| text.parse::<Country>().expect("two letters");
    for (provider, region, of) in [
        (Provider::Aws, "us-east-1", "US"),
        (Provider::Aws, "eu-west-1", "IE"),
        (Provider::Azure, "westeurope", "NL"),
    ] {
        facts.countries.insert((provider, Name::of(region)), country(of));
    }
    for (region, dollars) in [("us-east-1", 0.1), ("eu-west-1", 0.11)] {
        for of in [BackupOf::ManagedSql, BackupOf::Disk] {
            let managed = of == BackupOf::ManagedSql;
            let terms = BackupTerms {
                gib_month: price(dollars),
                sent_gb: price(0.02),
                own_size_free: managed,
                days_most: managed.then_some(35),
            };
            facts.backups.insert((Provider::Aws, Name::of(region), of), terms);
        }
    }
    let able = |product: &str, offers: &str, able: bool| Ability {
        provider: Provider::Aws,
        product: product.to_owned(),
        offers: offers.to_owned(),
        at_rest: able,
        in_transit: able,
        private: able,
    };
    facts.abilities = vec![
        able("instance", "*", true),
        able("instance", "t3.*", false),
        able("managed_balancer", "*", true),
        able("managed_sql", "*", true),
    ];
    facts
}

fn hold(intent: &mut Intent, class: DataClass) {
    intent.services.iter_mut().filter(|own| own.name.as_str() == "db").for_each(|own| {
        own.holds = vec![class];
    });
}

fn personal(market: &mut Market) {
    hold(&mut market.intent, DataClass::Personal);
}

fn without_facts(market: &mut Market) {
    market.catalog.facts = Facts::default();
}

/// Nobody knows what keeping backups costs in the other region.
fn one_region_backed_up(market: &mut Market) {
    market.catalog.facts.backups.retain(|(_, region, _), _| region.as_str() == "us-east-1");
}

/// The internet reaches every managed database.
fn public_databases(market: &mut Market) {
    let mut own = market.catalog.facts.abilities.iter_mut();
    own.find(|own| own.product == "managed_sql").expect("it is known of").private = false;
}

/// Nobody runs a database on machines.
fn managed_data(market: &mut Market) {
    market.intent.assume.retain(|(name, _)| name != "rules.self_run_data");
}

/// Whoever wants an edge has to run it in the internet.
fn without_balancers(market: &mut Market) {
    market.catalog.regions.iter_mut().for_each(|region| region.balancer = None);
}

fn has_line(plan: &Plan, id: &str) -> bool {
    plan.bill.lines.iter().any(|line| line.id == id && line.amount.expected.micros() > 0)
}

fn european(plan: &Plan) -> bool {
    matches!(plan.topology.region.as_str(), "eu-west-1" | "westeurope")
}

/// A rule with what is done beforehand, and what it changes.
pub(super) const CHANGES: [(&str, Prepare, Kept); 12] = [
    ("{id: x, require: {region.in: EU}}", nothing, |plan, _, _| european(plan)),
    ("{id: x, require: {region.in: [IE, NO]}}", nothing, |plan, _, _| {
        plan.topology.region.as_str() == "eu-west-1"
    }),
    (
        "{id: x, when: {service.holds: personal}, require: {backup.region.in: EEA}}",
        personal,
        |plan, _, _| european(plan),
    ),
    ("{id: x, require: {encryption.at_rest: true}}", nothing, |_, app, _| {
        app.pools[0].family == "m7"
    }),
    ("{id: x, require: {encryption.in_transit: true}}", nothing, |_, app, _| {
        app.pools[0].family == "m7"
    }),
    ("{id: x, require: {backup.retention: '>= 14d'}}", nothing, |plan, _, _| {
        has_line(plan, "db.backup") && !has_line(plan, "db.backup-copy")
    }),
    (
        "{id: x, when: {service.stateful: true}, require: {backup.copy: another_region}}",
        nothing,
        |plan, _, _| has_line(plan, "db.backup-copy") && has_line(plan, "db.backup-sent"),
    ),
    ("{id: x, require: {subnets: private}}", nothing, |_, app, _| app.pools[0].family == "m7"),
    ("{id: x, require: {database.public: false}}", public_databases, |_, _, db| {
        db.product.is_none()
    }),
    ("{id: x, deny: {platform: [managed]}}", nothing, |_, _, db| db.product.is_none()),
    ("{id: x, allow: {platform: [vm]}}", nothing, |_, _, db| db.product.is_none()),
    (
        "{id: x, when: {service.holds: personal}, allow: {platform: [vm], kubernetes: [eks]}}",
        personal,
        |_, _, db| db.product.is_none(),
    ),
];

/// A rule with what is done beforehand, such that no plan is left.
pub(super) const LEAVES_NOTHING: [(&str, Prepare); 15] = [
    ("{id: x, require: {region.in: NO}}", nothing),
    ("{id: x, require: {region.in: EU}}", without_facts),
    ("{id: x, require: {backup.region.in: NO}}", nothing),
    ("{id: x, require: {encryption.at_rest: true}}", without_facts),
    ("{id: x, require: {encryption.in_transit: true}}", without_facts),
    ("{id: x, require: {subnets: private}}", without_facts),
    ("{id: x, require: {subnets: private}}", without_balancers),
    ("{id: x, require: {database.public: false}}", without_facts),
    ("{id: x, require: {backup.retention: '>= 36d'}}", nothing),
    ("{id: x, require: {backup.retention: '>= 1d'}}", without_facts),
    ("{id: x, require: {backup.copy: another_region}}", one_region_backed_up),
    ("{id: x, deny: {platform: [vm]}}", nothing),
    ("{id: x, allow: {platform: [managed]}}", nothing),
    // Nothing runs in a cluster, so that all of somebody's clusters are no place for a program.
    ("{id: x, allow: {platform: [managed, kubernetes], kubernetes: [eks]}}", nothing),
    ("{id: x, allow: {platform: [vm, kubernetes], kubernetes: [gke]}}", managed_data),
];

#[test]
fn backups_cost_what_is_kept_and_sent() {
    let mut market = market();
    let rule = "{id: x, require: {backup.retention: '>= 14d', backup.copy: another_region}}";
    market.intent.policy = policies(&[rule]);
    let plan = cheapest(&market).expect("a plan");
    assert_eq!(plan.topology.region.as_str(), "us-east-1");
    let line = |id: &str| {
        let found = plan.bill.lines.iter().find(|line| line.id == id).expect("the line");
        (found.sku.as_str(), found.quantity.expected.thousandths())
    };
    // Twenty GiB, of which a twentieth is new on each of fourteen days; as much as the database
    // itself is free where it stands, and not where it is copied to.
    assert_eq!(line("db.backup"), ("backups in us-east-1", 14_000));
    assert_eq!(line("db.backup-copy"), ("backups in eu-west-1", 34_000));
    // A GiB a day for 730 hours, in GB and rounded up.
    assert_eq!(line("db.backup-sent"), ("backups sent to eu-west-1", 32_660));
    let demand = characterise(&market.intent, &market.catalog, None).expect("sound");
    let faults = plimsoll::check::faults(&demand, &plan, &market.catalog);
    assert_eq!(faults, Vec::<String>::new());
    let (_, services) = built(&market.intent, &demand, &plan);
    let backup = services[place(&market, "db")].backup.as_ref().expect("it is backed up");
    assert_eq!(backup.retention_days, 14);
    assert_eq!(backup.copy_region, Some(Name::of("eu-west-1")));
}

#[test]
fn a_rule_for_data_that_nobody_holds_does_not_bind_and_says_so() {
    let mut market = market();
    let free = cheapest(&market).expect("a plan");
    let rule = "{id: x, when: {service.holds: personal}, require: {region.in: EU}}";
    market.intent.policy = policies(&[rule]);
    hold(&mut market.intent, DataClass::Payment);
    let plan = cheapest(&market).expect("a plan");
    assert_eq!(plan.topology, free.topology);
    let demand = characterise(&market.intent, &market.catalog, None).expect("sound");
    let parts = built(&market.intent, &demand, &plan);
    let verdict = &verdicts(&standing((&market, &demand, &plan), &parts))[0];
    assert!(verdict.kept);
    assert_eq!(verdict.text, "does not bind: no service holds personal data");
    personal(&mut market);
    assert!(european(&cheapest(&market).expect("a plan")));
}

#[test]
fn what_no_plan_does_is_found_in_a_spec_that_was_changed() {
    let mut market = market();
    let rules = [
        "{id: shut, require: {subnets: private}}",
        "{id: db-shut, require: {database.public: false}}",
        "{id: ports, require: {ingress: [443]}}",
        "{id: rest, require: {encryption.at_rest: true}}",
        "{id: transit, require: {encryption.in_transit: true}}",
        "{id: kept, require: {backup.retention: '>= 14d', backup.copy: another_region}}",
        "{id: copies, require: {backup.region.in: [US, IE]}}",
    ];
    market.intent.policy = policies(&rules);
    let plan = cheapest(&market).expect("a plan");
    let demand = characterise(&market.intent, &market.catalog, None).expect("sound");
    let sound = built(&market.intent, &demand, &plan);
    let found = |parts: &_| broken(&standing((&market, &demand, &plan), parts));
    assert_eq!(found(&sound), Vec::<String>::new());
    let db = place(&market, "db");
    let names = |faults: Vec<String>| -> Vec<String> {
        let name = |fault: &String| {
            let rest = fault.strip_prefix("rule ").expect("it names its rule");
            rest.split(':').next().unwrap_or_default().to_owned()
        };
        faults.iter().map(name).collect()
    };
    let mut open = sound.clone();
    open.0.subnets.iter_mut().filter(|own| own.group.as_str() == "data").for_each(|own| {
        own.tier = SubnetTier::Public;
    });
    assert_eq!(names(found(&open)), ["shut", "db-shut"]);
    let mut ports = sound.clone();
    ports.0.flows[0].port = 80;
    assert_eq!(names(found(&ports)), ["ports"]);
    let mut bare = sound.clone();
    bare.1[db].volume.as_mut().expect("it has a volume").encrypted = false;
    assert_eq!(names(found(&bare)), ["rest"]);
    let mut unsealed = sound.clone();
    unsealed.0.flows.last_mut().expect("there are flows").encrypted = false;
    assert_eq!(names(found(&unsealed)), ["transit"]);
    let mut short = sound.clone();
    short.1[db].backup.as_mut().expect("it is backed up").retention_days = 13;
    assert_eq!(names(found(&short)), ["kept"]);
    let mut abroad = sound.clone();
    let copy = &mut abroad.1[db].backup.as_mut().expect("it is backed up").copy_region;
    *copy = Some(Name::of("ap-southeast-1"));
    assert_eq!(names(found(&abroad)), ["copies"]);
    let mut here = sound;
    let copy = &mut here.1[db].backup.as_mut().expect("it is backed up").copy_region;
    *copy = Some(plan.topology.region.clone());
    assert_eq!(names(found(&here)), ["kept"]);
}

/// Ports of which one changes where the edge listens, and those that leave it none.
pub(super) const PORTS: (&str, &str) =
    ("{id: x, require: {ingress: [8443, 9443]}}", "{id: x, require: {ingress: [80]}}");

#[test]
fn the_edge_listens_where_a_rule_lets_the_internet_in() {
    let mut market = market();
    market.intent.policy = policies(&[PORTS.0]);
    let demand = characterise(&market.intent, &market.catalog, None).expect("sound");
    assert_eq!(demand.services[0].interface.port, 8_443);
    let entry = demand.ledger.find("edge.port").expect("it is written down");
    assert_eq!(entry.source, "policy rule x: the internet reaches it");
    let usual = "{id: x, require: {ingress: [80, 443]}}";
    market.intent.policy = policies(&[usual]);
    let demand = characterise(&market.intent, &market.catalog, None).expect("sound");
    assert_eq!(demand.services[0].interface.port, 443);
    assert_eq!(refused(&market, usual), Vec::<String>::new());
    assume(&mut market.intent, "edge.port", "8080");
    assert_eq!(refused(&market, usual), ["x: edge.port 8080"]);
}

/// The edge speaks HTTPS, for which nobody asks at the port of plain HTTP.
#[test]
fn no_edge_listens_at_the_port_of_plain_http() {
    let mut market = market();
    for (rule, opened) in [
        (PORTS.1, "x: port 80 alone"),
        ("{id: x, require: {ingress: [80, 22]}}", "x: ports 80, 22 alone"),
    ] {
        assert_eq!(refused(&market, rule), [opened]);
        market.intent.policy = policies(&[rule]);
        assert_eq!(cheapest(&market).map(|plan| plan.topology), None);
    }
    let port = |market: &Market| {
        let demand = characterise(&market.intent, &market.catalog, None).expect("sound");
        demand.services[0].interface.port
    };
    let beside = "{id: x, require: {ingress: [80, 8443]}}";
    assert_eq!(refused(&market, beside), Vec::<String>::new());
    market.intent.policy = policies(&[beside]);
    assert_eq!(port(&market), 8_443);
    assert!(cheapest(&market).is_some());
    // What both let through is no port of an edge.
    market.intent.policy = policies(&["{id: y, require: {ingress: [443, 80]}}", beside]);
    assert!(cheapest(&market).is_none());
    assume(&mut market.intent, "edge.port", "80");
    market.intent.policy = Policies::default();
    let faults = characterise(&market.intent, &market.catalog, None).expect_err("it is refused");
    assert!(format!("{faults:?}").contains("81 to 65535"), "{faults:?}");
}

#[test]
fn a_platform_that_no_plan_runs_on_is_refused_by_name() {
    let market = market();
    let kubernetes = "{id: x, allow: {platform: [kubernetes], kubernetes: [eks, aks]}}";
    assert_eq!(refused(&market, kubernetes), ["x: only kubernetes"]);
    let both = "{id: x, allow: {platform: [kubernetes, vm, managed], kubernetes: [eks]}}";
    assert_eq!(refused(&market, both), Vec::<String>::new());
}
