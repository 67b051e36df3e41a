//! Two runs, side by side: gaps that opened, closed or changed, routes that were added or removed, bars before and after.
//!
//! ```python
//! @app.post("/orders")      # added between the two, and no test sends it: a route added without a test
//! ```

use std::collections::{BTreeMap, BTreeSet};

use super::identity::{self, Renames};
use super::snapshot::{Gap, Route, Snapshot};

/// What is between two runs. All lists are sorted.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Difference {
    /// The project's name.
    pub project: String,
    /// What the two are called.
    pub base: String,
    pub head: String,
    pub bars: Vec<BarChange>,
    /// Implementation, behavior and overall.
    pub totals: Vec<(&'static str, Option<f64>, Option<f64>)>,
    pub tests: (usize, usize),
    /// Of those that the bars count.
    pub routes: (usize, usize),
    pub opened: Vec<Gap>,
    pub closed: Vec<Gap>,
    /// The same route, another kind of gap; or the same gap, another priority.
    pub changed: Vec<(Gap, Gap)>,
    pub unchanged: usize,
    pub added: Vec<Route>,
    pub removed: Vec<Route>,
    /// There before and now, with another verdict.
    pub judged_anew: Vec<(Route, Route)>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct BarChange {
    pub id: String,
    pub label: String,
    pub before: Option<Measure>,
    pub after: Option<Measure>,
}

/// A bar that is measured.
#[derive(Debug, Clone, PartialEq)]
pub struct Measure {
    pub covered: usize,
    pub total: usize,
    pub percent: Option<f64>,
}

impl Difference {
    /// The added routes that no test shows to work.
    pub fn added_without_test(&self) -> impl Iterator<Item = &Route> {
        self.added.iter().filter(|route| !route.is_tested())
    }
}

/// Compares two runs; `renames` are of the files between them.
pub fn compare(base: &Snapshot, head: &Snapshot, renames: &Renames) -> Difference {
    let (before, now) = (sure(base), sure(head));
    let same = identity::pairs(&before, &now, renames);
    let kept_before: BTreeSet<usize> = same.iter().map(|(before, _)| *before).collect();
    let kept_now: BTreeSet<usize> = same.iter().map(|(_, now)| *now).collect();
    let mut closed: Vec<Gap> = rest(&before, &kept_before);
    let mut opened: Vec<Gap> = rest(&now, &kept_now);
    let mut changed = in_another_way(base, head, &mut closed, &mut opened);
    for (one, two) in &same {
        let (one, two) = (before[*one], now[*two]);
        if one.priority != two.priority {
            changed.push((one.clone(), two.clone()));
        }
    }
    let order = |one: &Gap, two: &Gap| {
        (&one.priority, &one.kind, &one.title, &one.id).cmp(&(
            &two.priority,
            &two.kind,
            &two.title,
            &two.id,
        ))
    };
    opened.sort_by(order);
    closed.sort_by(order);
    changed.sort_by(|(_, one), (_, two)| order(one, two));
    let (added, removed, judged_anew) = routes(base, head);
    Difference {
        project: head.project.name.clone(),
        base: String::new(),
        head: String::new(),
        bars: bars(base, head),
        totals: vec![
            (
                "implementation",
                base.totals.implementation,
                head.totals.implementation,
            ),
            ("behavior", base.totals.behavior, head.totals.behavior),
            ("overall", base.totals.overall, head.totals.overall),
        ],
        tests: (base.project.tests, head.project.tests),
        routes: (base.counted().count(), head.counted().count()),
        unchanged: before.len() - closed.len() - changed.len(),
        opened,
        closed,
        changed,
        added,
        removed,
        judged_anew,
    }
}

/// What is only possible comes and goes with what could be resolved.
fn sure(snapshot: &Snapshot) -> Vec<&Gap> {
    snapshot.gaps.iter().filter(|gap| gap.is_sure()).collect()
}

fn rest(gaps: &[&Gap], kept: &BTreeSet<usize>) -> Vec<Gap> {
    let left = gaps.iter().enumerate().filter(|(at, _)| !kept.contains(at));
    left.map(|(_, gap)| (*gap).clone()).collect()
}

/// Takes out of both lists what is about the same route in the same respect: untested before, and reached with doubles now.
fn in_another_way(
    base: &Snapshot,
    head: &Snapshot,
    closed: &mut Vec<Gap>,
    opened: &mut Vec<Gap>,
) -> Vec<(Gap, Gap)> {
    let keys = |snapshot: &Snapshot| -> BTreeMap<String, String> {
        let routes = snapshot.routes.iter();
        routes
            .map(|route| (route.id.clone(), route.key()))
            .collect()
    };
    let (base, head) = (keys(base), keys(head));
    let respect = |gap: &Gap, keys: &BTreeMap<String, String>| {
        let is_about_reaching = gap.kind.ends_with("-route") || gap.kind.ends_with("-websocket");
        let route = gap.route.as_ref().filter(|_| is_about_reaching)?;
        keys.get(route).cloned()
    };
    let mut changed = Vec::new();
    opened.retain(|gap| {
        let Some(key) = respect(gap, &head) else {
            return true;
        };
        let partner = closed
            .iter()
            .position(|other| respect(other, &base).as_ref() == Some(&key));
        match partner {
            Some(at) => {
                changed.push((closed.remove(at), gap.clone()));
                false
            }
            None => true,
        }
    });
    changed
}

type RouteChanges = (Vec<Route>, Vec<Route>, Vec<(Route, Route)>);

/// Added, removed, and judged anew. Routes that say the same to a client are told apart by their handlers' names, then by their order.
fn routes(base: &Snapshot, head: &Snapshot) -> RouteChanges {
    let grouped = |snapshot: &Snapshot| {
        let mut groups: BTreeMap<String, Vec<Route>> = BTreeMap::new();
        for route in snapshot.counted().filter(|route| !route.external) {
            groups.entry(route.key()).or_default().push(route.clone());
        }
        groups
    };
    let (mut before, now) = (grouped(base), grouped(head));
    let (mut added, mut removed, mut anew) = (Vec::new(), Vec::new(), Vec::new());
    for (key, routes) in now {
        let mut olds = before.remove(&key).unwrap_or_default();
        let (named, others): (Vec<Route>, Vec<Route>) = routes.into_iter().partition(|route| {
            olds.iter()
                .any(|old| old.handler.name == route.handler.name)
        });
        for route in named.into_iter().chain(others) {
            if olds.is_empty() {
                added.push(route);
                continue;
            }
            let at = olds
                .iter()
                .position(|old| old.handler.name == route.handler.name)
                .unwrap_or(0);
            let old = olds.remove(at);
            if old.verdict != route.verdict {
                anew.push((old, route));
            }
        }
        removed.extend(olds);
    }
    removed.extend(before.into_values().flatten());
    let order = |one: &Route, two: &Route| {
        (&one.path, &one.method, &one.id).cmp(&(&two.path, &two.method, &two.id))
    };
    added.sort_by(order);
    removed.sort_by(order);
    anew.sort_by(|(_, one), (_, two)| order(one, two));
    (added, removed, anew)
}

fn bars(base: &Snapshot, head: &Snapshot) -> Vec<BarChange> {
    let measure = |snapshot: &Snapshot, id: &str| {
        let bar = snapshot.bars.iter().find(|bar| bar.id == id)?;
        (bar.state == "measured").then_some(Measure {
            covered: bar.covered,
            total: bar.total,
            percent: bar.percent,
        })
    };
    let mut known = BTreeSet::new();
    let all = head.bars.iter().chain(&base.bars);
    all.filter(|bar| known.insert(bar.id.clone()))
        .map(|bar| BarChange {
            id: bar.id.clone(),
            label: bar.label.clone(),
            before: measure(base, &bar.id),
            after: measure(head, &bar.id),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::compare;
    use crate::history::identity::Renames;
    use crate::history::snapshot::{Gap, Handler, Route, Snapshot};

    fn snapshot(routes: &[(&str, &str, &str)]) -> Snapshot {
        let mut snapshot = Snapshot::default();
        for (path, handler, verdict) in routes {
            let id = format!("GET {path} {handler}");
            snapshot.routes.push(Route {
                id: id.clone(),
                kind: "http".into(),
                method: "GET".into(),
                path: path.to_string(),
                served: true,
                handler: Handler {
                    name: handler.to_string(),
                    ..Handler::default()
                },
                verdict: verdict.to_string(),
                ..Route::default()
            });
            if *verdict != "behavior" {
                snapshot.gaps.push(Gap {
                    id: format!("{verdict}-route-{id}"),
                    kind: format!("{verdict}-route"),
                    priority: "P0".into(),
                    title: format!("{verdict} {path}"),
                    route: Some(id),
                    ..Gap::default()
                });
            }
        }
        snapshot
    }

    #[test]
    fn says_what_is_between_two_runs() {
        let base = snapshot(&[
            ("/kept", "kept", "untested"),
            ("/won", "won", "untested"),
            ("/half", "half", "untested"),
            ("/gone", "gone", "behavior"),
            ("/by/{id}", "by", "behavior"),
        ]);
        let head = snapshot(&[
            ("/kept", "kept", "untested"),
            ("/won", "won", "behavior"),
            ("/half", "half", "doubled"),
            ("/new", "new", "untested"),
            ("/safe", "safe", "behavior"),
            ("/by/{name}", "by", "behavior"),
        ]);
        let found = compare(&base, &head, &Renames::new());
        let titles =
            |gaps: &[Gap]| -> Vec<String> { gaps.iter().map(|gap| gap.title.clone()).collect() };
        let paths = |routes: &[Route]| -> Vec<String> {
            routes.iter().map(|route| route.path.clone()).collect()
        };
        assert_eq!(titles(&found.opened), ["untested /new"]);
        assert_eq!(titles(&found.closed), ["untested /won"]);
        assert_eq!(found.changed.len(), 1);
        assert_eq!(found.changed[0].1.title, "doubled /half");
        assert_eq!(found.unchanged, 1);
        assert_eq!(paths(&found.added), ["/new", "/safe"]);
        assert_eq!(paths(&found.removed), ["/gone"]);
        let untested: Vec<_> = found.added_without_test().collect();
        assert_eq!(untested.len(), 1);
        assert_eq!(found.judged_anew.len(), 2);
    }
}
