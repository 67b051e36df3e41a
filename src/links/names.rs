//! What names in a file mean after imports, as paths: `redis.Redis()` for a client, wherever and however it was imported.
//!
//! ```python
//! import redis as r
//! from os import environ
//! cache = r.Redis()          # `cache` is `redis.Redis()`, in other files that import it, too
//! environ["KEY"]             # a subscript of `os.environ`
//! config.text("KEY")         # `app/config.py:Config.text`, where `config = Config()` stands in the same or another file
//! self.config.text("KEY")    # the same, where `self.config` was given, or made, such an object
//! def load(environ): ...     # in here `environ` is another one
//! ```
//! Read off the code, without running it; a name that a scope binds twice is what it was bound to first.

use rustc_hash::FxHashMap;

use crate::facts::program::{ArgumentKind, Class, Expr, ExprId, FunctionId, Span, Stmt};
use crate::project::world::{Import, ModuleId, ModuleKind, Unit, World, absolute};

/// Names that name names are followed so deep.
const DEEPEST: usize = 6;

/// What a name is bound to.
#[derive(Debug, Clone)]
enum Bound {
    /// A path, by an import or a definition.
    Path(String),
    Value(ExprId),
    /// What a loop takes out of this, one after the other.
    Each(ExprId),
}

/// The names that a file binds.
#[derive(Debug, Default)]
struct FileNames {
    top: FxHashMap<String, Bound>,
    locals: FxHashMap<(FunctionId, u32), Bound>,
}

/// Looks names up, file by file.
pub struct Names<'w> {
    pub world: &'w World<'w>,
    files: std::cell::RefCell<FxHashMap<ModuleId, std::rc::Rc<FileNames>>>,
    /// What the attribute of an object is, by `file:Class.attribute`.
    kept: std::cell::RefCell<FxHashMap<String, Option<String>>>,
}

impl<'w> Names<'w> {
    pub fn new(world: &'w World<'w>) -> Names<'w> {
        Names {
            world,
            files: std::cell::RefCell::default(),
            kept: std::cell::RefCell::default(),
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

    /// The spelled name of a local or global.
    pub fn spelled<'u>(&self, unit: &'u Unit, expr: ExprId) -> Option<&'u str> {
        match unit.facts.expr(expr) {
            Expr::Name(name) => Some(unit.facts.name(name)),
            Expr::Local(slot) => {
                let function = unit.facts.function(owner(unit, expr, slot)?);
                let name = function.locals.get(slot as usize)?;
                Some(unit.facts.name(*name))
            }
            _ => None,
        }
    }

    /// What the scope of a name binds it to.
    fn bound(&self, unit: &Unit, expr: ExprId) -> Option<Bound> {
        let names = self.of(unit);
        let bound = match unit.facts.expr(expr) {
            Expr::Local(slot) => names.locals.get(&(owner(unit, expr, slot)?, slot)),
            Expr::Name(name) => {
                let name = unit.facts.name(name);
                let mut around = unit.facts.functions_around(unit.facts.expr_line(expr));
                let outer = around.find_map(|id| names.locals.get(&(id, slot_of(unit, id, name)?)));
                outer.or_else(|| names.top.get(name))
            }
            _ => None,
        };
        bound.cloned()
    }

    fn bound_at_top(&self, unit: &Unit, name: &str) -> Option<Bound> {
        self.of(unit).top.get(name).cloned()
    }

    /// The path of an expression as rules spell it: dotted, the project's own modules, too.
    pub fn dotted(&self, unit: &Unit, expr: ExprId) -> Option<String> {
        let path = self.path(unit, expr)?;
        let own = path.split_once(':').and_then(|(file, qualified)| {
            let unit = self.file(file)?;
            Some(format!("{}.{qualified}", unit.name))
        });
        Some(own.unwrap_or(path))
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
            Expr::Name(_) => self.meaning(unit, self.bound(unit, expr)?, depth),
            Expr::Local(slot) => match self.bound(unit, expr) {
                Some(bound) => self.meaning(unit, bound, depth),
                None => receiver(unit, owner(unit, expr, slot)?, slot),
            },
            Expr::Attribute { object, name } => {
                let object = self.path_in(unit, object, depth)?;
                Some(self.attribute(unit, &object, unit.facts.name(name), depth))
            }
            Expr::Call {
                function,
                arguments,
            } => {
                let function = self.path_in(unit, function, depth)?;
                let lists = &self.world.rules.settings.lists;
                let first = || unit.facts.argument_list(arguments).first();
                if lists.passes_on.contains(&function) {
                    self.path_in(unit, first()?.value, depth + 1)
                } else if lists.calls_first.contains(&function) {
                    let called = self.path_in(unit, first()?.value, depth + 1)?;
                    Some(format!("{called}()"))
                } else {
                    Some(format!("{function}()"))
                }
            }
            Expr::Await(inner) => self.path_in(unit, inner, depth),
            _ => None,
        }
    }

    fn meaning(&self, unit: &Unit, bound: Bound, depth: usize) -> Option<String> {
        match bound {
            Bound::Path(path) => Some(self.own(unit, path, depth)),
            Bound::Value(value) => self.path_in(unit, value, depth + 1),
            Bound::Each(_) => None,
        }
    }

    /// A path into the project's own modules is what is bound there.
    fn own(&self, unit: &Unit, path: String, depth: usize) -> String {
        if depth > DEEPEST || path.contains(['(', ':']) {
            return path;
        }
        let Some((module, name)) = path.rsplit_once('.') else {
            return path;
        };
        let bound = self.own_module(unit, module).and_then(|inner| {
            let bound = self.bound_at_top(inner, name)?;
            self.meaning(inner, bound, depth + 1)
        });
        bound.unwrap_or(path)
    }

    fn own_module(&self, unit: &Unit, module: &str) -> Option<&'w Unit> {
        match self.world.resolve(unit.id, module) {
            Import::Module(target) if self.world.file_of(target).is_some() => {
                self.world.unit(target)
            }
            _ => None,
        }
    }

    /// An attribute: of a class of the project, or of an object of one, the function that the class or a base of it defines.
    fn attribute(&self, unit: &Unit, object: &str, name: &str, depth: usize) -> String {
        let class = self.class(object.strip_suffix("()").unwrap_or(object));
        let method = class.and_then(|(home, class)| self.method(home, class, name, depth));
        let kept = || {
            let (home, class) = class.filter(|_| object.ends_with("()"))?;
            self.kept(home, class, name, depth)
        };
        method
            .or_else(kept)
            .unwrap_or_else(|| self.own(unit, format!("{object}.{name}"), depth))
    }

    /// What `self.name` is, where a method of the class puts something there.
    fn kept(&self, home: &Unit, class: &Class, name: &str, depth: usize) -> Option<String> {
        if depth > DEEPEST {
            return None;
        }
        let key = format!(
            "{}:{}.{name}",
            home.path,
            home.facts.name(class.qualified_name)
        );
        if let Some(known) = self.kept.borrow().get(&key) {
            return known.clone();
        }
        // What leads back here is not known.
        self.kept.borrow_mut().insert(key.clone(), None);
        let values = put_into(home, class, name);
        let found = values.into_iter().find_map(|(method, value)| {
            let path = self.path_in(home, value, depth + 1);
            path.or_else(|| self.given(home, class, method, value, depth + 1))
        });
        self.kept.borrow_mut().insert(key, found.clone());
        found
    }

    /// What a parameter of the constructor is: by its annotation, or by what is given where an object is made.
    fn given(
        &self,
        home: &Unit,
        class: &Class,
        method: FunctionId,
        value: ExprId,
        depth: usize,
    ) -> Option<String> {
        let facts = &home.facts;
        let function = facts.function(method);
        let Expr::Local(slot) = facts.expr(value) else {
            return None;
        };
        let parameters = facts.parameter_list(function.parameters);
        let parameter = parameters.get(slot as usize)?;
        let annotated = parameter.annotation.and_then(|annotation| {
            let path = self.path_in(home, annotation, depth + 1)?;
            self.class(&path).map(|_| format!("{path}()"))
        });
        if annotated.is_some() || facts.name(function.name) != "__init__" || depth > DEEPEST {
            return annotated;
        }
        let name = facts.name(class.name);
        let path = format!("{}:{}", home.path, facts.name(class.qualified_name));
        let parameter = facts.name(parameter.name);
        let sources = self.world.sources;
        let units = sources.ids().filter_map(|file| {
            // A file that nothing has read so far is none of those that run.
            let unit = self.world.loaded(self.world.module_of(file))?;
            (unit.kind == ModuleKind::App).then_some(unit)
        });
        let mut calls = units.flat_map(|unit| calls_of(unit, name).map(move |call| (unit, call)));
        calls.find_map(|(unit, (function, arguments))| {
            let argument = unit.facts.argument_list(arguments).iter().enumerate();
            let mut given = argument.filter(|(position, one)| match one.kind {
                ArgumentKind::Positional => position + 1 == slot as usize,
                ArgumentKind::Keyword(name) => unit.facts.name(name) == parameter,
                ArgumentKind::Star | ArgumentKind::DoubleStar => false,
            });
            let (_, given) = given.next()?;
            let is_it = self.path_in(unit, function, depth + 1).as_deref() == Some(path.as_str());
            let given = is_it.then(|| self.path_in(unit, given.value, depth + 1))??;
            given.contains(':').then_some(given)
        })
    }

    fn method(&self, unit: &Unit, class: &Class, name: &str, depth: usize) -> Option<String> {
        if depth > DEEPEST {
            return None;
        }
        let qualified = format!("{}.{name}", unit.facts.name(class.qualified_name));
        if definition(unit, &qualified).is_some() {
            return Some(format!("{}:{qualified}", unit.path));
        }
        let mut bases = self.bases(unit, class).into_iter();
        bases.find_map(|(home, base)| self.method(home, base, name, depth + 1))
    }

    /// The classes of the project that it inherits.
    fn bases(&self, unit: &Unit, class: &Class) -> Vec<(&'w Unit, &'w Class)> {
        let bases = unit.facts.argument_list(class.arguments).iter();
        let bases = bases.filter(|base| base.kind == ArgumentKind::Positional);
        let paths = bases.filter_map(|base| self.path(unit, base.value));
        paths.filter_map(|path| self.class(&path)).collect()
    }

    /// The class of the project that the path names.
    pub fn class(&self, path: &str) -> Option<(&'w Unit, &'w Class)> {
        let (file, qualified) = path.split_once(':')?;
        let unit = self.file(file)?;
        let mut classes = unit.facts.classes.iter();
        let class = classes.find(|class| unit.facts.name(class.qualified_name) == qualified)?;
        Some((unit, class))
    }

    /// The function of the project that the path names.
    pub fn function(&self, path: &str) -> Option<(ModuleId, FunctionId)> {
        let (file, qualified) = path.split_once(':')?;
        let unit = self.file(file)?;
        Some((unit.id, definition(unit, qualified)?))
    }

    fn file(&self, path: &str) -> Option<&'w Unit> {
        let file = self.world.sources.file(path)?;
        self.world.unit(self.world.module_of(file))
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
            Expr::Name(_) | Expr::Local(_) => match self.bound(unit, expr) {
                Some(Bound::Value(value)) => self.texts_in(unit, value, depth + 1),
                Some(Bound::Each(values)) => self.items(unit, values, depth),
                Some(Bound::Path(path)) => self.constant(unit, &path, depth),
                None => Vec::new(),
            },
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
        let inner = self.own_module(unit, module);
        let value = inner.and_then(|inner| Some((inner, self.bound_at_top(inner, name)?)));
        match value {
            Some((inner, Bound::Value(value))) => self.texts_in(inner, value, depth + 1),
            Some((inner, Bound::Path(path))) if depth < DEEPEST => {
                self.constant(inner, &path, depth + 1)
            }
            _ => Vec::new(),
        }
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
            Expr::Name(_) | Expr::Local(_) => match self.bound(unit, expr) {
                Some(Bound::Value(value)) => self.items(unit, value, depth + 1),
                _ => Vec::new(),
            },
            _ => Vec::new(),
        }
    }
}

/// What methods of a class put into `self.name`, with the method, in the order of the file.
fn put_into(unit: &Unit, class: &Class, name: &str) -> Vec<(FunctionId, ExprId)> {
    let facts = &unit.facts;
    let statements = facts.stmts.iter().zip(&facts.stmt_lines);
    let here = statements.filter(|(_, line)| (class.line..=class.last_line).contains(line));
    let assigned = here.filter_map(|(statement, line)| {
        let (target, value) = match statement {
            Stmt::Assign { targets, value } => (*facts.expr_list(*targets).first()?, *value),
            Stmt::AnnAssign { target, value, .. } => (*target, *value),
            _ => return None,
        };
        let Expr::Attribute {
            object,
            name: attribute,
        } = facts.expr(target)
        else {
            return None;
        };
        let is_it = facts.name(attribute) == name && facts.expr(object) == Expr::Local(0);
        let method = facts.functions_around(*line).find(|method| {
            let around = class_around(unit, *method);
            around.is_some_and(|around| around.line == class.line)
        });
        method.filter(|_| is_it).map(|method| (method, value))
    });
    assigned.collect()
}

/// Calls of something that has this name: the function and the arguments.
fn calls_of<'u>(unit: &'u Unit, name: &str) -> impl Iterator<Item = (ExprId, Span)> + use<'u> {
    let facts = &unit.facts;
    let named = facts.names.iter().position(|known| **known == *name);
    let is_named = move |function: ExprId| match facts.expr(function) {
        Expr::Name(id) | Expr::Attribute { name: id, .. } => Some(id.0 as usize) == named,
        _ => false,
    };
    let expressions = facts.exprs.iter().filter(move |_| named.is_some());
    expressions.filter_map(move |expr| match expr {
        Expr::Call {
            function,
            arguments,
        } if is_named(*function) => Some((*function, *arguments)),
        _ => None,
    })
}

/// The function whose local it is. A lambda on the same line has fewer.
fn owner(unit: &Unit, expr: ExprId, slot: u32) -> Option<FunctionId> {
    let mut around = unit.facts.functions_around(unit.facts.expr_line(expr));
    around.find(|id| unit.facts.function(*id).locals.len() > slot as usize)
}

/// `self` and `cls` of a method stand for its class.
fn receiver(unit: &Unit, function: FunctionId, slot: u32) -> Option<String> {
    let class = class_around(unit, function).filter(|_| slot == 0)?;
    let class = unit.facts.name(class.qualified_name);
    Some(format!("{}:{class}()", unit.path))
}

/// The class whose method it is, if it takes one of its objects, or the class itself, as its first argument.
pub fn class_around(unit: &Unit, function: FunctionId) -> Option<&Class> {
    let facts = &unit.facts;
    let function = facts.function(function);
    let (class, _) = facts.name(function.qualified_name).rsplit_once('.')?;
    let mut decorators = facts.expr_list(function.decorators).iter();
    let is_static = decorators.any(|decorator| match facts.expr(*decorator) {
        Expr::Name(name) => facts.name(name) == "staticmethod",
        _ => false,
    });
    let mut classes = facts.classes.iter();
    classes
        .find(|one| facts.name(one.qualified_name) == class)
        .filter(|_| !is_static && function.parameters.len > 0)
}

/// The function of this qualified name that counts: the last.
fn definition(unit: &Unit, qualified: &str) -> Option<FunctionId> {
    let facts = &unit.facts;
    let mut functions = facts.functions.iter().skip(1);
    let position = functions.rposition(|one| facts.name(one.qualified_name) == qualified)?;
    Some(FunctionId(position as u32 + 1))
}

/// A name's first slot among the locals of a function.
fn slot_of(unit: &Unit, function: FunctionId, name: &str) -> Option<u32> {
    let mut locals = unit.facts.function(function).locals.iter();
    let slot = locals.position(|local| unit.facts.name(*local) == name)?;
    Some(slot as u32)
}

fn read(unit: &Unit) -> FileNames {
    let mut names = FileNames::default();
    for (position, function) in unit.facts.functions.iter().enumerate() {
        let function_id = FunctionId(position as u32);
        read_block(unit, function_id, function.body, &mut names);
    }
    for clause in &unit.facts.clauses {
        if let Expr::Local(slot) = unit.facts.expr(clause.target)
            && let Some(function) = owner(unit, clause.target, slot)
        {
            let bound = names.locals.entry((function, slot));
            bound.or_insert(Bound::Each(clause.iterable));
        }
    }
    names
}

/// What the body of a function, or of the module, binds, below conditions, too.
fn read_block(unit: &Unit, function: FunctionId, body: Span, names: &mut FileNames) {
    let facts = &unit.facts;
    for id in facts.stmt_list(body) {
        let statement = facts.stmt(*id);
        match statement {
            Stmt::Import(_) | Stmt::ImportFrom { .. } => {
                for (name, path) in imports(unit, statement) {
                    names.bind(unit, function, name, Bound::Path(path));
                }
            }
            Stmt::Assign { targets, value } => {
                for target in facts.expr_list(targets) {
                    names.bind_target(unit, function, *target, Bound::Value(value));
                }
            }
            Stmt::AnnAssign { target, value, .. } => {
                names.bind_target(unit, function, target, Bound::Value(value));
            }
            Stmt::For {
                target, iterable, ..
            } => names.bind_target(unit, function, target, Bound::Each(iterable)),
            Stmt::FunctionDef(id) => {
                let defined = facts.function(id);
                let path = format!("{}:{}", unit.path, facts.name(defined.qualified_name));
                let name = facts.name(defined.name);
                names.bind(unit, function, name, Bound::Path(path));
            }
            Stmt::ClassDef(id) => {
                let defined = facts.class(id);
                let path = format!("{}:{}", unit.path, facts.name(defined.qualified_name));
                let name = facts.name(defined.name);
                names.bind(unit, function, name, Bound::Path(path));
            }
            _ => {}
        }
        for block in facts.blocks(statement) {
            read_block(unit, function, block, names);
        }
    }
}

impl FileNames {
    fn bind(&mut self, unit: &Unit, function: FunctionId, name: &str, bound: Bound) {
        match slot_of(unit, function, name) {
            Some(slot) => {
                self.locals.entry((function, slot)).or_insert(bound);
            }
            None => {
                self.top.entry(name.to_string()).or_insert(bound);
            }
        }
    }

    fn bind_target(&mut self, unit: &Unit, function: FunctionId, target: ExprId, bound: Bound) {
        match unit.facts.expr(target) {
            Expr::Local(slot) => {
                self.locals.entry((function, slot)).or_insert(bound);
            }
            Expr::Name(name) => self.bind(unit, function, unit.facts.name(name), bound),
            _ => {}
        }
    }
}

/// The names that an import binds, with their paths.
fn imports(unit: &Unit, statement: Stmt) -> Vec<(&str, String)> {
    let facts = &unit.facts;
    match statement {
        Stmt::Import(aliases) => {
            let aliases = facts.aliases[aliases.range()].iter();
            aliases
                .map(|alias| {
                    let path = facts.name(alias.name);
                    let top = path.split('.').next().unwrap_or(path);
                    match alias.bound {
                        Some(bound) => (facts.name(bound), path.to_string()),
                        None => (top, top.to_string()),
                    }
                })
                .collect()
        }
        Stmt::ImportFrom {
            module,
            level,
            aliases,
        } => {
            let module = absolute(unit, level, module.map(|module| facts.name(module)));
            let aliases = facts.aliases[aliases.range()].iter();
            aliases
                .map(|alias| {
                    let name = facts.name(alias.name);
                    let bound = alias.bound.map_or(name, |bound| facts.name(bound));
                    (bound, format!("{module}.{name}"))
                })
                .collect()
        }
        _ => Vec::new(),
    }
}
