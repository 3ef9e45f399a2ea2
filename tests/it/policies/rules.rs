//! Each rule has a plan that it changes and one that it makes impossible, or an intent that it
//! refuses, under its own name.

use domain::demand::Demand;
use domain::intent::Pin;
use domain::objective::Load;
use domain::offer::{Architecture, Provider};
use domain::plan::Plan;
use domain::policy::Refusal;
use domain::spec::{Network, ServicePart};
use domain::topology::{Deployment, Redundancy};
use domain::units::{MicroDollars, Ratio};
use jiff::civil::date;
use plimsoll::check::policy::{Standing, broken, verdicts};
use reports::spec::built;
use solver::characterise::characterise;
use solver::model::Settings;
use solver::relax::{Aspect, Prober};

use super::{Market, cheapest, floors, guarded, market, place, policies, purchase};
use crate::support::{price, stated, uptime};

/// Something that is done to a market beforehand.
pub(super) type Prepare = fn(&mut Market);
/// Whether a plan keeps a rule, judged by the test: the app and the database are given as well.
pub(super) type Kept = fn(&Plan, &Deployment, &Deployment) -> bool;

pub(super) fn nothing(_: &mut Market) {}

/// The uptime is left to the rule.
fn no_uptime(market: &mut Market) {
    market.intent.objectives.uptime = None;
}

/// The cheap family's prices are old.
fn old_prices(market: &mut Market) {
    for offer in market.catalog.offers.iter_mut().filter(|offer| offer.family == "t3") {
        offer.prices.on_demand.as_mut().expect("it has one").as_of = date(2025, 1, 1);
    }
}

fn old_disks(market: &mut Market) {
    for disk in market.catalog.regions.iter_mut().filter_map(|region| region.disk.as_mut()) {
        disk.gib_month.as_of = date(2025, 1, 1);
    }
}

/// Traffic is cheaper where machines are dearer, and there is three times as much at the peak.
fn dearer_traffic(market: &mut Market) {
    for region in &mut market.catalog.regions {
        let dollars = match region.name.as_str() {
            "us-east-1" => 0.015,
            "eu-west-1" => 0.01,
            _ => 0.09,
        };
        region.internet_egress[0].price = price(dollars);
    }
}

fn arm_alone(market: &mut Market) {
    market.catalog.offers.retain(|offer| offer.architecture == Architecture::Arm64);
}

pub(super) fn one_zone(market: &mut Market) {
    market.catalog.regions.iter_mut().for_each(|region| region.zones = Some(1));
}

/// So many users that one machine is too little, and the database not yet.
fn crowd(market: &mut Market) {
    users(market, 2_700);
}

fn users(market: &mut Market, count: u64) {
    market.intent.objectives.load = Some(Load::Users { count, kind: None, think_time: None });
}

/// Two small machines at most, which carry what is asked of them and little more.
fn at_most_two(market: &mut Market) {
    users(market, 450);
    market.catalog.offers.retain(|offer| !offer.sku.ends_with("4xlarge"));
    let app = market.intent.services[0].name.clone();
    market.intent.pins.push(Pin {
        service: app,
        instance_type: None,
        replicas_min: None,
        replicas_max: Some(stated(2)),
        provider: None,
        product: None,
    });
}

/// Instances at night.
fn fewest(deployment: &Deployment) -> u32 {
    let pools = deployment.pools.iter();
    pools.map(|pool| pool.autoscaler.map_or(pool.replicas(), |scaler| scaler.min)).sum()
}

fn family(deployment: &Deployment, name: &str) -> bool {
    deployment.pools.iter().any(|pool| pool.family == name)
}

/// A rule with what is done beforehand, and what it changes.
pub(super) const CHANGES: [(&str, Prepare, Kept); 21] = [
    ("{id: x, require: {uptime: '>= 99.9%'}}", no_uptime, |plan, app, db| {
        plan.topology.zones >= 2 && app.replicas() >= 2 && db.redundancy != Redundancy::Single
    }),
    ("{id: x, require: {headroom.load: '>= 100%'}}", nothing, |plan, _, _| {
        plan.sizing.iter().all(|sizing| sizing.with_headroom >= sizing.at_peak * 1.99)
    }),
    ("{id: x, require: {headroom.instances_down: '>= 5'}}", nothing, |_, app, _| {
        app.replicas() >= 6
    }),
    ("{id: x, require: {zones: '>= 3'}}", nothing, |plan, _, _| plan.topology.zones == 3),
    ("{id: x, require: {replicas: '>= 7'}}", nothing, |_, app, _| fewest(app) >= 7),
    ("{id: x, require: {replicas: '<= 1'}}", nothing, |_, app, _| app.replicas() == 1),
    ("{id: x, require: {database.standby: true}}", nothing, |_, _, db| {
        db.redundancy != Redundancy::Single
    }),
    ("{id: x, require: {survives_zone_loss: true}}", nothing, |plan, app, _| {
        // The peak keeps more than three servers busy.
        let most = app.pools.iter().flat_map(|pool| &pool.per_zone).max();
        let left = app.replicas() - most.copied().unwrap_or(0);
        plan.topology.zones >= 2 && left * app.pools[0].servers >= 4
    }),
    ("{id: x, require: {utilisation: '<= 20%'}}", nothing, |plan, _, _| {
        plan.sizing.iter().all(|sizing| sizing.at_peak <= 0.2 + 1e-9)
    }),
    ("{id: x, require: {price.age: '<= 100d'}}", old_prices, |plan, _, _| {
        plan.bill.lines.iter().all(|line| line.as_of >= date(2025, 9, 23))
    }),
    ("{id: x, limit: {cost.ceiling: 307 USD/month}}", dearer_traffic, |plan, _, _| {
        plan.bill.totals().ceiling <= MicroDollars::from_dollars(307)
    }),
    ("{id: x, allow: {provider: [azure]}}", nothing, |plan, _, _| {
        plan.topology.provider == Provider::Azure
    }),
    ("{id: x, deny: {provider: [aws]}}", nothing, |plan, _, _| {
        plan.topology.provider != Provider::Aws
    }),
    ("{id: x, allow: {region: ['eu-*']}}", nothing, |plan, _, _| {
        plan.topology.region.as_str() == "eu-west-1"
    }),
    ("{id: x, deny: {region: [us-east-1]}}", nothing, |plan, _, _| {
        plan.topology.region.as_str() != "us-east-1"
    }),
    ("{id: x, allow: {family: [m7, m6]}}", nothing, |_, app, _| family(app, "m7")),
    ("{id: x, deny: {family: ['T*']}}", nothing, |_, app, _| !family(app, "t3")),
    ("{id: x, allow: {architecture: [arm64]}}", nothing, |_, app, _| !family(app, "t3")),
    ("{id: x, deny: {architecture: [x86_64]}}", nothing, |_, app, _| !family(app, "t3")),
    (
        "{id: x, allow: {product: [managed_sql]}, when: {service.stateful: true}}",
        |market| {
            // Where running it oneself is cheaper, nothing is managed without the rule.
            market
                .catalog
                .offers
                .retain(|offer| offer.sku != "db.m6.large" || offer.region.as_str() != "us-east-1");
        },
        |_, _, db| db.product.is_some(),
    ),
    ("{id: x, deny: {product: [managed_sql]}}", nothing, |_, _, db| db.product.is_none()),
];

#[test]
fn each_rule_changes_a_plan_and_is_kept() {
    let all = CHANGES.iter().chain(&floors::CHANGES).chain(&guarded::CHANGES);
    for (rule, prepare, kept) in all.chain(&purchase::CHANGES) {
        let mut market = market();
        prepare(&mut market);
        let (app, db) = (place(&market, "s0"), place(&market, "db"));
        let holds =
            |plan: &Plan| kept(plan, &plan.topology.services[app], &plan.topology.services[db]);
        let free = cheapest(&market).unwrap_or_else(|| panic!("{rule}: no plan without it"));
        assert!(!holds(&free), "{rule} changes nothing: {:?}", free.topology);
        market.intent.policy = policies(&[rule]);
        market
            .intent
            .policy
            .admit(&market.intent)
            .unwrap_or_else(|fault| panic!("{rule}: {fault:?}"));
        let bound = cheapest(&market).unwrap_or_else(|| panic!("{rule}: no plan"));
        assert!(holds(&bound), "{rule} is broken: {:?}", bound.topology);
        // What is sold as a managed product is bought as one by default, and not for its price.
        let dearer = bound.optimality.objective >= free.optimality.objective;
        let other = rule.contains("managed") || rule.contains("platform");
        assert!(dearer || other, "{rule} makes it cheaper");
        // The re-check sees the breach in the one and none in the other.
        let demand = characterise(&market.intent, &market.catalog, None).expect("sound");
        let built = built(&market.intent, &demand, &bound);
        let standing = standing((&market, &demand, &bound), &built);
        assert_eq!(broken(&standing), Vec::<String>::new(), "{rule}");
        assert!(verdicts(&standing)[0].kept, "{rule}");
    }
}

pub(super) fn standing<'a>(
    (market, demand, plan): (&'a Market, &'a Demand, &'a Plan),
    built: &'a (Network, Vec<ServicePart>),
) -> Standing<'a> {
    let totals = plan.bill.totals();
    Standing {
        intent: &market.intent,
        demand,
        topology: &plan.topology,
        labels: &market.intent.metadata.labels,
        network: &built.0,
        services: &built.1,
        facts: &market.catalog.facts,
        expected: totals.expected,
        ceiling: totals.ceiling,
        oldest: plan.bill.oldest_price(),
        as_of: market.catalog.as_of,
    }
}

/// A rule with what is done beforehand, such that no plan is left.
pub(super) const LEAVES_NOTHING: [(&str, Prepare); 24] = [
    ("{id: x, require: {uptime: '>= 99.9999%'}}", no_uptime),
    ("{id: x, require: {headroom.load: '>= 100%'}}", at_most_two),
    ("{id: x, require: {headroom.instances_down: '>= 2'}}", at_most_two),
    ("{id: x, require: {zones: '>= 4'}}", nothing),
    ("{id: x, require: {replicas: '<= 1'}}", crowd),
    ("{id: x, require: {replicas: '>= 2000'}}", nothing),
    ("{id: x, require: {database.standby: true}}", one_zone),
    ("{id: x, require: {survives_zone_loss: true}}", one_zone),
    ("{id: x, require: {utilisation: '<= 0.01%'}}", nothing),
    ("{id: x, require: {price.age: '<= 100d'}}", old_disks),
    ("{id: x, limit: {cost.expected: 20 USD/month}}", nothing),
    ("{id: x, limit: {cost.ceiling: 20 USD/month}}", nothing),
    ("{id: x, allow: {provider: [google]}}", nothing),
    ("{id: x, deny: {provider: [aws, azure]}}", nothing),
    ("{id: x, allow: {region: [us-central1]}}", nothing),
    ("{id: x, deny: {region: ['*']}}", nothing),
    ("{id: x, allow: {family: [c8g]}}", nothing),
    ("{id: x, deny: {family: ['*']}}", nothing),
    ("{id: x, allow: {architecture: [x86_64]}}", arm_alone),
    ("{id: x, deny: {architecture: [arm64, x86_64]}}", nothing),
    ("{id: x, deny: {product: [instance]}}", nothing),
    ("{id: x, allow: {product: [managed_sql]}}", nothing),
    ("{id: x, deny: {purchase: [on_demand]}}", nothing),
    ("{id: x, allow: {purchase: [reserved_1y]}, when: {service.stateful: false}}", nothing),
];

#[test]
fn each_rule_can_leave_no_plan_and_is_named() {
    let all = LEAVES_NOTHING.iter().chain(&floors::LEAVES_NOTHING);
    for (rule, prepare) in all.chain(&guarded::LEAVES_NOTHING).chain(&purchase::LEAVES_NOTHING) {
        let mut market = market();
        prepare(&mut market);
        assert!(cheapest(&market).is_some(), "{rule}: there is no plan without it either");
        market.intent.policy = policies(&[rule]);
        assert!(cheapest(&market).is_none(), "{rule} leaves a plan");
        let prober = Prober { catalog: &market.catalog, settings: Settings::GUARDED };
        let conflict = prober.conflict(&market.intent);
        assert!(conflict.contains(&Aspect::Policy(0)), "{rule}: {conflict:?}");
        assert_eq!(Aspect::Policy(0).name(&market.intent), "policy rule x");
        let waived = Aspect::Policy(0).loosest(&market.intent);
        assert!(prober.feasible(&waived), "{rule}: waiving it helps");
        assert_eq!(Aspect::Policy(0).stated(&waived), "waived");
    }
}

/// The rules that a market's intent is refused under.
pub(super) fn refused(market: &Market, rule: &str) -> Vec<String> {
    let policies = policies(&[rule]);
    let Err(refusals) = policies.admit(&market.intent) else { return Vec::new() };
    let rule = |refusal: &Refusal| match refusal {
        Refusal::Below { rule, stated, .. } => format!("{rule}: {stated}"),
        Refusal::Platform { rule, allowed, .. } => format!("{rule}: only {allowed}"),
        Refusal::Label { rule, label, .. } => format!("{rule}: {label}"),
        Refusal::OtherLabel { rule, label, stated, .. } => format!("{rule}: {label} {stated}"),
        Refusal::Ports { rule, opened, .. } => format!("{rule}: {opened} alone"),
        Refusal::Environment { rule, .. } => format!("{rule}: environment"),
    };
    refusals.0.iter().map(rule).collect()
}

#[test]
fn an_intent_below_a_floor_is_refused_by_name_and_one_that_states_nothing_takes_it() {
    let floor = "{id: x, require: {uptime: '>= 99.95%'}}";
    let mut market = market();
    market.intent.objectives.uptime = Some(uptime(999_000));
    assert_eq!(refused(&market, floor), ["x: uptime 99.9%"]);
    market.intent.objectives.uptime = Some(uptime(999_500));
    assert_eq!(refused(&market, floor), Vec::<String>::new());
    market.intent.objectives.uptime = None;
    assert_eq!(refused(&market, floor), Vec::<String>::new());
    market.intent.policy = policies(&[floor]);
    let demand = characterise(&market.intent, &market.catalog, None).expect("sound");
    assert_eq!(demand.objectives.uptime, Some(uptime(999_500)));
    assert!(demand.rules.redundant_data, "what follows from an uptime follows from the floor");

    let headroom = "{id: x, require: {headroom.load: '>= 50%', headroom.instances_down: '>= 2'}}";
    market.intent.objectives.headroom_load = Some(stated(Ratio::of(0.25)));
    market.intent.objectives.instances_down = Some(stated(1));
    let expected = ["x: headroom.load 25%", "x: headroom.instances_down 1"];
    assert_eq!(refused(&market, headroom), expected);
    assert_eq!(refused(&market, &headroom.replace("x,", "x, effect: warn,")), Vec::<String>::new());

    at_most_two(&mut market);
    let replicas = "{id: x, require: {replicas: '>= 3'}}";
    assert_eq!(refused(&market, replicas), ["x: at most 2 of s0 by its pins"]);
}

#[test]
fn labels_and_environments_are_demanded_by_name() {
    let mut market = market();
    let label = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    market.intent.metadata.labels = vec![label("owner", "a"), label("team", " ")];
    let tags = "{id: x, require: {labels: [owner, team, cost-center]}}";
    assert_eq!(refused(&market, tags), ["x: team", "x: cost-center"]);

    let prod = "{id: x, when: {environment: prod}, require: {uptime: '>= 99.9%'}}";
    assert_eq!(refused(&market, prod), ["x: environment"]);
    market.intent.metadata.labels.push(label("environment", "dev"));
    assert_eq!(refused(&market, prod), Vec::<String>::new());
    market.intent.policy = policies(&[prod]);
    let demand = characterise(&market.intent, &market.catalog, None).expect("sound");
    assert_eq!(demand.objectives.uptime, Some(uptime(990_000)), "the rule is not for dev");
    let plan = cheapest(&market).expect("there is a plan");
    let built = built(&market.intent, &demand, &plan);
    let verdict = &verdicts(&standing((&market, &demand, &plan), &built))[0];
    assert_eq!(verdict.text, "does not apply: the environment is dev, not prod");
    market.intent.metadata.labels.pop();
    market.intent.metadata.labels.push(label("environment", "prod"));
    assert_eq!(refused(&market, prod), ["x: uptime 99%"]);
}

#[test]
fn of_two_layers_the_stricter_rule_holds_whichever_comes_first() {
    let pairs = [
        ("{id: a, require: {zones: '>= 2'}}", "{id: b, require: {zones: '>= 3'}}"),
        (
            "{id: a, limit: {cost.expected: 9000 USD/month}}",
            "{id: b, limit: {cost.expected: 8000 USD/month}}",
        ),
        ("{id: a, require: {utilisation: '<= 50%'}}", "{id: c, require: {utilisation: '<= 40%'}}"),
    ];
    for (loose, strict) in pairs {
        let demand = |rules: &[&str]| {
            let mut market = market();
            market.intent.policy = policies(rules);
            characterise(&market.intent, &market.catalog, None).expect("sound")
        };
        let (one, two) = (demand(&[loose, strict]), demand(&[strict, loose]));
        let alone = demand(&[strict]);
        assert_eq!((&one.rules, one.objectives.budget), (&alone.rules, alone.objectives.budget));
        assert_eq!((&two.rules, two.objectives.budget), (&alone.rules, alone.objectives.budget));
    }
    // What the intent overrides by an assumption stays within the rules as well.
    let mut market = market();
    crate::support::assume(&mut market.intent, "rules.utilisation.stateless", "90%");
    crate::support::assume(&mut market.intent, "rules.zones_min", "1");
    market.intent.policy = policies(&[pairs[0].1, pairs[2].1]);
    let demand = characterise(&market.intent, &market.catalog, None).expect("sound");
    assert_eq!((demand.rules.utilisation_stateless, demand.rules.zones_min), (Ratio::of(0.4), 3));
    let entry = demand.ledger.find("rules.zones_min").expect("it is written down");
    assert_eq!(entry.source, "policy rule b: at least 3");
}

#[test]
fn a_limit_that_the_ceiling_breaks_and_the_expected_bill_does_not_is_refused() {
    let mut market = market();
    let plan = cheapest(&market).expect("there is a plan");
    let totals = plan.bill.totals();
    assert!(totals.ceiling > totals.expected, "the fleet follows the load");
    let amount = format!("{} USD/month", totals.expected.micros() / 1_000_000 + 1);
    market.intent.policy = policies(&[&format!("{{id: x, limit: {{cost.expected: {amount}}}}}")]);
    assert_eq!(cheapest(&market).map(|plan| plan.topology), Some(plan.topology));
    market.intent.policy = policies(&[&format!("{{id: x, limit: {{cost.ceiling: {amount}}}}}")]);
    assert!(cheapest(&market).is_none_or(|plan| plan.bill.totals().ceiling <= totals.expected));
}
