//! Fleets of two offers: the cheapest is what a plain enumeration finds, and it stands up.

use domain::demand::{Demand, ServiceIndex};
use domain::offer::Offer;
use domain::topology::{Balancing, Deployment};
use solver::assemble;
use solver::characterise::characterise;
use solver::layout::Layout;
use solver::model::{Model, Settings};
use solver::optimise::{Optimised, Optimum, optimise};

use crate::support::program::plimsoll;
use crate::support::{Draw, assume, catalog, chain, instance, latency, region, uptime};

/// Systems that the enumeration is tried on.
const CASES: u64 = 150;
/// What quantities in thousandths and amounts in micro-dollars are rounded up by at most.
const ROUNDING: f64 = 0.01;
/// The share of a vCPU's speed that a fleet may be busy after what may be lost, and with headroom:
/// those of the ledger.
const BUSY: f64 = 0.75;
const BUSY_WITH_HEADROOM: f64 = 0.95;

/// Fleets that are looked at beyond the smallest that holds.
const MORE: usize = 8;

/// A service of one class on offers of two vCPUs, and what it is solved with.
struct Case {
    demand: Demand,
    catalog: domain::catalog::Catalog,
}

fn case(number: u64) -> Case {
    let mut draw = Draw::new(number);
    let users = u64::from(draw.whole(500, 5_000));
    let mut intent = chain(users, &[draw.within(4.0, 30.0)]);
    intent.objectives.latency = vec![latency(950, 10_000.0)];
    intent.objectives.uptime = Some(uptime(if draw.chance(0.5) { 999_000 } else { 990_000 }));
    assume(&mut intent, "rules.offers_per_service", "2");
    let offers = (0..draw.whole(2, 5)).map(|name| {
        let speed = draw.within(0.7, 2.2);
        let hour = speed * draw.within(0.03, 0.05);
        instance(&format!("m{name}"), "r", (2, speed), (hour * 1e5).round() / 1e5)
    });
    let catalog = catalog(vec![region("r")], offers.collect());
    let demand = characterise(&intent, &catalog, None).expect("the demand can be worked out");
    Case { demand, catalog }
}

fn solved<'a>(model: &'a Model<'a>) -> Option<Box<Optimum<'a>>> {
    match optimise(model, &[]) {
        Optimised::Found(optimum) => Some(optimum),
        _ => None,
    }
}

/// Enumerates fleets of one service.
struct Enumeration<'c> {
    demand: &'c Demand,
    layout: Layout<'c>,
    /// Erlangs on reference vCPUs at the peak.
    load: f64,
}

/// So many machines of some speeds, those that stand first.
type Fleet = [(f64, u32); 2];

/// Reference vCPUs of a fleet on offers of two vCPUs.
fn able(fleet: &Fleet) -> f64 {
    fleet.iter().map(|(speed, count)| 2.0 * speed * f64::from(*count)).sum()
}

impl Enumeration<'_> {
    /// Reference vCPUs in each zone: machines one after another, each in the emptiest zone.
    fn zones(&self, fleet: &Fleet) -> Vec<f64> {
        let mut zones = vec![(0_u32, 0.0); usize::from(self.layout.zones)];
        for (speed, count) in fleet {
            for _ in 0..*count {
                let zone = zones.iter_mut().min_by_key(|(count, _)| *count).expect("a zone");
                zone.0 += 1;
                zone.1 += 2.0 * speed;
            }
        }
        zones.into_iter().map(|(_, able)| able).collect()
    }

    /// Reference vCPUs that are left in the worst case of what must be survived.
    fn left(&self, fleet: &Fleet) -> f64 {
        let whole = able(fleet);
        let mut left = whole;
        if self.demand.objectives.headroom.instances_down > 0 {
            let there = fleet.iter().filter(|(_, count)| *count > 0);
            left = there.fold(left, |left, (speed, _)| left.min(whole - 2.0 * speed));
        }
        if self.layout.survives_zone_loss {
            left = self.zones(fleet).iter().fold(left, |left, zone| left.min(whole - zone));
        }
        left
    }

    /// The cost in a month of so many standing and following machines; `None` where they do not
    /// hold.
    fn cost(&self, standing: (&Offer, u32), following: (&Offer, u32)) -> Option<f64> {
        let (stands, most) = (standing.1, following.1);
        let fleet = |follows: u32| [(speed(standing.0), stands), (speed(following.0), follows)];
        let rules = &self.demand.rules;
        let peak = fleet(most);
        let headroom = 1.0 + self.demand.objectives.headroom.load.value();
        let fewest = rules.replicas_min.max(u32::from(self.layout.zones));
        if stands + most < fewest
            || self.load > BUSY * self.left(&peak) + 1e-9
            || self.load * headroom > BUSY_WITH_HEADROOM * able(&peak) + 1e-9
        {
            return None;
        }
        let target = self.load / able(&peak);
        let holds = |follows: &u32| {
            let fleet = fleet(*follows);
            let left = self.left(&fleet);
            stands + follows >= fewest
                && left > 0.0
                && able(&fleet) * target <= BUSY_WITH_HEADROOM * left + 1e-9
        };
        let floor = (0..=most).rev().take_while(holds).last().unwrap_or(most);
        let fractions: Vec<f64> =
            self.demand.day.fractions.iter().map(|part| part.value()).collect();
        let count = fractions.len();
        let hours: u32 = (0..count)
            .map(|at| {
                let held = fractions[at].max(fractions[(at + count - 1) % count]);
                let enough = |follows: &u32| able(&fleet(*follows)) + 1e-9 >= held * able(&peak);
                (floor..=most).find(enough).unwrap_or(most)
            })
            .sum();
        let month = |offer: &Offer| dollars(offer) * 730.0 + 20.0 * 0.08;
        let hours = f64::from(hours) / count as f64;
        Some(f64::from(stands) * month(standing.0) + hours * month(following.0))
    }

    /// The cheapest fleets of one offer and of two, neither of which is slower and dearer than
    /// another one.
    fn cheapest(&self, offers: &[Offer]) -> [Option<f64>; 2] {
        let most = 64;
        let mut alone: Option<f64> = None;
        let mut mixed: Option<f64> = None;
        let less = |best: Option<f64>, cost: Option<f64>| match (best, cost) {
            (Some(best), Some(cost)) => Some(best.min(cost)),
            (best, cost) => best.or(cost),
        };
        let beaten = |offer: &Offer| {
            offers
                .iter()
                .any(|other| dollars(other) < dollars(offer) && speed(other) >= speed(offer))
        };
        for following in offers {
            // More of the same cost less only where they let fewer stay at night.
            let first = |standing: (&Offer, u32)| {
                let costs = (1..=most).filter_map(|count| self.cost(standing, (following, count)));
                costs.take(MORE).reduce(f64::min)
            };
            alone = less(alone, first((following, 0)));
            let others = offers.iter().filter(|offer| offer.sku != following.sku);
            for standing in others.filter(|offer| !beaten(offer) && !beaten(following)) {
                for count in 1..=most {
                    mixed = less(mixed, first((standing, count)));
                }
            }
        }
        [alone, mixed]
    }
}

fn speed(offer: &Offer) -> f64 {
    offer.performance.expect("a speed").speed.low.value()
}

fn dollars(offer: &Offer) -> f64 {
    offer.prices.on_demand.expect("a price").unit_price.dollars_as_float()
}

#[test]
fn no_fleet_that_an_enumeration_finds_is_cheaper() {
    let (mut two, mut saved) = (0, 0);
    for seed in 0..CASES {
        let Case { demand, catalog } = case(seed);
        let model = Model::new(&demand, &catalog, Settings::UNGUARDED);
        let Some(optimum) = solved(&model) else { continue };
        let app = &optimum.options[1];
        let service = ServiceIndex(1);
        let enumeration = Enumeration {
            demand: &demand,
            layout: optimum.layout,
            load: model.reference_load(service),
        };
        let [alone, mixed] = enumeration.cheapest(&catalog.offers);
        let best = alone.into_iter().chain(mixed).fold(f64::INFINITY, f64::min);
        let found = app.cost.expected.dollars();
        assert!(
            (found - best).abs() <= ROUNDING,
            "{seed}: {found} and {best}: {}",
            app.signature()
        );
        if app.standing.is_some() {
            two += 1;
            saved += u32::from(alone.is_none_or(|alone| alone > found + ROUNDING));
        }
        assert_eq!(assemble::plan(&model, &optimum).bill.totals().expected, optimum.cost);
    }
    assert!(two >= 20, "{two} mixed fleets");
    assert_eq!(saved, two, "a second offer is only taken where it saves");
}

fn app(deployments: &[Deployment]) -> &Deployment {
    &deployments[1]
}

#[test]
fn what_stands_and_what_follows_are_told_apart() {
    let plans = (0..CASES).filter_map(|seed| {
        let Case { demand, catalog } = case(seed);
        let model = Model::new(&demand, &catalog, Settings::UNGUARDED);
        let optimum = solved(&model)?;
        optimum.options[1].standing?;
        Some((assemble::plan(&model, &optimum), demand))
    });
    let mut seen = 0;
    for (plan, demand) in plans {
        let [standing, following] = app(&plan.topology.services).pools.as_slice() else {
            panic!("two pools")
        };
        assert!(standing.autoscaler.is_none());
        let autoscaler = following.autoscaler.expect("the last pool follows");
        assert!(autoscaler.min <= following.replicas() && following.replicas() <= autoscaler.max);
        assert_eq!(standing.servers, following.servers);
        let ratio = standing.speed.value() / following.speed.value();
        let weights = f64::from(standing.weight) / f64::from(following.weight);
        assert!((weights / ratio - 1.0).abs() < 0.01, "{weights} for {ratio}");
        let both = standing.per_zone.iter().zip(&following.per_zone).map(|(a, b)| a + b);
        let (least, most) = (both.clone().min(), both.max());
        assert!(most.unwrap_or(0) - least.unwrap_or(0) <= 1, "as even as can be");
        let lines: Vec<&str> = plan.bill.lines.iter().map(|line| line.id.as_str()).collect();
        for id in ["s0.compute", "s0.disk", "s0.compute.2", "s0.disk.2"] {
            assert!(lines.contains(&id), "{id} of {lines:?}");
        }
        assert_eq!(app(&plan.topology.services).balancing, Balancing::LeastOutstanding);
        assert_eq!(demand.rules.offers_per_service, 2);
        seen += 1;
    }
    assert!(seen >= 20, "{seen} plans");
}

#[test]
fn one_offer_is_the_default_and_a_second_never_costs_more() {
    let phrase = "2k users, 99.9% uptime, 400ms latency";
    let said = plimsoll(&["plan", phrase, "--json"]);
    let two = plimsoll(&["plan", phrase, "--json", "--set", "rules.offers_per_service=2"]);
    for said in [&said, &two] {
        assert_eq!(said.code, 0, "{}", said.stderr);
    }
    let (one, two) = (said.json(), two.json());
    let cost =
        |spec: &serde_json::Value| spec["optimality"]["objective_micros"].as_i64().expect("a cost");
    let offers =
        |spec: &serde_json::Value| spec["services"][1]["offers"].as_array().expect("offers").len();
    assert_eq!((offers(&one), offers(&two)), (1, 2));
    assert!(cost(&two) < cost(&one));
}
