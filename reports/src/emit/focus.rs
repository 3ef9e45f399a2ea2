//! The expected bill of a month in the columns of FOCUS 1.2 (<https://focus.finops.org>), as CSV.
//!
//! It is a forecast: nobody has billed anything, so the account is called `forecast`, and the four
//! costs are all the list price, but for what is promised: that is billed at the price of its
//! promise, month by month, whenever it is paid, and its list price is that on demand. A text that
//! a spreadsheet would take for a formula is quoted.

use domain::offer::Provider;
use domain::spec::{Line, Spec};
use jiff::civil::Date;

use super::decimal::decimal;
use super::offering::{offering, unit};
use super::tags;

/// The columns of promises, which only a bill with one has: they stand before [`AFTER`].
const PROMISES: [&str; 7] = [
    "CommitmentDiscountCategory",
    "CommitmentDiscountId",
    "CommitmentDiscountName",
    "CommitmentDiscountQuantity",
    "CommitmentDiscountStatus",
    "CommitmentDiscountType",
    "CommitmentDiscountUnit",
];

/// The column before which those of promises stand.
const AFTER: &str = "ConsumedQuantity";

/// The mandatory and recommended columns, and those that a line of the bill has something to say
/// about.
const COLUMNS: [&str; 36] = [
    "BilledCost",
    "BillingAccountId",
    "BillingAccountName",
    "BillingCurrency",
    "BillingPeriodEnd",
    "BillingPeriodStart",
    "ChargeCategory",
    "ChargeClass",
    "ChargeDescription",
    "ChargeFrequency",
    "ChargePeriodEnd",
    "ChargePeriodStart",
    "ConsumedQuantity",
    "ConsumedUnit",
    "ContractedCost",
    "ContractedUnitPrice",
    "EffectiveCost",
    "InvoiceId",
    "InvoiceIssuerName",
    "ListCost",
    "ListUnitPrice",
    "PricingCategory",
    "PricingQuantity",
    "PricingUnit",
    "ProviderName",
    "PublisherName",
    "RegionId",
    "ResourceId",
    "ServiceCategory",
    "ServiceName",
    "ServiceSubcategory",
    "SkuId",
    "Tags",
    "x_PriceAsOf",
    "x_PriceBasis",
    "x_Service",
];

/// The bill of the month of a day, which is not in the last one of the calendar.
pub(super) fn csv(spec: &Spec, day: Date) -> String {
    let start = day.first_of_month();
    let end = day.last_of_month().tomorrow().expect("another month follows");
    let (start, end) = (format!("{start}T00:00:00Z"), format!("{end}T00:00:00Z"));
    let place = COLUMNS.iter().position(|column| *column == AFTER).unwrap_or(0);
    let promised = spec.cost.lines.iter().any(|line| line.commitment.is_some());
    let mut columns = COLUMNS.to_vec();
    if promised {
        columns.splice(place..place, PROMISES);
    }
    let mut text = columns.join(",");
    text.push_str("\r\n");
    for line in &spec.cost.lines {
        let mut cells = cells(spec, line, (&start, &end), &tags(spec, line)).to_vec();
        if promised {
            cells.splice(place..place, promise(line));
        }
        text.push_str(&cells.join(","));
        text.push_str("\r\n");
    }
    text
}

/// The tags that Terraform puts on what a line is for, as one JSON document, which is what the
/// column holds: a bill that bears them can be joined with this one.
fn tags(spec: &Spec, line: &Line) -> String {
    let ours = spec.services.iter().find(|own| own.name.as_str() == line.service);
    serde_json::to_string(&tags::of(spec, ours.map(|own| &own.name)))
        .expect("a map of texts is JSON")
}

/// The cells of a promise, empty where there is none.
fn promise(line: &Line) -> [String; 7] {
    let Some(own) = line.commitment else { return [const { String::new() }; 7] };
    let quantity = decimal(line.quantity_milli.expected.thousandths(), 3);
    let name = format!("{} × {} for {} months", own.instances, line.sku, own.months);
    [
        text("Usage"),
        text(&line.id),
        text(&name),
        quantity,
        text("Used"),
        text(own.term.as_str()),
        text(unit(&line.unit)),
    ]
}

/// What a line would cost at the list price: that on demand, where it is known.
fn listed(line: &Line) -> (String, String) {
    let price = line.commitment.and_then(|own| own.on_demand_usd).unwrap_or(line.unit_price_usd);
    let cost = price.times(line.quantity_milli.expected);
    (decimal(cost.micros().unsigned_abs(), 6), price.to_string())
}

fn cells(spec: &Spec, line: &Line, (start, end): (&str, &str), tags: &str) -> [String; 36] {
    let cost = decimal(line.amount_micros.expected.micros().unsigned_abs(), 6);
    let quantity = decimal(line.quantity_milli.expected.thousandths(), 3);
    let (list_cost, price) = listed(line);
    let category = if line.commitment.is_some() { "Committed" } else { "Standard" };
    let provider = text(provider(spec.placement.provider));
    let offering = offering(spec, line);
    let described = format!("{} of {} for {}", line.sku, line.service, spec.metadata.name);
    [
        cost.clone(),
        text("forecast"),
        String::new(),
        text(&spec.cost.currency),
        text(end),
        text(start),
        text("Usage"),
        String::new(),
        text(&described),
        text("Usage-Based"),
        text(end),
        text(start),
        quantity.clone(),
        text(unit(&line.unit)),
        list_cost.clone(),
        price.clone(),
        cost,
        // Nobody has billed it.
        String::new(),
        provider.clone(),
        list_cost,
        price,
        text(category),
        quantity,
        text(unit(&line.unit)),
        provider.clone(),
        provider,
        text(spec.placement.region.as_str()),
        text(&line.id),
        text(offering.category),
        text(offering.name),
        text(offering.subcategory),
        text(&line.sku),
        text(tags),
        text(&line.as_of.0.to_string()),
        text(line.price_basis.as_str()),
        text(&line.service),
    ]
}

/// Whoever sends the bill, by the name that is usual there.
const fn provider(provider: Provider) -> &'static str {
    match provider {
        Provider::Aws => "AWS",
        Provider::Azure => "Microsoft",
        Provider::Google => "Google Cloud",
    }
}

/// A text as a cell of RFC 4180, which no spreadsheet takes for a formula.
fn text(value: &str) -> String {
    let formula = value.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
    let value = if formula { format!("'{value}") } else { value.to_owned() };
    if formula || value.contains([',', '"', '\r', '\n']) {
        return format!("\"{}\"", value.replace('"', "\"\""));
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_begins_like_a_formula_is_quoted() {
        for (value, cell) in [
            ("=1+1", "\"'=1+1\""),
            ("+1", "\"'+1\""),
            ("-1", "\"'-1\""),
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            ("\t=1", "\"'\t=1\""),
            ("=\"x\"", "\"'=\"\"x\"\"\""),
            ("a,b", "\"a,b\""),
            ("say \"x\"", "\"say \"\"x\"\"\""),
            ("a=b", "a=b"),
            ("", ""),
        ] {
            assert_eq!(text(value), cell);
        }
    }
}
