//! The page as the template sees it: its head, the bars, the gates, what is unknown, and the lists of the other files.
//!
//! The bar of 3 covered routes of 8 is a row with the cells, `38%`, `3/8`, and the items that it counts.

use std::io::{self, Write};

use askama::Template;

use super::data;
use super::gaps::{FixFirst, GapGroup, fix_first, gap_groups};
use super::routes::{RouteRow, VerdictCount, route_rows, verdict_counts};
use super::suite::{DoubleRow, SuiteFile, double_rows, suite_files};
use super::tables::{self, InfrastructureRow, Settings};
use crate::coverage::Audit;
use crate::coverage::audit::{Bar, BarId, BarItem, BarState, LeftOut, Side, Skip, Unknown};
use crate::history::Trend;
use crate::report::cells::Cells;
use crate::report::sentences::{self, Headline};
use crate::report::text;
use crate::report::trend_page::{self, Past};
use crate::report::urgent::{self, Stage};
use crate::report::words;

/// Routes whose stories are told without the script, too.
const MOST_DETAILED: usize = 400;
/// Items of one bar that are listed below it; the script has a page with all.
const MOST_ITEMS: usize = 100;

const STYLE: &str = concat!(
    include_str!("../../../templates/report.css"),
    include_str!("../../../templates/chart.css")
);
const SCRIPT: &str = include_str!("../../../templates/report.js");

/// The hashes of [`STYLE`] and [`SCRIPT`]: a browser runs and applies these two and nothing else that stands in the file.
const POLICY: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; \
    style-src 'sha256-LmEZUdeZcl8Hk8zCSvjaAhUqz00MU0Hbm8iWdpF/zc4='; script-src 'sha256-kmxJTjWKtpyegggcQCj3ziZnbjevlceYUnBTQaKASCQ='";

/// Writes the page. The only errors are those of `out`.
pub fn render(audit: &Audit, past: Option<&Trend>, out: &mut dyn Write) -> io::Result<()> {
    Page::of(audit, past).write_into(out)
}

#[derive(Template)]
#[template(path = "report.html", config = "templates/askama.toml")]
struct Page<'a> {
    policy: &'static str,
    style: &'static str,
    script: &'static str,
    version: &'static str,
    audit: &'a Audit,
    /// Where the history was asked for.
    past: Option<Past<'a>>,
    counts: String,
    headline: Headline,
    first: Vec<FixFirst<'a>>,
    groups: [BarGroup<'a>; 2],
    totals: [TotalRow; 3],
    touch: Vec<TouchPart>,
    stages: Vec<Stage<'a>>,
    settings: Option<Settings<'a>>,
    infrastructure: Vec<InfrastructureRow<'a>>,
    gaps: Vec<GapGroup<'a>>,
    verdicts: Vec<VerdictCount>,
    routes: Vec<RouteRow<'a>>,
    uncounted: Vec<RouteRow<'a>>,
    /// Without the script a page of thousands of routes has the table only.
    has_details: bool,
    data: String,
    suite: Vec<SuiteFile<'a>>,
    doubles: Vec<DoubleRow<'a>>,
    skips: &'a [Skip],
    reasons: Vec<Reason<'a>>,
    left_out: &'a [LeftOut],
}

/// The bars of one side.
struct BarGroup<'a> {
    title: &'static str,
    rows: Vec<BarRow<'a>>,
}

struct BarRow<'a> {
    bar: &'a Bar,
    /// None when it is not measured.
    cells: Option<Cells>,
    percent: String,
    /// Numbers of what tests cover and what they don't; empty when it is not measured.
    covered: String,
    missing: String,
    /// Why there is no number.
    state: &'static str,
    /// One sign for the reader who only glances.
    sign: &'static str,
    /// `1 doubled, 1 setup`.
    besides: String,
    /// Uncovered first.
    items: Vec<&'a BarItem>,
    more: usize,
}

struct TotalRow {
    label: &'static str,
    cells: Option<Cells>,
    percent: String,
}

/// A part of the line that says how the suite touches the system.
struct TouchPart {
    class: &'static str,
    percent: String,
    says: String,
    cells: usize,
}

struct Reason<'a> {
    reason: &'static str,
    meaning: &'static str,
    unknowns: Vec<&'a Unknown>,
}

impl<'a> Page<'a> {
    fn of(audit: &'a Audit, past: Option<&'a Trend>) -> Page<'a> {
        let rows = route_rows(audit);
        let (routes, uncounted): (Vec<_>, Vec<_>) =
            rows.into_iter().partition(|row| row.is_counted);
        let project = &audit.project;
        Page {
            policy: POLICY,
            style: STYLE,
            script: SCRIPT,
            version: env!("CARGO_PKG_VERSION"),
            audit,
            past: past.map(trend_page::past),
            counts: [
                text::count(routes.len(), "route", "routes"),
                text::count(project.tests, "test", "tests"),
                text::count(project.files, "Python file", "Python files"),
                text::count(project.lines, "line", "lines"),
            ]
            .join(", "),
            groups: [
                bar_group(audit, Side::Implementation, "Implementation"),
                bar_group(audit, Side::Behavior, "Production behavior"),
            ],
            totals: [
                total_row("Implementation", audit.totals.implementation),
                total_row("Production Behavior", audit.totals.behavior),
                total_row("Overall", audit.totals.overall),
            ],
            touch: touch_parts(audit),
            stages: urgent::stages(audit),
            settings: tables::settings(audit),
            infrastructure: tables::infrastructure(audit),
            headline: sentences::headline(audit),
            first: fix_first(audit),
            gaps: gap_groups(audit),
            verdicts: verdict_counts(&routes),
            routes,
            uncounted,
            has_details: audit.routes.len() <= MOST_DETAILED,
            data: data::json(audit, past),
            suite: suite_files(audit),
            doubles: double_rows(audit),
            skips: &audit.skips,
            reasons: reasons(audit),
            left_out: &audit.left_out,
        }
    }
}

fn bar_group<'a>(audit: &'a Audit, side: Side, title: &'static str) -> BarGroup<'a> {
    BarGroup {
        title,
        rows: audit
            .bars
            .iter()
            .filter(|bar| bar.side == side)
            .map(bar_row)
            .collect(),
    }
}

fn bar_row(bar: &Bar) -> BarRow<'_> {
    let (items, more) = data::uncovered_first(&bar.items, MOST_ITEMS);
    let measured = |number: usize| match bar.state {
        BarState::Measured => text::grouped(number),
        BarState::NotApplicable | BarState::NotAnalyzed => String::new(),
    };
    BarRow {
        bar,
        cells: match bar.state {
            BarState::Measured => Some(Cells::of_bar(bar)),
            BarState::NotApplicable | BarState::NotAnalyzed => None,
        },
        percent: text::percent_or_dash(bar.percent()),
        covered: measured(bar.covered),
        missing: measured(bar.total.saturating_sub(bar.covered)),
        state: match bar.state {
            BarState::Measured => "",
            BarState::NotApplicable => "not applicable",
            BarState::NotAnalyzed => "not analyzed",
        },
        sign: match bar.percent() {
            None => "·",
            Some(percent) if percent >= 80.0 => "✓",
            Some(percent) if percent > 0.0 => "◐",
            Some(_) => "✗",
        },
        besides: sentences::besides(bar),
        items,
        more,
    }
}

fn total_row(label: &'static str, percent: Option<f64>) -> TotalRow {
    TotalRow {
        label,
        cells: percent.map(Cells::of_percent),
        percent: text::percent_or_dash(percent),
    }
}

fn touch_parts(audit: &Audit) -> Vec<TouchPart> {
    let touch = &audit.touch;
    let total = touch.interface + touch.doubled + touch.direct;
    if total == 0 {
        return Vec::new();
    }
    let shares = Cells::share([touch.interface, touch.doubled, touch.direct], total);
    let part = |class, number: usize, cells, says: &str| TouchPart {
        class,
        percent: text::percent(number as f64 * 100.0 / total as f64),
        says: format!("{says} ({})", text::count(number, "test", "tests")),
        cells,
    };
    vec![
        part(
            "covered",
            touch.interface,
            shares.covered,
            "through a real interface",
        ),
        part(
            "doubled",
            touch.doubled,
            shares.doubled,
            "through an interface with doubles",
        ),
        part(
            "direct",
            touch.direct,
            shares.setup,
            "by calling code directly",
        ),
    ]
}

/// The most frequent first.
fn reasons(audit: &Audit) -> Vec<Reason<'_>> {
    let by_reason = urgent::by_reason(audit).into_iter();
    by_reason
        .map(|(reason, unknowns)| Reason {
            reason,
            meaning: words::reason(reason),
            unknowns,
        })
        .collect()
}
