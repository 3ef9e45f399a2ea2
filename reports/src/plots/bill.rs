//! The three bills, stacked by service: where the money goes, and how far it can go.

use domain::outcome::Answer;
use domain::plan::ThreeBills;
use domain::units::MicroDollars;
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

use super::{Canvas, PlotFault, drawing, letters, placed, svg, write};
use crate::composition;
use crate::figures::{self, dollars, whole_dollars};

/// So many groups are told apart by shade; smaller ones stand together.
const MOST_GROUPS: usize = 8;

/// The three bills in their order.
const BILLS: [&str; 3] = ["expected", "peak fleet", "ceiling"];

type Chart<'a, 'b> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

/// What belongs together in the bill.
struct Group {
    name: String,
    amounts: [MicroDollars; 3],
}

/// The bills as stacked bars, with the same numbers beside them.
///
/// # Errors
/// When the bill has no lines, or the drawing fails.
pub fn cost_lines(answer: &Answer) -> Result<String, PlotFault> {
    let groups = groups(answer);
    if groups.is_empty() {
        return Err(PlotFault::Nothing("bill"));
    }
    let title = title(answer, &groups);
    let groups = folded(groups);
    svg(&title, |canvas| draw(canvas, answer, &groups))
}

/// Groups that cost anything, in the order of services.
fn groups(answer: &Answer) -> Vec<Group> {
    composition::cost_groups(answer)
        .into_iter()
        .map(|(name, lines)| Group { name, amounts: in_order(composition::cost_of(&lines)) })
        .filter(|group| group.amounts.iter().any(|amount| *amount > MicroDollars::ZERO))
        .collect()
}

/// The dearest groups in their order; all others stand together behind them.
fn folded(groups: Vec<Group>) -> Vec<Group> {
    if groups.len() <= MOST_GROUPS {
        return groups;
    }
    let mut by_price: Vec<usize> = (0..groups.len()).collect();
    by_price.sort_by_key(|place| std::cmp::Reverse(groups[*place].amounts[2]));
    by_price.truncate(MOST_GROUPS - 1);
    let (mut kept, mut rest) = (Vec::new(), Vec::new());
    for (place, group) in groups.into_iter().enumerate() {
        let side = if by_price.contains(&place) { &mut kept } else { &mut rest };
        side.push(group);
    }
    let sum = |bill: usize| rest.iter().map(|group| group.amounts[bill]).sum();
    kept.push(Group { name: format!("{} more", rest.len()), amounts: [sum(0), sum(1), sum(2)] });
    kept
}

fn in_order(amount: ThreeBills<MicroDollars>) -> [MicroDollars; 3] {
    [amount.expected, amount.peak_fleet, amount.ceiling]
}

/// The finding: what most of the money is for, and the most that it can come to.
fn title(answer: &Answer, groups: &[Group]) -> String {
    let totals = answer.plan.bill.totals();
    let dearest = groups.iter().max_by_key(|group| group.amounts[0]);
    let dearest = dearest.filter(|_| totals.expected > MicroDollars::ZERO).map(|group| {
        let share = group.amounts[0].dollars() / totals.expected.dollars();
        format!("{} is {} of ", group.name, figures::percent(share, 0))
    });
    format!(
        "{}{} a month expected; at most {}",
        dearest.unwrap_or_default(),
        dollars(totals.expected),
        dollars(totals.ceiling)
    )
}

fn draw(canvas: &Canvas<'_>, answer: &Answer, groups: &[Group]) -> Result<(), PlotFault> {
    let limits = limits(answer);
    let totals = in_order(answer.plan.bill.totals());
    let highest = totals.iter().chain(limits.iter().map(|(limit, _)| limit)).max();
    let top = highest.map_or(1.0, |amount| amount.dollars() * 1.08).max(1.0);
    let (left, _) = canvas.split_horizontally(520);
    let (_, left) = left.split_vertically(60);
    let (left, _) = left.split_vertically(500);
    let mut chart = ChartBuilder::on(&left)
        .margin_left(16)
        .margin_right(8)
        .x_label_area_size(36)
        .y_label_area_size(84)
        .build_cartesian_2d(0.0..3.0, 0.0..top)
        .map_err(drawing)?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .light_line_style(WHITE)
        .bold_line_style(RGBColor(225, 225, 225))
        .x_labels(0)
        .y_desc("US dollars a month")
        .y_label_formatter(&|dollars| format!("${}", figures::rounded(*dollars)))
        .label_style(letters(14.0))
        .axis_desc_style(letters(15.0))
        .draw()
        .map_err(drawing)?;
    for (place, name) in BILLS.iter().enumerate() {
        draw_bar(&mut chart, groups, place)?;
        let (across, down) = chart.backend_coord(&(place as f64 + 0.5, 0.0));
        let style = placed(&letters(14.0), HPos::Center, VPos::Top);
        write(canvas, name, (across, down + 8), &style)?;
    }
    draw_limits(&mut chart, &limits)?;
    draw_numbers(canvas, groups, totals)?;
    let caption = format!("list prices of {} and before", answer.provenance.catalog_as_of);
    write(canvas, &caption, (24, 576), &letters(13.0))
}

/// One bill from the bottom up.
fn draw_bar(chart: &mut Chart<'_, '_>, groups: &[Group], bill: usize) -> Result<(), PlotFault> {
    let (left, right) = (bill as f64 + 0.15, bill as f64 + 0.85);
    let mut foot = 0.0;
    for (place, group) in groups.iter().enumerate() {
        let head = foot + group.amounts[bill].dollars();
        let ends = [(left, foot), (right, head)];
        let filled = Rectangle::new(ends, shade(place).filled());
        let border = Rectangle::new(ends, BLACK.stroke_width(1));
        chart.draw_series([filled, border]).map_err(drawing)?;
        foot = head;
    }
    Ok(())
}

/// Dark and light in turn, so that neighbours differ on any printer.
fn shade(place: usize) -> RGBColor {
    const GREYS: [u8; MOST_GROUPS] = [70, 200, 120, 240, 95, 220, 150, 255];
    let grey = GREYS[place % GREYS.len()];
    RGBColor(grey, grey, grey)
}

/// Limits of the budget with their words.
fn limits(answer: &Answer) -> Vec<(MicroDollars, &'static str)> {
    let budget = &answer.demand.objectives.budget;
    let expected = budget.expected.map(|limit| (limit, "budget"));
    let ceiling = budget.ceiling.map(|limit| (limit, "budget of the ceiling"));
    expected.into_iter().chain(ceiling).collect()
}

fn draw_limits(
    chart: &mut Chart<'_, '_>,
    limits: &[(MicroDollars, &'static str)],
) -> Result<(), PlotFault> {
    for (limit, name) in limits {
        let height = limit.dollars();
        let line = [(0.0, height), (3.0, height)];
        let style = BLACK.stroke_width(2);
        chart.draw_series(DashedLineSeries::new(line, 6, 4, style)).map_err(drawing)?;
        let words = format!("{name} {}", dollars(*limit));
        let style = placed(&letters(13.0), HPos::Left, VPos::Bottom);
        chart.draw_series([Text::new(words, (0.02, height), style)]).map_err(drawing)?;
    }
    Ok(())
}

/// The numbers behind the bars, in the order of the bars from the top down.
fn draw_numbers(
    canvas: &Canvas<'_>,
    groups: &[Group],
    totals: [MicroDollars; 3],
) -> Result<(), PlotFault> {
    const COLUMNS: [i32; 3] = [740, 834, 928];
    let style = letters(14.0);
    let ends = placed(&style, HPos::Right, VPos::Top);
    let figures = |amounts: &[MicroDollars; 3], down: i32| {
        amounts.iter().zip(COLUMNS).try_for_each(|(amount, across)| {
            write(canvas, &whole_dollars(*amount), (across, down), &ends)
        })
    };
    for (name, across) in BILLS.iter().zip(COLUMNS) {
        write(canvas, name, (across, 92), &ends)?;
    }
    let mut down = 122;
    for (place, group) in groups.iter().enumerate().rev() {
        let square = [(540, down), (556, down + 14)];
        let filled = Rectangle::new(square, shade(place).filled());
        let border = Rectangle::new(square, BLACK.stroke_width(1));
        canvas.draw(&filled).map_err(drawing)?;
        canvas.draw(&border).map_err(drawing)?;
        let name = crate::safe::fitted(&group.name, 12, "…");
        write(canvas, &name, (564, down), &style)?;
        figures(&group.amounts, down)?;
        down += 26;
    }
    let rule = [(540, down), (928, down)];
    canvas.draw(&PathElement::new(rule, BLACK.stroke_width(1))).map_err(drawing)?;
    write(canvas, "sum", (564, down + 8), &style)?;
    figures(&totals, down + 8)
}
