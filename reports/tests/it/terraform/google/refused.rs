//! What a module would lack is refused as a whole, with its place.

use domain::name::Name;
use domain::offer::{Provider, PurchaseTerm};
use domain::spec::{RolloutStrategy, Spec};
use domain::topology::Balancing;
use miette::Diagnostic as _;
use reports::emit::{Format, emit};

use super::specs;
use crate::terraform::DAY;

/// Something done to a spec.
type Change = &'static dyn Fn(&mut Spec);

fn refuse(spec: impl Fn() -> Spec, changes: &[(Change, &str)]) {
    for (change, expected) in changes {
        let mut spec = spec();
        change(&mut spec);
        let refusal = emit(&spec, Format::TerraformGoogle, DAY).expect_err(expected);
        assert!(refusal.to_string().contains(expected), "{expected}: {refusal}");
        let code = refusal.code().map(|code| code.to_string());
        assert_eq!(code.as_deref(), Some("emit::unsupported"));
        emit(&spec, Format::Bom, DAY).expect("other formats say it");
    }
}

#[test]
fn what_is_not_generated_on_own_machines_is_named() {
    refuse(
        specs::seed,
        &[
            (&|spec| spec.network.vpc.nat_gateways = 1, "`network.vpc.nat_gateways` has NAT"),
            (&|spec| drop(spec.network.subnets.pop()), "a group (data) without one subnet in each"),
            (&|spec| spec.network.subnets[0].cidr = "10.0.0.1/24".into(), "without one range"),
            (
                &|spec| spec.network.subnets[1].cidr = "10.0.24.0/24".into(),
                "groups (public and data) whose subnets lie between one another",
            ),
            (&|spec| drop(spec.inputs_required.remove(0)), "a listener without a certificate"),
            (
                &|spec| {
                    let listener = spec.services[0].listener.as_mut().expect("it listens");
                    listener.protocol = "http".into();
                },
                "`services.edge` has http from TLS 1.2",
            ),
            (
                &|spec| {
                    let rollout = spec.services[1].rollout.as_mut().expect("it is rolled out");
                    rollout.strategy = RolloutStrategy::Canary;
                    spec.inputs_required[0].name = "app_canary".into();
                },
                "`inputs_required` has two variables of one name, app_canary",
            ),
            (
                &|spec| {
                    let scaler = spec.services[1].offers[0].autoscaling.as_mut();
                    scaler.expect("it follows").min = 0;
                },
                "an autoscaler that leaves no machine to measure",
            ),
            (
                &|spec| spec.services[1].health_check.interval_us = 1_500_000,
                "has a health check that",
            ),
            (
                &|spec| spec.services[1].offers[0].purchase = PurchaseTerm::Spot,
                "has spot instances",
            ),
            (
                &|spec| {
                    spec.services[1].offers[0].per_zone.insert(Name::of("z1"), 9);
                },
                "has machines that are spread unevenly over zones",
            ),
        ],
    );
}

#[test]
fn what_is_not_generated_of_data_on_own_machines_is_named() {
    refuse(
        specs::seed,
        &[
            (&|spec| spec.services[3].engine = Some("oracle".into()), "has the engine oracle"),
            (&|spec| spec.services[3].engine_version = Some("17${x}".into()), "\"17${x}\""),
            (
                &|spec| {
                    let backup = spec.services[3].backup.as_mut().expect("it is backed up");
                    backup.copy_region = Some(Name::of("europe-west1"));
                },
                "has backups that are copied to another region",
            ),
            (
                &|spec| {
                    let backup = spec.services[3].backup.as_mut().expect("it is backed up");
                    backup.window_utc = "03:30-04:30".into();
                },
                "has backups at \"03:30-04:30\", which is no full hour",
            ),
            (&|spec| spec.services[3].volume = None, "has backups of a disk that is not there"),
            (
                &|spec| {
                    let more = spec.services[3].offers[0].clone();
                    spec.services[3].offers.push(more);
                },
                "`services.db` has data on 2 kinds of machines",
            ),
        ],
    );
}

#[test]
fn what_is_not_generated_of_what_google_runs_is_named() {
    refuse(
        specs::managed,
        &[
            (&|spec| spec.services[0].product = Some("google.nlb".into()), "product google.nlb"),
            (&|spec| spec.services[0].targets.clear(), "`services.edge` has 0 targets of one"),
            (
                &|spec| spec.services[1].algorithm = Balancing::LeastOutstanding,
                "has calls spread by least_outstanding_requests",
            ),
            (
                &|spec| {
                    let listener = spec.services[0].listener.as_mut().expect("it listens");
                    listener.tls_min = "1.3".into();
                },
                "has https from TLS 1.3",
            ),
            (&|spec| spec.services[1].offers[0].weight = 2, "has weights of instances behind it"),
            (&|spec| spec.services[2].engine = Some("memcached".into()), "the engine memcached"),
            (&|spec| spec.services[2].engine_version = Some("9".into()), "the engine's version"),
            (&|spec| spec.services[2].shards = 2, "has 2 slices, where Memorystore for"),
            (&|spec| spec.services[2].port = 7_000, "has the port 7000, where Memorystore"),
            (&|spec| spec.services[3].engine = Some("mariadb".into()), "has the engine mariadb"),
            (&|spec| spec.services[3].port = 6_000, "has the port 6000, where Cloud SQL"),
            (&|spec| spec.services[3].volume = None, "has a database without a volume"),
            (
                &|spec| {
                    let volume = spec.services[3].volume.as_mut().expect("it has a volume");
                    volume.product = Some("gp3".to_owned());
                },
                "has a disk of the product \"gp3\"",
            ),
            (
                &|spec| {
                    let backup = spec.services[3].backup.as_mut().expect("it is backed up");
                    backup.retention_days = 30;
                },
                "any moment of 30 days to go back to, where Cloud SQL keeps 7",
            ),
            (&|spec| spec.services[3].backup = None, "has a copy without a log of every change"),
            (&|spec| spec.services[3].shards = 3, "has 2 nodes of 1 kinds for 3 slices"),
        ],
    );
}

#[test]
fn what_is_not_generated_of_valkey_is_named() {
    refuse(
        specs::valkey,
        &[
            (&|spec| spec.services[2].engine_version = Some("9".into()), "the engine's version"),
            (
                &|spec| spec.services[2].offers[0].instance_type = "M2".to_owned(),
                "`services.cache` has nodes of the type \"M2\"",
            ),
            (&|spec| spec.services[2].shards = 2, "has 2 nodes of 1 kinds for 2 slices"),
        ],
    );
}

#[test]
fn other_clouds_are_refused() {
    for provider in [Provider::Aws, Provider::Azure] {
        let mut spec = specs::seed();
        spec.placement.provider = provider;
        let refusal = emit(&spec, Format::TerraformGoogle, DAY).expect_err("it is refused");
        let code = refusal.code().map(|code| code.to_string());
        assert_eq!(code.as_deref(), Some("emit::provider"));
        assert!(refusal.to_string().starts_with("terraform-google is for Google"), "{refusal}");
    }
}
