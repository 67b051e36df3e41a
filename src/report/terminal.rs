//! The terminal report: the bars, how the suite touches the system, the worst gaps and the gates, on one screen.
//!
//! A project whose tests reach 5 of 14 HTTP routes, 3 more with doubles and 1 from a fixture, has the line
//! `HTTP Endpoints         ███████▓▓▓▓▒░░░░░░░░  36%   5/14  3 doubled, 1 setup`.

use std::collections::BTreeMap;

use unicode_width::UnicodeWidthStr;

use super::cells::{CELLS, Cells};
use super::lines::{ASIDE, BAD, BOLD, DIM, GOOD, HALF, Line, PLAIN, of_priority};
use super::{text, words};
use crate::coverage::Audit;
use crate::coverage::audit::{Bar, BarState, Gap, Priority, Side};

const LABEL: usize = 23;
/// A terminal of 24 lines, without the one of the prompt.
const SCREEN: usize = 23;
/// The sections before which an empty line stands, the most useful first.
const SEPARATIONS: [usize; 4] = [2, 3, 1, 4];

/// How much to show.
#[derive(Debug, Clone, Copy)]
pub struct View {
    /// Cells of a line.
    pub width: usize,
    /// How many gaps to list.
    pub gaps: usize,
}

/// Text with styles, each line at most `view.width` cells wide. With up to three gaps it fits a terminal of 24 lines.
pub fn render(audit: &Audit, view: View) -> String {
    let sections = [
        vec![header(audit)],
        bars(audit, view.width),
        vec![touch(audit)],
        gaps(audit, view.gaps),
        ending(audit),
    ];
    let lines: usize = sections.iter().map(Vec::len).sum();
    // Empty lines are for the eye: as many as the screen has room for, or all where the text is longer anyway.
    let room = if lines > SCREEN {
        usize::MAX
    } else {
        SCREEN - lines
    };
    let parted: Vec<usize> = SEPARATIONS.into_iter().take(room).collect();
    let mut shown = String::new();
    for (index, section) in sections.iter().enumerate() {
        if parted.contains(&index) {
            shown.push('\n');
        }
        for line in section {
            shown += &line.show(view.width);
        }
    }
    shown
}

fn header(audit: &Audit) -> Line {
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

fn bars(audit: &Audit, width: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut absent = Vec::new();
    for side in [Side::Implementation, Side::Behavior] {
        for bar in audit.bars.iter().filter(|bar| bar.side == side) {
            match bar.state {
                BarState::Measured => lines.push(measured(bar)),
                BarState::NotAnalyzed => lines.push(
                    labelled(bar.id.label())
                        .with(DIM, "·".repeat(CELLS))
                        .with(PLAIN, "    ?")
                        .with(DIM, format!("  not analyzed: {}", bar.why)),
                ),
                BarState::NotApplicable => absent.push(bar.id.label()),
            }
        }
    }
    if !absent.is_empty() {
        lines.push(Line::default().with(DIM, format!("not applicable: {}", absent.join(", "))));
    }
    lines.extend(totals(audit, width));
    lines
}

fn labelled(label: &str) -> Line {
    Line::default().with(PLAIN, text::fit(label, LABEL))
}

fn measured(bar: &Bar) -> Line {
    let percent = text::percent_or_dash(bar.percent());
    let line = with_cells(labelled(bar.id.label()), bar)
        .with(BOLD, format!("{percent:>6}"))
        .with(
            PLAIN,
            format!("{:>9}", format!("{}/{}", bar.covered, bar.total)),
        );
    let besides: Vec<String> = [(bar.doubled, "doubled"), (bar.setup, "setup")]
        .iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, word)| format!("{number} {word}"))
        .collect();
    if besides.is_empty() {
        return line;
    }
    line.with(DIM, format!("  {}", besides.join(", ")))
}

fn with_cells(line: Line, bar: &Bar) -> Line {
    let cells = Cells::of_bar(bar);
    line.with(GOOD, "█".repeat(cells.covered))
        .with(HALF, "▓".repeat(cells.doubled))
        .with(ASIDE, "▒".repeat(cells.setup))
        .with(DIM, "░".repeat(cells.empty))
}

fn totals(audit: &Audit, width: usize) -> Vec<Line> {
    let totals = &audit.totals;
    let line = |label: &str, percent: Option<f64>| match percent {
        Some(percent) => {
            let cells = Cells::of_percent(percent);
            labelled(label)
                .with(GOOD, "█".repeat(cells.covered))
                .with(DIM, "░".repeat(cells.empty))
                .with(BOLD, format!("{:>6}", text::percent(percent)))
        }
        None => labelled(label)
            .with(DIM, "·".repeat(CELLS))
            .with(PLAIN, format!("{:>6}", "–")),
    };
    let overall = line("Overall", totals.overall);
    let formula = format!("  = {}", text::inert(&totals.formula));
    let has_room = overall.cells() + formula.width() <= width;
    vec![
        Line::default().with(DIM, "─".repeat(LABEL + CELLS + 6)),
        line("Implementation", totals.implementation),
        line("Production Behavior", totals.behavior),
        if has_room {
            overall.with(DIM, formula)
        } else {
            overall
        },
    ]
}

fn touch(audit: &Audit) -> Line {
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

fn gaps(audit: &Audit, most: usize) -> Vec<Line> {
    if audit.gaps.is_empty() {
        return vec![Line::default().with(GOOD, "no gaps")];
    }
    let mut worst: Vec<&Gap> = audit.gaps.iter().collect();
    worst.sort_by_key(|gap| gap.priority);
    let mut lines: Vec<Line> = worst.iter().take(most).map(|gap| gap_line(gap)).collect();
    let more = &worst[lines.len()..];
    if !more.is_empty() {
        let counts: Vec<String> = [Priority::P0, Priority::P1, Priority::P2]
            .into_iter()
            .map(|priority| {
                (
                    priority,
                    more.iter().filter(|gap| gap.priority == priority).count(),
                )
            })
            .filter(|(_, number)| *number > 0)
            .map(|(priority, number)| {
                format!("{} {}", text::grouped(number), words::priority(priority))
            })
            .collect();
        let lead = if most == 0 { "" } else { "… and " };
        let noun = if most == 0 { "gap" } else { "more gap" };
        lines.push(Line::default().with(
            DIM,
            format!(
                "{lead}{} ({}): covgap report",
                text::count(more.len(), noun, &format!("{noun}s")),
                counts.join(", ")
            ),
        ));
    }
    lines
}

fn gap_line(gap: &Gap) -> Line {
    let line = Line::default()
        .with(of_priority(gap.priority), words::priority(gap.priority))
        .with(PLAIN, " ")
        .with(PLAIN, &gap.title);
    match gap.evidence.first() {
        Some(evidence) => line.with(DIM, format!("  {}", evidence.place)),
        None => line,
    }
}

/// What could not be decided, what was left out, and what the gates say.
fn ending(audit: &Audit) -> Vec<Line> {
    let mut lines = vec![unknowns(audit)];
    if audit.gates.is_empty() {
        return lines;
    }
    let mut stages: Vec<&str> = Vec::new();
    for gate in audit.gates.iter().filter(|gate| !gate.passed) {
        if !stages.contains(&gate.stage.as_str()) {
            stages.push(&gate.stage);
        }
    }
    if stages.is_empty() {
        lines.push(Line::default().with(
            GOOD.bold(),
            format!("gates: all {} passed", audit.gates.len()),
        ));
    }
    lines.extend(stages.into_iter().map(|stage| failed(audit, stage)));
    lines
}

/// What keeps a stage from passing.
fn failed(audit: &Audit, stage: &str) -> Line {
    let of_stage = || audit.gates.iter().filter(|gate| gate.stage == stage);
    let failed: Vec<&str> = of_stage()
        .filter(|gate| !gate.passed)
        .map(|gate| gate.says.as_str())
        .collect();
    Line::default()
        .with(
            BAD.bold(),
            format!(
                "{}: {} of {} gates failed",
                text::inert(stage),
                failed.len(),
                of_stage().count()
            ),
        )
        .with(PLAIN, format!(": {}", failed.join("; ")))
}

fn unknowns(audit: &Audit) -> Line {
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for unknown in &audit.unknowns {
        *reasons.entry(unknown.reason).or_default() += 1;
    }
    let mut reasons: Vec<(&str, usize)> = reasons.into_iter().collect();
    reasons.sort_by_key(|&(reason, number)| (std::cmp::Reverse(number), reason));
    let mut says = if reasons.is_empty() {
        "nothing unknown".to_owned()
    } else {
        let reasons: Vec<String> = reasons
            .iter()
            .map(|(reason, number)| format!("{} {reason}", text::grouped(*number)))
            .collect();
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
