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
    is_shallow: bool,
    /// Markup of our own, in which every text is escaped.
    percents: String,
    gaps: String,
    rows: Vec<Row<'a>>,
}

struct Row<'a> {
    anchor: String,
    label: &'a str,
    revision: &'a str,
    subject: &'a str,
    cells: Vec<String>,
    why: &'a str,
}

/// Writes the page. The only errors are those of `out`.
pub fn render(trend: &Trend, out: &mut dyn Write) -> io::Result<()> {
    let page = Page {
        version: env!("CARGO_PKG_VERSION"),
        project: &trend.project,
        is_shallow: trend.is_shallow,
        percents: trend_chart::percents(trend),
        gaps: trend_chart::gaps(trend),
        rows: trend.points.iter().rev().map(row).collect(),
    };
    page.write_into(out)
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
                format!("+{}", measured.opened),
                format!("-{}", measured.closed),
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
