//! What in a suite proves little: assertions that accept anything, that are swallowed, or that can never hold.
//!
//! ```python
//! assert response.status_code in [200, 400, 503]    # accepts-anything
//!
//! try:
//!     assert response.json()["ready"]
//! except Exception as error:                        # swallowed-assert
//!     print(error)
//! ```

use std::collections::{BTreeMap, BTreeSet};

use crate::coverage::audit::{Audit, Evidence, Gap, Place, Priority, Test};
use crate::coverage::gaps::gap;
use crate::coverage::judge::{Case, place, spell};
use crate::facts::program::{CompareOperator, Expr, ExprId, Function, Handler, Span, Stmt};
use crate::links::branches::Branch;
use crate::links::paths::Sureness;
use crate::links::provoked::statuses_of;
use crate::links::walk::{Contact, Phase};
use crate::project::routes::shown;
use crate::project::world::{CodePlace, Unit, World};
use crate::rules::skips::SkipRules;
use crate::source::FileId;

/// A claim of more statuses is no list that somebody wrote.
const WIDEST_LIST: usize = 30;

pub fn gaps(case: &Case<'_>, audit: &Audit) -> Vec<Gap> {
    let tests: BTreeMap<&str, &Test> = audit
        .tests
        .iter()
        .filter(|test| test.runs)
        .map(|test| (test.id.as_str(), test))
        .collect();
    let mut gaps = Vec::new();
    for traced in &case.links.tests {
        let Some(test) = tests.get(traced.id.as_str()) else {
            continue;
        };
        for (phase, contact) in &traced.walked.contacts {
            if *phase == Phase::Call {
                gaps.extend(accepts_anything(case, test, contact));
                gaps.extend(impossible_statuses(case, audit, test, contact));
            }
        }
    }
    let sources = case.world.sources;
    let files: Files<'_> = sources.ids().map(|id| (sources.path(id), id)).collect();
    let mut by_place: BTreeMap<&Place, &Test> = BTreeMap::new();
    for test in tests.values() {
        by_place.entry(&test.place).or_insert(test);
    }
    for (at, test) in by_place {
        gaps.extend(swallowed(case.world, &files, at, test));
        for gap in wide_lists(case.world, &files, at, test) {
            let begins = |gap: &Gap| gap.evidence.first().map(|first| first.place.clone());
            if !gaps
                .iter()
                .any(|known| known.kind == gap.kind && begins(known) == begins(&gap))
            {
                gaps.push(gap);
            }
        }
    }
    gaps
}

/// Tests that send requests and assert nothing.
pub fn assert_nothing(case: &Case<'_>, audit: &Audit) -> Vec<Gap> {
    let sources = case.world.sources;
    let files: Files<'_> = sources.ids().map(|id| (sources.path(id), id)).collect();
    let reaches = |test: &&Test| {
        let mut exercises = test.exercises.iter();
        exercises.any(|exercise| audit.exercises[*exercise].route.is_some())
    };
    let tests = audit.tests.iter();
    let silent = tests.filter(|test| test.runs && !test.asserts);
    let silent = silent.filter(reaches).filter(|test| {
        // A handler that the test writes may assert, and so may a double of which nothing else is known.
        let code = code_at(case.world, &files, &test.place);
        !code.is_some_and(|(unit, function)| has_assertion(unit, function))
    });
    silent
        .map(|test| {
            gap(
                "test-asserts-nothing",
                &test.id,
                Priority::P1,
                format!("{} sends a request and asserts nothing", test.id),
                vec![Evidence {
                    place: test.place.clone(),
                    says: "no assertion is reached".into(),
                    rule: None,
                }],
                "assert the status and what the answer holds",
                None,
            )
        })
        .collect()
}

/// Does an `assert`, or a call of a method that is called `assert…`, stand in the function or in one inside of it?
fn has_assertion(unit: &Unit, function: &Function) -> bool {
    let facts = &unit.facts;
    let statements = facts.stmts.iter().zip(&facts.stmt_lines);
    let asserts = |statement: &Stmt| matches!(statement, Stmt::Assert { .. });
    let calls = |expr: &Expr| match expr {
        Expr::Call { function, .. } => matches!(
            facts.expr(*function),
            Expr::Attribute { name, .. } if facts.name(name).starts_with("assert")
        ),
        _ => false,
    };
    let mut expressions = facts.exprs.iter().zip(&facts.expr_lines);
    statements
        .filter(|(statement, _)| asserts(statement))
        .any(|(_, line)| function.has_line(*line))
        || expressions.any(|(expr, line)| function.has_line(*line) && calls(expr))
}

/// `assert answer.status_code in [200, 503]` of an answer whose request is not known.
fn wide_lists(world: &World<'_>, files: &Files<'_>, at: &Place, test: &Test) -> Vec<Gap> {
    let Some((unit, function)) = code_at(world, files, at) else {
        return Vec::new();
    };
    let mut found: Vec<(u32, String)> = Vec::new();
    let mut exact: Vec<String> = Vec::new();
    look(unit, function.body, false, &mut |statement, line, _| {
        let Stmt::Assert { test, .. } = statement else {
            return;
        };
        let Expr::Compare {
            operator,
            left,
            right,
        } = unit.facts.expr(test)
        else {
            return;
        };
        let Some(subject) = status_of(&world.rules.skips, unit, left) else {
            return;
        };
        match (operator, statuses_in(unit, right)) {
            (CompareOperator::In, Some(statuses)) => {
                let is_mixed =
                    statuses.iter().any(|one| *one < 300) && statuses.iter().any(|one| *one >= 400);
                if is_mixed {
                    let listed: Vec<String> = statuses.iter().map(u16::to_string).collect();
                    found.push((line, listed.join(", ")));
                } else {
                    exact.push(subject);
                }
            }
            (CompareOperator::Equal, _) => exact.push(subject),
            _ => {}
        }
    });
    if !exact.is_empty() {
        return Vec::new();
    }
    let mut seen = BTreeSet::new();
    found
        .into_iter()
        .filter(|(line, listed)| seen.insert((*line, listed.clone())))
        .map(|(line, listed)| {
            let says = format!("accepts success and error alike: {listed}");
            gap(
                "accepts-anything",
                &format!("{}:{says}", test.id),
                Priority::P1,
                format!("{} {says}", test.id),
                vec![Evidence {
                    place: Place {
                        file: at.file.clone(),
                        line,
                    },
                    says,
                    rule: None,
                }],
                "provoke one outcome, and assert exactly its status",
                None,
            )
            .only_likely()
        })
        .collect()
}

/// The name of the answer whose status the expression is.
fn status_of(rules: &SkipRules, unit: &Unit, expr: ExprId) -> Option<String> {
    match unit.facts.expr(expr) {
        Expr::Attribute { object, name } if rules.is_status(unit.facts.name(name)) => {
            Some(format!("{:?}", unit.facts.expr(object)))
        }
        _ => None,
    }
}

/// The statuses of a list that is written out: `[200, status.HTTP_404_NOT_FOUND]`.
fn statuses_in(unit: &Unit, expr: ExprId) -> Option<Vec<u16>> {
    let (Expr::List(items) | Expr::Tuple(items) | Expr::Set(items)) = unit.facts.expr(expr) else {
        return None;
    };
    let items = unit.facts.expr_list(items).iter();
    let statuses = items.map(|item| match unit.facts.expr(*item) {
        Expr::Int(number) => u16::try_from(number).ok(),
        Expr::Attribute { name, .. } | Expr::Name(name) => {
            let mut parts = unit.facts.name(name).split('_');
            parts.find_map(|part| part.parse::<u16>().ok())
        }
        _ => None,
    });
    statuses.collect()
}

/// The files by their paths.
type Files<'a> = BTreeMap<&'a str, FileId>;

/// The function that begins at a place.
fn code_at<'a>(
    world: &'a World<'_>,
    files: &Files<'_>,
    at: &Place,
) -> Option<(&'a Unit, &'a Function)> {
    let file = *files.get(at.file.as_str())?;
    let unit = world.loaded(world.module_of(file))?;
    let function = unit
        .facts
        .functions
        .iter()
        .find(|function| function.line == at.line || function.first_line == at.line)?;
    Some((unit, function))
}

fn accepts_anything(case: &Case<'_>, test: &Test, contact: &Contact) -> Vec<Gap> {
    let request = &contact.request;
    let width = |claim: &[(u16, u16)]| -> usize {
        claim
            .iter()
            .map(|(low, high)| usize::from(high.saturating_sub(*low)) + 1)
            .sum()
    };
    let is_mixed = |claim: &[(u16, u16)]| {
        // A redirect may be a refusal, too: to where one logs in.
        claim.iter().any(|(low, _)| *low < 300) && claim.iter().any(|(_, high)| *high >= 400)
    };
    // Another assertion about the same answer may be exact.
    let is_exact = |claim: &Vec<(u16, u16)>| !claim.is_empty() && !is_mixed(claim);
    if contact.is_foreign || request.claims.iter().any(is_exact) {
        return Vec::new();
    }
    let claims = request.claims.iter().zip(&request.claimed_at);
    let mut gaps = Vec::new();
    for (claim, at) in claims {
        let (says, fix) = if !claim.is_empty() && width(claim) <= WIDEST_LIST {
            let listed: Vec<String> = claim
                .iter()
                .flat_map(|(low, high)| *low..=*high)
                .map(|status| status.to_string())
                .collect();
            (
                format!("accepts success and error alike: {}", listed.join(", ")),
                "provoke one outcome, and assert exactly its status",
            )
        } else if claim.is_empty() && refuses_only(case.world, *at, 404) {
            let Some(wide) = contact
                .routes
                .iter()
                .find(|(key, ..)| is_catch_all(&key.path))
            else {
                continue;
            };
            (
                format!(
                    "accepts everything but 404, which {} never leaves to the framework",
                    shown(&wide.0.path)
                ),
                "assert the status that the route should answer with",
            )
        } else {
            continue;
        };
        let url = shown(&request.url);
        gaps.push(gap(
            "accepts-anything",
            &format!("{}:{} {url}:{says}", test.id, request.method),
            Priority::P1,
            format!("{} {says}", test.id),
            vec![
                Evidence {
                    place: place(case.world, *at),
                    says,
                    rule: None,
                },
                Evidence {
                    place: test.place.clone(),
                    says: format!("of the answer to {} {url}", request.method),
                    rule: None,
                },
            ],
            fix,
            None,
        ));
    }
    gaps
}

/// `assert answer.status_code != 404` on this line?
fn refuses_only(world: &World<'_>, at: CodePlace, status: i64) -> bool {
    let Some(unit) = world.loaded(at.module) else {
        return false;
    };
    let facts = &unit.facts;
    let on_line = facts.stmts.iter().zip(&facts.stmt_lines);
    on_line
        .filter(|(_, line)| **line == at.line)
        .any(|(statement, _)| {
            let Stmt::Assert { test, .. } = statement else {
                return false;
            };
            matches!(
                facts.expr(*test),
                Expr::Compare { operator: CompareOperator::NotEqual, left, right }
                    if status_of(&world.rules.skips, unit, left).is_some() && facts.expr(right) == Expr::Int(status)
            )
        })
}

/// Does the template take any rest of a path?
pub fn is_catch_all(path: &str) -> bool {
    path.contains(":path}")
}

/// Error statuses that the test wants of a route, none of whose branches gives them.
fn impossible_statuses(case: &Case<'_>, audit: &Audit, test: &Test, contact: &Contact) -> Vec<Gap> {
    let [(key, Sureness::Certain | Sureness::Likely, ..)] = contact.routes.as_slice() else {
        return Vec::new();
    };
    let Some(&number) = case.by_key.get(&spell(case.world, key)) else {
        return Vec::new();
    };
    let Some(position) = case.route_at.iter().position(|at| *at == number) else {
        return Vec::new();
    };
    let explored = &case.links.routes[position].explored;
    let statuses = statuses_of(&contact.request.claims);
    let is_known = |branch: &Branch| branch.status.is_some();
    let is_given = |status: u16| {
        let mut branches = explored.branches.iter();
        branches.any(|branch| branch.status == Some(status))
            || explored.of_libraries.contains(&Some(status))
            || explored.of_libraries.contains(&None)
            || case.world.rules.skips.framework_statuses.contains(&status)
    };
    let is_impossible = !explored.cut_off
        && explored.branches.iter().all(is_known)
        && !statuses.is_empty()
        && statuses
            .iter()
            .all(|status| *status >= 400 && !is_given(*status));
    let Some(at) = contact.request.claimed_at.first().filter(|_| is_impossible) else {
        return Vec::new();
    };
    let route = &audit.routes[number];
    let what = format!("{} {}", route.method, route.path);
    let listed: Vec<String> = statuses.iter().map(u16::to_string).collect();
    let listed = listed.join(", ");
    let found = gap(
        "impossible-status",
        &format!("{}:{}:{listed}", test.id, route.id),
        Priority::P1,
        format!(
            "{} wants {listed} of {what}, which never answers so",
            test.id
        ),
        vec![
            Evidence {
                place: place(case.world, *at),
                says: format!("wants {listed}"),
                rule: None,
            },
            Evidence {
                place: Place {
                    file: route.handler.file.clone().unwrap_or_default(),
                    line: route.handler.line,
                },
                says: format!("{} has no branch that ends so", route.handler.name),
                rule: None,
            },
        ],
        "let the route answer with the status, or correct the test",
        None,
    );
    // A middleware may answer, and what a library raises is not seen.
    vec![found.only_possible()]
}

// ---- assertions that are swallowed --------------------------------------------------------------------------------

/// One gap for a test whose failing assertions an `except` takes.
fn swallowed(world: &World<'_>, files: &Files<'_>, at: &Place, test: &Test) -> Option<Gap> {
    let (unit, function) = code_at(world, files, at)?;
    let (handler, assertion) = swallowing(unit, function)?;
    let here = |line: u32, says: &str| Evidence {
        place: Place {
            file: at.file.clone(),
            line,
        },
        says: says.into(),
        rule: None,
    };
    Some(gap(
        "swallowed-assert",
        &test.id,
        Priority::P1,
        format!(
            "{} passes when its assertion fails: an `except` takes it",
            test.id
        ),
        vec![
            here(handler, "takes the failed assertion, and does not raise"),
            here(assertion, "this assertion can't fail the test"),
        ],
        "take the assertion out of the `try`, or catch only what the call under test raises",
        None,
    ))
}

/// The line of the handler, and of the first assertion that it swallows.
fn swallowing(unit: &Unit, function: &Function) -> Option<(u32, u32)> {
    let mut found = None;
    let mut later = BTreeSet::new();
    look(
        unit,
        function.body,
        false,
        &mut |statement, line, is_in_loop| match statement {
            Stmt::Try { body, handlers, .. } if !is_in_loop && found.is_none() => {
                let assertion = first_assertion(unit, body);
                let takes = unit.facts.handlers[handlers.range()]
                    .iter()
                    .find(|handler| takes_assertions(unit, handler));
                if let (Some(assertion), Some(handler)) = (assertion, takes)
                    && !complains(unit, handler.body)
                {
                    found = Some((handler.line, assertion));
                }
            }
            // What comes after it may look at what the handler has left.
            Stmt::Assert { .. } | Stmt::Raise(_) => {
                later.insert(line);
            }
            _ => {}
        },
    );
    let (handler, assertion) = found?;
    (!later.iter().any(|line| *line > handler)).then_some((handler, assertion))
}

/// Calls `see` for every statement of a body, outside inner functions; says whether it stands in a loop.
fn look(unit: &Unit, body: Span, is_in_loop: bool, see: &mut dyn FnMut(Stmt, u32, bool)) {
    for id in unit.facts.stmt_list(body) {
        let statement = unit.facts.stmt(*id);
        see(statement, unit.facts.stmt_line(*id), is_in_loop);
        let is_loop = matches!(statement, Stmt::For { .. } | Stmt::While { .. });
        for inner in unit.facts.blocks(statement) {
            look(unit, inner, is_in_loop || is_loop, see);
        }
    }
}

fn first_assertion(unit: &Unit, body: Span) -> Option<u32> {
    let mut first = None;
    look(unit, body, false, &mut |statement, line, _| {
        if matches!(statement, Stmt::Assert { .. }) && first.is_none() {
            first = Some(line);
        }
    });
    first
}

fn takes_assertions(unit: &Unit, handler: &Handler) -> bool {
    let is_broad = |expr: ExprId| match unit.facts.expr(expr) {
        Expr::Name(name) => matches!(
            unit.facts.name(name),
            "Exception" | "BaseException" | "AssertionError"
        ),
        _ => false,
    };
    match handler.exception {
        None => true,
        Some(expr) => match unit.facts.expr(expr) {
            Expr::Tuple(items) => unit
                .facts
                .expr_list(items)
                .iter()
                .any(|item| is_broad(*item)),
            _ => is_broad(expr),
        },
    }
}

/// Does the handler raise, assert, fail, skip or leave the process?
fn complains(unit: &Unit, body: Span) -> bool {
    let mut complains = false;
    look(unit, body, false, &mut |statement, _, _| match statement {
        Stmt::Raise(_) | Stmt::Assert { .. } => complains = true,
        Stmt::Expr(call) | Stmt::Return(Some(call)) => {
            let call = match unit.facts.expr(call) {
                Expr::Await(inner) => inner,
                _ => call,
            };
            if let Expr::Call { function, .. } = unit.facts.expr(call)
                && let Expr::Name(name) | Expr::Attribute { name, .. } = unit.facts.expr(function)
            {
                let name = unit.facts.name(name);
                complains |= ["fail", "skip", "exit", "xfail", "importorskip"].contains(&name);
            }
        }
        _ => {}
    });
    complains
}
