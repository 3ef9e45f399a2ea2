//! What a module would lack is refused as a whole, with its place.

use domain::name::Name;
use domain::offer::{Provider, PurchaseTerm};
use domain::spec::Spec;
use miette::Diagnostic as _;
use reports::emit::{Format, emit};

use super::specs;
use crate::terraform::DAY;

/// Something done to a spec.
type Change = &'static dyn Fn(&mut Spec);

#[test]
fn what_is_not_generated_yet_is_named() {
    let changes: [(Change, &str); 14] = [
        (&|spec| spec.network.vpc.nat_gateways = 1, "`network.vpc.nat_gateways` has NAT gateways"),
        (&|spec| drop(spec.network.subnets.pop()), "a group (data) without one subnet in each"),
        (&|spec| spec.services[0].product = Some("aws.nlb".into()), "has the product aws.nlb"),
        (&|spec| drop(spec.inputs_required.remove(0)), "a listener without a certificate"),
        (&|spec| spec.services[0].targets.clear(), "`services.edge` has 0 targets of one listener"),
        (&|spec| spec.services[1].offers[0].weight = 2, "has weights of instances behind it"),
        (&|spec| spec.services[1].health_check.interval_us = 1_000_000, "has a health check that"),
        (&|spec| spec.services[1].offers[0].purchase = PurchaseTerm::Spot, "has spot instances"),
        (
            &|spec| {
                spec.services[1].offers[0].per_zone.insert(Name::of("z1"), 9);
            },
            "has machines that are spread unevenly over zones",
        ),
        (&|spec| spec.services[2].shards = 3, "has 2 nodes of 1 kinds for 3 slices"),
        (&|spec| spec.services[3].engine = Some("oracle".into()), "has the engine oracle"),
        (&|spec| spec.services[3].engine_version = Some("17${x}".into()), "version \"17${x}\""),
        (
            &|spec| {
                let backup = spec.services[3].backup.as_mut().expect("it is backed up");
                backup.copy_region = Some(Name::of("us-west-2"));
            },
            "has backups that are copied to another region",
        ),
        (
            &|spec| {
                spec.services[3].platform = domain::spec::Platform::Vm;
                spec.services[3].product = None;
            },
            "`services.db` has a sql on machines of our own",
        ),
    ];
    for (change, expected) in changes {
        let mut spec = specs::seed();
        change(&mut spec);
        let refusal = emit(&spec, Format::TerraformAws, DAY).expect_err("it is refused");
        assert!(refusal.to_string().contains(expected), "{expected}: {refusal}");
        let code = refusal.code().map(|code| code.to_string());
        assert_eq!(code.as_deref(), Some("emit::unsupported"));
        emit(&spec, Format::Bom, DAY).expect("other formats say it");
    }
}

#[test]
fn other_clouds_are_refused() {
    for provider in [Provider::Azure, Provider::Google] {
        let mut spec = specs::seed();
        spec.placement.provider = provider;
        let refusal = emit(&spec, Format::TerraformAws, DAY).expect_err("it is refused");
        let expected =
            format!("terraform-aws is for AWS, and the spec is for {}", provider.as_str());
        assert_eq!(refusal.to_string(), expected);
        let code = refusal.code().map(|code| code.to_string());
        assert_eq!(code.as_deref(), Some("emit::provider"));
    }
}
