//! All that a module would lack is told at once, each with its place.

use domain::name::Name;
use domain::offer::PurchaseTerm;
use domain::spec::{HoursPart, OutOfHours, Platform, SchedulePart, Spec};
use miette::Diagnostic as _;
use reports::emit::{Format, Reason, emit};

use super::{DAY, aws, azure, google};

/// Takes a service away out of hours.
pub(crate) fn away(spec: &mut Spec, service: usize) {
    let hours = HoursPart { zone: "UTC".into(), windows: Vec::new(), open_minutes_a_week: 1 };
    spec.services[service].schedule = Some(SchedulePart {
        out_of_hours: OutOfHours::Off,
        hours,
        opens_with: None,
        text: String::new(),
    });
}

/// Where each thing stands that keeps a format from being generated, and what it is.
pub(crate) fn told(spec: &Spec, format: Format) -> Vec<(String, String)> {
    let refusal = emit(spec, format, DAY).expect_err("it is refused");
    let whole = refusal.to_string();
    assert_eq!(whole.matches(format.as_str()).count(), 1, "{whole}");
    let reason = |reason: Reason| match reason {
        Reason::Resource { format: own, place, what, .. } => {
            assert_eq!(own, format.as_str());
            assert!(whole.contains(&format!("`{place}` has {what}")), "{whole}");
            (place, what)
        }
        Reason::Label { .. } | Reason::Provider { .. } => {
            panic!("nothing else is wrong: {whole}")
        }
    };
    refusal.reasons.into_iter().map(reason).collect()
}

/// Whoever is refused reads which key of the intent or of a policy asks for what is lacking.
#[test]
fn a_refusal_says_what_would_change_it() {
    let mut spec = aws::specs::seed();
    away(&mut spec, 1);
    spec.services[1].offers[0].purchase = PurchaseTerm::Spot;
    spec.services[1].offers[0].weight = 2;
    spec.services[2].platform = Platform::Vm;
    spec.services[2].product = None;
    spec.services[3].engine = Some("oracle".into());
    let backup = spec.services[3].backup.as_mut().expect("it is backed up");
    backup.copy_region = Some(Name::of("elsewhere"));
    spec.placement.zones.truncate(1);
    let refusal = emit(&spec, Format::TerraformAws, DAY).expect_err("it is refused");
    let help = |part: &str| {
        let mut reasons = refusal.reasons.iter();
        let reason = reasons.find(|own| own.to_string().contains(part));
        let reason = reason.unwrap_or_else(|| panic!("{part}: {refusal}"));
        reason.help().expect("it helps").to_string()
    };
    for (what, key) in [
        ("out of hours", "`hours`"),
        ("spot instances", "`purchase`"),
        ("weights of instances", "`pins: {SERVICE: {instance_type: …}}`"),
        ("on machines of our own", "`run_on: {platform: any}`"),
        ("the engine oracle", "`engine`"),
        ("copied to another region", "`backup.copy`"),
        ("one zone", "`run_on: {zones: {at_least: 2}}`"),
        ("without one subnet in each zone", "`pins`"),
    ] {
        assert!(help(what).contains(key), "{what}: {}", help(what));
    }
}

#[test]
fn every_reason_is_told_at_once() {
    for (format, mut spec) in [
        (Format::TerraformAws, aws::specs::seed()),
        (Format::TerraformAzure, azure::specs::seed()),
        (Format::TerraformGoogle, google::specs::seed()),
    ] {
        emit(&spec, format, DAY).expect("without a change it is generated");
        spec.network.vpc.nat_gateways = 1;
        away(&mut spec, 1);
        spec.services[1].offers[0].purchase = PurchaseTerm::Spot;
        spec.services[1].offers[0].autoscaling.as_mut().expect("it follows").metric = "rate".into();
        away(&mut spec, 3);
        let backup = spec.services[3].backup.as_mut().expect("it is backed up");
        backup.copy_region = Some(Name::of("elsewhere"));
        let away = "a schedule that takes it away out of hours";
        let expected = [
            ("network.vpc.nat_gateways", "NAT gateways"),
            ("services.app", away),
            ("services.app", "spot instances"),
            ("services.app", "an autoscaler by rate"),
            ("services.db", away),
            ("services.db", "backups that are copied to another region"),
        ];
        let expected = expected.map(|(place, what)| (place.to_owned(), what.to_owned()));
        assert_eq!(told(&spec, format), expected, "{}", format.as_str());
    }
}
