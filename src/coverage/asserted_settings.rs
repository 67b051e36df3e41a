//! Settings that a test asserts of production: what its assertions depend on names a file of production, and the settings.
//!
//! ```python
//! @pytest.fixture
//! def config():
//!     return dotenv_values("config/production.env")
//!
//! def test_production(config):
//!     required = {"DATABASE_URL", "BUCKET"}
//!     assert not required - set(config)      # of production: DATABASE_URL, BUCKET
//! ```
//! Followed are the test's own names, names of its module, and fixtures of the same file. Not handled: fixtures of a conftest,
//! what helpers assert.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashSet;

use crate::coverage::audit::{Audit, Place};
use crate::coverage::judge::{Case, place};
use crate::facts::Facts;
use crate::facts::program::{Expr, ExprId, FunctionId, NameId, Span, Stmt};
use crate::source::{ProvidedBy, Stage, paths};

/// Settings that live code reads, with the place of a running test that asserts them.
pub fn find<'a>(
    case: &'a Case<'_>,
    audit: &Audit,
    is_read: impl Fn(&str) -> bool,
) -> BTreeMap<&'a str, Place> {
    let provided = &case.world.sources.environments.provided;
    let files: BTreeSet<&str> = provided
        .iter()
        .filter(|one| one.stage == Stage::Production && one.by == ProvidedBy::EnvFile)
        .map(|one| paths::name(&one.file))
        .collect();
    let runs: BTreeSet<&str> = audit
        .tests
        .iter()
        .filter(|test| test.runs && test.asserts)
        .map(|test| test.id.as_str())
        .collect();
    let mut found = BTreeMap::new();
    let tests = case.links.tests.iter();
    for traced in tests.filter(|one| runs.contains(one.id.as_str())) {
        let Some(unit) = case.world.loaded(traced.place.module) else {
            continue;
        };
        let Some(function) = unit.facts.functions_around(traced.place.line).next() else {
            continue;
        };
        let slice = Slice::of_assertions(&unit.facts, function);
        let names_file = |text: &&str| files.iter().any(|file| text.ends_with(file));
        let names_stage = |name: &&str| name.eq_ignore_ascii_case("production");
        if !slice.texts.iter().any(names_file) && !slice.attributes.iter().any(names_stage) {
            continue;
        }
        for text in slice.texts.iter().filter(|text| is_read(text)) {
            let at = || place(case.world, traced.place);
            found.entry(*text).or_insert_with(at);
        }
    }
    found
}

/// The expressions that some others depend on, by the names between them.
struct Slice<'f> {
    facts: &'f Facts,
    /// With the function in which it stands.
    open: Vec<(FunctionId, ExprId)>,
    seen: FxHashSet<ExprId>,
    texts: BTreeSet<&'f str>,
    attributes: BTreeSet<&'f str>,
}

impl<'f> Slice<'f> {
    /// What the assertions of a function depend on: `assert`, and unittest's `self.assertIn(…)`.
    fn of_assertions(facts: &'f Facts, function: FunctionId) -> Slice<'f> {
        let mut slice = Slice {
            facts,
            open: Vec::new(),
            seen: FxHashSet::default(),
            texts: BTreeSet::new(),
            attributes: BTreeSet::new(),
        };
        for statement in statements(facts, facts.function(function).body) {
            match statement {
                Stmt::Assert { test, .. } => slice.open.push((function, test)),
                Stmt::Expr(call) if asserts(facts, call) => slice.open.push((function, call)),
                _ => {}
            }
        }
        while let Some((function, expr)) = slice.open.pop() {
            if slice.seen.insert(expr) {
                slice.take(function, expr);
            }
        }
        slice
    }

    fn take(&mut self, function: FunctionId, expr: ExprId) {
        let facts = self.facts;
        match facts.expr(expr) {
            Expr::Text(text) => {
                self.texts.insert(facts.text(text));
            }
            Expr::Attribute { name, .. } => {
                self.attributes.insert(facts.name(name));
            }
            Expr::Local(local) => self.bound(function, local),
            Expr::Name(name) => self.bound_outside(name),
            _ => {}
        }
        let parts = facts.parts(expr);
        self.open
            .extend(parts.into_iter().map(|part| (function, part)));
    }

    /// Whatever gives a local its value: statements, or the fixture of a parameter's name.
    fn bound(&mut self, function: FunctionId, local: u32) {
        let facts = self.facts;
        let own = facts.function(function);
        let is_it = |expr: Expr| expr == Expr::Local(local);
        for value in values_of(facts, own.body, is_it) {
            self.open.push((function, value));
        }
        if (local as usize) < own.parameters.range().len()
            && let Some(name) = own.locals.get(local as usize)
        {
            self.given_by_fixture(*name);
        }
    }

    fn bound_outside(&mut self, name: NameId) {
        let module = FunctionId(0);
        let is_it = |expr: Expr| expr == Expr::Name(name);
        for value in values_of(self.facts, self.facts.function(module).body, is_it) {
            self.open.push((module, value));
        }
    }

    fn given_by_fixture(&mut self, name: NameId) {
        let facts = self.facts;
        for (position, fixture) in facts.functions.iter().enumerate() {
            if fixture.name != name || fixture.decorators.range().is_empty() {
                continue;
            }
            let function = FunctionId(u32::try_from(position).unwrap_or(0));
            for statement in statements(facts, fixture.body) {
                let given = match statement {
                    Stmt::Return(Some(value)) => Some(value),
                    Stmt::Expr(value) => match facts.expr(value) {
                        Expr::Yield(value) => Some(value),
                        _ => None,
                    },
                    _ => None,
                };
                self.open.extend(given.map(|value| (function, value)));
            }
        }
    }
}

fn asserts(facts: &Facts, call: ExprId) -> bool {
    let Expr::Call { function, .. } = facts.expr(call) else {
        return false;
    };
    matches!(facts.expr(function), Expr::Attribute { name, .. } if facts.name(name).starts_with("assert"))
}

/// All statements of a body, those of its blocks too.
fn statements(facts: &Facts, body: Span) -> Vec<Stmt> {
    let mut found = Vec::new();
    let mut open = vec![body];
    while let Some(span) = open.pop() {
        for id in facts.stmt_list(span) {
            let statement = facts.stmt(*id);
            open.extend(facts.blocks(statement));
            found.push(statement);
        }
    }
    found
}

/// What is assigned to a name, iterated or opened for it, in any statement of a body.
fn values_of(facts: &Facts, body: Span, is_it: impl Fn(Expr) -> bool) -> Vec<ExprId> {
    let mut found = Vec::new();
    let binds = |target: ExprId| {
        let mut open = vec![target];
        while let Some(one) = open.pop() {
            if is_it(facts.expr(one)) {
                return true;
            }
            open.extend(facts.parts(one));
        }
        false
    };
    for statement in statements(facts, body) {
        match statement {
            Stmt::Assign { targets, value } => {
                let mut targets = facts.expr_list(targets).iter();
                if targets.any(|target| binds(*target)) {
                    found.push(value);
                }
            }
            Stmt::AnnAssign { target, value, .. }
            | Stmt::AugAssign { target, value, .. }
            | Stmt::For {
                target,
                iterable: value,
                ..
            } if binds(target) => found.push(value),
            Stmt::With { items, .. } => {
                let items = facts.with_items[items.range()].iter();
                let ours = items.filter(|item| item.target.is_some_and(binds));
                found.extend(ours.map(|item| item.context));
            }
            _ => {}
        }
    }
    found
}
