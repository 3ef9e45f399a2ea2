//! Why a plan is as it is: what binds, what came close, what was not bought and what would help.

use domain::design::{Design, Found};
use domain::explanation::{Explanation, OfferAnswer, Price, Repriced, Swung};
use domain::units::MicroDollars;

use super::Style;
use super::rules;
use super::screen::{COLUMNS, Colour, Column, LINES, Screen, table, wrapped_table};
use crate::differences;
use crate::figures::{self, UNKNOWN, beyond, dollars, grouped, whole_dollars};
use crate::findings;
use crate::safe;

/// Lines of the screen that are kept for what stands below the examples.
const BELOW: usize = 5;

/// Why a plan is as it is.
pub fn explanation(explanation: &Explanation, style: Style, elapsed: Option<&str>) -> String {
    let mut screen = Screen::new(style);
    head(&mut screen, explanation);
    screen.blank();
    if explanation.swings.is_empty() {
        prices(&mut screen, explanation, style);
        screen.blank();
        if let Some(offer) = &explanation.offer {
            why_not(&mut screen, explanation, offer, style);
        } else {
            runner_ups(&mut screen, explanation, style);
            screen.blank();
            rejected(&mut screen, explanation, style);
        }
        screen.beside("levers", &levers(explanation), 4);
    } else {
        assumptions(&mut screen, explanation, style);
    }
    screen
        .line(" next: plimsoll explain … --offer NAME (why not this one) · --assumptions · --json");
    let (seed, as_of) = (explanation.provenance.seed, explanation.provenance.catalog_as_of);
    let time = elapsed.map_or_else(String::new, |elapsed| format!(" · {elapsed}"));
    screen.line(&format!(" each design solved and simulated · seed {seed} · prices {as_of}{time}"));
    screen.finish()
}

/// The first line alone.
pub fn explanation_line(explanation: &Explanation, style: Style) -> String {
    let mut screen = Screen::unbounded(Style { colour: false, ..style });
    head(&mut screen, explanation);
    screen.finish()
}

fn head(screen: &mut Screen, explanation: &Explanation) {
    let bill = &explanation.design.plan.bill;
    let total = bill.totals().expected;
    let mut names: Vec<&str> = Vec::new();
    for line in &bill.lines {
        if !names.contains(&line.service.as_str()) {
            names.push(&line.service);
        }
    }
    let cost = |name: &str| -> MicroDollars {
        let lines = bill.lines.iter().filter(|line| line.service == name);
        lines.map(|line| line.amount.expected).sum()
    };
    let dearest = names.into_iter().map(|name| (cost(name), name)).max_by_key(|(cost, _)| *cost);
    let share = dearest.map_or_else(String::new, |(cost, name)| {
        let share = figures::percent(cost.dollars() / total.dollars().max(1e-9), 0);
        format!("{name} is {share} of it; of the rest, ")
    });
    let binding: Vec<&str> = explanation.binding().map(|price| price.name.as_str()).collect();
    let (rules, free): (Vec<&Price>, Vec<&Price>) =
        explanation.free().partition(|price| price.place.is_some());
    let rules = match rules.as_slice() {
        [] => None,
        [only] => Some(only.name.clone()),
        rules => Some(format!("{} policy rules", rules.len())),
    };
    let free = free.into_iter().map(|price| price.name.as_str());
    let free: Vec<&str> = free.chain(rules.as_deref()).collect();
    let binds = match binding.len() {
        0 => "nothing binds".to_owned(),
        1 => format!("{} binds", findings::listed(&binding)),
        _ => format!("{} bind", findings::listed(&binding)),
    };
    let not = match free.len() {
        0 => String::new(),
        1 if !free[0].ends_with("rules") => format!(", {} does not", free[0]),
        _ => format!(", {} do not", findings::listed(&free)),
    };
    screen.sentence(&format!("WHY {}  {share}{binds}{not}", dollars(total)), Colour::Green);
}

fn prices(screen: &mut Screen, explanation: &Explanation, style: Style) {
    let heading = ["price of each requirement (re-solved)", "", "", "less strict", "stricter"];
    let mut rows = vec![heading.map(str::to_owned).to_vec()];
    let mut notes: Vec<(usize, String)> = Vec::new();
    let here = explanation.design.cost();
    let asked_for = explanation.prices.iter().filter(|price| price.place.is_none());
    for price in asked_for.chain(rules::dearest(explanation)) {
        let Price { name, place, asked, varied, less, more } = price;
        let (asked, varied) = match (place, more) {
            // A rule stands where its document has it, by the name of the file alone.
            (Some(place), _) => (varied, place.rsplit(['/', '\\']).next().unwrap_or(place).into()),
            (None, Some(more)) if varied == "another only" => (asked, more.value.clone()),
            (None, _) => (asked, varied.clone()),
        };
        let sides = [less, more].into_iter().flatten();
        notes.extend(sides.filter_map(careful).map(|note| (rows.len(), note)));
        let (less, more) = (priced(less.as_ref(), here), priced(more.as_ref(), here));
        rows.push(vec![name.clone(), asked.clone(), varied, less, more]);
    }
    if explanation.provenance.policy_digests.is_empty() {
        let blank = String::new;
        rows.push(vec!["policy".into(), "none".into(), blank(), blank(), blank()]);
    }
    // The heading runs on over the columns that it has no words for.
    let words = std::mem::take(&mut rows[0][0]);
    let columns = [(24, false), (17, false), (25, false), (11, true), (11, true)];
    let columns = columns.map(|(most, ends)| Column { most, ends });
    for (at, lines) in wrapped_table(&rows, &columns, style).iter().enumerate() {
        for line in lines {
            // What stands under the heading is set in by two columns.
            screen.line(&match at {
                0 => format!("  {words}  {}", line.get(words.len()..).unwrap_or_default()),
                _ => format!("    {line}"),
            });
        }
        for (_, note) in notes.iter().filter(|(row, _)| *row == at) {
            screen.line(&format!("      {note}"));
        }
    }
    for line in safe::wrapped(&style.text(&rules::others(explanation)), COLUMNS - 6, style.cut()) {
        screen.line(&format!("    {line}"));
    }
}

/// The care that a value takes beyond what was assumed.
fn careful(repriced: &Repriced) -> Option<String> {
    let operations = repriced.found.design()?.operations?;
    Some(format!("{} takes operations: {}", repriced.value, operations.as_str()))
}

fn priced(repriced: Option<&Repriced>, here: MicroDollars) -> String {
    let Some(repriced) = repriced else { return UNKNOWN.to_owned() };
    match repriced.found.cost() {
        None => "no design".to_owned(),
        Some(cost) if cost == here => "$0".to_owned(),
        Some(cost) => beyond(cost, here),
    }
}

fn runner_ups(screen: &mut Screen, explanation: &Explanation, style: Style) {
    let heading = ["runner-ups", "$/month", "why not"].map(str::to_owned);
    let mut rows = vec![heading.to_vec()];
    let here = &explanation.design;
    for runner in &explanation.runner_ups {
        let design = differences::changes(&explanation.demand, here, runner).join(", ");
        rows.push(vec![design, whole_dollars(runner.cost()), against(here, runner)]);
    }
    let refuted = rows.len();
    if !explanation.refuted.is_empty() {
        rows.push(vec!["refuted by simulation".into(), String::new(), String::new()]);
    }
    for refuted in explanation.refuted.iter().take(3) {
        let cost = whole_dollars(refuted.cost);
        rows.push(vec![refuted.plan.clone(), cost, refuted.reason.clone()]);
    }
    let columns = [(55, false), (9, true), (28, false)];
    let columns = columns.map(|(most, ends)| Column { most, ends });
    for (at, lines) in wrapped_table(&rows, &columns, style).iter().enumerate() {
        for line in lines {
            // What stands under a heading is set in by two columns.
            let line = match line.split_at_checked(rows[at][0].len()) {
                Some((words, rest)) if at == 0 || at == refuted => format!("  {words}  {rest}"),
                _ => format!("    {line}"),
            };
            screen.line(&line);
        }
        if at + 1 == refuted {
            elsewhere(screen, explanation, style);
        }
    }
}

/// Where the plan is the same machines: no other design.
fn elsewhere(screen: &mut Screen, explanation: &Explanation, style: Style) {
    if explanation.elsewhere.is_empty() {
        return;
    }
    let here = explanation.design.cost();
    let places = explanation.elsewhere.iter();
    let places: Vec<String> =
        places.map(|(region, cost)| format!("{region} {}", beyond(*cost, here))).collect();
    let line = style.text(&format!("the same machines in {}", places.join(", ")));
    for line in safe::wrapped(&line, COLUMNS - 4, style.cut()).iter().take(2) {
        screen.line(&format!("    {line}"));
    }
}

/// `+$117; db dearer`.
fn against(here: &Design, other: &Design) -> String {
    let dearer = differences::dearest(&here.plan, &other.plan);
    let dearer = dearer.map_or_else(String::new, |service| format!("; {service} dearer"));
    format!("{}{dearer}", beyond(other.cost(), here.cost()))
}

fn rejected(screen: &mut Screen, explanation: &Explanation, style: Style) {
    let offers: u64 = explanation.rejected.iter().map(|each| each.offers).sum();
    let counts =
        explanation.rejected.iter().map(|each| format!("{} {}", grouped(each.offers), each.reason));
    let counts: Vec<String> =
        std::iter::once(format!("{} offers looked at", grouped(offers))).chain(counts).collect();
    let counts = style.text(&counts.join(" · "));
    for line in safe::wrapped(&counts, COLUMNS - 2, style.cut()) {
        screen.line(&format!("  {line}"));
    }
    let room = LINES.saturating_sub(screen.height() + BELOW);
    let rows: Vec<Vec<String>> = explanation
        .rejected
        .iter()
        .take(room)
        .map(|each| vec![each.example.clone(), format!("{}: {}", each.reason, each.why)])
        .collect();
    let columns = [(22, false), (72, false)].map(|(most, ends)| Column { most, ends });
    let mut left = room;
    for lines in wrapped_table(&rows, &columns, style) {
        // An example that does not fit is left out whole.
        let Some(less) = left.checked_sub(lines.len()) else { break };
        left = less;
        for line in lines {
            screen.line(&format!("    {line}"));
        }
    }
}

fn why_not(screen: &mut Screen, explanation: &Explanation, offer: &OfferAnswer, style: Style) {
    screen.line(&format!("  why not {}", offer.sku));
    for reason in &offer.reasons {
        screen.line(&format!("    {reason}"));
    }
    let here = &explanation.design;
    for (service, found) in &offer.instead {
        let said = match found {
            Found::Nothing(reason) => format!("no design: {reason}"),
            Found::Design(design) => {
                let changes = differences::changes(&explanation.demand, here, design);
                let changes = match changes.as_slice() {
                    [] => "the same design".to_owned(),
                    changes => changes.join(", "),
                };
                format!("{} ({}): {changes}", dollars(design.cost()), against(here, design))
            }
        };
        let line = format!("    {service} on it: {said}");
        for (at, part) in
            safe::wrapped(&style.text(&line), COLUMNS - 6, style.cut()).iter().enumerate()
        {
            screen.line(&if at == 0 { format!("    {part}") } else { format!("      {part}") });
        }
    }
    if offer.instead.is_empty() {
        screen.line("    no service of this plan runs on what it is");
    }
}

fn levers(explanation: &Explanation) -> Vec<String> {
    let here = explanation.design.cost();
    let priced = explanation.levers.iter().map(|lever| match lever.cost {
        None => format!("{}: no plan", lever.text),
        Some(cost) if cost == here => format!("{}: $0", lever.text),
        Some(cost) => format!("{}: {}", lever.text, beyond(cost, here)),
    });
    priced.collect()
}

fn assumptions(screen: &mut Screen, explanation: &Explanation, style: Style) {
    const AROUND: usize = 7;
    let here = explanation.design.cost();
    let heading = ["this price rests on", "value", "at half", "at twice"].map(str::to_owned);
    let mut rows = vec![heading.to_vec()];
    let swung = |swung: Swung| match swung {
        Swung::Cost(cost) if cost == here => "$0".to_owned(),
        Swung::Cost(cost) => beyond(cost, here),
        Swung::NoPlan => "no plan".to_owned(),
        Swung::Impossible => UNKNOWN.to_owned(),
    };
    let shown = LINES - AROUND;
    for swing in explanation.swings.iter().take(shown) {
        rows.push(vec![
            format!("  {}", swing.name),
            figures::entry(&swing.name, &swing.value, swing.unit),
            swung(swing.half),
            swung(swing.twice),
        ]);
    }
    let columns = [(52, false), (14, true), (12, true), (12, true)];
    let columns = columns.map(|(most, ends)| Column { most, ends });
    for line in table(&rows, &columns, style) {
        screen.line(&format!("  {line}"));
    }
    let rest = explanation.swings.len().saturating_sub(shown);
    if rest > 0 {
        screen.line(&format!("    {rest} more that move it less: --json lists all"));
    }
    screen.blank();
}
