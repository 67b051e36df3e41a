//! Gaps by priority, as the page shows them.
//!
//! An untested route is an entry below *P0: before the next deployment*, with its evidence, what to do, and a link to the route.

use super::routes::anchor;
use crate::coverage::Audit;
use crate::coverage::audit::{Gap, Priority};
use crate::report::words;

pub(super) struct GapGroup<'a> {
    pub priority: &'static str,
    pub class: &'static str,
    /// By when.
    pub phase: &'static str,
    pub gaps: Vec<GapRow<'a>>,
}

pub(super) struct GapRow<'a> {
    pub gap: &'a Gap,
    pub route: Option<String>,
}

/// The worst first; a priority without gaps is left out.
pub(super) fn gap_groups(audit: &Audit) -> Vec<GapGroup<'_>> {
    [
        (Priority::P0, "p0", "before the next deployment"),
        (Priority::P1, "p1", "before the production release"),
        (Priority::P2, "p2", "later"),
    ]
    .into_iter()
    .map(|(priority, class, phase)| GapGroup {
        priority: words::priority(priority),
        class,
        phase,
        gaps: audit
            .gaps
            .iter()
            .filter(|gap| gap.priority == priority)
            .map(|gap| GapRow {
                gap,
                route: gap.route.map(anchor),
            })
            .collect(),
    })
    .filter(|group| !group.gaps.is_empty())
    .collect()
}
