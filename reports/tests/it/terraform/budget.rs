//! The alarms for the bill on clouds beside AWS: known to the provider, and the bill of the spec.

use domain::offer::PurchaseTerm;
use domain::spec::{CommittedPart, Spec};
use hcl::Body;
use reports::emit::{Format, emit};

use super::facts::{holds, leads_somewhere, table, without_default};
use super::module::{Module, blocks, inner, word};
use super::{DAY, azure, google};

const AZURE: &str = include_str!("../../tables/terraform-azurerm-4.55.json");
const GOOGLE: &str = include_str!("../../tables/terraform-google-6.50.json");

fn text(spec: &Spec) -> String {
    let files = emit(spec, Format::Budget, DAY).expect("it is generated");
    assert_eq!(files.len(), 1);
    files[0].1.clone()
}

#[test]
fn the_budget_of_the_seed_phrase_on_azure() {
    insta::assert_snapshot!(text(&azure::specs::seed()));
}

#[test]
fn the_budget_of_the_seed_phrase_on_google() {
    insta::assert_snapshot!(text(&google::specs::seed()));
}

#[test]
fn the_providers_know_every_attribute_and_nothing_is_asked_for() {
    for (facts, prefix, specs) in
        [(AZURE, "azurerm_", azure::specs::all()), (GOOGLE, "google_", google::specs::all())]
    {
        for (shape, spec) in specs {
            holds(shape, &spec, Format::Budget, &table(facts));
            leads_somewhere(shape, &spec, Format::Budget, prefix);
            assert!(without_default(&spec, Format::Budget).is_empty(), "{shape}");
        }
    }
}

/// The numbers of some blocks.
fn numbers(body: &Body, kind: &str, attribute: &str) -> Vec<f64> {
    let each = blocks(body, kind).into_iter();
    each.map(|(_, own)| word(own, attribute).parse().expect("a number")).collect()
}

/// The ceiling as a share of the expected bill, in percent and rounded up.
fn ceiling(spec: &Spec) -> f64 {
    let bill = &spec.cost.monthly_micros;
    (bill.ceiling.micros() as f64 / bill.expected.micros() as f64 * 100.0).ceil()
}

/// Whoever adds up the rows of the bill finds the amount that all else is told, to the cent.
#[test]
fn the_bill_is_one_amount_everywhere() {
    let spec = super::specs::seed();
    let texts = |format| -> String {
        let files = emit(&spec, format, DAY).expect("it is generated").into_iter();
        let text: String = files.map(|(_, text)| text.replace("\n#", "\n")).collect();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let rows = emit(&spec, Format::Focus, DAY).expect("it is generated").remove(0).1;
    let costs = rows.lines().skip(1).map(|row| row.split(',').next().expect("a cost"));
    let sum: f64 = costs.map(|cost| cost.parse::<f64>().expect("a number")).sum();
    for format in [Format::TerraformAws, Format::Kubernetes] {
        assert!(texts(format).contains(&format!("{sum:.2} USD a month")), "{sum} in {format:?}");
    }
    assert!(texts(Format::Budget).contains(&format!("{sum:.2} USD are expected")), "{sum}");
}

/// What the expected bill takes for reserved is said beside the machines and beside the bill,
/// since nothing that is generated buys it; where nothing is, nothing is said.
#[test]
fn what_is_reserved_is_said_where_it_is_not_bought() {
    let words = |spec: &Spec, format| -> String {
        let files = emit(spec, format, DAY).expect("it is generated").into_iter();
        let bare = |line: &str| line.trim().trim_start_matches('#').trim().to_owned();
        let text: Vec<String> =
            files.flat_map(|(_, text)| text.lines().map(bare).collect::<Vec<_>>()).collect();
        text.join(" ")
    };
    for (mut spec, module) in [
        (super::specs::seed(), Format::TerraformAws),
        (super::specs::seed(), Format::Kubernetes),
        (azure::specs::seed(), Format::TerraformAzure),
        (google::specs::seed(), Format::TerraformGoogle),
    ] {
        for format in [module, Format::Budget] {
            assert!(!words(&spec, format).contains("reserved"), "{format:?}");
        }
        let app = spec.services.iter_mut().find(|own| own.name.as_str() == "app").expect("app");
        app.offers[0].committed = Some(CommittedPart {
            term: PurchaseTerm::ReservedThreeYears,
            months: 36,
            instances: 3,
        });
        let own = format!("3 × {} for 36 months (reserved_3y)", app.offers[0].instance_type);
        let beside =
            format!("busy; the expected bill has {own} reserved, which nothing here buys.");
        let bill = format!("counts on what is reserved for a term: {own} of app.");
        let module = words(&spec, module);
        assert!(module.contains(&beside) && module.contains(&bill), "{module}");
        assert!(words(&spec, Format::Budget).contains(&bill));
    }
}

#[test]
fn the_budget_on_azure_is_the_bill_of_the_spec() {
    let spec = azure::specs::seed();
    let module = Module::of(&spec, Format::Budget);
    let budget = module.resource("azurerm_consumption_budget_subscription", "this");
    let amount: f64 = word(budget, "amount").parse().expect("a number");
    let expected = spec.cost.monthly_micros.expected.micros() as f64 / 1e6;
    assert!((amount - expected).abs() <= 0.01, "{amount} for {expected}");
    assert_eq!(numbers(budget, "notification", "threshold"), [100.0, 100.0, ceiling(&spec)]);
    let tag = inner(inner(budget, "filter"), "tag");
    assert_eq!(word(tag, "name"), "plimsoll.dev:system");
}

#[test]
fn the_budget_on_google_is_the_bill_of_the_spec() {
    let spec = google::specs::seed();
    let module = Module::of(&spec, Format::Budget);
    let budget = module.resource("google_billing_budget", "this");
    let amount = inner(inner(budget, "amount"), "specified_amount");
    let units: i64 = word(amount, "units").parse().expect("a number");
    let nanos: i64 = word(amount, "nanos").parse().expect("a number");
    let expected = spec.cost.monthly_micros.expected.micros();
    // Money has cents, and the alarm the amount that the comment above it says.
    let cents = (expected + 5_000) / 10_000;
    assert_eq!((units * 100 + nanos / 10_000_000, nanos % 10_000_000), (cents, 0));
    let shares = numbers(budget, "threshold_rules", "threshold_percent");
    let ceiling = ceiling(&spec) / 100.0;
    assert_eq!(shares.len(), 3);
    for (share, stated) in shares.iter().zip([1.0, 1.0, ceiling]) {
        assert!((share - stated).abs() < 1e-9, "{shares:?}");
    }
}
