//! What a cluster cannot carry is refused as a whole, with its place.

use domain::name::Name;
use domain::offer::PurchaseTerm;
use domain::spec::{CdnPart, RolloutStrategy, Spec};
use domain::topology::Balancing;
use miette::Diagnostic as _;
use reports::emit::{Format, emit};

use super::{DAY, specs};
use crate::terraform::at_once::{away, told};

/// Something done to a spec.
type Change = &'static dyn Fn(&mut Spec);

fn refused(changes: &[(Change, &str)]) {
    for (change, expected) in changes {
        let mut spec = specs::seed();
        change(&mut spec);
        let refusal = emit(&spec, Format::Kubernetes, DAY).expect_err(expected);
        assert!(refusal.to_string().contains(expected), "{expected}: {refusal}");
        assert!(refusal.to_string().starts_with("kubernetes cannot be generated: `"));
        let code = refusal.code().map(|code| code.to_string());
        assert_eq!(code.as_deref(), Some("emit::unsupported"));
        emit(&spec, Format::Bom, DAY).expect("other formats say it");
    }
}

#[test]
fn what_a_cluster_cannot_carry_is_named() {
    refused(&[
        (
            &|spec| {
                spec.network.cdn = Some(CdnPart {
                    product: "aws.cloudfront".into(),
                    origin: Name::of("edge"),
                    port: 443,
                });
            },
            "`network.cdn` has a content delivery network",
        ),
        (&|spec| away(spec, 1), "`services.app` has a schedule that takes it away out of hours"),
        (&|spec| spec.inputs_required[2].service = Name::of("db"), "nothing in a cluster takes"),
        (&|spec| drop(spec.inputs_required.remove(2)), "`services.app` has no image, and asks"),
        (
            &|spec| {
                spec.services[3].platform = domain::spec::Platform::Vm;
                spec.services[3].product = None;
            },
            "`services.db` has a sql on machines of our own",
        ),
        (&|spec| spec.services[3].shards = 101, "`services.db` has 101 slices"),
        (&|spec| spec.services[2].subnet = Name::of("nowhere"), "a place in subnets that are not"),
    ]);
}

#[test]
fn balancers_that_no_controller_makes_are_named() {
    refused(&[
        (&|spec| spec.services[0].product = Some("aws.nlb".into()), "has the product aws.nlb"),
        (&|spec| drop(spec.inputs_required.remove(0)), "a listener without a certificate and a"),
        (&|spec| spec.services[0].listener = None, "`services.edge` has no listener"),
        (&|spec| spec.services[0].targets.clear(), "has 0 targets of one listener"),
        (&|spec| spec.services[0].targets[0] = Name::of("db"), "a target that is no program"),
        (&|spec| spec.services[1].algorithm = Balancing::PowerOfTwo, "calls spread by power"),
        (&|spec| spec.services[1].health_check.interval_us = 1_000_000, "application balancer"),
        (&|spec| spec.network.flows[0].to = Name::of("app"), "a way in from the internet without"),
        (&|spec| spec.network.flows[0].from = Name::of("app"), "has calls from inside"),
    ]);
}

#[test]
fn fleets_that_no_deployment_is_are_named() {
    fn offer(spec: &mut Spec) -> &mut domain::spec::OfferPart {
        &mut spec.services[1].offers[0]
    }
    fn scaler(spec: &mut Spec) -> &mut domain::spec::AutoscalingPart {
        offer(spec).autoscaling.as_mut().expect("it is scaled")
    }
    refused(&[
        (&|spec| offer(spec).purchase = PurchaseTerm::Spot, "`services.app` has spot instances"),
        (&|spec| offer(spec).weight = 2, "weights of instances, which a Service does not take"),
        (&|spec| offer(spec).instance_type = "a b".into(), "a type that no node can bear, \"a b\""),
        (&|spec| offer(spec).memory_mib = 1_024, "leave a pod too little beside the node's own"),
        (&|spec| offer(spec).vcpu = 0, "leave a pod too little beside the node's own"),
        (
            &|spec| {
                offer(spec).per_zone.insert(Name::of("z1"), 9);
            },
            "machines that are spread unevenly over zones",
        ),
        (&|spec| spec.services[1].offers.clear(), "has 0 kinds of machines"),
        (&|spec| spec.services[1].shards = 2, "machines with data of their own"),
        (&|spec| scaler(spec).metric = "rate".into(), "an autoscaler by rate"),
        (&|spec| scaler(spec).min = 0, "a kind that falls to no machine"),
        (&|spec| scaler(spec).scale_in_window_us = 3_601_000_000, "that looks back 3601 s"),
        (
            &|spec| {
                let rollout = spec.services[1].rollout.as_mut().expect("it is rolled out");
                rollout.strategy = RolloutStrategy::Canary;
            },
            "a canary rollout, which a Deployment cannot make",
        ),
        (&|spec| spec.services[1].health_check.timeout_us = 2_500_000, "a probe cannot make"),
        (&|spec| spec.services[1].health_check.path = Some("x".into()), "a probe cannot make"),
    ]);
}

#[test]
fn every_reason_is_told_at_once() {
    let mut spec = specs::seed();
    for service in [1, 3] {
        away(&mut spec, service);
    }
    spec.services[1].algorithm = Balancing::PowerOfTwo;
    spec.services[1].offers[0].weight = 2;
    let away = "a schedule that takes it away out of hours";
    let expected = [
        ("services.edge", "calls spread by power_of_two_choices"),
        ("services.app", away),
        ("services.app", "weights of instances, which a Service does not take"),
        ("services.db", away),
    ];
    let expected = expected.map(|(place, what)| (place.to_owned(), what.to_owned()));
    assert_eq!(told(&spec, Format::Kubernetes), expected);
}
