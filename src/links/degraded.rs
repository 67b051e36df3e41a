//! Degraded answers: where a handler catches whatever goes wrong and answers as if nothing had.
//!
//! ```python
//! @app.get("/rates")
//! def rates():
//!     try:
//!         return source.rates()
//!     except Exception:        # nobody who looks at the status sees this
//!         return []
//! ```

use std::ops::Range;

use crate::facts::program::{Expr, Facts, FunctionId, Handler, Span, Stmt};
use crate::links::names::Names;
use crate::project::routes;
use crate::project::values::machine::Machine;
use crate::project::world::{CodePlace, ModuleId, ModuleKind, Unit, World};

/// What says that nobody foresaw which error it is, or that what the handler asked is not there.
const BROAD: [&str; 5] = [
    "Exception",
    "BaseException",
    "OSError",
    "ConnectionError",
    "TimeoutError",
];

/// An `except` clause that ends with an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clause {
    /// Of its `except`.
    pub place: CodePlace,
    /// On which its last statement begins.
    pub last_line: u32,
}

/// The handler's clauses that end with an answer, whatever its status.
pub fn clauses(world: &World<'_>, handler: &routes::Handler) -> Vec<Clause> {
    let Some(function) = handler.function else {
        return Vec::new();
    };
    let Some(unit) = world.code(handler.module, function) else {
        return Vec::new();
    };
    if unit.kind != ModuleKind::App {
        return Vec::new();
    }
    let mut found = Vec::new();
    within(&unit.facts, unit.facts.function(function).body, &mut found);
    if !found.is_empty() {
        // What names mean says the whole file.
        world.unit(handler.module);
        let names = Names::new(world);
        found.retain(|(first, last)| !asks_own_code(&names, unit, *first..*last));
    }
    let module = handler.module;
    let clauses = found.into_iter().map(|(line, last_line)| Clause {
        place: CodePlace { module, line },
        last_line,
    });
    clauses.collect()
}

/// The handler's code, if it has such clauses.
pub fn watched(
    machine: &Machine<'_>,
    handler: Option<&routes::Handler>,
) -> Option<(ModuleId, FunctionId)> {
    let handler = handler?;
    let has_clauses = !clauses(machine.world, handler).is_empty();
    has_clauses.then_some((handler.module, handler.function?))
}

/// What the project's own code makes of the exception before the answer may be another exception.
fn asks_own_code(names: &Names<'_>, unit: &Unit, lines: Range<u32>) -> bool {
    let facts = &unit.facts;
    let calls = facts.exprs.iter().zip(&facts.expr_lines);
    let mut calls = calls.filter_map(|(expr, line)| match expr {
        Expr::Call { function, .. } if lines.contains(line) => Some(*function),
        _ => None,
    });
    calls.any(|function| {
        names
            .path(unit, function)
            .is_some_and(|path| path.contains(':'))
    })
}

/// The first and the last line of each, in order.
fn within(facts: &Facts, body: Span, found: &mut Vec<(u32, u32)>) {
    for statement in facts.stmt_list(body) {
        let statement = facts.stmt(*statement);
        if let Stmt::Try { handlers, .. } = statement {
            let handlers = facts.handlers[handlers.range()].iter();
            found.extend(handlers.filter_map(|handler| degraded(facts, handler)));
        }
        for block in facts.blocks(statement) {
            within(facts, block, found);
        }
    }
}

fn degraded(facts: &Facts, handler: &Handler) -> Option<(u32, u32)> {
    let is_broad = handler.exception.is_none_or(
        |class| matches!(facts.expr(class), Expr::Name(name) if BROAD.contains(&facts.name(name))),
    );
    let last = *facts.stmt_list(handler.body).last()?;
    let answers = matches!(facts.stmt(last), Stmt::Return(Some(_)));
    let is_degraded = is_broad && answers && !may_raise(facts, handler.body);
    is_degraded.then(|| (handler.line, facts.stmt_line(last)))
}

/// Does another way out of the clause say what went wrong?
fn may_raise(facts: &Facts, body: Span) -> bool {
    facts.stmt_list(body).iter().any(|statement| {
        let statement = facts.stmt(*statement);
        let mut inside = facts.blocks(statement).into_iter();
        matches!(statement, Stmt::Raise(_)) || inside.any(|block| may_raise(facts, block))
    })
}
