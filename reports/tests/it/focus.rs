//! The expected bill in the words of FOCUS 1.2: what each line buys, and in which unit.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::date;
use reports::emit::{Format, emit};

use crate::terraform::specs;

/// The cells of a line of CSV: a comma within quotes parts nothing, and every quote within is two.
fn split(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    for letter in line.chars() {
        match letter {
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            _ => cells.last_mut().expect("there is one").push(letter),
        }
    }
    cells
}

/// The cells of a line that are asked for, by their headings.
fn cells<const N: usize>(csv: &str, names: [&str; N]) -> Vec<[String; N]> {
    let mut rows = csv.lines();
    let heading: Vec<&str> = rows.next().expect("a heading").split(',').collect();
    let place = |name: &str| heading.iter().position(|own| *own == name).expect("the column");
    rows.map(split).map(|row| names.map(|name| row[place(name)].clone())).collect()
}

#[test]
fn the_forecast_and_the_bill_of_materials_of_the_seed_phrase() {
    let of = |format| {
        let mut files = emit(&specs::seed(), format, date(2026, 1, 5)).expect("it is generated");
        files.remove(0).1
    };
    insta::assert_snapshot!("the_forecast", of(Format::Focus).replace("\r\n", "\n"));
    insta::assert_snapshot!("the_bill_of_materials", of(Format::Bom));
}

#[test]
fn an_offering_of_the_cloud_has_one_category_and_one_part_of_it() {
    let mut known: BTreeMap<String, (String, String)> = BTreeMap::new();
    for (shape, spec) in specs::all() {
        let csv =
            emit(&spec, Format::Focus, date(2026, 1, 5)).expect("it is generated").remove(0).1;
        for [name, category, part] in
            cells(&csv, ["ServiceName", "ServiceCategory", "ServiceSubcategory"])
        {
            let own = (category, part);
            let before = known.entry(name.clone()).or_insert_with(|| own.clone());
            assert_eq!(*before, own, "{shape}: {name}");
        }
    }
    let names: BTreeSet<&str> = known.keys().map(String::as_str).collect();
    for bought in
        ["Amazon Elastic Compute Cloud", "Amazon Relational Database Service", "AWS Data Transfer"]
    {
        assert!(names.contains(bought), "{names:?}");
    }
}

#[test]
fn units_are_spelled_as_focus_spells_them() {
    let allowed =
        ["Hours", "Capacity Unit-Hours", "GiB-Months", "GB", "10000 Requests", "1000000 Requests"];
    for (shape, spec) in specs::all() {
        let csv =
            emit(&spec, Format::Focus, date(2026, 1, 5)).expect("it is generated").remove(0).1;
        for [priced, consumed] in cells(&csv, ["PricingUnit", "ConsumedUnit"]) {
            assert!(allowed.contains(&priced.as_str()), "{shape}: {priced}");
            assert_eq!(priced, consumed, "{shape}");
        }
    }
}
