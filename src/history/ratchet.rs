//! The ratchet: gaps that were accepted once, and may only become fewer.
//!
//! ```text
//! covgap baseline       writes down the gaps of today
//! covgap                fails on a gap that is not written down, and on one that is and is closed: take it out
//! ```

use super::identity::{self, Renames};
use super::snapshot::{Gap, Place, Snapshot};
use crate::coverage::audit::Gate;

pub const STAGE: &str = "ratchet";

/// What was accepted, sorted by id.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Baseline {
    pub entries: Vec<Accepted>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Accepted {
    pub id: String,
    pub kind: String,
    pub priority: String,
    pub title: String,
    pub file: String,
    /// Why it was accepted after the first day.
    pub reason: Option<String>,
}

/// How a run and the baseline agree.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Agreement {
    /// Open, and not accepted.
    pub new: Vec<Gap>,
    /// Accepted, and not open any more.
    pub stale: Vec<Accepted>,
    /// Accepted and open: as the baseline would say it today.
    pub kept: Vec<Accepted>,
}

/// The baseline that is there, and what it would be today.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Today {
    /// Where it lies, relative to the project's root.
    pub path: String,
    /// None: there is no baseline yet.
    pub before: Option<Agreement>,
    pub today: Baseline,
}

impl Baseline {
    /// Everything that is open today.
    pub fn of(snapshot: &Snapshot) -> Baseline {
        let mut entries: Vec<Accepted> = open(snapshot).map(|gap| accepted(gap, None)).collect();
        entries.sort();
        Baseline { entries }
    }

    pub fn against(&self, snapshot: &Snapshot) -> Agreement {
        let before: Vec<Gap> = self.entries.iter().map(as_gap).collect();
        let before: Vec<&Gap> = before.iter().collect();
        let now: Vec<&Gap> = open(snapshot).collect();
        let pairs = identity::pairs(&before, &now, &Renames::new());
        let is_before = |at: usize| pairs.iter().any(|(before, _)| *before == at);
        let is_now = |at: usize| pairs.iter().any(|(_, now)| *now == at);
        let kept = pairs.iter().map(|(before, at)| {
            let reason = self.entries[*before].reason.clone();
            accepted(now[*at], reason)
        });
        Agreement {
            kept: kept.collect(),
            new: (0..now.len())
                .filter(|at| !is_now(*at))
                .map(|at| now[at].clone())
                .collect(),
            stale: (0..before.len())
                .filter(|at| !is_before(*at))
                .map(|at| self.entries[at].clone())
                .collect(),
        }
    }
}

impl Agreement {
    /// The baseline without what is closed; with what is new, if there is a reason. `None`: something is new, and nobody says why.
    pub fn updated(&self, reason: Option<&str>) -> Option<Baseline> {
        if !self.new.is_empty() && reason.is_none() {
            return None;
        }
        let new = self.new.iter();
        let mut entries: Vec<Accepted> = new
            .map(|gap| accepted(gap, reason.map(str::to_string)))
            .chain(self.kept.iter().cloned())
            .collect();
        entries.sort();
        Some(Baseline { entries })
    }

    pub fn gates(&self) -> Vec<Gate> {
        let gate = |id: &str, wrong: &[String], fine: &str, what: &str| {
            Gate::of(id, STAGE, wrong, 1, fine, what)
        };
        let new: Vec<String> = self.new.iter().map(|gap| gap.title.clone()).collect();
        let stale: Vec<String> = self.stale.iter().map(|one| one.title.clone()).collect();
        vec![
            gate(
                "no-new-gap",
                &new,
                "No gap is open that the baseline does not accept",
                "new",
            ),
            gate(
                "no-stale-entry",
                &stale,
                "Every gap of the baseline is open",
                "closed; --update-baseline takes them out",
            ),
        ]
    }
}

/// The gate of a baseline that is not there, or can't be read.
pub fn refused(says: String) -> Gate {
    Gate {
        id: "baseline".to_string(),
        stage: STAGE.to_string(),
        passed: false,
        says,
    }
}

/// Those that count: not waived, and more than possible.
fn open(snapshot: &Snapshot) -> impl Iterator<Item = &Gap> {
    snapshot.open().filter(|gap| gap.is_sure())
}

fn accepted(gap: &Gap, reason: Option<String>) -> Accepted {
    Accepted {
        id: gap.id.clone(),
        kind: gap.kind.clone(),
        priority: gap.priority.clone(),
        title: gap.title.clone(),
        file: gap.file().to_string(),
        reason,
    }
}

fn as_gap(accepted: &Accepted) -> Gap {
    Gap {
        id: accepted.id.clone(),
        kind: accepted.kind.clone(),
        priority: accepted.priority.clone(),
        title: accepted.title.clone(),
        evidence: vec![Place {
            file: accepted.file.clone(),
            line: 1,
        }],
        ..Gap::default()
    }
}
