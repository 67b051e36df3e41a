//! The whole report as Markdown, for a job's summary or a comment: the verdict and the bars, then what folds open.
//!
//! ```markdown
//! | HTTP Endpoints | `█████████████▓░░░░░░` | 15 | 8 | 65% |
//! ```
//!
//! A forge refuses a text that is too long, so a section ends when the rest of the page is full, and says how much is left.

use std::io::{self, Write};

use super::cells::Cells;
use super::markdown_text::{code, escaped};
use super::{sentences, text, urgent, words};
use crate::coverage::Audit;
use crate::coverage::audit::{Bar, BarState, Gap, Priority, Route, Side, Verdict};

/// Bytes of a page; GitHub takes 65,536 characters.
const LONGEST: usize = 60_000;
/// Of them, bytes that are kept for the sections after the one that is written.
const SECTION: usize = 12_000;
/// A longer text is cut.
const MOST_CELLS: usize = 200;
const MOST_FIRST: usize = 5;

/// Writes it. The only errors are those of `out`.
pub(super) fn render(audit: &Audit, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Page {
        text: String::new(),
    };
    head(audit, &mut page);
    bars(audit, &mut page);
    first(audit, &mut page);
    gates(audit, &mut page);
    for (priority, phase) in urgent::PHASES {
        gaps(audit, priority, phase, &mut page);
    }
    routes(audit, &mut page);
    unknowns(audit, &mut page);
    out.write_all(page.text.as_bytes())
}

struct Page {
    text: String,
}

impl Page {
    /// What folds open below a title; the list ends where it is too long, or where the page is.
    fn folded(&mut self, title: &str, lines: impl Iterator<Item = String>) {
        self.text += &format!("\n<details><summary>{title}</summary>\n\n");
        let end = (self.text.len() + SECTION).min(LONGEST);
        let mut left = 0;
        for line in lines {
            if left == 0 && self.text.len() + line.len() < end {
                self.text += &line;
            } else {
                left += 1;
            }
        }
        if left > 0 {
            let more = text::count(left, "more line", "more lines");
            self.text += &format!("\n… and {more}, which the HTML report has\n");
        }
        self.text += "\n</details>\n";
    }
}

fn shown(text: &str) -> String {
    escaped(&text::cut(text, MOST_CELLS))
}

fn shown_code(text: &str) -> String {
    code(&text::cut(text, MOST_CELLS))
}

fn head(audit: &Audit, page: &mut Page) {
    let headline = sentences::headline(audit);
    let sign = if headline.is_good { "✅" } else { "❌" };
    page.text += &format!(
        "## {sign} covgap: {}\n\n**{}.** {}\n",
        shown(&audit.project.name),
        shown(&headline.verdict),
        shown(&headline.why)
    );
}

fn bars(audit: &Audit, page: &mut Page) {
    page.text += "\n| | | tests cover | tests don’t | |\n|---|---|--:|--:|--:|\n";
    for (side, title, total) in [
        (
            Side::Implementation,
            "Implementation",
            audit.totals.implementation,
        ),
        (Side::Behavior, "Production Behavior", audit.totals.behavior),
    ] {
        page.text += &total_row(title, total);
        for bar in audit.bars.iter().filter(|bar| bar.side == side) {
            page.text += &bar_row(bar);
        }
    }
    page.text += &total_row("Overall", audit.totals.overall);
    page.text += &format!("\nOverall = {}\n", shown(&audit.totals.formula));
}

fn total_row(title: &str, percent: Option<f64>) -> String {
    let cells = percent.map(Cells::of_percent).map(drawn);
    format!(
        "| **{title}** | {} | | | **{}** |\n",
        cells.unwrap_or_default(),
        text::percent_or_dash(percent)
    )
}

fn bar_row(bar: &Bar) -> String {
    let label = bar.id.label();
    match bar.state {
        BarState::Measured => {
            let besides = match sentences::besides(bar) {
                besides if besides.is_empty() => besides,
                besides => format!(" ({besides})"),
            };
            format!(
                "| {label} | {} | {} | {}{besides} | {} |\n",
                drawn(Cells::of_bar(bar)),
                text::grouped(bar.covered),
                text::grouped(bar.total.saturating_sub(bar.covered)),
                text::percent_or_dash(bar.percent())
            )
        }
        BarState::NotApplicable => format!("| {label} | *not applicable* | | | |\n"),
        BarState::NotAnalyzed => format!("| {label} | *not analyzed* | | | |\n"),
    }
}

/// In code, whose characters are all as wide.
fn drawn(cells: Cells) -> String {
    format!(
        "`{}{}{}{}`",
        "█".repeat(cells.covered),
        "▓".repeat(cells.doubled),
        "▒".repeat(cells.setup),
        "░".repeat(cells.empty)
    )
}

fn first(audit: &Audit, page: &mut Page) {
    let first = urgent::fix_first(audit, MOST_FIRST);
    if first.is_empty() {
        return;
    }
    page.text += "\n### Fix first\n\n";
    for (at, first) in first.iter().enumerate() {
        page.text += &format!(
            "{}. **{}** {} {}<br>{} {}\n",
            at + 1,
            words::priority(first.gap.priority),
            shown_code(&first.gap.title),
            first.and_more(),
            shown(&first.gap.fix),
            shown_code(&urgent::place(first.gap))
        );
    }
}

fn gates(audit: &Audit, page: &mut Page) {
    let stages = urgent::stages(audit);
    if stages.is_empty() {
        return;
    }
    let failed: usize = stages.iter().map(|stage| stage.failed).sum();
    let title = format!("Gates: {failed} of {} failed", audit.gates.len());
    let lines = stages.iter().flat_map(|stage| {
        let title = format!("\n**before {}**\n\n", shown(stage.name));
        let gates = stage.gates.iter().map(|gate| {
            let sign = if gate.passed { "✅" } else { "❌" };
            format!("- {sign} {}\n", shown(&gate.says))
        });
        [title].into_iter().chain(gates)
    });
    page.folded(&title, lines);
}

fn gaps(audit: &Audit, priority: Priority, phase: &str, page: &mut Page) {
    let kinds = urgent::by_kind(audit, priority);
    if kinds.is_empty() {
        return;
    }
    let number: usize = kinds.iter().map(Vec::len).sum();
    let title = format!(
        "{}, {phase}: {}",
        words::priority(priority),
        text::count(number, "gap", "gaps")
    );
    let lines = kinds.iter().flat_map(|gaps| {
        let title = format!(
            "\n**{}** ({}): {}\n\n",
            shown(&gaps[0].kind),
            text::grouped(gaps.len()),
            shown(&gaps[0].fix)
        );
        [title]
            .into_iter()
            .chain(gaps.iter().map(|gap| gap_line(gap)))
    });
    page.folded(&title, lines);
}

fn gap_line(gap: &Gap) -> String {
    let waived = match &gap.waiver {
        Some(waiver) => format!(" *{}*", shown(&sentences::waived(waiver))),
        None => String::new(),
    };
    format!(
        "- {} {}{waived}\n",
        shown_code(&gap.title),
        shown_code(&urgent::place(gap))
    )
}

/// Those that no test reaches as users do.
fn routes(audit: &Audit, page: &mut Page) {
    let is_own = |route: &&Route| words::is_counted(route);
    let counted = || audit.routes.iter().filter(is_own);
    let missed: Vec<_> = counted()
        .filter(|route| route.verdict != Verdict::Behavior)
        .collect();
    if missed.is_empty() {
        return;
    }
    let title = format!(
        "Routes that no test reaches as users do: {} of {}",
        text::grouped(missed.len()),
        text::grouped(counted().count())
    );
    let lines = missed.into_iter().map(|route| {
        format!(
            "- {} {}: {} {}\n",
            route.verdict.id(),
            shown_code(&words::route_name(route)),
            shown(&sentences::why(audit, route)),
            shown_code(&words::target_place(&route.handler).unwrap_or_default())
        )
    });
    page.folded(&title, lines);
}

fn unknowns(audit: &Audit, page: &mut Page) {
    if audit.unknowns.is_empty() {
        return;
    }
    let title = format!("Unknown: {}", text::grouped(audit.unknowns.len()));
    let reasons = urgent::by_reason(audit);
    let lines = reasons.iter().flat_map(|(reason, unknowns)| {
        let title = format!("\n**{reason}** ({})\n\n", text::grouped(unknowns.len()));
        let items = unknowns.iter().map(|unknown| {
            format!(
                "- {} {}\n",
                shown_code(&unknown.place.to_string()),
                shown(&unknown.says)
            )
        });
        [title].into_iter().chain(items)
    });
    page.folded(&title, lines);
}
