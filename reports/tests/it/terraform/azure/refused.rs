//! What a module would lack is refused as a whole, with its place.

use domain::name::Name;
use domain::offer::{Provider, PurchaseTerm};
use domain::spec::{Platform, Spec, Zone};
use miette::Diagnostic as _;
use reports::emit::{Format, emit};

use super::specs;
use crate::terraform::DAY;

/// Something done to a spec.
type Change = &'static dyn Fn(&mut Spec);

fn refused(mut spec: Spec, changes: &[(Change, &str)]) {
    let whole = spec.clone();
    for (change, expected) in changes {
        change(&mut spec);
        let refusal = emit(&spec, Format::TerraformAzure, DAY).expect_err("it is refused");
        assert!(refusal.to_string().contains(expected), "{expected}: {refusal}");
        let code = refusal.code().map(|code| code.to_string());
        assert_eq!(code.as_deref(), Some("emit::unsupported"));
        spec.clone_from(&whole);
    }
    emit(&spec, Format::TerraformAzure, DAY).expect("without a change it is generated");
}

#[test]
fn what_is_not_generated_yet_is_named() {
    let changes: [(Change, &str); 15] = [
        (&|spec| spec.network.vpc.nat_gateways = 1, "`network.vpc.nat_gateways` has NAT gateways"),
        (&|spec| drop(spec.network.subnets.pop()), "a group (data) without one subnet in each"),
        (
            &|spec| spec.network.subnets[1].cidr = "10.0.65.0/24".into(),
            "addresses of a group (app) that lie between another's",
        ),
        (
            &|spec| spec.network.subnets[1].cidr = "10.1.0.0/24".into(),
            "addresses of a group (public) that are no part of the network",
        ),
        (
            &|spec| {
                let more = ["z3", "z4"].map(|zone| Zone { id: Name::of(zone) });
                spec.placement.zones.extend(more.clone());
                let first: Vec<_> = spec.network.subnets.iter().step_by(2).cloned().collect();
                for (at, zone) in more.iter().enumerate() {
                    spec.network.subnets.extend(first.iter().map(|own| domain::spec::Subnet {
                        name: Name::of(&format!("{}-{at}", own.name)),
                        zone: zone.id.clone(),
                        ..own.clone()
                    }));
                }
            },
            "`placement.zones` has 4 zones, where Azure has three",
        ),
        (
            &|spec| spec.inputs_required[0].name = "ssh_public_key".into(),
            "`inputs_required` has two variables of one name, ssh_public_key",
        ),
        (&|spec| drop(spec.inputs_required.remove(0)), "a listener without a certificate"),
        (&|spec| spec.services[0].listener = None, "`services.edge` has no listener"),
        (&|spec| spec.services[1].health_check.interval_us = 2_000_000, "has a health check that"),
        (&|spec| spec.services[1].offers[0].purchase = PurchaseTerm::Spot, "has spot instances"),
        (&|spec| spec.services[2].shards = 3, "has 2 nodes of 1 kinds for 3 slices"),
        (&|spec| spec.services[3].volume = None, "`services.db` has a database without a volume"),
        (
            &|spec| spec.services[3].root_volume.as_mut().expect("it has one").product = None,
            "has disks of a kind that is not known, none",
        ),
        (
            &|spec| {
                let backup = spec.services[3].backup.as_mut().expect("it is backed up");
                backup.copy_region = Some(Name::of("westus"));
            },
            "has backups that are copied to another region",
        ),
        (
            &|spec| {
                spec.services[0].platform = Platform::Managed;
                spec.services[0].product = Some("azure.application_gateway".into());
            },
            "`services.edge` has the product azure.application_gateway",
        ),
    ];
    refused(specs::seed(), &changes);
}

#[test]
fn managed_data_that_azure_does_not_sell_is_named() {
    let changes: [(Change, &str); 7] = [
        (&|spec| spec.services[2].engine = Some("valkey".into()), "has the engine valkey"),
        (&|spec| spec.services[2].engine_version = Some("7".into()), "version 7 of redis"),
        (
            &|spec| spec.services[2].offers[0].instance_type = "Premium_P9".into(),
            "has the offer Premium_P9 of a managed cache",
        ),
        (&|spec| spec.services[3].engine = Some("mariadb".into()), "has the engine mariadb"),
        (&|spec| spec.services[3].engine_version = Some("17${x}".into()), "version \"17${x}\""),
        (
            &|spec| spec.inputs_required.retain(|input| input.name != "db_password"),
            "has a managed database without a password's place",
        ),
        (
            &|spec| spec.services[3].volume.as_mut().expect("it has one").size_mib = 1 << 40,
            "has storage of a size that Azure does not sell",
        ),
    ];
    refused(specs::managed(), &changes);
}

#[test]
fn other_clouds_are_refused() {
    for provider in [Provider::Aws, Provider::Google] {
        let mut spec = specs::seed();
        spec.placement.provider = provider;
        let refusal = emit(&spec, Format::TerraformAzure, DAY).expect_err("it is refused");
        let expected =
            format!("terraform-azure is for Azure, and the spec is for {}", provider.as_str());
        assert_eq!(refusal.to_string(), expected);
        let help = refusal.reasons[0].help().map(|help| help.to_string()).unwrap_or_default();
        assert!(help.starts_with("plan for azure; "), "{help}");
    }
}
