//! What names in a file mean after imports, as paths: `redis.Redis()` for a client, wherever and however it was imported.
//!
//! ```python
//! import redis as r
//! from os import environ
//! cache = r.Redis()          # `cache` is `redis.Redis()`, in other files that import it, too
//! environ["KEY"]             # a subscript of `os.environ`
//! ```
//! Read off the code, without running it; a name that is bound twice is what it was bound to first.

use rustc_hash::FxHashMap;

use crate::facts::program::{Expr, ExprId, FunctionId, Span, Stmt};
use crate::project::world::{Import, ModuleId, Unit, World, absolute};

/// Names that name names are followed so deep.
const DEEPEST: usize = 6;

/// The names of one file.
struct FileNames {
    imports: FxHashMap<String, String>,
    assigned: FxHashMap<String, ExprId>,
    /// (first line, last line, function), the outer before the inner.
    functions: Vec<(u32, u32, FunctionId)>,
}

/// Looks names up, file by file.
pub struct Names<'w> {
    pub world: &'w World<'w>,
    files: std::cell::RefCell<FxHashMap<ModuleId, std::rc::Rc<FileNames>>>,
}

impl<'w> Names<'w> {
    pub fn new(world: &'w World<'w>) -> Names<'w> {
        Names {
            world,
            files: std::cell::RefCell::default(),
        }
    }

    fn of(&self, unit: &Unit) -> std::rc::Rc<FileNames> {
        if let Some(names) = self.files.borrow().get(&unit.id) {
            return names.clone();
        }
        let names = std::rc::Rc::new(read(unit));
        self.files.borrow_mut().insert(unit.id, names.clone());
        names
    }

    /// The innermost function around a line; the module's own body otherwise.
    pub fn function_at(&self, unit: &Unit, line: u32) -> FunctionId {
        let names = self.of(unit);
        let around = names.functions.iter().rev();
        let mut around = around.filter(|(first, last, _)| *first <= line && line <= *last);
        around
            .next()
            .map_or(FunctionId(0), |(.., function)| *function)
    }

    /// The spelled name of a local or global.
    pub fn spelled<'u>(&self, unit: &'u Unit, expr: ExprId) -> Option<&'u str> {
        match unit.facts.expr(expr) {
            Expr::Name(name) => Some(unit.facts.name(name)),
            Expr::Local(local) => {
                let function = self.function_at(unit, unit.facts.expr_line(expr));
                let locals = &unit.facts.function(function).locals;
                locals
                    .get(local as usize)
                    .map(|name| unit.facts.name(*name))
            }
            _ => None,
        }
    }

    /// The path of an expression, where it is made of names, attributes and calls.
    pub fn path(&self, unit: &Unit, expr: ExprId) -> Option<String> {
        self.path_in(unit, expr, 0)
    }

    fn path_in(&self, unit: &Unit, expr: ExprId, depth: usize) -> Option<String> {
        if depth > DEEPEST {
            return None;
        }
        match unit.facts.expr(expr) {
            Expr::Name(_) | Expr::Local(_) => {
                let name = self.spelled(unit, expr)?;
                self.name_in(unit, name, depth)
            }
            Expr::Attribute { object, name } => {
                let object = self.path_in(unit, object, depth)?;
                let path = format!("{object}.{}", unit.facts.name(name));
                Some(self.own(unit, path, depth))
            }
            Expr::Call { function, .. } => {
                let function = self.path_in(unit, function, depth)?;
                Some(format!("{function}()"))
            }
            Expr::Await(inner) => self.path_in(unit, inner, depth),
            _ => None,
        }
    }

    fn name_in(&self, unit: &Unit, name: &str, depth: usize) -> Option<String> {
        let names = self.of(unit);
        if let Some(path) = names.imports.get(name) {
            return Some(self.own(unit, path.clone(), depth));
        }
        if let Some(value) = names.assigned.get(name) {
            return self.path_in(unit, *value, depth + 1);
        }
        None
    }

    /// A path into the project's own modules is what is bound there, if that is something of a library.
    fn own(&self, unit: &Unit, path: String, depth: usize) -> String {
        if depth > DEEPEST {
            return path;
        }
        let Some((module, name)) = path.rsplit_once('.') else {
            return path;
        };
        if module.contains('(') {
            return path;
        }
        match self.world.resolve(unit.id, module) {
            Import::Module(target) if self.world.file_of(target).is_some() => self
                .world
                .loaded(target)
                .and_then(|inner| self.name_in(inner, name, depth + 1))
                .unwrap_or(path),
            _ => path,
        }
    }

    /// The texts that an expression may be: literals, constants, and what a loop over literals takes one after the other.
    pub fn texts(&self, unit: &Unit, expr: ExprId) -> Vec<String> {
        self.texts_in(unit, expr, 0)
    }

    fn texts_in(&self, unit: &Unit, expr: ExprId, depth: usize) -> Vec<String> {
        let facts = &unit.facts;
        if depth > DEEPEST {
            return Vec::new();
        }
        match facts.expr(expr) {
            Expr::Text(text) => vec![facts.text(text).to_string()],
            Expr::Name(_) | Expr::Local(_) => {
                let Some(name) = self.spelled(unit, expr) else {
                    return Vec::new();
                };
                if let Expr::Local(local) = facts.expr(expr) {
                    return self.of_loop(unit, expr, local, depth);
                }
                let names = self.of(unit);
                if let Some(value) = names.assigned.get(name) {
                    return self.texts_in(unit, *value, depth + 1);
                }
                let Some(path) = names.imports.get(name) else {
                    return Vec::new();
                };
                self.constant(unit, path, depth)
            }
            Expr::Attribute { object, name } => {
                let Some(path) = self.path(unit, object) else {
                    return Vec::new();
                };
                self.constant(unit, &format!("{path}.{}", facts.name(name)), depth)
            }
            _ => Vec::new(),
        }
    }

    fn constant(&self, unit: &Unit, path: &str, depth: usize) -> Vec<String> {
        let Some((module, name)) = path.rsplit_once('.') else {
            return Vec::new();
        };
        let Import::Module(target) = self.world.resolve(unit.id, module) else {
            return Vec::new();
        };
        let Some(inner) = self.world.loaded(target) else {
            return Vec::new();
        };
        let value = self.of(inner).assigned.get(name).copied();
        value.map_or_else(Vec::new, |value| self.texts_in(inner, value, depth + 1))
    }

    /// `for key in ("A", "B")`, in the function around; a constant that is bound in it.
    fn of_loop(&self, unit: &Unit, expr: ExprId, local: u32, depth: usize) -> Vec<String> {
        let facts = &unit.facts;
        let function = self.function_at(unit, facts.expr_line(expr));
        let function = facts.function(function);
        let within = |line: u32| function.line <= line && line <= function.last_line;
        for (statement, line) in facts.stmts.iter().zip(&facts.stmt_lines) {
            if !within(*line) {
                continue;
            }
            match statement {
                Stmt::For {
                    target, iterable, ..
                } if facts.expr(*target) == Expr::Local(local) => {
                    return self.items(unit, *iterable, depth);
                }
                Stmt::Assign { targets, value } => {
                    let targets = facts.expr_list(*targets);
                    if targets
                        .iter()
                        .any(|one| facts.expr(*one) == Expr::Local(local))
                    {
                        return self.texts_in(unit, *value, depth + 1);
                    }
                }
                _ => {}
            }
        }
        let clauses = facts.clauses.iter();
        let mut clauses = clauses.filter(|clause| {
            facts.expr(clause.target) == Expr::Local(local)
                && within(facts.expr_line(clause.target))
        });
        clauses
            .next()
            .map_or_else(Vec::new, |clause| self.items(unit, clause.iterable, depth))
    }

    /// The texts in a literal list, tuple or set, or the keys of a dict, directly or by a name.
    pub fn items(&self, unit: &Unit, expr: ExprId, depth: usize) -> Vec<String> {
        let facts = &unit.facts;
        if depth > DEEPEST {
            return Vec::new();
        }
        let all = |list: Vec<ExprId>| {
            let texts = list
                .into_iter()
                .flat_map(|item| self.texts_in(unit, item, depth + 1));
            texts.collect()
        };
        match facts.expr(expr) {
            Expr::List(span) | Expr::Tuple(span) | Expr::Set(span) => {
                all(facts.expr_list(span).to_vec())
            }
            Expr::Dict(span) => all(facts.expr_list(span).iter().step_by(2).copied().collect()),
            Expr::Call { function, .. } => match facts.expr(function) {
                Expr::Attribute { object, .. } => self.items(unit, object, depth + 1),
                _ => Vec::new(),
            },
            Expr::Name(_) | Expr::Local(_) => {
                let bound = match facts.expr(expr) {
                    Expr::Local(local) => self.bound(unit, expr, local),
                    _ => {
                        let name = self.spelled(unit, expr);
                        name.and_then(|name| self.of(unit).assigned.get(name).copied())
                    }
                };
                bound.map_or_else(Vec::new, |value| self.items(unit, value, depth + 1))
            }
            _ => Vec::new(),
        }
    }

    fn bound(&self, unit: &Unit, expr: ExprId, local: u32) -> Option<ExprId> {
        let facts = &unit.facts;
        let function = self.function_at(unit, facts.expr_line(expr));
        let function = facts.function(function);
        facts
            .stmts
            .iter()
            .zip(&facts.stmt_lines)
            .find_map(|(statement, line)| match statement {
                Stmt::Assign { targets, value }
                    if function.line <= *line && *line <= function.last_line =>
                {
                    let targets = facts.expr_list(*targets);
                    let is_it = targets
                        .iter()
                        .any(|one| facts.expr(*one) == Expr::Local(local));
                    is_it.then_some(*value)
                }
                _ => None,
            })
    }
}

fn read(unit: &Unit) -> FileNames {
    let facts = &unit.facts;
    let mut names = FileNames {
        imports: FxHashMap::default(),
        assigned: FxHashMap::default(),
        functions: Vec::new(),
    };
    for statement in &facts.stmts {
        match statement {
            Stmt::Import(aliases) => {
                for alias in &facts.aliases[aliases.range()] {
                    let path = facts.name(alias.name);
                    let top = path.split('.').next().unwrap_or(path);
                    let (name, path) = match alias.bound {
                        Some(bound) => (facts.name(bound), path),
                        None => (top, top),
                    };
                    names
                        .imports
                        .entry(name.to_string())
                        .or_insert_with(|| path.to_string());
                }
            }
            Stmt::ImportFrom {
                module,
                level,
                aliases,
            } => {
                let spelled = module.map(|module| facts.name(module));
                let path = match level {
                    0 => spelled.unwrap_or("").to_string(),
                    _ => absolute(unit, *level, spelled),
                };
                for alias in &facts.aliases[aliases.range()] {
                    let name = facts.name(alias.name);
                    let bound = alias.bound.map_or(name, |bound| facts.name(bound));
                    names
                        .imports
                        .entry(bound.to_string())
                        .or_insert_with(|| format!("{path}.{name}"));
                }
            }
            _ => {}
        }
    }
    if !facts.functions.is_empty() {
        assignments(
            unit,
            facts.function(FunctionId(0)).body,
            &mut names.assigned,
        );
    }
    for (position, function) in facts.functions.iter().enumerate().skip(1) {
        let id = FunctionId(u32::try_from(position).unwrap_or(u32::MAX));
        names
            .functions
            .push((function.first_line, function.last_line, id));
    }
    names
        .functions
        .sort_by_key(|(first, last, _)| (*first, std::cmp::Reverse(*last)));
    names
}

/// What a module binds, below conditions, too.
fn assignments(unit: &Unit, body: Span, found: &mut FxHashMap<String, ExprId>) {
    let facts = &unit.facts;
    for statement in facts.stmt_list(body) {
        match facts.stmt(*statement) {
            Stmt::Assign { targets, value } => {
                for target in facts.expr_list(targets) {
                    if let Expr::Name(name) = facts.expr(*target) {
                        found.entry(facts.name(name).to_string()).or_insert(value);
                    }
                }
            }
            Stmt::AnnAssign { target, value, .. } => {
                if let Expr::Name(name) = facts.expr(target) {
                    found.entry(facts.name(name).to_string()).or_insert(value);
                }
            }
            Stmt::If {
                body, otherwise, ..
            } => {
                assignments(unit, body, found);
                assignments(unit, otherwise, found);
            }
            Stmt::Try { body, tail, .. } => {
                assignments(unit, body, found);
                assignments(unit, tail, found);
            }
            Stmt::With { body, .. } => assignments(unit, body, found),
            _ => {}
        }
    }
}
