//! Names that nothing binds: the line that uses one is a `NameError`, and only whoever comes there finds out.
//!
//! ```python
//! @router.post("/orders")
//! async def place_order(order: Order):
//!     if not order.lines:
//!         self.logger.warning("empty")        # `self` is of no class here
//! ```
//! Not handled: names in annotations, which nobody may ever look at; names that something puts into a module from outside.

use rustc_hash::FxHashSet;

use crate::facts::program::{Expr, ExprId, Facts, FunctionId, NameId, Span, Stmt};
use crate::links::startup::Code;
use crate::project::world::{CodePlace, ModuleId, ModuleKind, World};

/// What may bind a name that no statement spells.
const BINDERS: [&str; 7] = [
    "globals", "exec", "eval", "vars", "builtins", "modules", "locals",
];

/// One use of such a name: the first in its function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unbound {
    pub place: CodePlace,
    pub name: String,
    pub function: Code,
}

/// Those in functions that routes run, by file and line.
pub fn find(world: &World<'_>, visited: impl Iterator<Item = Code>) -> Vec<Unbound> {
    let mut functions: Vec<Code> = visited.collect();
    functions.sort_unstable();
    functions.dedup();
    let mut found: Vec<Unbound> = Vec::new();
    let mut at = 0;
    while let Some(&(module, _)) = functions.get(at) {
        let rest = &functions[at..];
        let here = rest.iter().take_while(|(other, _)| *other == module);
        let here: Vec<FunctionId> = here.map(|(_, function)| *function).collect();
        at += here.len();
        in_module(world, module, &here, &mut found);
    }
    found
}

fn in_module(
    world: &World<'_>,
    module: ModuleId,
    functions: &[FunctionId],
    found: &mut Vec<Unbound>,
) {
    let Some(unit) = world.loaded(module) else {
        return;
    };
    if unit.kind != ModuleKind::App {
        return;
    }
    let facts = &unit.facts;
    let Some(bound) = bound_in(facts) else { return };
    let builtins = &world.rules.names.builtins;
    let unread = unread_lines(facts);
    for (position, expr) in facts.exprs.iter().enumerate() {
        let Expr::Name(name) = expr else { continue };
        let line = facts.expr_lines[position];
        let spelled = facts.name(*name);
        let is_known = bound.contains(name)
            || spelled.starts_with("__")
            || builtins.iter().any(|known| known == spelled)
            || unread.contains(&line);
        let function = facts.function_at(line);
        if is_known || functions.binary_search(&function).is_err() {
            continue;
        }
        let is_local = facts.functions_around(line).any(|around| {
            let locals = &facts.function(around).locals;
            locals.contains(name)
        });
        let is_said = found
            .iter()
            .any(|known| known.function == (module, function) && known.name == spelled);
        if !is_local && !is_said {
            found.push(Unbound {
                place: CodePlace { module, line },
                name: spelled.to_string(),
                function: (module, function),
            });
        }
    }
}

/// Every name that the file binds outside of functions; None when it may bind others, too.
fn bound_in(facts: &Facts) -> Option<FxHashSet<NameId>> {
    let may_bind = |name: &str| BINDERS.contains(&name);
    if !facts.problems.is_empty() || facts.names.iter().any(|name| may_bind(name)) {
        return None;
    }
    let mut bound: FxHashSet<NameId> = facts.type_parameters.iter().copied().collect();
    for function in &facts.functions {
        bound.extend(&function.globals);
        bound.insert(function.name);
    }
    for class in &facts.classes {
        bound.insert(class.name);
        for statement in facts.stmt_list(class.body) {
            targets(facts, facts.stmt(*statement), &mut bound);
        }
    }
    for (statement, line) in facts.stmts.iter().zip(&facts.stmt_lines) {
        if let Stmt::Import(aliases) | Stmt::ImportFrom { aliases, .. } = statement {
            for alias in &facts.aliases[aliases.range()] {
                if facts.name(alias.name) == "*" {
                    return None;
                }
                bound.insert(alias.bound.unwrap_or(alias.name));
                let first = facts.name(alias.name).split('.').next();
                let mut names = facts.names.iter();
                let position = names.position(|name| Some(&**name) == first);
                bound.extend(position.map(|position| NameId(position as u32)));
            }
        } else if facts.function_at(*line) == FunctionId(0) {
            targets(facts, *statement, &mut bound);
        }
    }
    for clause in &facts.clauses {
        target(facts, clause.target, &mut bound);
    }
    for expr in &facts.exprs {
        if let Expr::Walrus { target: inner, .. } = expr {
            target(facts, *inner, &mut bound);
        }
    }
    for handler in &facts.handlers {
        bind(facts, handler.target, &mut bound);
    }
    for item in &facts.with_items {
        bind(facts, item.target, &mut bound);
    }
    // What a pattern takes is not looked at more closely.
    facts.patterns.is_empty().then_some(bound)
}

fn targets(facts: &Facts, statement: Stmt, bound: &mut FxHashSet<NameId>) {
    match statement {
        Stmt::Assign { targets, .. } => all(facts, targets, bound),
        Stmt::AugAssign { target: one, .. }
        | Stmt::AnnAssign { target: one, .. }
        | Stmt::Declare { target: one, .. }
        | Stmt::For { target: one, .. } => target(facts, one, bound),
        _ => {}
    }
}

fn all(facts: &Facts, list: Span, bound: &mut FxHashSet<NameId>) {
    for one in facts.expr_list(list) {
        target(facts, *one, bound);
    }
}

fn bind(facts: &Facts, one: Option<ExprId>, bound: &mut FxHashSet<NameId>) {
    if let Some(one) = one {
        target(facts, one, bound);
    }
}

fn target(facts: &Facts, one: ExprId, bound: &mut FxHashSet<NameId>) {
    match facts.expr(one) {
        Expr::Name(name) => {
            bound.insert(name);
        }
        Expr::Tuple(list) | Expr::List(list) => all(facts, list, bound),
        Expr::Starred(inner) => target(facts, inner, bound),
        _ => {}
    }
}

/// Lines with annotations: those of variables, and from a `def` to its body.
fn unread_lines(facts: &Facts) -> FxHashSet<u32> {
    let mut lines = FxHashSet::default();
    for (statement, line) in facts.stmts.iter().zip(&facts.stmt_lines) {
        if matches!(statement, Stmt::AnnAssign { .. } | Stmt::Declare { .. }) {
            lines.insert(*line);
        }
    }
    for function in facts.functions.iter().skip(1) {
        let body = facts.stmt_list(function.body).first();
        let begins = body.map_or(function.line + 1, |first| facts.stmt_line(*first));
        lines.extend(function.first_line..begins.max(function.line + 1));
    }
    lines
}
