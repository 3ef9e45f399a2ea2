//! The page is read by anybody: by ear, by keyboard, in any light.

use std::collections::BTreeSet;

use crate::common;

use super::document::Page;

/// A page with every plot on it: the day is one of its scenarios.
fn parsed() -> Page {
    let mut answer = common::answer();
    let scenarios = &mut answer.verification.scenarios;
    let course = scenarios.iter().find(|own| !own.series.is_empty()).expect("there is a course");
    let day = domain::verification::ScenarioResult { name: "day".into(), ..course.clone() };
    scenarios.push(day);
    Page::parse(&super::page_with(&answer, &common::studies()))
}

#[test]
fn a_reader_finds_the_way_by_landmarks_and_headings() {
    let page = parsed();
    assert_eq!(page.named("html").next().unwrap().attribute("lang"), Some("en"));
    for name in ["main", "header", "footer", "h1"] {
        assert_eq!(page.named(name).count(), 1, "{name}");
    }
    let first = page.named("a").next().expect("there are links");
    assert_eq!(
        (first.attribute("class"), first.attribute("href")),
        (Some("skip"), Some("#report"))
    );
    assert_eq!(page.by_id("report").unwrap().name, "main");
    let mut last = 0;
    let headings = page.elements.iter().filter_map(|own| {
        let level = own.name.strip_prefix('h')?.parse::<u8>().ok()?;
        Some((level, &own.text))
    });
    for (level, text) in headings {
        assert!(level <= last + 1, "{text} is a heading of level {level} under one of {last}");
        assert!(!text.is_empty());
        last = level;
    }
}

#[test]
fn every_identifier_is_one_and_every_reference_has_its_own() {
    let page = parsed();
    let mut seen = BTreeSet::new();
    for id in page.elements.iter().filter_map(|element| element.attribute("id")) {
        assert!(seen.insert(id), "{id} is there twice");
    }
    for element in &page.elements {
        let names = ["aria-labelledby", "aria-describedby"];
        for id in names.iter().filter_map(|name| element.attribute(name)) {
            for id in id.split(' ') {
                assert!(seen.contains(id), "{id} is nowhere");
            }
        }
        if let Some(tip) = element.attribute("marker-end") {
            let id = tip.trim_start_matches("url(#").trim_end_matches(')');
            assert!(seen.contains(id), "{id} is nowhere");
        }
    }
}

#[test]
fn every_table_says_what_it_is() {
    let page = parsed();
    assert!(page.named("table").count() > 15);
    assert_eq!(
        page.named("table").filter(|own| own.attribute("class") == Some("sortable")).count(),
        page.named("caption").count()
    );
    for caption in page.named("caption") {
        assert!(!caption.text.is_empty());
    }
    for head in page.named("th") {
        let scope = if head.around.iter().any(|own| own == "thead") { "col" } else { "row" };
        assert_eq!(head.attribute("scope"), Some(scope), "{head:?}");
    }
    // What scrolls within itself is reached by the keyboard and has a name.
    for region in page.elements.iter().filter(|own| own.attribute("class") == Some("scroll")) {
        assert_eq!(region.attribute("tabindex"), Some("0"), "{region:?}");
        assert_eq!(region.attribute("role"), Some("region"), "{region:?}");
        let named = region.attribute("aria-labelledby").or(region.attribute("aria-label"));
        assert!(named.is_some(), "{region:?}");
    }
}

#[test]
fn every_drawing_says_what_it_shows_and_has_its_numbers_beside_it() {
    let page = parsed();
    let drawings: Vec<_> = page.named("svg").collect();
    assert!(drawings.len() > 8, "{} drawings", drawings.len());
    for drawing in &drawings {
        if drawing.attribute("aria-hidden") == Some("true") {
            continue;
        }
        assert_eq!(drawing.attribute("role"), Some("img"), "{drawing:?}");
        let names = drawing.attribute("aria-labelledby").expect("it is named");
        for id in names.split(' ') {
            assert!(page.by_id(id).is_some_and(|own| !own.text.trim().is_empty()), "{id}");
        }
    }
    let plots: Vec<_> = page.named("figure").collect();
    assert_eq!(plots.len(), 11, "{plots:#?}");
    for plot in plots {
        let id = plot.attribute("id").expect("a plot has an identifier");
        let tables = page.named("table").filter(|table| {
            let inside = table.around.iter().any(|own| own == "figure.plot");
            inside && plot.text.contains(&table.text)
        });
        assert!(tables.count() > 0, "{id} has no table");
        assert!(plot.text.contains("The same numbers as a table"), "{id}");
    }
}

/// The values of the style sheet's variables, in a block that starts with some words.
fn colours(style: &str, block: &str) -> Vec<(String, [f64; 3])> {
    let at = style.find(block).unwrap_or_else(|| panic!("{block} is a block"));
    let body = &style[at + block.len()..];
    let body = &body[..body.find('}').expect("a block ends")];
    let variables = body.split(';').filter_map(|line| {
        let (name, value) = line.trim().strip_prefix("--")?.split_once(": #")?;
        let number = u32::from_str_radix(value.trim(), 16).ok()?;
        let channel = |shift: u32| f64::from(number >> shift & 0xff) / 255.0;
        Some((name.to_owned(), [channel(16), channel(8), channel(0)]))
    });
    variables.collect()
}

/// WCAG 2.2, relative luminance.
#[expect(clippy::disallowed_methods, reason = "nothing but a limit is compared with it")]
fn luminance(colour: [f64; 3]) -> f64 {
    let linear = colour.map(|channel| {
        if channel <= 0.04045 { channel / 12.92 } else { ((channel + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
}

fn contrast(one: [f64; 3], other: [f64; 3]) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn letters_stand_out_in_light_and_in_dark() {
    assert!((contrast([0.0; 3], [1.0; 3]) - 21.0).abs() < 1e-9);
    let page = parsed();
    let style = &page.named("style").next().expect("there is a style").text;
    let dark = "  :root:not([data-theme=\"light\"]) {";
    for block in [":root {", dark, ":root[data-theme=\"dark\"] {"] {
        let colours = colours(style, block);
        let of = |name: &str| {
            let found = colours.iter().find(|(own, _)| own == name);
            found.unwrap_or_else(|| panic!("{block} has {name}")).1
        };
        for letters in ["ink", "quiet", "link", "good", "bad", "warn"] {
            for ground in ["paper", "card"] {
                let ratio = contrast(of(letters), of(ground));
                assert!(ratio >= 4.5, "{letters} on {ground} in {block}: {ratio}");
            }
        }
        let bar = contrast(of("bar"), of("paper"));
        assert!(bar >= 3.0, "bars in {block}: {bar}");
    }
    for words in ["prefers-color-scheme: dark", "@media print", ":focus-visible"] {
        assert!(style.contains(words), "{words}");
    }
}

#[test]
fn no_meaning_is_in_a_colour_alone() {
    let page = parsed();
    let coloured = page
        .elements
        .iter()
        .filter(|own| matches!(own.attribute("class"), Some("good" | "bad" | "warn")));
    for element in coloured {
        let sign = element.text.chars().next();
        assert!(matches!(sign, Some('✓' | '✗' | '?')), "{element:?}");
    }
}
