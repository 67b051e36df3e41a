//! A curve: the bars and the open gaps of many revisions, and what happened between them.
//!
//! ```text
//! 2026-03-02   http 40%   P0 12   +3 opened   -5 closed
//! 2026-03-16   http 55%   P0 9    +1 opened   -4 closed
//! ```

use std::collections::BTreeMap;

use super::dates::DAY;
use super::identity::{self, Renames};
use super::snapshot::{Bar, Gap, Snapshot, Totals};

/// The points, the oldest first.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Trend {
    pub project: String,
    /// Does the clone end before the history does?
    pub is_shallow: bool,
    pub points: Vec<Point>,
    /// Since when the gaps of the newest measured point are open, by their ids.
    pub open: BTreeMap<String, OpenSince>,
}

/// The first look at which a gap was open, and at none after it was not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OpenSince {
    pub revision: String,
    /// Its day, or its tag.
    pub label: String,
    /// It was open at the first look already.
    pub is_at_least: bool,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Point {
    /// The commit, all digits.
    pub revision: String,
    pub subject: String,
    /// Its day, or its tag.
    pub label: String,
    /// Seconds since 1970.
    pub time: i64,
    pub state: State,
}

#[derive(Debug, Clone, PartialEq)]
pub enum State {
    Measured(Box<Measured>),
    /// There was nothing to analyze, or it could not be; why.
    NotAnalyzed(String),
}

impl Default for State {
    fn default() -> State {
        State::NotAnalyzed(String::new())
    }
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Measured {
    pub bars: Vec<Bar>,
    pub totals: Totals,
    pub tests: usize,
    /// Of those that the bars count.
    pub routes: usize,
    /// Open gaps, of the priorities P0, P1 and P2.
    pub open: [usize; 3],
    /// Against the measured point before; of the first point nothing.
    pub opened: usize,
    pub closed: usize,
    /// How many days the oldest open gap is old.
    pub oldest_days: i64,
    /// Was the oldest open at the first point already? Then it is at least so old.
    pub oldest_is_at_least: bool,
}

/// A revision that was looked at.
pub struct Look {
    pub revision: String,
    pub subject: String,
    pub label: String,
    pub time: i64,
    pub snapshot: Result<Snapshot, String>,
    /// The files that were called otherwise at the look before.
    pub renames: Renames,
}

/// A gap and since when it is open.
struct Since {
    gap: Gap,
    time: i64,
    open: OpenSince,
}

/// Draws the curve; the looks are in order, the oldest first.
pub fn draw(looks: Vec<Look>) -> Trend {
    let mut trend = Trend::default();
    let mut open: Option<Vec<Since>> = None;
    for look in looks {
        let state = match &look.snapshot {
            Err(why) => State::NotAnalyzed(why.clone()),
            Ok(snapshot) => {
                trend.project.clone_from(&snapshot.project.name);
                let (measured, now) = measure(&look, snapshot, open.as_deref());
                trend.open = now
                    .iter()
                    .map(|since| (since.gap.id.clone(), since.open.clone()))
                    .collect();
                open = Some(now);
                State::Measured(Box::new(measured))
            }
        };
        trend.points.push(Point {
            revision: look.revision,
            subject: look.subject,
            label: look.label,
            time: look.time,
            state,
        });
    }
    trend
}

fn measure(look: &Look, snapshot: &Snapshot, before: Option<&[Since]>) -> (Measured, Vec<Since>) {
    let now: Vec<&Gap> = snapshot.gaps.iter().filter(|gap| gap.is_sure()).collect();
    let old: Vec<&Gap> = before
        .unwrap_or_default()
        .iter()
        .map(|since| &since.gap)
        .collect();
    let same: BTreeMap<usize, usize> = identity::pairs(&old, &now, &look.renames)
        .into_iter()
        .map(|(old, now)| (now, old))
        .collect();
    let sinces: Vec<Since> = now
        .iter()
        .enumerate()
        .map(
            |(at, gap)| match same.get(&at).and_then(|old| before?.get(*old)) {
                Some(since) => Since {
                    gap: (*gap).clone(),
                    time: since.time,
                    open: since.open.clone(),
                },
                None => Since {
                    gap: (*gap).clone(),
                    time: look.time,
                    open: OpenSince {
                        revision: look.revision.clone(),
                        label: look.label.clone(),
                        is_at_least: before.is_none(),
                    },
                },
            },
        )
        .collect();
    let oldest = sinces.iter().map(|since| since.time).min();
    let of_priority = |priority: &str| now.iter().filter(|gap| gap.priority == priority).count();
    let measured = Measured {
        bars: snapshot.bars.clone(),
        totals: snapshot.totals.clone(),
        tests: snapshot.project.tests,
        routes: snapshot.counted().count(),
        open: ["P0", "P1", "P2"].map(of_priority),
        opened: before.map_or(0, |_| now.len() - same.len()),
        closed: before.map_or(0, |_| old.len() - same.len()),
        oldest_days: oldest.map_or(0, |oldest| (look.time - oldest).max(0) / DAY),
        oldest_is_at_least: sinces
            .iter()
            .any(|since| since.open.is_at_least && Some(since.time) == oldest),
    };
    (measured, sinces)
}

impl Point {
    /// The first ten digits of the commit.
    pub fn short(&self) -> &str {
        self.revision.get(..10).unwrap_or(&self.revision)
    }

    pub fn measured(&self) -> Option<&Measured> {
        match &self.state {
            State::Measured(measured) => Some(measured),
            State::NotAnalyzed(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Look, OpenSince, draw};
    use crate::history::dates::DAY;
    use crate::history::identity::Renames;
    use crate::history::snapshot::{Gap, Snapshot};

    fn look(day: i64, gaps: Option<&[&str]>) -> Look {
        let snapshot = match gaps {
            None => Err("nothing to analyze".to_string()),
            Some(gaps) => Ok(Snapshot {
                gaps: gaps
                    .iter()
                    .map(|id| Gap {
                        id: id.to_string(),
                        title: id.to_string(),
                        priority: "P0".into(),
                        ..Gap::default()
                    })
                    .collect(),
                ..Snapshot::default()
            }),
        };
        Look {
            revision: format!("r{day}"),
            subject: String::new(),
            label: String::new(),
            time: day * DAY,
            snapshot,
            renames: Renames::new(),
        }
    }

    #[test]
    fn a_curve() {
        let trend = draw(vec![
            look(0, None),
            look(7, Some(&["a", "b"])),
            look(14, Some(&["b", "c", "d"])),
            look(21, None),
            look(28, Some(&["c"])),
        ]);
        let points: Vec<_> = trend
            .points
            .iter()
            .map(|point| point.measured())
            .map(|measured| {
                let measured = measured?;
                Some((
                    measured.open[0],
                    measured.opened,
                    measured.closed,
                    measured.oldest_days,
                    measured.oldest_is_at_least,
                ))
            })
            .collect();
        assert_eq!(
            points,
            [
                None,
                Some((2, 0, 0, 0, true)),
                Some((3, 2, 1, 7, true)),
                None,
                Some((1, 0, 2, 14, false)),
            ]
        );
        let open: Vec<_> = trend.open.iter().collect();
        let since = OpenSince {
            revision: "r14".into(),
            ..OpenSince::default()
        };
        assert_eq!(open, [(&"c".to_string(), &since)]);
    }
}
