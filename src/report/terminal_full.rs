//! Everything that one run found, as lines of a terminal: nothing is cut, long lines go on below.
//!
//! A gap is the line `P0 untested-route: POST /orders is reached by no test  app/orders.py:12`, below it its id.

use super::lines::{BAD, BOLD, DIM, GOOD, Line, PLAIN, of_priority, of_verdict};
use super::terminal::{header, measured, totals, touch, verdict};
use super::{sentences, text, urgent, words};
use crate::coverage::Audit;
use crate::coverage::audit::{BarState, Gap, Route};

/// All lines, none wider than `width` where it has a space to break at.
pub(super) fn lines(audit: &Audit, width: usize) -> Vec<Line> {
    let mut full = Full {
        width,
        lines: vec![header(audit)],
    };
    full.add(verdict(audit));
    full.add(Line::default());
    bars(audit, &mut full);
    full.add(Line::default());
    full.add(touch(audit));
    gates(audit, &mut full);
    gaps(audit, &mut full);
    routes(audit, &mut full);
    uncovered(audit, &mut full);
    suite(audit, &mut full);
    undecided(audit, &mut full);
    full.lines
}

struct Full {
    width: usize,
    lines: Vec<Line>,
}

impl Full {
    fn add(&mut self, line: Line) {
        self.lines.extend(line.wrapped(self.width, usize::MAX));
    }

    fn heading(&mut self, says: impl AsRef<str>) {
        self.add(Line::default());
        self.add(Line::default().with(BOLD, says));
    }
}

fn bars(audit: &Audit, full: &mut Full) {
    for bar in &audit.bars {
        let state = match bar.state {
            BarState::Measured => {
                full.add(measured(bar));
                continue;
            }
            BarState::NotApplicable => "not applicable",
            BarState::NotAnalyzed => "not analyzed",
        };
        full.add(
            Line::default()
                .with(PLAIN, text::fit(bar.id.label(), 23))
                .with(DIM, format!("{state}: {}", bar.why)),
        );
    }
    for line in totals(audit, full.width) {
        full.add(line);
    }
}

fn gates(audit: &Audit, full: &mut Full) {
    for stage in urgent::stages(audit) {
        full.heading(format!(
            "Gates before {}: {} of {} failed",
            stage.name,
            stage.failed,
            stage.gates.len()
        ));
        for gate in &stage.gates {
            let (style, sign) = if gate.passed {
                (GOOD, "✓")
            } else {
                (BAD, "✗")
            };
            full.add(
                Line::default()
                    .with(style, format!("  {sign} "))
                    .with(PLAIN, &gate.says)
                    .with(DIM, format!("  {}", gate.id)),
            );
        }
    }
}

fn gaps(audit: &Audit, full: &mut Full) {
    for (priority, phase) in urgent::PHASES {
        let kinds = urgent::by_kind(audit, priority);
        if kinds.is_empty() {
            continue;
        }
        let number: usize = kinds.iter().map(Vec::len).sum();
        full.add(Line::default());
        full.add(
            Line::default()
                .with(of_priority(priority), words::priority(priority))
                .with(
                    BOLD,
                    format!(" {phase}: {}", text::count(number, "gap", "gaps")),
                ),
        );
        for gaps in kinds {
            full.add(
                Line::default()
                    .with(BOLD, format!("  {} ({})", gaps[0].kind, gaps.len()))
                    .with(DIM, format!("  {}", gaps[0].fix)),
            );
            for gap in gaps {
                full.add(gap_line(gap));
            }
        }
    }
}

fn gap_line(gap: &Gap) -> Line {
    let mut line = Line::default()
        .with(PLAIN, format!("    {}", gap.title))
        .with(DIM, format!("  {}  {}", urgent::place(gap), gap.id));
    if let Some(waiver) = &gap.waiver {
        line = line.with(DIM, format!("  {}", sentences::waived(waiver)));
    }
    line
}

fn routes(audit: &Audit, full: &mut Full) {
    let (counted, others): (Vec<&Route>, Vec<&Route>) = audit
        .routes
        .iter()
        .partition(|route| words::is_counted(route));
    for (routes, title) in [(counted, "Routes"), (others, "Routes that no bar counts")] {
        if routes.is_empty() {
            continue;
        }
        full.heading(format!("{title}: {}", routes.len()));
        for route in routes {
            full.add(route_line(audit, route));
        }
    }
}

fn route_line(audit: &Audit, route: &Route) -> Line {
    let place = words::target_place(&route.handler);
    Line::default()
        .with(
            of_verdict(route.verdict),
            format!("  {:15}", route.verdict.id()),
        )
        .with(PLAIN, words::route_name(route))
        .with(DIM, format!("  {}", sentences::why(audit, route)))
        .with(DIM, format!("  {}", place.unwrap_or_default()))
}

/// What each bar misses; routes have a list of their own.
fn uncovered(audit: &Audit, full: &mut Full) {
    for bar in &audit.bars {
        let missing: Vec<_> = bar.items.iter().filter(|item| !item.covered).collect();
        if missing.is_empty() || sentences::counts_routes(bar.id) {
            continue;
        }
        full.heading(format!(
            "{}: {} not covered",
            bar.id.label(),
            text::grouped(missing.len())
        ));
        for item in missing {
            let place = item.place.as_ref().map(ToString::to_string);
            full.add(
                Line::default()
                    .with(PLAIN, format!("  {}", item.name))
                    .with(DIM, format!("  {}", place.unwrap_or_default())),
            );
        }
    }
}

fn suite(audit: &Audit, full: &mut Full) {
    let skipped: Vec<_> = audit
        .tests
        .iter()
        .filter(|test| test.skip.is_some())
        .collect();
    if !skipped.is_empty() {
        full.heading(format!(
            "Tests that do not run, or may not: {}",
            skipped.len()
        ));
    }
    for test in skipped {
        let skip = test.skip.as_deref().unwrap_or_default();
        full.add(
            Line::default()
                .with(PLAIN, format!("  {}", test.id))
                .with(DIM, format!("  {skip}")),
        );
    }
    if !audit.doubles.is_empty() {
        full.heading(format!("Doubles: {}", audit.doubles.len()));
    }
    for double in &audit.doubles {
        full.add(
            Line::default()
                .with(PLAIN, format!("  {}", double.replaces))
                .with(DIM, format!("  {}  {}", double.place, double.how)),
        );
    }
}

fn undecided(audit: &Audit, full: &mut Full) {
    for (reason, unknowns) in urgent::by_reason(audit) {
        full.heading(format!("Unknown, {reason}: {}", unknowns.len()));
        for unknown in unknowns {
            full.add(
                Line::default()
                    .with(PLAIN, format!("  {}", unknown.place))
                    .with(DIM, format!("  {}", unknown.says)),
            );
        }
    }
    if !audit.left_out.is_empty() {
        full.heading(format!("Left out: {}", audit.left_out.len()));
    }
    for left in &audit.left_out {
        full.add(
            Line::default()
                .with(PLAIN, format!("  {}", left.path))
                .with(DIM, format!("  {}", left.why)),
        );
    }
}
