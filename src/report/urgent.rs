//! What a reader acts on: the kinds of gaps to close first, and the gates by stage.
//!
//! 26 gaps of the kind `untested-error` are one entry, told by the first of them, with 25 more.

use std::collections::BTreeMap;

use super::{text, words};
use crate::coverage::Audit;
use crate::coverage::audit::{Gap, Gate, Priority, Unknown};

/// Priorities with what they mean: by when.
pub(super) const PHASES: [(Priority, &str); 3] = [
    (Priority::P0, "before the next deployment"),
    (Priority::P1, "before the production release"),
    (Priority::P2, "later"),
];

/// Gaps of one kind and priority, told by one of them.
pub(super) struct First<'a> {
    pub gap: &'a Gap,
    /// Others of the kind.
    pub more: usize,
}

impl First<'_> {
    /// `and 12 more of this kind`; nothing where it is the only one.
    pub(super) fn and_more(&self) -> String {
        match self.more {
            0 => String::new(),
            more => format!("and {} more of this kind", text::grouped(more)),
        }
    }
}

/// Where a gap is seen first; empty for one without a place.
pub(super) fn place(gap: &Gap) -> String {
    gap.evidence
        .first()
        .map(|evidence| evidence.place.to_string())
        .unwrap_or_default()
}

/// Gaps of one priority, by kind, the most frequent kind first.
pub(super) fn by_kind(audit: &Audit, priority: Priority) -> Vec<Vec<&Gap>> {
    let mut kinds: BTreeMap<&str, Vec<&Gap>> = BTreeMap::new();
    for gap in audit.gaps.iter().filter(|gap| gap.priority == priority) {
        kinds.entry(&gap.kind).or_default().push(gap);
    }
    let mut kinds: Vec<Vec<&Gap>> = kinds.into_values().collect();
    kinds.sort_by_key(|gaps| std::cmp::Reverse(gaps.len()));
    kinds
}

/// The kinds of gaps to close first: by priority, then the most frequent. What somebody answers for is not among them.
pub(super) fn fix_first(audit: &Audit, most: usize) -> Vec<First<'_>> {
    let mut kinds: Vec<Vec<&Gap>> = PHASES
        .iter()
        .flat_map(|&(priority, _)| by_kind(audit, priority))
        .map(|gaps| gaps.into_iter().filter(|gap| !gap.is_waived()).collect())
        .filter(|gaps: &Vec<&Gap>| !gaps.is_empty())
        .collect();
    kinds.sort_by_key(|gaps| (gaps[0].priority, std::cmp::Reverse(gaps.len())));
    kinds
        .into_iter()
        .take(most)
        .map(|gaps| First {
            gap: gaps[0],
            more: gaps.len() - 1,
        })
        .collect()
}

/// How many gaps of each priority: `36 P0, 26 P1`.
pub(super) fn numbers(audit: &Audit) -> String {
    let numbers: Vec<String> = PHASES
        .iter()
        .map(|&(priority, _)| {
            let gaps = audit.gaps.iter().filter(|gap| gap.priority == priority);
            (priority, gaps.count())
        })
        .filter(|(_, number)| *number > 0)
        .map(|(priority, number)| {
            format!("{} {}", text::grouped(number), words::priority(priority))
        })
        .collect();
    numbers.join(", ")
}

/// The gates of one stage.
pub(super) struct Stage<'a> {
    pub name: &'a str,
    pub failed: usize,
    pub gates: Vec<&'a Gate>,
}

/// In the order in which the audit names them.
pub(super) fn stages(audit: &Audit) -> Vec<Stage<'_>> {
    let mut stages: Vec<Stage<'_>> = Vec::new();
    for gate in &audit.gates {
        let at = stages.iter().position(|stage| stage.name == gate.stage);
        let at = at.unwrap_or_else(|| {
            stages.push(Stage {
                name: &gate.stage,
                failed: 0,
                gates: Vec::new(),
            });
            stages.len() - 1
        });
        stages[at].failed += usize::from(!gate.passed);
        stages[at].gates.push(gate);
    }
    stages
}

/// Items of one reason, the most frequent reason first.
pub(super) fn by_reason(audit: &Audit) -> Vec<(&'static str, Vec<&Unknown>)> {
    let mut reasons: BTreeMap<&'static str, Vec<&Unknown>> = BTreeMap::new();
    for unknown in &audit.unknowns {
        reasons.entry(unknown.reason).or_default().push(unknown);
    }
    let mut reasons: Vec<_> = reasons.into_iter().collect();
    reasons.sort_by_key(|(_, unknowns)| std::cmp::Reverse(unknowns.len()));
    reasons
}
