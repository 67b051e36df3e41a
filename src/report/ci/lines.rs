//! The lines that coverage viewers show: the statements of handlers, and the places of error branches.
//!
//! A handler that one test requests, with a `raise HTTPException(404)` on line 12 that no test provokes, is covered on all of its
//! lines but 12.

use std::collections::BTreeMap;

use crate::coverage::Audit;
use crate::coverage::audit::BranchKind;
use crate::report::words;

/// Number of tests that reach a line through a real interface with nothing replaced: file → line → tests.
pub(super) type Lines<'a> = BTreeMap<&'a str, BTreeMap<u32, usize>>;

/// Of live routes alone: code that production does not run is neither covered nor uncovered.
pub(super) fn of(audit: &Audit) -> Lines<'_> {
    let mut lines = Lines::new();
    let counted = |route: &usize| words::is_counted(&audit.routes[*route]);
    for route in audit.routes.iter().filter(|route| words::is_counted(route)) {
        let Some(file) = &route.handler.file else {
            continue;
        };
        let of_file = lines.entry(file).or_default();
        for line in std::iter::once(&route.handler.line).chain(&route.handler_lines) {
            // A handler of several routes is covered by the tests of each.
            *of_file.entry(*line).or_default() += route.contacts.interface;
        }
    }
    for branch in &audit.error_branches {
        if branch.kind == BranchKind::Validation || !branch.routes.iter().any(counted) {
            continue;
        }
        let of_file = lines.entry(&branch.place.file).or_default();
        of_file.insert(branch.place.line, branch.exercised_by.len());
    }
    lines
}

/// (covered, all)
pub(super) fn count(lines: &BTreeMap<u32, usize>) -> (usize, usize) {
    let covered = lines.values().filter(|hits| **hits > 0).count();
    (covered, lines.len())
}
