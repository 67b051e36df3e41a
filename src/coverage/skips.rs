//! Skips that hide something: infrastructure that is not there, or the failure of what is tested.
//!
//! ```python
//! if not consul_is_up():
//!     pytest.skip("Consul is not available")          # skip-hides-infrastructure: production cannot go on without it
//! response = client.post("/files")
//! if response.status_code != 200:
//!     pytest.skip(f"upload failed: {response.text}")  # skip-hides-failure
//! ```
//! Which words say so is data: `rules/skips.toml`.

use std::collections::{BTreeMap, BTreeSet};

use crate::coverage::audit::{Audit, Evidence, Gap, Priority};
use crate::coverage::gaps::gap;
use crate::coverage::judge::{Case, place};
use crate::facts::program::{CompareOperator, Expr, ExprId, Span, Stmt};
use crate::project::world::{CodePlace, Unit};
use crate::rules::skips::SkipRules;

/// Blocks nest this deep at most.
const DEEPEST: usize = 60;

/// What stands around a skip.
#[derive(Clone, Copy)]
enum Guard {
    If(ExprId),
    /// The exception of a handler; none for a bare one.
    Handler(Option<ExprId>),
}

/// One place that skips.
struct Place {
    reason: String,
    tests: BTreeSet<usize>,
}

pub fn gaps(case: &Case<'_>, audit: &Audit) -> Vec<Gap> {
    let numbers = audit.numbers_of_tests();
    let mut places: BTreeMap<CodePlace, Place> = BTreeMap::new();
    for traced in &case.links.tests {
        for skip in &traced.walked.skips {
            let known = places.entry(skip.place).or_insert_with(|| Place {
                reason: skip.reason.to_string(),
                tests: BTreeSet::new(),
            });
            known.tests.extend(numbers.get(traced.id.as_str()));
        }
    }
    let mut ordinals: BTreeMap<(String, String), usize> = BTreeMap::new();
    let found = places
        .iter()
        .filter_map(|(at, skip)| one_place(case, audit, *at, skip, &mut ordinals));
    found.collect()
}

fn one_place(
    case: &Case<'_>,
    audit: &Audit,
    at: CodePlace,
    skip: &Place,
    ordinals: &mut BTreeMap<(String, String), usize>,
) -> Option<Gap> {
    let unit = case.world.loaded(at.module)?;
    let mut guards = Vec::new();
    for function in unit.facts.functions_around(at.line) {
        let body = unit.facts.function(function).body;
        if find(unit, body, at.line, &mut guards, 0) {
            break;
        }
    }
    let is_in_test = unit.facts.functions_around(at.line).any(|function| {
        let line = unit.facts.function(function).line;
        let mut tests = skip.tests.iter().map(|test| &audit.tests[*test].place);
        tests.any(|place| place.line == line && place.file == *unit.path)
    });
    let kind = kind(case, unit, skip, &guards, is_in_test)?;
    let here = place(case.world, at);
    let reason: String = skip
        .reason
        .chars()
        .map(|letter| {
            if letter == crate::project::values::value::HOLE {
                '…'
            } else {
                letter
            }
        })
        .take(90)
        .collect();
    let ordinal = ordinals
        .entry((here.file.clone(), reason.clone()))
        .or_default();
    *ordinal += 1;
    let tests = match skip.tests.len() {
        1 => "1 test is".to_string(),
        several => format!("{several} tests are"),
    };
    let (title, fix) = match kind {
        Kind::Infrastructure => (
            format!("{tests} skipped when something is not there: {reason}"),
            "fail instead of skipping where the infrastructure is to be there",
        ),
        Kind::Failure => (
            format!("{tests} skipped when what they test fails: {reason}"),
            "assert the outcome",
        ),
    };
    Some(gap(
        kind.id(),
        &format!("{}:{reason}:{ordinal}", here.file),
        Priority::P0,
        title,
        vec![Evidence {
            place: here,
            says: format!("skips: {reason}"),
            rule: Some("pytest/skip".into()),
        }],
        fix,
        None,
    ))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Infrastructure,
    Failure,
}

impl Kind {
    fn id(self) -> &'static str {
        match self {
            Kind::Infrastructure => "skip-hides-infrastructure",
            Kind::Failure => "skip-hides-failure",
        }
    }
}

/// Is there another reason for the skip than that something is not there?
pub(super) fn is_fair(case: &Case<'_>, reason: &str) -> bool {
    let reason = reason.to_lowercase();
    let mut fair = case.world.rules.skips.fair.iter();
    fair.any(|words| reason.contains(words.as_str()))
}

/// Does the reason say that something is not there which production needs?
fn says_absent(case: &Case<'_>, reason: &str) -> bool {
    let lower = reason.to_lowercase();
    let mut absence = case.world.rules.skips.absence.iter();
    absence.any(|words| lower.contains(words.as_str())) && !is_fair(case, reason)
}

fn kind(
    case: &Case<'_>,
    unit: &Unit,
    skip: &Place,
    guards: &[Guard],
    is_in_test: bool,
) -> Option<Kind> {
    let rules = &case.world.rules.skips;
    let reason = skip.reason.to_lowercase();
    let says = |list: &[String]| list.iter().any(|words| reason.contains(words.as_str()));
    let mut is_outcome = false;
    for guard in guards {
        match *guard {
            // A program that only the test needs.
            Guard::If(test) if looks_for_a_tool(rules, unit, test) => return None,
            Guard::If(test) => is_outcome |= looks_at_an_outcome(rules, unit, test, 0),
            Guard::Handler(exception) => {
                let mut names = Vec::new();
                if let Some(exception) = exception {
                    names_in(unit, exception, &mut names, 0);
                }
                if names
                    .iter()
                    .any(|name| rules.fair_exceptions.iter().any(|fair| fair == name))
                {
                    return None;
                }
                is_outcome |= says(&rules.failure);
            }
        }
    }
    // In the test itself, what its request was answered is what it is about, whatever the reason calls it.
    if says(&rules.absence) && !(is_outcome && is_in_test) {
        return says_absent(case, &skip.reason).then_some(Kind::Infrastructure);
    }
    (is_outcome && !guards.is_empty()).then_some(Kind::Failure)
}

/// `response.status_code == 503`, `not result["success"]`.
fn looks_at_an_outcome(rules: &SkipRules, unit: &Unit, expr: ExprId, depth: usize) -> bool {
    let facts = &unit.facts;
    if depth > DEEPEST {
        return false;
    }
    let inner = |expr: ExprId| looks_at_an_outcome(rules, unit, expr, depth + 1);
    let any = |span: Span| facts.expr_list(span).iter().any(|part| inner(*part));
    let is_key = |expr: ExprId| matches!(facts.expr(expr), Expr::Text(text) if rules.is_outcome_key(facts.text(text)));
    match facts.expr(expr) {
        Expr::Attribute { object, name } => rules.is_outcome(facts.name(name)) || inner(object),
        Expr::Subscript { index, .. } => is_key(index),
        Expr::Call {
            function,
            arguments,
        } => {
            let is_get = matches!(facts.expr(function), Expr::Attribute { name, .. } if facts.name(name) == "get");
            let first = facts.argument_list(arguments).first();
            is_get && first.is_some_and(|first| is_key(first.value))
        }
        Expr::Compare {
            operator,
            left,
            right,
        } => !matches!(operator, CompareOperator::Is) && (inner(left) || inner(right)),
        Expr::Unary { operand, .. } => inner(operand),
        Expr::And(span) | Expr::Or(span) => any(span),
        _ => false,
    }
}

/// `shutil.which("uv") is None`, `not which("npm")`.
fn looks_for_a_tool(rules: &SkipRules, unit: &Unit, expr: ExprId) -> bool {
    let facts = &unit.facts;
    match facts.expr(expr) {
        Expr::Call { function, .. } => {
            let (Expr::Name(name) | Expr::Attribute { name, .. }) = facts.expr(function) else {
                return false;
            };
            rules.is_finder(facts.name(name))
        }
        Expr::Unary { operand, .. } => looks_for_a_tool(rules, unit, operand),
        Expr::Compare { left, .. } => looks_for_a_tool(rules, unit, left),
        _ => false,
    }
}

fn names_in(unit: &Unit, expr: ExprId, found: &mut Vec<String>, depth: usize) {
    let facts = &unit.facts;
    match facts.expr(expr) {
        Expr::Name(name) | Expr::Attribute { name, .. } => found.push(facts.name(name).to_string()),
        Expr::Tuple(span) if depth < DEEPEST => {
            for part in facts.expr_list(span) {
                names_in(unit, *part, found, depth + 1);
            }
        }
        _ => {}
    }
}

/// Collects the guards around the statement of a line; false when the block does not have it.
fn find(unit: &Unit, block: Span, line: u32, guards: &mut Vec<Guard>, depth: usize) -> bool {
    let facts = &unit.facts;
    if depth > DEEPEST {
        return false;
    }
    for statement in facts.stmt_list(block) {
        let mut inside = |block: Span, guard: Option<Guard>| {
            let before = guards.len();
            guards.extend(guard);
            let is_there = find(unit, block, line, guards, depth + 1);
            if !is_there {
                guards.truncate(before);
            }
            is_there
        };
        let is_there = match facts.stmt(*statement) {
            Stmt::If {
                test,
                body,
                otherwise,
            } => inside(body, Some(Guard::If(test))) || inside(otherwise, Some(Guard::If(test))),
            Stmt::For {
                body, otherwise, ..
            }
            | Stmt::While {
                body, otherwise, ..
            } => inside(body, None) || inside(otherwise, None),
            Stmt::With { body, .. } => inside(body, None),
            Stmt::Try {
                body,
                handlers,
                tail,
                ..
            } => {
                let handlers = facts.handlers[handlers.range()].iter();
                inside(body, None)
                    || inside(tail, None)
                    || handlers
                        .map(|handler| (handler.body, handler.exception))
                        .any(|(body, exception)| inside(body, Some(Guard::Handler(exception))))
            }
            _ => facts.stmt_line(*statement) == line,
        };
        if is_there {
            return true;
        }
    }
    false
}
