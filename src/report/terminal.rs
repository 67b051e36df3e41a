//! The terminal report: the verdict, the bars, how the suite touches the system, what to fix first and the gates, on one screen.
//!
//! A project whose tests reach 5 of 14 HTTP routes, 3 more with doubles and 1 from a fixture, has the line
//! `HTTP Endpoints         ███████▓▓▓▓▒░░░░░░░░  36%   5/14  3 doubled, 1 setup`.

use unicode_width::UnicodeWidthStr;

use super::cells::{CELLS, Cells};
use super::lines::{ASIDE, BAD, BOLD, DIM, GOOD, HALF, Line, PLAIN, of_priority};
use super::urgent::{self, First, Stage};
use super::{sentences, terminal_full, text, words};
use crate::coverage::Audit;
use crate::coverage::audit::{Bar, BarState, Gap};

const LABEL: usize = 23;
/// A terminal of 24 lines, without the one of the prompt.
const SCREEN: usize = 23;
/// Kinds of gaps that are shown: so many if a screen has the room, fewer where other things need it, more where it is empty.
const KINDS: usize = 3;
const MOST_KINDS: usize = 5;
/// Lines of the verdict and of the gates: longer ones are cut.
const MOST_WRAPPED: usize = 2;
/// Cells of a total where all three stand on one line.
const SMALL: usize = 6;

/// How much to show.
#[derive(Debug, Clone, Copy)]
pub struct View {
    /// Cells of a line.
    pub width: usize,
    pub amount: Amount,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Amount {
    /// What fits a terminal of 24 lines, with the worst kinds of gaps.
    Screen,
    /// The same with so many gaps, the worst first.
    Gaps(usize),
    /// Everything.
    Full,
}

/// Text with styles, each line at most `view.width` cells wide.
pub fn render(audit: &Audit, view: View) -> String {
    let lines = match view.amount {
        Amount::Full => terminal_full::lines(audit, view.width),
        Amount::Gaps(most) => parted(&screen(audit, view.width, Some(most)), usize::MAX),
        Amount::Screen => {
            let sections = screen(audit, view.width, None);
            let used: usize = sections.iter().map(Vec::len).sum();
            parted(&sections, SCREEN.saturating_sub(used))
        }
    };
    lines.iter().map(|line| line.show(view.width)).collect()
}

/// The sections with empty lines between them for the eye, as many as there is room for: first between what is most apart.
fn parted(sections: &[Vec<Line>; 5], room: usize) -> Vec<Line> {
    const MOST_APART: [usize; 4] = [1, 3, 2, 4];
    let apart = &MOST_APART[..room.min(MOST_APART.len())];
    let mut lines = Vec::new();
    for (at, section) in sections.iter().enumerate() {
        if apart.contains(&at) && !section.is_empty() {
            lines.push(Line::default());
        }
        lines.extend(section.iter().cloned());
    }
    lines
}

/// Verdict, bars, touch, gaps, ending.
fn screen(audit: &Audit, width: usize, most: Option<usize>) -> [Vec<Line>; 5] {
    let mut head = vec![header(audit)];
    head.extend(verdict(audit).wrapped(width, MOST_WRAPPED));
    let mut bars = bars(audit);
    let touch = vec![touch(audit)];
    let ending = ending(audit, width);
    let Some(most) = most else {
        let one_line = small_totals(audit, width);
        // The line with the number of gaps stands above them.
        let used = head.len() + bars.len() + 1 + touch.len() + 1 + ending.len();
        let mut spare = SCREEN.saturating_sub(used);
        let kinds = urgent::fix_first(audit, MOST_KINDS);
        let wanted = kinds.len().min(KINDS);
        match spare.checked_sub(wanted + 2) {
            Some(_) => {
                bars.extend(totals(audit, width));
                spare -= 2;
            }
            None => bars.push(one_line),
        }
        let shown = kinds.len().min(spare.max(1));
        return [
            head,
            bars,
            touch,
            first_gaps(audit, &kinds[..shown], width),
            ending,
        ];
    };
    bars.extend(totals(audit, width));
    [head, bars, touch, worst_gaps(audit, most, width), ending]
}

pub(super) fn header(audit: &Audit) -> Line {
    let project = &audit.project;
    let routes = audit
        .routes
        .iter()
        .filter(|route| words::is_counted(route))
        .count();
    let mut line = Line::default().with(BOLD, text::cut(&project.name, 40));
    if let Some(revision) = &project.revision {
        line = line.with(DIM, format!(" at {}", text::cut(revision, 12)));
    }
    line.with(
        PLAIN,
        format!(
            ": {}, {}, {}",
            text::count(routes, "route", "routes"),
            text::count(project.tests, "test", "tests"),
            text::count(project.files, "file", "files"),
        ),
    )
}

/// `Do not deploy yet: 4 of 6 gates before deployment failed.`
pub(super) fn verdict(audit: &Audit) -> Line {
    let headline = sentences::headline(audit);
    let style = if headline.is_good { GOOD } else { BAD };
    Line::default()
        .with(style.bold(), headline.verdict)
        .with(PLAIN, if headline.why.is_empty() { "" } else { ": " })
        .with(PLAIN, headline.why)
}

/// A line for each bar that is measured, and one for those that have no number.
fn bars(audit: &Audit) -> Vec<Line> {
    let is_measured = |bar: &&Bar| bar.state == BarState::Measured;
    let mut lines: Vec<Line> = audit
        .bars
        .iter()
        .filter(is_measured)
        .map(measured)
        .collect();
    let of_state = |state: BarState, says: &str| {
        let bars = audit.bars.iter().filter(|bar| bar.state == state);
        let labels: Vec<&str> = bars.map(|bar| bar.id.label()).collect();
        (!labels.is_empty()).then(|| format!("{says}: {}", labels.join(", ")))
    };
    let without_number: Vec<String> = [
        of_state(BarState::NotAnalyzed, "not analyzed"),
        of_state(BarState::NotApplicable, "not applicable"),
    ]
    .into_iter()
    .flatten()
    .collect();
    if !without_number.is_empty() {
        lines.push(Line::default().with(DIM, without_number.join("; ")));
    }
    lines
}

fn labelled(label: &str) -> Line {
    Line::default().with(PLAIN, text::fit(label, LABEL))
}

pub(super) fn measured(bar: &Bar) -> Line {
    let percent = text::percent_or_dash(bar.percent());
    let line = with_cells(labelled(bar.id.label()), Cells::of_bar(bar))
        .with(BOLD, format!("{percent:>6}"))
        .with(
            PLAIN,
            format!("{:>9}", format!("{}/{}", bar.covered, bar.total)),
        );
    match sentences::besides(bar) {
        besides if besides.is_empty() => line,
        besides => line.with(DIM, format!("  {besides}")),
    }
}

fn with_cells(line: Line, cells: Cells) -> Line {
    line.with(GOOD, "█".repeat(cells.covered))
        .with(HALF, "▓".repeat(cells.doubled))
        .with(ASIDE, "▒".repeat(cells.setup))
        .with(DIM, "░".repeat(cells.empty))
}

/// Each on a line of its own, with the formula where it fits.
pub(super) fn totals(audit: &Audit, width: usize) -> Vec<Line> {
    let totals = &audit.totals;
    let line = |label: &str, percent: Option<f64>| match percent {
        Some(percent) => with_cells(labelled(label), Cells::of_percent(percent))
            .with(BOLD, format!("{:>6}", text::percent(percent))),
        None => labelled(label)
            .with(DIM, "·".repeat(CELLS))
            .with(PLAIN, format!("{:>6}", "–")),
    };
    let overall = line("Overall", totals.overall);
    let formula = format!("  = {}", text::inert(&totals.formula));
    let has_room = overall.cells() + formula.width() <= width;
    vec![
        line("Implementation", totals.implementation),
        line("Production Behavior", totals.behavior),
        if has_room {
            overall.with(DIM, formula)
        } else {
            overall
        },
    ]
}

/// All three on one line, with cells where they fit.
fn small_totals(audit: &Audit, width: usize) -> Line {
    let of_side = |line: Line, label: &str, percent: Option<f64>, has_cells: bool| {
        let line = line.with(PLAIN, format!("{label} "));
        let line = match percent.filter(|_| has_cells) {
            Some(percent) => {
                let cells = Cells::of_percent(percent);
                // At least one of each kind that the whole bar shows.
                let covered = (cells.covered * SMALL / CELLS).max(cells.covered.min(1));
                line.with(GOOD, "█".repeat(covered))
                    .with(DIM, "░".repeat(SMALL - covered))
                    .with(PLAIN, " ")
            }
            None => line,
        };
        line.with(BOLD, text::percent_or_dash(percent))
    };
    let whole = |has_cells: bool| {
        let totals = &audit.totals;
        let line = of_side(
            Line::default(),
            "Implementation",
            totals.implementation,
            has_cells,
        );
        let line = of_side(
            line.with(PLAIN, "  "),
            "Production Behavior",
            totals.behavior,
            has_cells,
        );
        of_side(line.with(PLAIN, "  "), "Overall", totals.overall, has_cells)
    };
    match whole(true) {
        line if line.cells() <= width => line,
        _ => whole(false),
    }
}

pub(super) fn touch(audit: &Audit) -> Line {
    let touch = &audit.touch;
    let touching = touch.interface + touch.doubled + touch.direct;
    if touching == 0 {
        return Line::default().with(
            BAD,
            format!(
                "none of {} touches the project",
                text::count(audit.tests.len(), "test", "tests")
            ),
        );
    }
    let share = |part: usize| text::percent(part as f64 * 100.0 / touching as f64);
    let mut line = Line::default()
        .with(
            PLAIN,
            text::count(touching, "test touches it", "tests touch it"),
        )
        .with(PLAIN, ": ")
        .with(GOOD, format!("{} by interface", share(touch.interface)))
        .with(PLAIN, ", ")
        .with(HALF, format!("{} with doubles", share(touch.doubled)))
        .with(PLAIN, ", ")
        .with(PLAIN, format!("{} directly", share(touch.direct)));
    if touch.none > 0 {
        let verb = if touch.none == 1 { "does" } else { "do" };
        line = line.with(DIM, format!("; {} {verb} not", text::grouped(touch.none)));
    }
    line
}

/// One gap of each of these kinds.
fn first_gaps(audit: &Audit, kinds: &[First<'_>], width: usize) -> Vec<Line> {
    let mut lines = vec![number_of_gaps(audit)];
    lines.extend(kinds.iter().map(|first| {
        let more = match first.more {
            0 => String::new(),
            more => format!(" (+{})", text::grouped(more)),
        };
        gap_line(first.gap, &more, width)
    }));
    lines
}

fn worst_gaps(audit: &Audit, most: usize, width: usize) -> Vec<Line> {
    let mut worst: Vec<&Gap> = audit.gaps.iter().collect();
    worst.sort_by_key(|gap| gap.priority);
    let mut lines = vec![number_of_gaps(audit)];
    let shown = worst.into_iter().take(most);
    lines.extend(shown.map(|gap| gap_line(gap, "", width)));
    lines
}

fn number_of_gaps(audit: &Audit) -> Line {
    if audit.gaps.is_empty() {
        return Line::default().with(GOOD, "no gaps");
    }
    let waived = match audit.gaps.iter().filter(|gap| gap.is_waived()).count() {
        0 => String::new(),
        number => format!(", {} waived", text::grouped(number)),
    };
    Line::default()
        .with(
            BOLD,
            format!(
                "{}: {}{waived}",
                text::count(audit.gaps.len(), "gap", "gaps"),
                urgent::numbers(audit)
            ),
        )
        .with(DIM, "  (--format full lists all)")
}

/// The place is what a reader goes to, so a title that is too long is cut, and then the beginning of the place.
fn gap_line(gap: &Gap, more: &str, width: usize) -> Line {
    let priority = words::priority(gap.priority);
    let place = text::tail(&urgent::place(gap), width / 3);
    let beside = priority.width() + 1 + more.width() + 2 + place.width();
    Line::default()
        .with(of_priority(gap.priority), priority)
        .with(PLAIN, " ")
        .with(
            PLAIN,
            text::cut(&gap.title, width.saturating_sub(beside).max(width / 3)),
        )
        .with(DIM, more)
        .with(DIM, format!("  {place}"))
}

/// What the first stage that failed misses, what could not be decided, and what was left out.
fn ending(audit: &Audit, width: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    let failed = urgent::stages(audit)
        .into_iter()
        .find(|stage| stage.failed > 0);
    if let Some(stage) = failed {
        lines.extend(failed_gates(&stage, width));
    }
    lines.push(unknowns(audit));
    lines
}

/// What each says where that is short, else their names.
fn failed_gates(stage: &Stage<'_>, width: usize) -> Vec<Line> {
    let failed = || stage.gates.iter().filter(|gate| !gate.passed);
    let line = |says: String| {
        Line::default()
            .with(BAD.bold(), format!("✗ {}", text::inert(stage.name)))
            .with(PLAIN, format!(": {says}"))
    };
    let says: Vec<&str> = failed().map(|gate| gate.says.as_str()).collect();
    let whole = line(says.join("; ")).wrapped(width, usize::MAX);
    if whole.len() <= MOST_WRAPPED {
        return whole;
    }
    let names: Vec<&str> = failed().map(|gate| gate.id.as_str()).collect();
    line(names.join(", ")).wrapped(width, MOST_WRAPPED)
}

fn unknowns(audit: &Audit) -> Line {
    let reasons: Vec<String> = urgent::by_reason(audit)
        .iter()
        .map(|(reason, unknowns)| format!("{} {reason}", text::grouped(unknowns.len())))
        .collect();
    let mut says = if reasons.is_empty() {
        "nothing unknown".to_owned()
    } else {
        format!(
            "{} unknown: {}",
            text::grouped(audit.unknowns.len()),
            reasons.join(", ")
        )
    };
    if !audit.left_out.is_empty() {
        says += &format!("; {} left out", text::grouped(audit.left_out.len()));
    }
    Line::default().with(DIM, says)
}
