//! Error branches: which there are, of which routes, and which tests exercise them.
//!
//! A test that asserts 404 exercises the branch that its request was seen to end in. Where none was seen, it exercises those
//! branches of the route that give a 404, and say nothing else than what the test asserts. A `raise` in a function that the test
//! replaces is none of them: what stands in for the function raised.

use std::collections::{BTreeMap, BTreeSet};

use crate::coverage::audit::{Audit, BranchKind, Confidence, ErrorBranch, Place};
use crate::coverage::judge::{Case, place, spell};
use crate::links::branches::{self, Branch};
use crate::links::paths::Sureness;
use crate::links::provoked::{
    MOST_CANDIDATES, best_agreement, by_texts, fits, has_unknown, wanted,
};
use crate::links::trace::Traced;
use crate::links::walk::Contact;
use crate::project::routes::Handler;
use crate::project::world::{CodePlace, ModuleKind};

/// Where too many branches are left, so many of the handler itself are said to be exercised: what all routes have in common is tested
/// with some of them, what is a route's own with it.
const MOST_OWN: usize = 2;

/// A test, the place where it sends a request, and where it sends it to.
type Sent<'a> = (usize, &'a [CodePlace], &'a str, &'a str);
type Key = (Option<Place>, u8, Option<u16>, Option<String>);

pub fn find(case: &Case<'_>, audit: &mut Audit) {
    let numbers = list(case, audit);
    let tests: BTreeMap<&str, usize> = audit
        .tests
        .iter()
        .enumerate()
        .filter(|(_, test)| test.runs)
        .map(|(number, test)| (&*test.id, number))
        .collect();
    // Which tests end in one of which branches, and whether it is one of them for sure.
    let mut ends: BTreeMap<(Vec<usize>, Vec<usize>, bool), BTreeSet<usize>> = BTreeMap::new();
    let mut sharing: BTreeMap<Vec<usize>, BTreeSet<Sent<'_>>> = BTreeMap::new();
    for traced in &case.links.tests {
        let Some(&test) = tests.get(&*traced.id) else {
            continue;
        };
        for (_, contact) in &traced.walked.contacts {
            for end in exercised(case, traced, contact) {
                let number = |branch: &Branch| numbers.get(&key_of(case, branch)).copied();
                let mut candidates: Vec<usize> = end.branches.iter().filter_map(number).collect();
                let is_sure = end.is_sure && candidates.len() == end.branches.len();
                candidates.sort_unstable();
                candidates.dedup();
                let own = end
                    .branches
                    .iter()
                    .filter(|branch| is_of_handler(case, end.handler, branch));
                let own: BTreeSet<usize> = own.filter_map(number).collect();
                let own: Vec<usize> = own.into_iter().collect();
                // A test goes through what is refused one by one, but not through what nobody handles.
                let is_refusal = |branch: &Branch| branch.status.is_some_and(|one| one < 500);
                let request = &contact.request;
                let sent: Sent<'_> = if end.branches.iter().all(is_refusal) {
                    (test, &request.trail, &request.method, &request.url)
                } else {
                    (test, &[], "", "")
                };
                sharing.entry(candidates.clone()).or_default().insert(sent);
                ends.entry((candidates, own, is_sure))
                    .or_default()
                    .insert(test);
            }
        }
    }
    let mut by: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); audit.error_branches.len()];
    for ((candidates, own, is_sure), tests) in &ends {
        // Where there are as many requests as branches, each likely has one of its own.
        let sharing = sharing.get(candidates).map_or(0, BTreeSet::len);
        let chosen = if candidates.len() <= MOST_CANDIDATES.max(sharing) {
            candidates
        } else if own.len() <= MOST_OWN {
            own
        } else {
            continue;
        };
        for &branch in chosen {
            by[branch].extend(tests);
            if candidates.len() == 1 && *is_sure {
                audit.error_branches[branch].confidence = Confidence::Certain;
            }
        }
    }
    for (branch, tests) in audit.error_branches.iter_mut().zip(by) {
        branch.exercised_by = tests.into_iter().collect();
    }
}

/// The branches that a request may have ended in.
struct End<'a> {
    handler: Option<&'a Handler>,
    branches: Vec<Branch>,
    /// It is one of them.
    is_sure: bool,
}

/// For each route that takes the request, how it may have ended.
fn exercised<'a>(case: &'a Case<'_>, traced: &Traced, contact: &Contact) -> Vec<End<'a>> {
    let Some(wanted) = wanted(&contact.request) else {
        return Vec::new();
    };
    let mut all = Vec::new();
    for (key, sureness, _, _) in &contact.routes {
        if *sureness < Sureness::Likely {
            continue;
        }
        let seen = contact.provoked.iter().find(|(known, _)| known == key);
        let Some(&route) = case.by_key.get(&spell(case.world, key)) else {
            continue;
        };
        // The run may have taken a wrong turn: the texts that the test asserts know better.
        let Some(position) = case.route_at.iter().position(|at| *at == route) else {
            continue;
        };
        let explored = &case.links.routes[position].explored;
        let handler = case.links.routes[position].key.handler.as_ref();
        let wanted = wanted.told_apart(explored.branches.iter());
        let (replaced, fitting): (Vec<Branch>, Vec<Branch>) = explored
            .branches
            .iter()
            .filter(|branch| branch.status.is_none_or(|status| status >= 400))
            .filter(|branch| fits(branch, false, &wanted))
            .cloned()
            .partition(|branch| is_replaced(case, traced, branch));
        let is_known = *sureness == Sureness::Certain && !contact.request.is_undecided;
        let end = match seen {
            Some((_, seen))
                if best_agreement(&fitting, &wanted) <= best_agreement(seen, &wanted) =>
            {
                End {
                    handler,
                    branches: seen.clone(),
                    is_sure: is_known && !contact.is_open,
                }
            }
            _ => {
                let branches = by_texts(fitting.clone(), &wanted);
                let is_open = explored.cut_off || has_unknown(&fitting, &branches, &wanted);
                End {
                    handler,
                    is_sure: is_known && !is_open && replaced.is_empty(),
                    branches,
                }
            }
        };
        all.push(end);
    }
    all
}

/// Does the branch lie in a function that the test puts a double in the place of?
fn is_replaced(case: &Case<'_>, traced: &Traced, branch: &Branch) -> bool {
    let Some(place) = branch.place else {
        return false;
    };
    let functions = traced.walked.doubles.iter().filter_map(|one| one.function);
    functions
        .filter(|(module, _)| *module == place.module)
        .filter_map(|(module, function)| Some((case.world.unit(module)?, function)))
        .any(|(unit, function)| unit.facts.function(function).has_line(place.line))
}

/// Does the branch lie in the function that handles the route, and not in what it depends on or calls?
fn is_of_handler(case: &Case<'_>, handler: Option<&Handler>, branch: &Branch) -> bool {
    let (Some(place), Some(handler)) = (branch.place, handler) else {
        return false;
    };
    let function = handler.function.zip(case.world.unit(handler.module));
    place.module == handler.module
        && function
            .is_some_and(|(function, unit)| unit.facts.function(function).has_line(place.line))
}

/// Puts all branches into the audit; gives the number of each.
fn list(case: &Case<'_>, audit: &mut Audit) -> BTreeMap<Key, usize> {
    let mut found: BTreeMap<Key, (Vec<usize>, bool)> = BTreeMap::new();
    let mut add = |branch: &Branch, route: usize| {
        let (routes, is_unhandled) = found.entry(key_of(case, branch)).or_default();
        *is_unhandled |= branch.is_unhandled;
        if !routes.contains(&route) {
            routes.push(route);
        }
    };
    for (position, route) in case.links.routes.iter().enumerate() {
        for branch in &route.explored.branches {
            add(branch, case.route_at[position]);
        }
    }
    for traced in &case.links.tests {
        for (_, contact) in &traced.walked.contacts {
            for (key, seen) in &contact.provoked {
                let is_of_tests = |module| case.world.kind(module) == ModuleKind::Test;
                let handler = key.handler.as_ref();
                let is_toy = handler.is_some_and(|handler| is_of_tests(handler.module));
                // What a double raises is no branch of the project.
                let is_own = |branch: &&Branch| {
                    let place = branch.place;
                    place.is_some_and(|place| is_toy || !is_of_tests(place.module))
                };
                if let Some(&route) = case.by_key.get(&spell(case.world, key)) {
                    for branch in seen.iter().filter(is_own) {
                        add(branch, route);
                    }
                }
            }
        }
    }
    let mut numbers = BTreeMap::new();
    for (key, (mut routes, is_unhandled)) in found {
        routes.sort_unstable();
        let number = audit.error_branches.len();
        for route in &routes {
            audit.routes[*route].error_branches.push(number);
        }
        let (at, kind, status, exception) = key.clone();
        let spelled = status.map_or_else(|| "?".to_string(), |status| status.to_string());
        let file = at.as_ref().map(|at| at.file.clone()).unwrap_or_default();
        audit.error_branches.push(ErrorBranch {
            id: format!(
                "{file}:{spelled}:{}:{number}",
                exception.clone().unwrap_or_default()
            ),
            place: at.unwrap_or_default(),
            kind: kind_of(kind),
            status,
            exception,
            is_unhandled,
            routes,
            exercised_by: Vec::new(),
            confidence: Confidence::Likely,
        });
        numbers.insert(key, number);
    }
    numbers
}

fn key_of(case: &Case<'_>, branch: &Branch) -> Key {
    (
        branch.place.map(|one| place(case.world, one)),
        kind_number(branch.kind),
        branch.status,
        branch.exception.clone(),
    )
}

fn kind_number(kind: branches::BranchKind) -> u8 {
    match kind {
        branches::BranchKind::Raise => 0,
        branches::BranchKind::Response => 1,
        branches::BranchKind::Validation => 2,
        branches::BranchKind::Close => 3,
    }
}

fn kind_of(number: u8) -> BranchKind {
    match number {
        0 => BranchKind::Raise,
        1 => BranchKind::Response,
        2 => BranchKind::Validation,
        _ => BranchKind::Close,
    }
}
