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

use crate::facts::program::{Argument, ArgumentKind, Expr, ExprId, FunctionId, Span, Stmt};
use crate::links::fields;
use crate::links::names::Names;
use crate::project::world::{CodePlace, ModuleId, ModuleKind, Unit, World};
use crate::source::is_setting_name;

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
    /// Functions that take files of variables apart themselves and put nothing in for `${NAME}`.
    pub own_loaders: Vec<CodePlace>,
}

/// A function of the project that hands its parameter to a reader.
#[derive(Debug, Clone)]
struct OwnReader {
    name: String,
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
        settings: Settings::default(),
    };
    finder.own_readers(&units);
    for unit in &units {
        finder.file(unit);
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
        for _ in 0..3 {
            let mut found = Vec::new();
            for unit in units {
                for position in 0..unit.facts.exprs.len() {
                    let expr = ExprId(position as u32);
                    let Some(reading) = self.reading(unit, expr) else {
                        continue;
                    };
                    found.extend(self.own_reader(unit, expr, &reading));
                }
            }
            let before = self.own.len();
            for reader in found {
                if !self
                    .own
                    .iter()
                    .any(|known| known.name == reader.name && known.key == reader.key)
                {
                    self.own.push(reader);
                }
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
        let id = self.names.function_at(unit, facts.expr_line(expr));
        let function = facts.function(id);
        let parameters = facts.parameter_list(function.parameters);
        let key = key as usize;
        let name = facts.name(function.name);
        if key >= parameters.len() || name.starts_with("__") || name == "<lambda>" {
            return None;
        }
        let bound = parameters
            .first()
            .is_some_and(|first| matches!(facts.name(first.name), "self" | "cls"));
        let shift = usize::from(bound);
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
            name: name.to_string(),
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
        match facts.expr(expr) {
            Expr::Subscript { object, index } => {
                if !matches!(
                    facts.expr(object),
                    Expr::Attribute { .. } | Expr::Name(_) | Expr::Local(_)
                ) {
                    return None;
                }
                let path = self.names.path(unit, object)?;
                rules.lists.subscripts.contains(&path).then_some(Reading {
                    key: index,
                    fallback: Fallback::Fails,
                    prefix: String::new(),
                    default: None,
                })
            }
            Expr::Call {
                function,
                arguments,
            } => {
                let arguments = facts.argument_list(arguments);
                let first = arguments.first()?;
                let is_key = match first.kind {
                    ArgumentKind::Positional => true,
                    ArgumentKind::Keyword(name) => facts.name(name) == "key",
                    ArgumentKind::Star | ArgumentKind::DoubleStar => false,
                };
                if !is_key || matches!(facts.expr(first.value), Expr::Int(_) | Expr::Dict(_)) {
                    return None;
                }
                let path = self.names.path(unit, function);
                if let Some(reader) = path.as_deref().and_then(|path| rules.reader(path)) {
                    let default = argument(unit, arguments, reader.default, Some("default"));
                    return Some(Reading {
                        key: first.value,
                        fallback: match default {
                            Some(default) => fallback_of(unit, default),
                            None if reader.required => Fallback::Fails,
                            None => Fallback::Nothing,
                        },
                        prefix: reader.prefix.clone(),
                        default,
                    });
                }
                self.own_reading(unit, function, arguments)
            }
            _ => None,
        }
    }

    fn own_reading(
        &self,
        unit: &Unit,
        function: ExprId,
        arguments: &[Argument],
    ) -> Option<Reading> {
        let facts = &unit.facts;
        let name = match facts.expr(function) {
            Expr::Attribute { name, .. } => facts.name(name),
            _ => self.names.spelled(unit, function)?,
        };
        let own = self.own.iter().find(|own| own.name == name)?;
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

    fn file(&mut self, unit: &Unit) {
        let facts = &unit.facts;
        let mut here: BTreeMap<ExprId, Vec<String>> = BTreeMap::new();
        let mut reads: Vec<(ExprId, Read)> = Vec::new();
        for position in 0..facts.exprs.len() {
            let expr = ExprId(position as u32);
            let Some(reading) = self.reading(unit, expr) else {
                continue;
            };
            let line = facts.expr_line(expr);
            let texts = self.names.texts(unit, reading.key);
            let is_loop = texts.len() > 1;
            let names = texts
                .into_iter()
                .map(|text| format!("{}{text}", reading.prefix));
            let names: Vec<String> = names.filter(|name| is_setting_name(name)).collect();
            // A list of names that are looked at one after the other, where what is not there ends in an error.
            let fails = is_loop && raises(unit, self.names.function_at(unit, line));
            for name in &names {
                let fallback = match &reading.fallback {
                    Fallback::Nothing if fails => Fallback::Fails,
                    other => other.clone(),
                };
                let place = CodePlace {
                    module: unit.id,
                    line,
                };
                reads.push((
                    expr,
                    Read {
                        name: name.clone(),
                        place,
                        fallback,
                    },
                ));
            }
            if names.len() == 1 {
                here.insert(expr, names);
            }
        }
        if reads.is_empty() {
            self.own_loader(unit);
            return;
        }
        self.refine(unit, &mut reads);
        self.alternatives(unit, &here, &mut reads);
        self.settings
            .reads
            .extend(reads.into_iter().map(|(_, read)| read));
        self.own_loader(unit);
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
            let first = facts
                .argument_list(*arguments)
                .first()
                .map(|one| facts.expr(one.value));
            let is_split = matches!(facts.name(name), "split" | "partition")
                && matches!(first, Some(Expr::Text(text)) if facts.text(text) == "=");
            if !is_split {
                continue;
            }
            let line = facts.expr_lines[position];
            let id = self.names.function_at(unit, line);
            let function = facts.function(id);
            let within = |line: u32| function.line <= line && line <= function.last_line;
            let mut opens = false;
            let mut expands = false;
            for (inner, inner_line) in facts.exprs.iter().zip(&facts.expr_lines) {
                if !within(*inner_line) {
                    continue;
                }
                match inner {
                    Expr::Name(name) => opens |= facts.name(*name) == "open",
                    Expr::Attribute { name, .. } => {
                        let name = facts.name(*name);
                        opens |= matches!(name, "open" | "read_text" | "readlines");
                        expands |= matches!(name, "expandvars" | "sub" | "substitute" | "match");
                    }
                    Expr::Text(text) => expands |= facts.text(*text).contains("${"),
                    _ => {}
                }
            }
            if opens && !expands && id != FunctionId(0) {
                self.settings.own_loaders.push(CodePlace {
                    module: unit.id,
                    line,
                });
            }
        }
    }
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
        .filter(|(_, line)| function.line <= **line && **line <= function.last_line)
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
    if outer == inner {
        return true;
    }
    let any = |span: Span| {
        facts
            .expr_list(span)
            .iter()
            .any(|part| contains(unit, *part, inner))
    };
    match facts.expr(outer) {
        Expr::Call {
            function,
            arguments,
        } => {
            contains(unit, function, inner)
                || facts
                    .argument_list(arguments)
                    .iter()
                    .any(|one| contains(unit, one.value, inner))
        }
        Expr::Attribute { object, .. } => contains(unit, object, inner),
        Expr::Subscript { object, index } => {
            contains(unit, object, inner) || contains(unit, index, inner)
        }
        Expr::And(span) | Expr::Or(span) | Expr::Tuple(span) | Expr::List(span) => any(span),
        Expr::Unary { operand, .. } | Expr::Await(operand) => contains(unit, operand, inner),
        Expr::Binary { left, right, .. } | Expr::Compare { left, right, .. } => {
            contains(unit, left, inner) || contains(unit, right, inner)
        }
        Expr::IfElse { parts } => (0..3).any(|offset| {
            let part = facts.expr_lists.get((parts + offset) as usize);
            part.is_some_and(|part| contains(unit, *part, inner))
        }),
        Expr::Walrus { value, .. } => contains(unit, value, inner),
        _ => false,
    }
}

/// `os.environ["A"] = "b"`, `setdefault`, and `setenv` of a patcher, in conftest files.
fn set_by_tests(names: &Names<'_>, settings: &mut Settings) {
    let world = names.world;
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
                        .path(unit, object)
                        .is_some_and(|path| world.rules.settings.lists.subscripts.contains(&path))
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
            if !matches!(facts.name(name), "setenv" | "setdefault") {
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
