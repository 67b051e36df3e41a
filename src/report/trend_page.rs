//! A curve as a page of its own: the charts, and a table with every revision that they link to.
//!
//! `covgap trend --format html -o trend.html` writes one file that needs no network and no script.

use std::io::{self, Write};

use askama::Template;

use super::text;
use super::trend_chart;
use super::trends::{age, percent_of};
use crate::history::Trend;
use crate::history::trend::{Point, State};

#[derive(Template)]
#[template(path = "trend.html", config = "templates/askama.toml")]
struct Page<'a> {
    version: &'static str,
    project: &'a str,
    chart_style: &'static str,
    past: Past<'a>,
}

/// How charts look, wherever they stand.
pub(super) const CHART_STYLE: &str = include_str!("../../templates/chart.css");

/// What the template `history.html` shows. The charts are markup of our own, in which every text is escaped.
pub(super) struct Past<'a> {
    pub is_shallow: bool,
    pub percents: String,
    pub gaps: String,
    /// For the first screen of a report.
    pub totals: String,
    pub gaps_small: String,
    pub rows: Vec<Row<'a>>,
}

pub(super) struct Row<'a> {
    pub anchor: String,
    pub label: &'a str,
    pub revision: &'a str,
    pub subject: &'a str,
    pub cells: Vec<String>,
    pub why: &'a str,
}

/// Writes the page. The only errors are those of `out`.
pub fn render(trend: &Trend, out: &mut dyn Write) -> io::Result<()> {
    let page = Page {
        version: env!("CARGO_PKG_VERSION"),
        project: &trend.project,
        chart_style: CHART_STYLE,
        past: past(trend),
    };
    page.write_into(out)
}

pub(super) fn past(trend: &Trend) -> Past<'_> {
    Past {
        is_shallow: trend.is_shallow,
        percents: trend_chart::percents(trend),
        gaps: trend_chart::gaps(trend),
        totals: trend_chart::totals(trend),
        gaps_small: trend_chart::gaps_small(trend),
        rows: trend.points.iter().rev().map(row).collect(),
    }
}

/// Nothing where nothing changed.
fn changed(sign: char, number: usize) -> String {
    match number {
        0 => String::new(),
        number => format!("{sign}{number}"),
    }
}

fn row(point: &Point) -> Row<'_> {
    let (cells, why) = match &point.state {
        State::NotAnalyzed(why) => (Vec::new(), why.as_str()),
        State::Measured(measured) => {
            let [p0, p1, p2] = measured.open;
            let cells = vec![
                measured.routes.to_string(),
                measured.tests.to_string(),
                text::percent_or_dash(percent_of(measured, "http")),
                text::percent_or_dash(percent_of(measured, "errors")),
                text::percent_or_dash(measured.totals.overall),
                p0.to_string(),
                p1.to_string(),
                p2.to_string(),
                changed('+', measured.opened),
                changed('−', measured.closed),
                age(measured),
            ];
            (cells, "")
        }
    };
    Row {
        anchor: trend_chart::anchor(point),
        label: &point.label,
        revision: point.short(),
        subject: &point.subject,
        cells,
        why,
    }
}
