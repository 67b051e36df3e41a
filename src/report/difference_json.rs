//! A difference of two runs, for programs: schema version 1.
//!
//! ```text
//! {"schema": 1, "base": "main", "head": "HEAD", "gaps": {"opened": [{"id": …}], "closed": [], "changed": []}, "routes": {…}, …}
//! ```

use std::io::{self, Write};

use serde::Serialize;

use super::item_per_line;
use crate::history::Difference;
use crate::history::difference::Measure;
use crate::history::snapshot;

/// Writes it. Same difference, same bytes.
pub fn render(difference: &Difference, out: &mut dyn Write) -> io::Result<()> {
    item_per_line::write(&document(difference), out)
}

#[derive(Serialize)]
struct Document<'a> {
    schema: u32,
    project: &'a str,
    base: &'a str,
    head: &'a str,
    tests: Change<usize>,
    routes: Change<usize>,
    bars: Vec<Bar<'a>>,
    totals: Vec<Total<'a>>,
    gaps_opened: Vec<Gap<'a>>,
    gaps_closed: Vec<Gap<'a>>,
    gaps_changed: Vec<Change<Gap<'a>>>,
    gaps_unchanged: usize,
    routes_added: Vec<Route<'a>>,
    routes_added_without_test: Vec<Route<'a>>,
    routes_removed: Vec<Route<'a>>,
    routes_judged_anew: Vec<Change<Route<'a>>>,
}

#[derive(Serialize)]
struct Change<T> {
    before: T,
    after: T,
}

#[derive(Serialize)]
struct Bar<'a> {
    id: &'a str,
    label: &'a str,
    before: Option<Figures>,
    after: Option<Figures>,
}

#[derive(Serialize)]
struct Figures {
    covered: usize,
    total: usize,
    percent: Option<f64>,
}

#[derive(Serialize)]
struct Total<'a> {
    id: &'a str,
    before: Option<f64>,
    after: Option<f64>,
}

#[derive(Serialize)]
struct Gap<'a> {
    id: &'a str,
    kind: &'a str,
    priority: &'a str,
    title: &'a str,
    file: &'a str,
    line: u32,
}

#[derive(Serialize)]
struct Route<'a> {
    id: &'a str,
    kind: &'a str,
    method: &'a str,
    path: &'a str,
    verdict: &'a str,
    file: Option<&'a str>,
    line: u32,
}

fn document(difference: &Difference) -> Document<'_> {
    Document {
        schema: 1,
        project: &difference.project,
        base: &difference.base,
        head: &difference.head,
        tests: Change {
            before: difference.tests.0,
            after: difference.tests.1,
        },
        routes: Change {
            before: difference.routes.0,
            after: difference.routes.1,
        },
        bars: difference
            .bars
            .iter()
            .map(|bar| Bar {
                id: &bar.id,
                label: &bar.label,
                before: bar.before.as_ref().map(figures),
                after: bar.after.as_ref().map(figures),
            })
            .collect(),
        totals: difference
            .totals
            .iter()
            .map(|(id, before, after)| Total {
                id,
                before: *before,
                after: *after,
            })
            .collect(),
        gaps_opened: difference.opened.iter().map(gap).collect(),
        gaps_closed: difference.closed.iter().map(gap).collect(),
        gaps_changed: difference
            .changed
            .iter()
            .map(|(before, after)| Change {
                before: gap(before),
                after: gap(after),
            })
            .collect(),
        gaps_unchanged: difference.unchanged,
        routes_added: difference.added.iter().map(route).collect(),
        routes_added_without_test: difference.added_without_test().map(route).collect(),
        routes_removed: difference.removed.iter().map(route).collect(),
        routes_judged_anew: difference
            .judged_anew
            .iter()
            .map(|(before, after)| Change {
                before: route(before),
                after: route(after),
            })
            .collect(),
    }
}

fn figures(measure: &Measure) -> Figures {
    Figures {
        covered: measure.covered,
        total: measure.total,
        percent: measure.percent,
    }
}

fn gap(gap: &snapshot::Gap) -> Gap<'_> {
    Gap {
        id: &gap.id,
        kind: &gap.kind,
        priority: &gap.priority,
        title: &gap.title,
        file: gap.file(),
        line: gap.evidence.first().map_or(0, |place| place.line),
    }
}

fn route(route: &snapshot::Route) -> Route<'_> {
    Route {
        id: &route.id,
        kind: &route.kind,
        method: &route.method,
        path: &route.path,
        verdict: &route.verdict,
        file: route.handler.file.as_deref(),
        line: route.handler.line,
    }
}
