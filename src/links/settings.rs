//! Settings: what live code reads from its environment, with defaults, and which names stand for the same setting.
//!
//! ```python
//! bucket = os.environ["BUCKET"]                            # required
//! url = os.getenv("DATABASE_URL") or os.getenv("DB_URL")   # one setting under two names
//! level = config.get_text("LOG_LEVEL", "INFO")             # a reader of the project, which hands its name to another
//!
//! class Settings(BaseSettings):                            # SHOP_SECRET is required
//!     secret: str
//!     model_config = SettingsConfigDict(env_prefix="SHOP_")
//! ```
//! Not handled: names that are put together; readers that are handed around as values.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashSet;

use crate::facts::program::{Argument, ArgumentKind, Expr, ExprId, FunctionId, Stmt};
use crate::links::fields;
use crate::links::names::{Names, class_around};
use crate::project::world::{CodePlace, ModuleId, ModuleKind, Unit, World};
use crate::source::is_setting_name;

/// A reader that hands its name to a reader, and so on: so many of them are followed.
const LONGEST_CHAIN: usize = 3;

/// What happens when there is no such setting.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fallback {
    /// It fails.
    Fails,
    /// The reader gets nothing, and goes on.
    Nothing,
    Text(String),
    /// Something that is not a literal.
    Other,
}

/// One place that reads one setting.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Read {
    pub name: String,
    pub place: CodePlace,
    pub fallback: Fallback,
}

/// A setting that a test's set-up puts into the environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetByTests {
    pub name: String,
    pub value: Option<String>,
    pub place: CodePlace,
}

#[derive(Debug, Default)]
pub struct Settings {
    /// Sorted.
    pub reads: Vec<Read>,
    /// Names of which one is enough.
    pub alternatives: Vec<BTreeSet<String>>,
    pub set_by_tests: Vec<SetByTests>,
    /// Names that live code puts into the environment itself.
    pub set_by_code: BTreeSet<String>,
    /// Functions that take files of variables apart themselves and put nothing in for `${NAME}`.
    pub own_loaders: Vec<CodePlace>,
    /// Where a setting is read whose name is not known.
    pub unnamed: Vec<CodePlace>,
}

/// A function of the project that hands its parameter to a reader.
#[derive(Debug, Clone)]
struct OwnReader {
    code: (ModuleId, FunctionId),
    /// By which a method of an object that is not known is told; None: others have this name, too.
    name: Option<String>,
    /// Positions among the arguments of a call.
    key: usize,
    default: Option<usize>,
    default_name: Option<String>,
    /// When nothing is passed.
    usual: Fallback,
}

/// Reads live code, and the set-up of tests.
pub fn find(world: &World<'_>, live: &FxHashSet<ModuleId>) -> Settings {
    let mut modules: Vec<ModuleId> = live.iter().copied().collect();
    modules.sort_unstable();
    let is_aside = |unit: &Unit| world.rules.names.is_aside(&unit.path);
    let units: Vec<&Unit> = modules
        .iter()
        .filter_map(|module| world.unit(*module))
        .filter(|unit| !is_aside(unit))
        .collect();
    let names = Names::new(world);
    let mut finder = Finder {
        names: &names,
        own: Vec::new(),
        stored: units.iter().flat_map(|unit| stored_in(unit)).collect(),
        settings: Settings::default(),
    };
    finder.own_readers(&units);
    for unit in &units {
        finder.file(unit);
        finder.own_loader(unit);
        fields::read(&names, unit, &mut finder.settings);
    }
    let mut settings = finder.settings;
    set_by_tests(&names, &mut settings);
    settings.reads.sort();
    settings.reads.dedup();
    settings.alternatives = join(std::mem::take(&mut settings.alternatives));
    settings
}

/// Sets with a name in common become one.
fn join(sets: Vec<BTreeSet<String>>) -> Vec<BTreeSet<String>> {
    let mut joined: Vec<BTreeSet<String>> = Vec::new();
    for mut set in sets {
        let (touching, apart): (Vec<_>, Vec<_>) = joined
            .into_iter()
            .partition(|known| !known.is_disjoint(&set));
        set.extend(touching.into_iter().flatten());
        joined = apart;
        joined.push(set);
    }
    joined.sort();
    joined
}

struct Finder<'n, 'w> {
    names: &'n Names<'w>,
    own: Vec<OwnReader>,
    /// Subscripts that something is put into.
    stored: FxHashSet<(ModuleId, ExprId)>,
    settings: Settings,
}

/// A call or subscript that reads something.
struct Reading {
    key: ExprId,
    fallback: Fallback,
    prefix: String,
    /// The expression of the default.
    default: Option<ExprId>,
}

impl Finder<'_, '_> {
    /// Functions that hand a parameter on as a setting's name, and those that hand theirs to such a function.
    fn own_readers(&mut self, units: &[&Unit]) {
        let mut handed: Vec<(&Unit, ExprId)> = Vec::new();
        let mut names: BTreeMap<&str, usize> = BTreeMap::new();
        for unit in units {
            let facts = &unit.facts;
            let is_handed = |expr: &ExprId| {
                let key = key_of(unit, *expr).map(|key| facts.expr(key));
                matches!(key, Some(Expr::Local(_)))
            };
            let exprs = (0..facts.exprs.len() as u32).map(ExprId).filter(is_handed);
            handed.extend(exprs.map(|expr| (*unit, expr)));
            for function in &facts.functions {
                *names.entry(facts.name(function.name)).or_default() += 1;
            }
        }
        for _ in 0..LONGEST_CHAIN {
            let mut found: Vec<OwnReader> = Vec::new();
            for (unit, expr) in &handed {
                let reading = self.reading(unit, *expr);
                let reader = reading.and_then(|reading| self.own_reader(unit, *expr, &reading));
                found.extend(reader);
            }
            let before = self.own.len();
            for mut reader in found {
                let is_known =
                    |known: &OwnReader| (known.code, known.key) == (reader.code, reader.key);
                if self.own.iter().any(is_known) {
                    continue;
                }
                let of_mappings = &self.names.world.rules.settings.lists.of_mappings;
                reader.name = reader.name.filter(|name| {
                    names.get(name.as_str()) == Some(&1) && !of_mappings.contains(name)
                });
                self.own.push(reader);
            }
            if self.own.len() == before {
                break;
            }
        }
    }

    fn own_reader(&self, unit: &Unit, expr: ExprId, reading: &Reading) -> Option<OwnReader> {
        let facts = &unit.facts;
        let Expr::Local(key) = facts.expr(reading.key) else {
            return None;
        };
        let id = facts.function_at(facts.expr_line(expr));
        let function = facts.function(id);
        let parameters = facts.parameter_list(function.parameters);
        let key = key as usize;
        let name = facts.name(function.name);
        if key >= parameters.len() || name.starts_with("__") || name == "<lambda>" {
            return None;
        }
        let shift = usize::from(class_around(unit, id).is_some());
        let default = match reading.default.map(|default| facts.expr(default)) {
            Some(Expr::Local(local)) if (local as usize) < parameters.len() => Some(local as usize),
            _ => parameters
                .iter()
                .position(|parameter| facts.name(parameter.name).contains("default")),
        };
        let usual = match default.and_then(|position| parameters[position].default) {
            Some(default) => fallback_of(unit, default),
            None if default.is_some() => Fallback::Nothing,
            None if raises(unit, id) => Fallback::Fails,
            None => reading.fallback.clone(),
        };
        Some(OwnReader {
            code: (unit.id, id),
            name: (shift > 0).then(|| name.to_string()),
            key: key.checked_sub(shift)?,
            default: default.and_then(|position| position.checked_sub(shift)),
            default_name: default.map(|position| facts.name(parameters[position].name).to_string()),
            usual,
        })
    }

    /// What an expression reads, if it reads a setting.
    fn reading(&self, unit: &Unit, expr: ExprId) -> Option<Reading> {
        let facts = &unit.facts;
        let rules = &self.names.world.rules.settings;
        let key = key_of(unit, expr)?;
        let (function, arguments) = match facts.expr(expr) {
            Expr::Call {
                function,
                arguments,
            } => (function, facts.argument_list(arguments)),
            Expr::Subscript { object, .. } => {
                let path = self.names.dotted(unit, object)?;
                let is_read = !self.stored.contains(&(unit.id, expr));
                return (is_read && rules.lists.subscripts.contains(&path)).then_some(Reading {
                    key,
                    fallback: Fallback::Fails,
                    prefix: String::new(),
                    default: None,
                });
            }
            _ => return None,
        };
        let path = self.names.dotted(unit, function);
        let Some(reader) = path.as_deref().and_then(|path| rules.reader(path)) else {
            return self.own_reading(unit, function, arguments);
        };
        let default = argument(unit, arguments, reader.default, Some("default"));
        Some(Reading {
            key,
            fallback: match default {
                Some(default) => fallback_of(unit, default),
                None if reader.required => Fallback::Fails,
                None => Fallback::Nothing,
            },
            prefix: reader.prefix.clone(),
            default,
        })
    }

    fn own_reading(
        &self,
        unit: &Unit,
        function: ExprId,
        arguments: &[Argument],
    ) -> Option<Reading> {
        let own = self.called(unit, function)?;
        let key = argument(unit, arguments, own.key, None)?;
        let default = own
            .default
            .and_then(|at| argument(unit, arguments, at, own.default_name.as_deref()));
        Some(Reading {
            key,
            fallback: default
                .map_or_else(|| own.usual.clone(), |default| fallback_of(unit, default)),
            prefix: String::new(),
            default,
        })
    }

    /// The reader that is called: by its path, or as a method of something of which nothing is known.
    fn called(&self, unit: &Unit, function: ExprId) -> Option<&OwnReader> {
        let path = self.names.path(unit, function);
        let code = path.as_deref().and_then(|path| self.names.function(path));
        if let Some(code) = code {
            return self.own.iter().find(|own| own.code == code);
        }
        let Expr::Attribute { name, .. } = unit.facts.expr(function) else {
            return None;
        };
        let is_unknown = path.is_none_or(|path| path.contains(':'));
        let name = unit.facts.name(name);
        let mut readers = self.own.iter().filter(|_| is_unknown);
        readers.find(|own| own.name.as_deref() == Some(name))
    }

    fn file(&mut self, unit: &Unit) {
        let facts = &unit.facts;
        let mut here: BTreeMap<ExprId, Vec<String>> = BTreeMap::new();
        let mut reads: Vec<(ExprId, Read)> = Vec::new();
        for position in 0..facts.exprs.len() {
            let expr = ExprId(position as u32);
            self.set_by_code(unit, expr);
            let Some(reading) = self.reading(unit, expr) else {
                continue;
            };
            let place = CodePlace {
                module: unit.id,
                line: facts.expr_line(expr),
            };
            let texts = self.names.texts(unit, reading.key);
            if texts.is_empty() && self.own_reader(unit, expr, &reading).is_none() {
                self.settings.unnamed.push(place);
            }
            // A list of names that are looked at one after the other, where what is not there ends in an error.
            let is_loop = texts.len() > 1;
            let fails = is_loop && raises(unit, facts.function_at(place.line));
            let names = texts
                .into_iter()
                .map(|text| format!("{}{text}", reading.prefix));
            let names: Vec<String> = names.filter(|name| is_setting_name(name)).collect();
            for name in &names {
                let read = Read {
                    name: name.clone(),
                    place,
                    fallback: match &reading.fallback {
                        Fallback::Nothing if fails => Fallback::Fails,
                        other => other.clone(),
                    },
                };
                reads.push((expr, read));
            }
            if names.len() == 1 {
                here.insert(expr, names);
            }
        }
        if reads.is_empty() {
            return;
        }
        self.refine(unit, &mut reads);
        self.alternatives(unit, &here, &mut reads);
        let reads = reads.into_iter().map(|(_, read)| read);
        self.settings.reads.extend(reads);
    }

    /// `os.environ["A"] = value`, `os.environ.setdefault("A", value)`.
    fn set_by_code(&mut self, unit: &Unit, expr: ExprId) {
        let lists = &self.names.world.rules.settings.lists;
        let (object, known) = match unit.facts.expr(expr) {
            Expr::Subscript { object, .. } if self.stored.contains(&(unit.id, expr)) => {
                (object, &lists.subscripts)
            }
            Expr::Call { function, .. } => (function, &lists.setters),
            _ => return,
        };
        let path = self.names.dotted(unit, object);
        if path.is_some_and(|path| known.contains(&path))
            && let Some(key) = key_of(unit, expr)
        {
            // Those of a list are rather put back to what they were.
            if let [name] = self.names.texts(unit, key).as_slice() {
                self.settings.set_by_code.insert(name.clone());
            }
        }
    }

    /// What the code around says: a guard takes an error back, an error after a look makes one.
    fn refine(&self, unit: &Unit, reads: &mut [(ExprId, Read)]) {
        let facts = &unit.facts;
        let guarded = guarded_lines(unit);
        let mut tested: FxHashSet<&str> = FxHashSet::default();
        for expr in &facts.exprs {
            if let Expr::Compare { left, .. } = expr
                && let Expr::Text(text) = facts.expr(*left)
            {
                tested.insert(facts.text(text));
            }
        }
        let failing = failing_values(unit);
        for (expr, read) in reads.iter_mut() {
            let line = read.place.line;
            let is_guarded = guarded
                .iter()
                .any(|(first, last)| *first <= line && line < *last)
                || tested.contains(read.name.as_str());
            match read.fallback {
                Fallback::Fails if is_guarded => read.fallback = Fallback::Nothing,
                Fallback::Nothing if failing.iter().any(|value| contains(unit, *value, *expr)) => {
                    read.fallback = Fallback::Fails;
                }
                _ => {}
            }
        }
    }

    /// `a or b or "default"`, and a read as the default of another.
    fn alternatives(
        &mut self,
        unit: &Unit,
        here: &BTreeMap<ExprId, Vec<String>>,
        reads: &mut [(ExprId, Read)],
    ) {
        let facts = &unit.facts;
        for expr in &facts.exprs {
            let Expr::Or(operands) = expr else { continue };
            let operands = facts.expr_list(*operands);
            let inside: Vec<ExprId> = operands
                .iter()
                .flat_map(|operand| {
                    here.keys()
                        .copied()
                        .filter(move |read| contains(unit, *operand, *read))
                })
                .collect();
            if inside.len() > 1 {
                let names = inside.iter().filter_map(|read| here.get(read)).flatten();
                self.settings.alternatives.push(names.cloned().collect());
            }
            let Some(last) = operands.last() else {
                continue;
            };
            let has_default = !inside.iter().any(|read| contains(unit, *last, *read));
            for (expr, read) in reads.iter_mut().filter(|(expr, _)| inside.contains(expr)) {
                let is_last = contains(unit, *last, *expr);
                if has_default {
                    read.fallback = fallback_of(unit, *last);
                } else if !is_last && read.fallback == Fallback::Nothing {
                    read.fallback = Fallback::Other;
                }
            }
        }
        for (outer, outer_names) in here {
            for (inner, inner_names) in here {
                if outer != inner && contains(unit, *outer, *inner) {
                    let both = outer_names.iter().chain(inner_names).cloned().collect();
                    self.settings.alternatives.push(both);
                }
            }
        }
    }

    /// `key, value = line.split("=", 1)` in a function that opens a file and expands nothing.
    fn own_loader(&mut self, unit: &Unit) {
        let facts = &unit.facts;
        let lists = &self.names.world.rules.settings.lists;
        let is_in = |list: &[String], name| list.iter().any(|known| known == facts.name(name));
        for (expr, line) in facts.exprs.iter().zip(&facts.expr_lines) {
            let Expr::Call {
                function,
                arguments,
            } = expr
            else {
                continue;
            };
            let Expr::Attribute { name, .. } = facts.expr(*function) else {
                continue;
            };
            let first = facts.argument_list(*arguments).first();
            let is_equals = first.is_some_and(|first| match facts.expr(first.value) {
                Expr::Text(text) => facts.text(text) == "=",
                _ => false,
            });
            let Some(id) = facts.functions_around(*line).next() else {
                continue;
            };
            if !is_equals || !is_in(&lists.splitters, name) {
                continue;
            }
            let function = facts.function(id);
            let mut opens = false;
            let mut expands = false;
            for (inner, line) in facts.exprs.iter().zip(&facts.expr_lines) {
                match inner {
                    _ if !function.has_line(*line) => {}
                    Expr::Name(name) => opens |= is_in(&lists.openers, *name),
                    Expr::Attribute { name, .. } => {
                        opens |= is_in(&lists.openers, *name);
                        expands |= is_in(&lists.expanders, *name);
                    }
                    Expr::Text(text) => expands |= facts.text(*text).contains("${"),
                    _ => {}
                }
            }
            if opens && !expands {
                self.settings.own_loaders.push(CodePlace {
                    module: unit.id,
                    line: *line,
                });
            }
        }
    }
}

/// What stands where the name of a setting may: an index, or the first argument of a call.
fn key_of(unit: &Unit, expr: ExprId) -> Option<ExprId> {
    let facts = &unit.facts;
    match facts.expr(expr) {
        Expr::Subscript { object, index } => matches!(
            facts.expr(object),
            Expr::Attribute { .. } | Expr::Name(_) | Expr::Local(_)
        )
        .then_some(index),
        Expr::Call { arguments, .. } => {
            let first = facts.argument_list(arguments).first()?;
            let is_key = match first.kind {
                ArgumentKind::Positional => true,
                ArgumentKind::Keyword(name) => facts.name(name) == "key",
                ArgumentKind::Star | ArgumentKind::DoubleStar => false,
            };
            let is_other = matches!(facts.expr(first.value), Expr::Int(_) | Expr::Dict(_));
            (is_key && !is_other).then_some(first.value)
        }
        _ => None,
    }
}

/// The subscripts of a file that something is put into, or taken out of.
fn stored_in(unit: &Unit) -> Vec<(ModuleId, ExprId)> {
    let facts = &unit.facts;
    let targets = facts.stmts.iter().flat_map(|statement| match statement {
        Stmt::Assign { targets, .. } | Stmt::Delete(targets) => facts.expr_list(*targets).to_vec(),
        _ => Vec::new(),
    });
    let is_subscript = |target: &ExprId| matches!(facts.expr(*target), Expr::Subscript { .. });
    let targets = targets.filter(is_subscript);
    targets.map(|target| (unit.id, target)).collect()
}

/// An argument by position or by name.
pub(super) fn argument(
    unit: &Unit,
    arguments: &[Argument],
    at: usize,
    name: Option<&str>,
) -> Option<ExprId> {
    let positional = arguments
        .iter()
        .take_while(|one| one.kind == ArgumentKind::Positional)
        .nth(at);
    let named = || {
        arguments.iter().find(|one| match one.kind {
            ArgumentKind::Keyword(keyword) => Some(unit.facts.name(keyword)) == name,
            _ => false,
        })
    };
    positional.or_else(named).map(|one| one.value)
}

pub(super) fn fallback_of(unit: &Unit, expr: ExprId) -> Fallback {
    match unit.facts.expr(expr) {
        Expr::None => Fallback::Nothing,
        Expr::Ellipsis => Fallback::Fails,
        Expr::Text(text) if unit.facts.text(text).is_empty() => Fallback::Nothing,
        Expr::Text(text) => Fallback::Text(unit.facts.text(text).to_string()),
        Expr::Int(number) => Fallback::Text(number.to_string()),
        Expr::True => Fallback::Text("true".into()),
        Expr::False => Fallback::Text("false".into()),
        _ => Fallback::Other,
    }
}

/// Does the function raise something itself?
fn raises(unit: &Unit, function: FunctionId) -> bool {
    if function == FunctionId(0) {
        return false;
    }
    let function = unit.facts.function(function);
    let statements = unit.facts.stmts.iter().zip(&unit.facts.stmt_lines);
    statements
        .filter(|(_, line)| function.has_line(**line))
        .any(|(statement, _)| matches!(statement, Stmt::Raise(Some(_))))
}

/// Lines of `try` bodies that have a handler: from the first to the one before the handler.
fn guarded_lines(unit: &Unit) -> Vec<(u32, u32)> {
    let facts = &unit.facts;
    let statements = facts.stmts.iter().zip(&facts.stmt_lines);
    statements
        .filter_map(|(statement, line)| match statement {
            Stmt::Try { handlers, .. } => {
                let first = facts.handlers[handlers.range()].first()?;
                Some((*line, first.line))
            }
            _ => None,
        })
        .collect()
}

/// Values whose absence ends in an error: `x = …` and then `if not x: raise`, or `if not …: raise`.
fn failing_values(unit: &Unit) -> Vec<ExprId> {
    let facts = &unit.facts;
    let mut found = Vec::new();
    let mut assigned: Vec<(Expr, u32, ExprId)> = Vec::new();
    for (statement, line) in facts.stmts.iter().zip(&facts.stmt_lines) {
        if let Stmt::Assign { targets, value } = statement {
            let targets = facts.expr_list(*targets).iter();
            assigned.extend(targets.map(|target| (facts.expr(*target), *line, *value)));
        }
    }
    for (statement, line) in facts.stmts.iter().zip(&facts.stmt_lines) {
        let Stmt::If { test, body, .. } = statement else {
            continue;
        };
        let ends = facts
            .stmt_list(*body)
            .iter()
            .any(|inner| matches!(facts.stmt(*inner), Stmt::Raise(Some(_))));
        if !ends {
            continue;
        }
        for absent in absent_in(unit, *test) {
            found.push(absent);
            let expr = facts.expr(absent);
            // The last time that it was bound before.
            let bound = assigned
                .iter()
                .filter(|(target, at, _)| *target == expr && *at < *line && line - at < 12);
            found.extend(bound.max_by_key(|(_, at, _)| *at).map(|(.., value)| *value));
        }
    }
    found
}

/// What a condition says is missing: `not x`, `x is None`, either of them in an `or`.
fn absent_in(unit: &Unit, test: ExprId) -> Vec<ExprId> {
    use crate::facts::program::{CompareOperator, UnaryOperator};
    let facts = &unit.facts;
    match facts.expr(test) {
        Expr::Unary {
            operator: UnaryOperator::Not,
            operand,
        } => match facts.expr(operand) {
            Expr::And(operands) => facts.expr_list(operands).to_vec(),
            _ => vec![operand],
        },
        Expr::Compare {
            operator: CompareOperator::Is,
            left,
            right,
        } if facts.expr(right) == Expr::None => vec![left],
        Expr::Or(operands) => {
            let operands = facts.expr_list(operands).iter();
            operands
                .flat_map(|operand| absent_in(unit, *operand))
                .collect()
        }
        _ => Vec::new(),
    }
}

/// Is one expression a part of another?
fn contains(unit: &Unit, outer: ExprId, inner: ExprId) -> bool {
    let facts = &unit.facts;
    outer == inner
        || facts
            .parts(outer)
            .into_iter()
            .any(|part| contains(unit, part, inner))
}

/// `os.environ["A"] = "b"`, `setdefault`, and `setenv` of a patcher, in conftest files.
fn set_by_tests(names: &Names<'_>, settings: &mut Settings) {
    let world = names.world;
    let lists = &world.rules.settings.lists;
    let mut conftests: Vec<ModuleId> = world
        .sources
        .suites
        .iter()
        .flat_map(|suite| suite.conftests.iter())
        .map(|file| world.module_of(*file))
        .filter(|module| world.kind(*module) == ModuleKind::Test)
        .collect();
    conftests.sort_unstable();
    conftests.dedup();
    for unit in conftests.iter().filter_map(|module| world.unit(*module)) {
        let facts = &unit.facts;
        let mut add = |key: ExprId, value: Option<ExprId>, line: u32| {
            for name in names.texts(unit, key) {
                let value = value.and_then(|value| match fallback_of(unit, value) {
                    Fallback::Text(text) => Some(text),
                    Fallback::Nothing => Some(String::new()),
                    Fallback::Fails | Fallback::Other => None,
                });
                let place = CodePlace {
                    module: unit.id,
                    line,
                };
                settings
                    .set_by_tests
                    .push(SetByTests { name, value, place });
            }
        };
        for (statement, line) in facts.stmts.iter().zip(&facts.stmt_lines) {
            let Stmt::Assign { targets, value } = statement else {
                continue;
            };
            for target in facts.expr_list(*targets) {
                if let Expr::Subscript { object, index } = facts.expr(*target)
                    && names
                        .dotted(unit, object)
                        .is_some_and(|path| lists.subscripts.contains(&path))
                {
                    add(index, Some(*value), *line);
                }
            }
        }
        for (position, expr) in facts.exprs.iter().enumerate() {
            let Expr::Call {
                function,
                arguments,
            } = expr
            else {
                continue;
            };
            let Expr::Attribute { name, .. } = facts.expr(*function) else {
                continue;
            };
            // A patcher is a fixture, of which nothing but the name of its method is known here.
            let sets = match names.dotted(unit, *function) {
                Some(path) => lists.setters.contains(&path),
                None => lists.patchers.iter().any(|known| known == facts.name(name)),
            };
            if !sets {
                continue;
            }
            let arguments = facts.argument_list(*arguments);
            if let Some(key) = argument(unit, arguments, 0, None) {
                let value = argument(unit, arguments, 1, None);
                add(key, value, facts.expr_lines[position]);
            }
        }
    }
}
