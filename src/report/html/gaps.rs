//! Gaps by priority, as the page shows them.
//!
//! An untested route is an entry below *P0: before the next deployment*, with its evidence, what to do, and a link to the route.

use super::routes::anchor;
use crate::coverage::Audit;
use crate::coverage::audit::{Gap, Priority};
use crate::report::{sentences, urgent, words};

pub(super) struct GapGroup<'a> {
    pub priority: &'static str,
    pub class: &'static str,
    /// By when.
    pub phase: &'static str,
    /// How many there are.
    pub number: usize,
    /// Without the script, so many of them; the data has all.
    pub gaps: Vec<GapRow<'a>>,
    pub more: usize,
}

/// One of the first things to do: gaps of one kind, told by one of them.
pub(super) struct FixFirst<'a> {
    pub gap: &'a Gap,
    pub class: &'static str,
    pub priority: &'static str,
    pub place: String,
    /// `and 12 more of this kind`.
    pub more: String,
}

pub(super) struct GapRow<'a> {
    pub gap: &'a Gap,
    pub route: Option<String>,
    /// Who answers for it, until when and why.
    pub waived: Option<String>,
}

/// Gaps of one priority that the page lists without its script.
const MOST_GAPS: usize = 60;
const MOST_FIRST: usize = 5;

/// The worst first; a priority without gaps is left out.
pub(super) fn gap_groups(audit: &Audit) -> Vec<GapGroup<'_>> {
    urgent::PHASES
        .into_iter()
        .map(|(priority, phase)| {
            let gaps: Vec<&Gap> = audit
                .gaps
                .iter()
                .filter(|gap| gap.priority == priority)
                .collect();
            GapGroup {
                priority: words::priority(priority),
                class: class(priority),
                phase,
                number: gaps.len(),
                more: gaps.len().saturating_sub(MOST_GAPS),
                gaps: gaps
                    .into_iter()
                    .take(MOST_GAPS)
                    .map(|gap| GapRow {
                        gap,
                        route: gap.route.map(anchor),
                        waived: gap.waiver.as_ref().map(sentences::waived),
                    })
                    .collect(),
            }
        })
        .filter(|group| group.number > 0)
        .collect()
}

fn class(priority: Priority) -> &'static str {
    match priority {
        Priority::P0 => "p0",
        Priority::P1 => "p1",
        Priority::P2 => "p2",
    }
}

/// The kinds of gaps to close first.
pub(super) fn fix_first(audit: &Audit) -> Vec<FixFirst<'_>> {
    urgent::fix_first(audit, MOST_FIRST)
        .into_iter()
        .map(|first| FixFirst {
            gap: first.gap,
            class: class(first.gap.priority),
            priority: words::priority(first.gap.priority),
            place: urgent::place(first.gap),
            more: first.and_more(),
        })
        .collect()
}
