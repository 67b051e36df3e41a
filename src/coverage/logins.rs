//! What a suite's requests carry that a fixture gives: a new test beside them carries it, too.
//!
//! ```python
//! def test_read(client, admin):                       # conftest.py defines both fixtures
//!     client.get("/orders", headers=admin.token)      # a request with `headers=admin.token`, of the fixture `admin`
//! ```

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::coverage::audit::Given;
use crate::coverage::judge::Case;
use crate::facts::program::{ArgumentKind, Expr, ExprId, Facts};
use crate::links::trace::Traced;
use crate::project::world::ModuleId;

/// Keyword, what stands behind it, and the name that it begins with.
type Carried = (String, String, String);

/// What calls of one file carry, by their lines.
type Lines = FxHashMap<u32, Vec<Carried>>;

/// What requests in the bodies of tests carry, with the tests by their positions.
pub fn find(case: &Case<'_>, tests: &[&Traced]) -> Vec<Given> {
    let mut modules: FxHashMap<ModuleId, Lines> = FxHashMap::default();
    let mut found: BTreeMap<Carried, Vec<usize>> = BTreeMap::new();
    for (number, traced) in tests.iter().enumerate() {
        let walked = &traced.walked;
        if walked.shared.is_empty() {
            continue;
        }
        for (_, contact) in &walked.contacts {
            let Some(sent) = contact.request.trail.last() else {
                continue;
            };
            let Some(unit) = case.world.loaded(sent.module) else {
                continue;
            };
            if sent.module != traced.place.module {
                continue;
            }
            let lines = modules
                .entry(sent.module)
                .or_insert_with(|| lines_of(&unit.facts));
            for carried in lines.get(&sent.line).into_iter().flatten() {
                let is_shared = walked.shared.iter().any(|name| **name == *carried.2);
                if is_shared {
                    let of = found.entry(carried.clone()).or_default();
                    if of.last() != Some(&number) {
                        of.push(number);
                    }
                }
            }
        }
    }
    let found = found.into_iter();
    found
        .map(|((keyword, value, fixture), tests)| Given {
            keyword,
            value,
            fixture,
            tests,
        })
        .collect()
}

fn lines_of(facts: &Facts) -> Lines {
    let mut lines = Lines::default();
    for (expr, &line) in facts.exprs.iter().zip(&facts.expr_lines) {
        let Expr::Call { arguments, .. } = *expr else {
            continue;
        };
        for argument in facts.argument_list(arguments) {
            if let ArgumentKind::Keyword(keyword) = argument.kind
                && let Some((value, name)) = spelled(facts, line, argument.value)
            {
                let carried = (facts.name(keyword).to_string(), value, name);
                lines.entry(line).or_default().push(carried);
            }
        }
    }
    lines
}

/// A name with attributes, like `admin.token`, and the name alone.
fn spelled(facts: &Facts, line: u32, value: ExprId) -> Option<(String, String)> {
    match facts.expr(value) {
        Expr::Local(slot) => {
            let function = facts.function(facts.function_at(line));
            let name = facts.name(*function.locals.get(slot as usize)?).to_string();
            Some((name.clone(), name))
        }
        Expr::Attribute { object, name } => {
            let (before, root) = spelled(facts, line, object)?;
            Some((format!("{before}.{}", facts.name(name)), root))
        }
        _ => None,
    }
}
