//! Foreign text stays text, whatever stands in it.

use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;

use super::document::Page;
use super::page_with;
use crate::properties::{is_harmful, settings, studies_with, with_texts};

/// Texts that mean something to a browser, a shell of templates, or a spreadsheet, and any others.
fn hostile() -> impl Strategy<Value = String> {
    let harm = prop::sample::select(vec![
        "</script><script>alert(1)</script>",
        "</style><style>*{display:none}",
        "<img src=x onerror=alert(1)>",
        "\" onmouseover=\"alert(1)",
        "' onfocus='alert(1)",
        "<!--",
        "]]>",
        "${7*7}",
        "{{7*7}}",
        "%{if true}",
        "=cmd()",
        "javascript:alert(1)",
        "&lt;b&gt;",
        "&amp",
        "</td></tr></table>",
        "</title>",
        "</svg>",
        "\u{202e}",
        "\u{2066}",
        "\u{0}",
        "\u{1b}[31m",
        "\u{feff}",
        "../../etc",
        "\r\n",
        "日本",
    ]);
    vec(prop_oneof![harm.prop_map(str::to_owned), any::<String>(), "[a-z ]{1,20}"], 1..5)
        .prop_map(|parts| parts.concat())
}

/// The text as it was before what hides in it was made visible: `⟨U+202E⟩` is one character.
fn original(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("⟨U+") {
        plain.push_str(before);
        let (number, behind) = after.split_once('⟩').expect("a mark ends");
        let number = u32::from_str_radix(number, 16).expect("a mark is a number");
        plain.push(char::from_u32(number).expect("a mark is of a character"));
        rest = behind;
    }
    plain + rest
}

/// How many elements of each kind there are outside plots.
fn kinds(page: &Page) -> BTreeMap<&str, usize> {
    let mut kinds = BTreeMap::new();
    for element in page.elements.iter().filter(|own| !own.is_plotted()) {
        *kinds.entry(element.name.as_str()).or_default() += 1;
    }
    kinds
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..settings() })]

    #[test]
    fn no_text_becomes_anything_else(texts in vec(hostile(), 40)) {
        // As many texts as there are places, so that two are the same in both pages or in none.
        let texts: Vec<String> =
            texts.iter().enumerate().map(|(place, text)| format!("{place}{text}")).collect();
        let tame: Vec<String> = (0..texts.len()).map(|place| format!("{place}text")).collect();
        let html = page_with(&with_texts(&texts), &studies_with(&texts));
        let wild = Page::parse(&html);
        prop_assert_eq!(&wild.faults, &Vec::<String>::new());
        let other = Page::parse(&page_with(&with_texts(&tame), &studies_with(&tame)));
        prop_assert_eq!(kinds(&wild), kinds(&other));
        for element in wild.elements.iter().filter(|own| own.is_plotted()) {
            let drawn = ["text", "line", "rect", "polyline", "polygon", "circle"];
            prop_assert!(drawn.contains(&element.name.as_str()), "{:?}", element);
        }
        for (element, text) in wild.read() {
            let hides = |letter: &char| is_harmful(*letter) && !matches!(letter, '\n' | '\t');
            prop_assert!(!text.chars().any(|letter| hides(&letter)), "{:?} {:?}", element, text);
        }
        for element in &wild.elements {
            for (name, value) in &element.attributes {
                prop_assert!(!name.starts_with("on"), "{:?}", element);
                prop_assert!(!value.chars().any(is_harmful), "{:?}", element);
            }
        }
    }

    #[test]
    fn every_text_is_read_as_it_was_written(texts in vec(hostile(), 40)) {
        let answer = with_texts(&texts);
        let studies = studies_with(&texts);
        let html = page_with(&answer, &studies);
        let found = Page::parse(&html);
        let phrase = answer.intent.phrase.as_deref().unwrap_or_default();
        let shown = found.elements.iter().find(|own| own.name == "pre").map(|own| &own.text);
        prop_assert_eq!(original(shown.unwrap()), phrase.trim_start_matches('\n'));
        let cells: Vec<String> =
            found.named("td").chain(found.named("th")).map(|own| original(&own.text)).collect();
        let risks = answer.risks.iter().map(|risk| &risk.text);
        let lines = answer.plan.bill.lines.iter().map(|line| &line.id);
        let own = studies.explanation.expect("one");
        let told = own.rejected.iter().map(|part| &part.why);
        let told = told.chain(own.levers.iter().map(|lever| &lever.text));
        for text in risks.chain(lines).chain(told).filter(|text| !text.trim().is_empty()) {
            prop_assert!(cells.contains(text), "{:?} is in no cell", text);
        }
    }
}
