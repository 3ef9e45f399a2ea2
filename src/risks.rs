//! What to know before relying on a plan.

use std::collections::BTreeSet;

use domain::catalog::Catalog;
use domain::data_class::DataClass;
use domain::demand::Demand;
use domain::hours::Shut;
use domain::intent::{Intent, ServiceKind};
use domain::ledger::Value;
use domain::offer::{Peculiarity, PriceBasis, PurchaseTerm};
use domain::outcome::{Risk, Severity};
use domain::plan::Plan;
use domain::topology::Pool;
use domain::units::span;
use domain::verification::{Check, CheckUnit, Observed, Verdict, Verification};
use solver::reach::impatient_caller;

use crate::notices;

/// Prices that are older than this beside the newest of the catalog are worth a word: two years.
const OLD_DAYS: i32 = 730;

/// Shares of requests are told as a range from this width of their interval on.
const VAGUE: f64 = 0.1;

/// The risks of a plan, the gravest first.
pub(crate) fn risks(
    catalog: &Catalog,
    (intent, demand): (&Intent, &Demand),
    plan: &Plan,
    verification: &Verification,
) -> Vec<Risk> {
    let mut risks = undemanded(demand, verification);
    risks.extend(old_price(catalog, plan));
    risks.extend(estimated_prices(plan));
    risks.extend(self_run_data(demand, plan));
    risks.extend(burstable(catalog, plan));
    risks.extend(thin_measurements(catalog, plan));
    risks.extend(steered_by_little(demand, plan));
    risks.extend(gateway(demand));
    risks.extend(protected(intent));
    risks.extend(shut(demand, plan));
    risks.extend(too_late(demand));
    risks.extend(promised(plan));
    risks.extend(notices::unjudged_disks(catalog, demand, plan));
    risks.extend(terms(demand, plan));
    risks.extend(before_the_edge(intent, demand));
    risks.sort_by_key(|risk| risk.severity);
    risks
}

/// What no outcome demands and would fail: each event once, with the worst that it does. Zones are
/// one event.
fn undemanded(demand: &Demand, verification: &Verification) -> Vec<Risk> {
    let failing = |check: &&Check| !check.demanded && check.verdict == Verdict::Fail;
    let mut worst: Vec<(&str, &Check, Observed)> = Vec::new();
    for check in verification.checks.iter().filter(failing) {
        let event = event_of(&check.scenario);
        let served = served(verification, &check.scenario);
        match worst.iter_mut().find(|(known, _, _)| *known == event) {
            Some(known) if served.value < known.2.value => *known = (event, check, served),
            Some(_) => {}
            None => worst.push((event, check, served)),
        }
    }
    worst
        .into_iter()
        .map(|(event, check, served)| Risk {
            id: check.scenario.clone(),
            severity: Severity::High,
            text: format!(
                "{}{}{}",
                described(event, &check.scenario),
                serves(verification, check, served),
                not_demanded(demand)
            ),
        })
        .collect()
}

/// What scenarios have in common that tell of one event.
fn event_of(scenario: &str) -> &str {
    match scenario.split_once(':') {
        Some(("zone-loss", _)) => "zone-loss",
        _ => scenario,
    }
}

/// The smallest share of requests that a check of a scenario found to be served.
fn served(verification: &Verification, scenario: &str) -> Observed {
    let all = Observed { value: 1.0, low: 1.0, high: 1.0 };
    let checks = verification.checks.iter().filter(|check| check.scenario == scenario);
    let shares = checks.filter(|check| check.unit == CheckUnit::Share);
    let least =
        |least: Observed, next: Observed| if next.value < least.value { next } else { least };
    shares.map(|check| check.observed).fold(all, least)
}

fn described(event: &str, scenario: &str) -> String {
    let (kind, of) = scenario.split_once(':').unwrap_or((event, ""));
    match kind {
        "zone-loss" => format!("losing a zone at the peak (zone {of} worst)"),
        "instance-down" => format!("losing an instance of {of} at the peak"),
        "sql-failover" => format!("a failover of {of} at the peak"),
        "cache-loss" => format!("losing a node of {of} at the peak"),
        "cache-lost" => format!("losing all of {of} at the peak"),
        "blip" => "a stall of the slowest dependency at the peak".to_owned(),
        "day" => "the load of a day".to_owned(),
        _ => format!("`{scenario}`"),
    }
}

/// What a failing check found to be served, as a range where a few trials do not say more; where
/// something fails on the way, that is what is served in the end.
fn serves(verification: &Verification, check: &Check, served: Observed) -> String {
    let percent = |share: f64| format!("{:.0}", share * 100.0);
    if served.value >= 0.9995 {
        return format!(" breaks {}", check.objective);
    }
    let mut checks = verification.checks.iter();
    let fails = checks.any(|own| own.scenario == check.scenario && own.objective == "recovery");
    let leaves = if fails { "ends with" } else { "leaves" };
    if served.high - served.low < VAGUE {
        return format!(" {leaves} {}% served", percent(served.value));
    }
    format!(" {leaves} {} to {}% served", percent(served.low), percent(served.high))
}

fn not_demanded(demand: &Demand) -> String {
    demand
        .objectives
        .uptime
        .map_or_else(String::new, |uptime| format!("; {uptime} demands no more"))
}

fn old_price(catalog: &Catalog, plan: &Plan) -> Option<Risk> {
    let oldest = plan.bill.lines.iter().min_by_key(|line| line.as_of)?;
    let days = (catalog.as_of - oldest.as_of).get_days();
    (days > OLD_DAYS).then(|| Risk {
        id: "stale-price".to_owned(),
        severity: Severity::Medium,
        text: format!(
            "the price of {} is of {}, {:.1} years before the newest of the catalog",
            oldest.sku,
            oldest.as_of,
            f64::from(days) / 365.25
        ),
    })
}

fn estimated_prices(plan: &Plan) -> Option<Risk> {
    let estimated = plan.bill.lines.iter().filter(|line| line.basis == PriceBasis::Estimated);
    let names: Vec<&str> = estimated.map(|line| line.sku.as_str()).collect();
    (!names.is_empty()).then(|| Risk {
        id: "estimated-price".to_owned(),
        severity: Severity::Medium,
        text: format!("estimated, not published: the price of {}", names.join(", ")),
    })
}

fn self_run_data(demand: &Demand, plan: &Plan) -> Option<Risk> {
    let own = demand.services.iter().zip(&plan.topology.services).filter(|(service, deployed)| {
        matches!(service.kind, ServiceKind::Sql | ServiceKind::Cache) && deployed.product.is_none()
    });
    let names: Vec<&str> = own.map(|(service, _)| service.name.as_str()).collect();
    (!names.is_empty()).then(|| Risk {
        id: "self-run-data".to_owned(),
        severity: Severity::Medium,
        text: format!("{} run on instances: the bill leaves out the work of it", names.join(", ")),
    })
}

/// Pinned instances that work at full speed only while they have credits.
fn burstable(catalog: &Catalog, plan: &Plan) -> Option<Risk> {
    let offers = catalog.offers_in(plan.topology.provider, &plan.topology.region);
    let is_burstable = |sku: &str| {
        let mut sold = offers.iter().filter(|offer| offer.sku == sku);
        sold.any(|offer| offer.peculiarities.contains(&Peculiarity::Burstable))
    };
    let bought = plan.topology.services.iter().flat_map(|service| &service.pools);
    let names: BTreeSet<&str> =
        bought.map(|pool| pool.sku.as_str()).filter(|sku| is_burstable(sku)).collect();
    let names: Vec<&str> = names.into_iter().collect();
    (!names.is_empty()).then(|| Risk {
        id: "burstable".to_owned(),
        severity: Severity::High,
        text: format!(
            "{} is burstable: it is slower when its credits are spent, which is not simulated",
            names.join(", ")
        ),
    })
}

/// People whom the GDPR protects, where no rule of it acts.
fn protected(intent: &Intent) -> Option<Risk> {
    let countries = intent.traffic.users_in.as_ref()?;
    let codes = countries.value.iter().filter(|country| country.is_under_gdpr());
    let codes: Vec<&str> = codes.map(domain::area::Country::as_str).collect();
    if codes.is_empty() {
        return None;
    }
    let mut rules = intent.policy.rules.iter();
    let asked = rules.any(|rule| rule.name.starts_with("gdpr-"));
    let holds = intent.services.iter().any(|own| own.holds.contains(&DataClass::Personal));
    let lacking = match (asked, holds) {
        (true, true) => return None,
        (true, false) => "and no service says that it holds personal data, so its rules bind none",
        (false, _) => "and no policy here asks for it (compliance: [gdpr])",
    };
    Some(Risk {
        id: "gdpr".to_owned(),
        severity: Severity::Medium,
        text: format!(
            "users in {}: the GDPR, in GB the UK GDPR, applies to what is kept of them, {lacking}",
            codes.join(", ")
        ),
    })
}

/// Services of somebody else are reached over the internet, for which private subnets need a way
/// out.
fn gateway(demand: &Demand) -> Option<Risk> {
    let external = demand.services.iter().filter(|service| service.external.is_some());
    let names: Vec<&str> = external.map(|service| service.name.as_str()).collect();
    (!names.is_empty()).then(|| Risk {
        id: "external".to_owned(),
        severity: Severity::Medium,
        text: format!(
            "{} is reached over the internet: the way out of private subnets (NAT gateways and \
             what goes through them) is neither planned nor in the bill",
            names.join(", ")
        ),
    })
}

/// When it is shut, and what then runs on or is kept.
fn shut(demand: &Demand, plan: &Plan) -> Option<Risk> {
    let hours = demand.hours.as_ref()?;
    let services = demand.services.iter().zip(&plan.topology.services);
    let of = |wanted: Shut| {
        let own = services.clone().filter(|(service, deployed)| {
            service.external.is_none()
                && Shut::of(service.kind, deployed.product.as_deref()) == wanted
        });
        let names: Vec<&str> = own.map(|(service, _)| service.name.as_str()).collect();
        names.join(", ")
    };
    let (kept, on) = (of(Shut::Stopped), of(Shut::RunsOn));
    let kept = if kept.is_empty() {
        String::new()
    } else {
        format!("; stopped with its data kept, whose start is not judged: {kept}")
    };
    let on = if on.is_empty() { String::new() } else { format!("; runs on: {on}") };
    let text = format!(
        "off outside {hours} ({:.0} of 168 h): uptime and the day count open hours only{kept}{on}",
        f64::from(hours.minutes()) / 60.0
    );
    Some(Risk { id: "hours".to_owned(), severity: Severity::Low, text })
}

/// Who is said to do without something, and waits for it for longer than anybody waits for them.
fn too_late(demand: &Demand) -> Vec<Risk> {
    let places = demand.service_indices();
    let late = places.filter_map(|at| Some((at, impatient_caller(demand, at)?)));
    let told = late.flat_map(|(at, caller)| {
        let (own, caller) = (demand.service(at), demand.service(caller));
        own.degrades.iter().map(move |without| {
            let missing = &demand.service(without.without).name;
            let (name, tries) = (&own.name, own.on_failure.retries + 1);
            let (waits, gives_up) = (span(own.on_failure.timeout), span(caller.on_failure.timeout));
            let text = format!(
                "while {missing} does not answer at all, {name} waits {tries} times {waits} for it \
                 and {} gives up on {name} after {gives_up}: no answer without it comes in time; \
                 give {name} a shorter timeout (on_failure)",
                caller.name
            );
            Risk { id: format!("degrade:{name}"), severity: Severity::Medium, text }
        })
    });
    told.collect()
}

/// What is promised, and has to be paid for whether it is needed or not.
fn promised(plan: &Plan) -> Option<Risk> {
    let lines = plan.bill.lines.iter();
    let promises = lines.filter_map(|line| Some((line, line.promise?.commitment)));
    let told: Vec<String> = promises
        .map(|(line, own)| {
            let (count, sku, years) = (own.instances, &line.sku, own.months() / 12);
            let plural = if years == 1 { "" } else { "s" };
            let total = own.total(line.unit_price).dollars().round();
            format!("{} {count} × {sku} for {years} year{plural}, {total} USD", line.service)
        })
        .collect();
    (!told.is_empty()).then(|| Risk {
        id: "commitment".to_owned(),
        severity: Severity::Medium,
        text: format!("promised and paid for, needed or not: {}", told.join("; ")),
    })
}

/// Terms that are listed and on which nothing is bought.
fn terms(demand: &Demand, plan: &Plan) -> Option<Risk> {
    let pools = plan.topology.services.iter().flat_map(|service| &service.pools);
    let used: BTreeSet<PurchaseTerm> = pools.flat_map(Pool::terms).collect();
    let left = demand.purchase.iter().filter(|term| !used.contains(*term));
    let (spot, promises): (Vec<PurchaseTerm>, Vec<PurchaseTerm>) =
        left.copied().partition(|term| *term == PurchaseTerm::Spot);
    let mut told = Vec::new();
    if !spot.is_empty() {
        told.push("spot is listed and not bought: interruptions are not simulated".to_owned());
    }
    if !promises.is_empty() {
        let names: Vec<&str> = promises.into_iter().map(PurchaseTerm::as_str).collect();
        let names = names.join(", ");
        told.push(format!(
            "nothing is bought on {names}: a rule bars it, no price is known, or it is not cheaper"
        ));
    }
    (!told.is_empty()).then(|| Risk {
        id: "purchase".to_owned(),
        severity: Severity::Low,
        text: told.join("; "),
    })
}

/// What stands before the edge and may lose what it keeps, or what might and does not.
fn before_the_edge(intent: &Intent, demand: &Demand) -> Option<Risk> {
    let asked = intent.requests.iter().any(|class| class.cacheable.is_some());
    let risk = |severity, text| Some(Risk { id: "cdn".to_owned(), severity, text });
    let Some(cdn) = demand.cdn.as_ref().filter(|_| asked) else {
        let why = demand.ledger.find("cdn").filter(|_| asked)?;
        let text = format!(
            "no content delivery network, by {}: what is cacheable reaches the balancer as well",
            why.source
        );
        return risk(Severity::Low, text);
    };
    let times = 1.0 / (1.0 - cdn.hits());
    risk(
        Severity::Medium,
        format!(
            "while the content delivery network has nothing kept (purged, or all files new), up to \
             {times:.1} times the load reaches the balancer: not simulated"
        ),
    )
}

/// Autoscalers that follow a load of which a machine's own work may be a good part: where memory,
/// network or waiting sets a number that falls at night.
fn steered_by_little(demand: &Demand, plan: &Plan) -> Option<Risk> {
    let least = match &demand.ledger.find("autoscaler.target_min")?.value {
        Value::Number(least) => *least,
        Value::Choice(_) => return None,
    };
    let services = demand.services.iter().zip(&plan.topology.services);
    let told: Vec<String> = services
        .filter_map(|(service, deployed)| {
            let target = deployed.pools.last()?.autoscaler?.target.value();
            let percent = (target * 1_000.0).round() / 10.0;
            (target < least - 1e-9).then(|| format!("{} to {percent}%", service.name))
        })
        .collect();
    (!told.is_empty()).then(|| Risk {
        id: "autoscaler-target".to_owned(),
        severity: Severity::Medium,
        text: format!(
            "autoscalers steer {}: so little that what machines do by themselves may keep more",
            told.join(", ")
        ),
    })
}

/// Speeds that rest on fewer than three measurements.
fn thin_measurements(catalog: &Catalog, plan: &Plan) -> Option<Risk> {
    let offers = catalog.offers_in(plan.topology.provider, &plan.topology.region);
    let bought = plan.topology.services.iter().flat_map(|service| &service.pools);
    let thin: Vec<&str> = bought
        .filter(|pool| {
            offers.iter().filter(|offer| offer.sku == pool.sku).any(|offer| {
                offer.performance.is_some_and(|performance| {
                    performance.capacity.measurements < 3 || performance.speed.measurements < 3
                })
            })
        })
        .map(|pool| pool.sku.as_str())
        .collect();
    (!thin.is_empty()).then(|| Risk {
        id: "thin-measurement".to_owned(),
        severity: Severity::Low,
        text: format!("fewer than three measurements of the speed of {}", thin.join(", ")),
    })
}
