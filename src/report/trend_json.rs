//! A curve for programs: schema version 1.
//!
//! ```text
//! {"schema": 1, "points": [{"revision": "4f1d…", "date": "2026-03-16", "open": {"P0": 9, …}, "bars": {"http": 55.0, …}, …}]}
//! ```

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::item_per_line;
use crate::history::Trend;
use crate::history::dates;
use crate::history::trend::{self, State};

/// Writes it. Same trend, same bytes.
pub fn render(trend: &Trend, out: &mut dyn Write) -> io::Result<()> {
    let document = Document {
        schema: 1,
        project: &trend.project,
        shallow: trend.is_shallow,
        points: trend.points.iter().map(point).collect(),
    };
    item_per_line::write(&document, out)
}

#[derive(Serialize)]
struct Document<'a> {
    schema: u32,
    project: &'a str,
    shallow: bool,
    points: Vec<Point<'a>>,
}

#[derive(Serialize)]
struct Point<'a> {
    revision: &'a str,
    date: String,
    label: &'a str,
    subject: &'a str,
    state: &'static str,
    why: Option<&'a str>,
    figures: Option<Figures<'a>>,
}

#[derive(Serialize)]
struct Figures<'a> {
    tests: usize,
    routes: usize,
    open: Open,
    opened: usize,
    closed: usize,
    oldest_days: i64,
    oldest_is_at_least: bool,
    /// Percents of the bars that are measured.
    bars: BTreeMap<&'a str, Option<f64>>,
    implementation: Option<f64>,
    behavior: Option<f64>,
    overall: Option<f64>,
}

#[derive(Serialize)]
struct Open {
    #[serde(rename = "P0")]
    p0: usize,
    #[serde(rename = "P1")]
    p1: usize,
    #[serde(rename = "P2")]
    p2: usize,
}

fn point(point: &trend::Point) -> Point<'_> {
    let (state, why) = match &point.state {
        State::Measured(_) => ("measured", None),
        State::NotAnalyzed(why) => ("not-analyzed", Some(why.as_str())),
    };
    Point {
        revision: &point.revision,
        date: dates::shown(point.time),
        label: &point.label,
        subject: &point.subject,
        state,
        why,
        figures: point.measured().map(figures),
    }
}

fn figures(measured: &trend::Measured) -> Figures<'_> {
    let [p0, p1, p2] = measured.open;
    Figures {
        tests: measured.tests,
        routes: measured.routes,
        open: Open { p0, p1, p2 },
        opened: measured.opened,
        closed: measured.closed,
        oldest_days: measured.oldest_days,
        oldest_is_at_least: measured.oldest_is_at_least,
        bars: measured
            .bars
            .iter()
            .filter(|bar| bar.state == "measured")
            .map(|bar| (bar.id.as_str(), bar.percent))
            .collect(),
        implementation: measured.totals.implementation,
        behavior: measured.totals.behavior,
        overall: measured.totals.overall,
    }
}
