//! All that a module would lack is told at once, each with its place.

use domain::name::Name;
use domain::offer::PurchaseTerm;
use domain::spec::{HoursPart, OutOfHours, SchedulePart, Spec};
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
        Reason::Resource { format: own, place, what } => {
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
