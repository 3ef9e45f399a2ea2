//! Whatever a name or a text holds, the outputs stay safe, within their bounds, and readable.

use domain::outcome::{Answer, Infeasible};
use domain::spec;
use domain::study::{DesignPart, Studies};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use reports::plots;
use reports::terminal::{self, Style};
use unicode_width::UnicodeWidthStr;

use crate::common;
use crate::markdown::written_with;

/// Texts of the whole of Unicode, with those that do harm more often than chance has them.
fn hostile() -> impl Strategy<Value = String> {
    let harm = prop::sample::select(vec![
        "\u{1b}[31m",
        "\u{202e}",
        "\u{2066}",
        "\u{200f}",
        "\r",
        "\n",
        "\u{7}",
        "\u{9b}",
        "\u{85}",
        "|",
        "`",
        "```",
        "<script>",
        "]]>",
        "&",
        "🏳️‍🌈",
        "日本",
        "e\u{301}",
        "\u{fe0f}",
        "\u{0}",
        "ﷺ",
        "👩🏽‍🚀",
        "\u{e000}",
        "\u{ffff}",
        "لا",
        "꧅",
        "$",
        "\\",
    ]);
    let part = prop_oneof![
        any::<String>(),
        harm.prop_map(str::to_owned),
        "[a-z ]{0,40}",
        any::<char>().prop_map(String::from),
    ];
    vec(part, 0..8).prop_map(|parts| parts.concat())
}

/// An answer of which every text that came from somewhere else is another one.
pub(crate) fn with_texts(texts: &[String]) -> Answer {
    let mut texts = texts.iter().cycle().cloned();
    let mut next = || texts.next().unwrap_or_default();
    let mut answer = common::answer();
    answer.intent.phrase = Some(next());
    answer.intent.metadata.labels = vec![(next(), next())];
    answer.intent.metadata.annotations = vec![(next(), next())];
    answer.demand.load.reading = next();
    for deployment in &mut answer.plan.topology.services {
        deployment.product = deployment.product.as_ref().map(|_| next());
        for pool in &mut deployment.pools {
            pool.sku = next();
        }
    }
    for line in &mut answer.plan.bill.lines {
        line.sku = next();
        line.id = next();
    }
    answer.plan.bill.lines[9].service = next();
    answer.sensitivities[0].name = next();
    answer.other_readings[0].text = next();
    answer.alternatives[0].text = next();
    for risk in &mut answer.risks {
        risk.text = next();
    }
    for check in answer.verification.checks.iter_mut().skip(3) {
        check.scenario = next();
        check.objective = next();
        check.verdict = domain::verification::Verdict::Fail;
    }
    if let Some(breaking) = &mut answer.verification.breaking_load {
        breaking.saturates = next();
    }
    answer.rounds[0].plan = next();
    answer.provenance.command = next();
    answer
}

/// Studies of which every text is another one.
pub(crate) fn studies_with(texts: &[String]) -> Studies {
    let mut texts = texts.iter().cycle().cloned();
    let mut next = || texts.next().unwrap_or_default();
    let mut studies = common::studies();
    let mut told = |design: &mut DesignPart| {
        design.plan = next();
        design.changes = design.changes.iter().map(|_| next()).collect();
        design.dearest = design.dearest.as_ref().map(|_| next());
        for offer in design.services.iter_mut().flat_map(|service| &mut service.offers) {
            offer.instance_type = next();
        }
    };
    let (explanation, frontier) = (studies.explanation.as_mut(), studies.frontier.as_mut());
    let (own, frontier) = (explanation.expect("one"), frontier.expect("one"));
    told(&mut own.design);
    own.runner_ups.iter_mut().for_each(&mut told);
    let sides =
        own.prices.iter_mut().flat_map(|price| [&mut price.less_strict, &mut price.stricter]);
    sides.flatten().filter_map(|side| side.design.as_mut()).for_each(&mut told);
    let points = frontier.series.iter_mut().flat_map(|series| &mut series.points);
    points.filter_map(|point| point.design.as_mut()).for_each(&mut told);
    let bought = studies.capacity.as_mut().expect("one");
    bought.design.plan = next();
    bought.outcome = next();
    own.binding = vec![next(), next()];
    for idle in &mut own.idle_rules {
        (idle.rule, idle.place, idle.says, idle.why) = (next(), next(), next(), next());
    }
    for price in &mut own.prices {
        (price.requirement, price.asked, price.varied) = (next(), next(), next());
        price.place = price.place.as_ref().map(|_| next());
        for side in [&mut price.less_strict, &mut price.stricter].into_iter().flatten() {
            side.value = next();
            side.unreachable = side.unreachable.as_ref().map(|_| next());
        }
    }
    for part in &mut own.rejected {
        (part.reason, part.example, part.why) = (next(), next(), next());
        part.dominated_by = part.dominated_by.as_ref().map(|_| next());
    }
    for lever in &mut own.levers {
        lever.text = next();
    }
    let offer = own.offer.as_mut().expect("one");
    (offer.instance_type, offer.reasons) = (next(), vec![next(), next()]);
    for part in &mut offer.instead {
        part.service = next();
        part.unreachable = part.unreachable.as_ref().map(|_| next());
    }
    for swing in &mut own.assumptions {
        (swing.name, swing.unit) = (next(), next());
    }
    for series in &mut frontier.series {
        series.outcome = next();
        for point in &mut series.points {
            point.unreachable = point.unreachable.as_ref().map(|_| next());
        }
    }
    frontier.latency_slack[0].outcome = next();
    for month in frontier.growth.iter_mut().flat_map(|growth| &mut growth.months) {
        month.unreachable = month.unreachable.as_ref().map(|_| next());
    }
    studies
}

fn refused_with(texts: &[String]) -> Infeasible {
    let mut texts = texts.iter().cycle().cloned();
    let mut next = || texts.next().unwrap_or_default();
    let mut infeasible = common::below_the_work();
    infeasible.headline = next();
    infeasible.details = (0..20).map(|_| next()).collect();
    infeasible.no_help = vec![next(), next()];
    for part in &mut infeasible.conflict {
        part.stated = next();
        part.because = next();
    }
    let relaxation = infeasible.relaxations[0].clone();
    infeasible.relaxations.extend(vec![relaxation; 30]);
    for relaxation in &mut infeasible.relaxations {
        for change in &mut relaxation.changes {
            change.name = next();
            change.to = next();
        }
    }
    infeasible
}

/// Control characters and those that turn the direction of writing.
pub(crate) fn is_harmful(letter: char) -> bool {
    letter.is_control()
        || matches!(
            letter,
            '\u{61C}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
        )
}

fn keeps_its_manners(text: &str, style: Style) -> Result<(), TestCaseError> {
    prop_assert!(text.lines().count() <= 40, "{} lines", text.lines().count());
    for line in text.lines() {
        prop_assert!(!line.chars().any(is_harmful), "{line:?}");
        prop_assert!(line.width() <= 100, "{} columns: {line:?}", line.width());
        prop_assert!(style.unicode || line.is_ascii(), "{line:?}");
    }
    Ok(())
}

/// The same cases every time.
pub(crate) fn settings() -> ProptestConfig {
    ProptestConfig {
        cases: 256,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(1),
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(settings())]

    #[test]
    fn a_terminal_is_never_made_to_obey(texts in vec(hostile(), 1..24)) {
        for unicode in [false, true] {
            let style = Style { colour: false, unicode };
            let text = terminal::verdict(&with_texts(&texts), style, Some("0.2 s"));
            prop_assert!(text.starts_with("VERIFIED  "));
            keeps_its_manners(&text, style)?;
            let text = terminal::infeasible(&refused_with(&texts), style);
            prop_assert!(text.starts_with("INFEASIBLE"));
            keeps_its_manners(&text, style)?;
        }
    }

    #[test]
    fn a_report_is_never_made_to_obey(texts in vec(hostile(), 1..24)) {
        let text = written_with(&with_texts(&texts), &studies_with(&texts));
        prop_assert!(!text.contains("<script>") || text.contains("```"));
        let mut fence: Option<String> = None;
        let mut cells = None;
        for line in text.lines() {
            prop_assert!(!line.chars().any(is_harmful), "{line:?}");
            let ticks = line.chars().take_while(|letter| *letter == '`').count();
            match &fence {
                Some(open) if line == open => fence = None,
                Some(_) => continue,
                None if ticks >= 3 => fence = Some("`".repeat(ticks)),
                None => prop_assert!(!line.contains('<'), "{line:?}"),
            }
            let count = line.replace("\\\\", "").replace("\\|", "").matches('|').count();
            if line.starts_with("| ") {
                prop_assert_eq!(*cells.get_or_insert(count), count, "{:?}", line);
            } else {
                cells = None;
            }
        }
        prop_assert!(fence.is_none(), "a fence is left open");
        let sections = text.lines().filter(|line| line.starts_with("## ")).count();
        prop_assert!(sections >= 14, "{sections} sections");
    }

    #[test]
    fn a_spec_keeps_every_text_as_it_is(texts in vec(hostile(), 1..24)) {
        let rendered = reports::spec::render(&with_texts(&texts));
        let text = reports::spec::text(&rendered);
        prop_assert_eq!(spec::read(&text), Ok(rendered));
    }

    #[test]
    fn a_plot_is_well_formed_whatever_stands_in_it(texts in vec(hostile(), 1..24)) {
        let answer = with_texts(&texts);
        let studies = studies_with(&texts);
        for svg in [
            plots::load_against_latency(&answer),
            plots::cost_lines(&answer),
            plots::frontier(studies.frontier.as_deref().expect("one")),
            plots::both_ends(&answer, studies.explanation.as_deref().expect("one")),
            plots::growth(&answer, studies.frontier.as_deref().expect("one")),
        ] {
            let svg = svg.expect("the answer has something to draw");
            prop_assert!(roxmltree::Document::parse(&svg).is_ok(), "{svg}");
        }
    }

    #[test]
    fn a_changed_spec_is_read_or_refused_but_never_a_panic(
        place in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let mut bytes = reports::spec::text(&reports::spec::render(&common::answer())).into_bytes();
        let place = place.index(bytes.len());
        bytes[place] = byte;
        if let Ok(text) = String::from_utf8(bytes)
            && let Ok(spec) = spec::read(&text) {
                prop_assert!(!reports::spec::text(&spec).is_empty());
            }
    }
}
