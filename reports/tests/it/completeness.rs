//! Every part of an answer that a later verification or a generator reads is in the spec: to change
//! it changes the document.

use domain::cdn::{CachedClass, CdnDemand};
use domain::demand::ServiceIndex;
use domain::name::Name;
use domain::objective::Operations;
use domain::outcome::Answer;
use domain::topology::Redundancy;
use domain::units::{
    Bytes, Mebibytes, MicroDollars, PerYear, Ppm, Probability, Ratio, RequestsPerSecond, Seconds,
    Speed,
};
use reports::spec::{plan_digest, render, text};

use crate::common;

type Change = fn(&mut Answer);

fn changes_the_spec(changes: &[(&str, Change)]) {
    let base = common::answer();
    let before = text(&render(&base));
    for (name, change) in changes {
        let mut answer = base.clone();
        change(&mut answer);
        assert_ne!(answer, base, "{name} changes the answer");
        assert_ne!(text(&render(&answer)), before, "{name} is in the spec");
    }
}

fn cdn(cacheable: f64, peak: f64) -> CdnDemand {
    let class = CachedClass { share: Ratio::ONE, cacheable: Ratio::of(cacheable) };
    CdnDemand { peak: RequestsPerSecond::of(peak), classes: vec![class] }
}

#[test]
fn the_demand_is_all_there() {
    changes_the_spec(&[
        ("peak", |answer| answer.demand.load.peak = RequestsPerSecond::of(4_571.428_572)),
        ("mean", |answer| answer.demand.load.mean = RequestsPerSecond::of(1.0)),
        ("users", |answer| answer.demand.load.users = None),
        ("day", |answer| answer.demand.day.fractions[0] = Ratio::of(0.001)),
        ("hours", |answer| answer.demand.hours = Some(domain::hours::Hours::office("UTC"))),
        ("class", |answer| answer.demand.classes[0].name = Name::of("other")),
        ("response", |answer| answer.demand.classes[0].response = Bytes::new(6_001)),
        ("enters", |answer| answer.demand.classes[0].enters = ServiceIndex(2)),
        ("round trip", |answer| answer.demand.network.same_zone = Seconds::of(0.000_501)),
        ("far trip", |answer| answer.demand.network.cross_zone = Seconds::of(0.001_501)),
        ("work", |answer| {
            answer.demand.services[2].work[0].cpu_time = Seconds::of(0.000_020_001);
        }),
        ("spread", |answer| answer.demand.services[1].work[0].cv = 1.200_1),
        ("calls", |answer| answer.demand.services[1].calls[0].count = 2.400_01),
        ("lookups", |answer| answer.demand.services[1].calls[0].lookups = 9),
        ("order", |answer| answer.demand.services[1].calls[0].parallel = true),
        ("reads", |answer| answer.demand.services[1].calls[0].reads = Ratio::of(0.81)),
        ("threads", |answer| answer.demand.services[2].servers_max = Some(2)),
        ("memory", |answer| answer.demand.services[1].memory_base = Mebibytes::new(401)),
        ("start", |answer| answer.demand.services[1].startup = Seconds::of(41.0)),
        ("timeout", |answer| {
            answer.demand.services[1].on_failure.timeout = Seconds::of(2.001);
        }),
        ("retries", |answer| answer.demand.services[1].on_failure.retries = 2),
        ("budget", |answer| {
            answer.demand.services[1].on_failure.retry_budget = Ratio::of(0.11);
        }),
        ("queue", |answer| answer.demand.services[1].on_failure.queue = Seconds::of(3.0)),
        ("hits", |answer| {
            let data = answer.demand.services[2].data.as_mut();
            data.unwrap().hit_ratio = Ratio::of(0.900_01);
        }),
        ("fallback", |answer| answer.demand.services[2].data.as_mut().unwrap().fallback = None),
        ("port", |answer| answer.demand.services[3].interface.port = 3_306),
        ("image", |answer| answer.demand.services[1].interface.image = Some("x:1".into())),
        ("bytes", |answer| answer.demand.services[1].bytes_per_call = Bytes::new(2_001)),
        ("operations", |answer| answer.demand.operations = Operations::Advanced),
        ("rules", |answer| answer.demand.rules.survives_zone_loss = true),
        ("quota", |answer| answer.demand.rules.vcpu_quota = Some(64)),
        ("cdn", |answer| answer.demand.cdn = Some(cdn(0.4, 5_000.0))),
        ("cached", |answer| {
            answer.demand.cdn = Some(cdn(0.4, 5_000.0));
            let before = text(&render(answer));
            answer.demand.cdn = Some(cdn(0.400_001, 5_000.0));
            assert_ne!(text(&render(answer)), before, "the cacheable share is in the spec");
            answer.demand.cdn = Some(cdn(0.4, 5_000.000_001));
            assert_ne!(text(&render(answer)), before, "all requests are in the spec");
        }),
        ("labels", |answer| answer.intent.metadata.labels.clear()),
    ]);
}

#[test]
fn the_objectives_are_all_there() {
    changes_the_spec(&[
        ("uptime", |answer| answer.demand.objectives.uptime = None),
        ("limit", |answer| {
            answer.demand.objectives.latency[0].limit = Seconds::of(0.400_001);
        }),
        ("stated", |answer| answer.demand.objectives.latency[0].percentile_stated = true),
        ("class", |answer| {
            answer.demand.objectives.latency[0].class = Some(Name::of("page"));
        }),
        ("headroom", |answer| answer.demand.objectives.headroom.load = Ratio::of(0.250_1)),
        ("down", |answer| answer.demand.objectives.headroom.instances_down = 0),
        ("money", |answer| {
            answer.demand.objectives.budget.ceiling = Some(MicroDollars::from_dollars(1));
        }),
    ]);
}

#[test]
fn the_faults_are_all_there() {
    changes_the_spec(&[
        ("instance", |answer| answer.demand.faults.instance.rate = PerYear::of(0.500_1)),
        ("ejection", |answer| answer.demand.faults.ejection = Seconds::of(31.0)),
        ("beta", |answer| answer.demand.faults.common_cause_in_zone = Ratio::of(0.051)),
        ("zone", |answer| answer.demand.faults.zone.duration = Seconds::of(17_821.0)),
        ("median", |answer| answer.demand.faults.zone_median = Seconds::of(10_801.0)),
        ("sigma", |answer| answer.demand.faults.zone_sigma = 1.1),
        ("zones", |answer| answer.demand.faults.common_cause_across_zones = Ratio::of(0.02)),
        ("region", |answer| answer.demand.faults.region.rate = PerYear::of(0.06)),
        ("single", |answer| answer.demand.faults.sql_single.rate = PerYear::of(0.6)),
        ("care", |answer| answer.demand.faults.sql_maintenance.rate = PerYear::of(3.0)),
        ("failover", |answer| {
            answer.demand.faults.sql_failover.failing = Probability::of(0.021);
        }),
        ("node", |answer| {
            answer.demand.faults.cache_failover.duration = Seconds::of(31.0);
        }),
        ("self", |answer| answer.demand.faults.self_run_factor = 2.1),
        ("balancer", |answer| answer.demand.faults.balancer = Ppm::of(10.001)),
        ("cdn", |answer| answer.demand.faults.cdn = Ppm::of(0.001)),
        ("dns", |answer| answer.demand.faults.dns = Ppm::of(1.001)),
        ("change", |answer| answer.demand.faults.change.reach = Ratio::of(0.25)),
    ]);
}

#[test]
fn the_topology_is_all_there_and_in_the_digest_of_the_plan() {
    let changes: [(&str, Change); 14] = [
        ("cdn", |answer| answer.plan.topology.cdn = Some("aws.cloudfront".into())),
        ("region", |answer| answer.plan.topology.region = Name::of("us-west-2")),
        ("zones", |answer| answer.plan.topology.zones = 3),
        ("type", |answer| answer.plan.topology.services[1].pools[0].sku = "c7g.xlarge".into()),
        ("speed", |answer| {
            answer.plan.topology.services[1].pools[0].speed = Speed::of(2.335_001);
        }),
        ("servers", |answer| answer.plan.topology.services[1].pools[0].servers = 3),
        ("spread", |answer| {
            answer.plan.topology.services[1].pools[0].per_zone = vec![5, 3];
        }),
        ("scaler", |answer| {
            let scaler = answer.plan.topology.services[1].pools[0].autoscaler.as_mut();
            scaler.unwrap().target = Ratio::of(0.66);
        }),
        ("balancing", |answer| {
            answer.plan.topology.services[1].balancing = domain::topology::Balancing::Random;
        }),
        ("failover", |answer| {
            let failover = Seconds::of(35.0);
            answer.plan.topology.services[3].redundancy = Redundancy::Standby { failover };
        }),
        ("shards", |answer| answer.plan.topology.services[2].shards = 2),
        ("limits", |answer| {
            let limits = &mut answer.plan.topology.services[1].limits;
            limits.as_mut().expect("an app has limits").queue = 129;
        }),
        ("volume", |answer| {
            answer.plan.topology.services[3].storage = Some(Mebibytes::new(1));
        }),
        ("pool", |answer| {
            let connections = answer.plan.topology.services[3].connections.as_mut();
            connections.unwrap().pool_per_instance = 25;
        }),
    ];
    changes_the_spec(&changes);
    let before = plan_digest(&common::answer().plan);
    for (name, change) in changes {
        let mut answer = common::answer();
        change(&mut answer);
        assert_ne!(plan_digest(&answer.plan), before, "{name} is in the digest");
    }
}
