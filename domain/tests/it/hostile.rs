//! Documents that attack their reader: each is refused by its code, after little work.

use domain::intent::Faults;
use domain::intent::document::read_document;

use crate::{codes, with_head};

fn refused(text: &str) -> Faults {
    read_document(text, "hostile.yaml").expect_err("a hostile document is refused")
}

/// So many lines, made one by one.
fn lines(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).map(line).collect::<Vec<_>>().concat()
}

#[test]
fn two_mebibytes_are_not_even_parsed() {
    let text = with_head(&format!("operations: {}", "x".repeat(2 << 20)));
    assert_eq!(codes(&refused(&text)), ["intent::too_large"]);
}

#[test]
fn a_hundred_thousand_levels_are_refused() {
    for text in [
        "[".repeat(100_000),
        "{a: ".repeat(100_000),
        "- ".repeat(100_000),
        lines(1_000, |depth| format!("{}a:\n", " ".repeat(depth))),
        format!("{}{}", "[".repeat(100_000), "]".repeat(100_000)),
    ] {
        assert_eq!(codes(&refused(&text)), ["intent::too_large"], "{}", &text[..20]);
    }
}

#[test]
fn an_alias_bomb_does_not_go_off() {
    let mut text = String::from("a: &a [x, x, x, x, x, x, x, x, x]\n");
    for (name, of) in [("b", "a"), ("c", "b"), ("d", "c"), ("e", "d"), ("f", "e"), ("g", "f")] {
        let aliases = vec![format!("*{of}"); 9].join(", ");
        text = format!("{text}{name}: &{name} [{aliases}]\n");
    }
    let faults = refused(&with_head(&text));
    assert!(codes(&faults).contains(&"intent::alias"));
    assert!(
        codes(&faults)
            .iter()
            .all(|code| { ["intent::alias", "intent::unknown_key"].contains(code) })
    );
}

#[test]
fn a_flood_of_values_is_refused() {
    let many = "a, ".repeat(60_000);
    assert_eq!(codes(&refused(&with_head(&format!("x: [{many}]")))), ["intent::too_large"]);
    let keys = lines(60_000, |key| format!("k{key}: 1\n"));
    assert_eq!(codes(&refused(&with_head(&keys))), ["intent::too_large"]);
}

#[test]
fn a_flood_of_faults_is_counted_not_listed() {
    let keys = lines(20_000, |key| format!("k{key}: 1\n"));
    let faults = refused(&with_head(&keys));
    assert_eq!((faults.faults.len(), faults.more), (100, 19_900));
    let same = "same: 1\n".repeat(20_000);
    let faults = refused(&with_head(&same));
    assert_eq!(faults.faults.len() + faults.more, 20_000);
}

#[test]
fn a_crowd_of_services_is_refused() {
    let services = lines(201, |at| format!("s{at}: {{type: service}}, "));
    let text = format!("requests: {{page: {{enters: s0}}}}\nservices: {{{services}}}");
    assert!(codes(&refused(&with_head(&text))).contains(&"intent::too_large"));
}

#[test]
fn numbers_that_are_none_are_refused() {
    for (number, code) in [
        (".nan", "intent::number"),
        (".NaN", "intent::number"),
        ("nan", "intent::number"),
        (".inf", "intent::number"),
        ("-.inf", "intent::number"),
        ("1e400", "intent::number"),
        ("1e-400", "intent::number"),
        ("-1", "intent::range"),
        ("0x10", "intent::unit"),
        ("1e30", "intent::range"),
        (&"9".repeat(5_000), "intent::number"),
        ("true", "intent::number"),
        ("", "intent::shape"),
        ("~", "intent::shape"),
    ] {
        let text = with_head(&format!("objectives: {{load: {{users: {number}}}}}"));
        assert_eq!(codes(&refused(&text)), [code], "{number}");
    }
}

#[test]
fn a_deep_but_fair_document_is_walked() {
    let text = with_head(&format!("x: {}1{}", "{a: ".repeat(60), "}".repeat(60)));
    assert_eq!(codes(&refused(&text)), ["intent::unknown_key"]);
}

#[test]
fn letters_that_mislead_stay_out_of_labels() {
    for letter in ['\u{202e}', '\u{200b}', '\u{feff}', '\u{2066}'] {
        let text = with_head(&format!("metadata: {{labels: {{a: \"x{letter}y\"}}}}"));
        assert_eq!(codes(&refused(&text)), ["intent::text"], "{letter:?}");
    }
    let text = with_head("metadata: {labels: {a: \"x\\e[31m\"}}");
    assert_eq!(codes(&refused(&text)), ["intent::text"]);
}
