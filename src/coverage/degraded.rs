//! Answers of which nobody sees that something failed, and that no test has seen.
//!
//! ```python
//! except Exception:
//!     return []        # degraded-answer: no test makes the handler come here by a request
//! ```

use std::collections::BTreeSet;

use crate::coverage::audit::{Audit, Evidence, Gap, Place, Priority, Route, Verdict};
use crate::coverage::gaps::{gap, handler, what};
use crate::coverage::judge::{Case, is_dead, place};
use crate::links::degraded;

/// One gap for each route and clause. Of routes that no test requests there is more to say than this.
pub fn gaps(case: &Case<'_>, audit: &Audit) -> Vec<Gap> {
    let contacts = case
        .links
        .tests
        .iter()
        .flat_map(|test| &test.walked.contacts);
    let seen: BTreeSet<Place> = contacts
        .flat_map(|(_, contact)| &contact.caught)
        .map(|at| place(case.world, *at))
        .collect();
    let mut found = Vec::new();
    for (position, route) in case.links.routes.iter().enumerate() {
        let number = case.route_at[position];
        let judged = &audit.routes[number];
        let is_requested = matches!(judged.verdict, Verdict::Behavior | Verdict::Doubled);
        let file = judged.handler.file.as_deref().unwrap_or_default();
        let is_live = judged.served && !route.key.is_websocket && !is_dead(case, file);
        let code = route.key.handler.as_ref();
        // Of a handler that was not run to its end nobody knows which of its answers are errors.
        let is_known = !route.explored.cut_off;
        let Some(code) = code.filter(|_| is_live && is_requested && is_known) else {
            continue;
        };
        let clauses = degraded::clauses(case.world, code).into_iter();
        // What was seen to be an error is one of the route's error branches.
        let is_error = |clause: &degraded::Clause| {
            let mut places = route.explored.branches.iter().filter_map(|one| one.place);
            places.any(|at| {
                at.module == clause.place.module
                    && (clause.place.line..=clause.last_line).contains(&at.line)
            })
        };
        for (count, clause) in clauses.enumerate() {
            let at = place(case.world, clause.place);
            if !is_error(&clause) && !seen.contains(&at) {
                found.push(of_clause(judged, number, count, at).only_possible());
            }
        }
    }
    found
}

fn of_clause(route: &Route, number: usize, count: usize, at: Place) -> Gap {
    let title = format!(
        "{} answers a failure like a success, and no test has made it fail",
        what(route)
    );
    let key = format!("{} {count}", route.id);
    let evidence = Evidence {
        place: at,
        says: "catches whatever goes wrong, and the answer is no error".into(),
        rule: None,
    };
    gap(
        "degraded-answer",
        &key,
        Priority::P2,
        title,
        vec![evidence, handler(route)],
        "request the route while what it asks fails, and assert what the answer says of it",
        Some(number),
    )
}
