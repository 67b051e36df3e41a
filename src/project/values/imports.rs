//! Imports: runs modules once, binds names, reaches into packages, and says when a first-party module is gone.
//!
//! `from .routes import *` runs the sibling module and binds what its `__all__`, or its names without underscore, give.

use std::sync::Arc;

use crate::facts::program::{FunctionId, NameId, Span, StmtId};
use crate::project::looks::{self, Look};
use crate::project::symbols::Symbol;
use crate::project::values::calls::Args;
use crate::project::values::globals::Globals;
use crate::project::values::heap::{ModuleObject, ModuleState, Object};
use crate::project::values::machine::{
    Activation, Eval, Flow, Frame, Locals, Machine, Raise, Raised, Scope,
};
use crate::project::values::natives::Native;
use crate::project::values::value::{ObjectId, Reason, Value};
use crate::project::world::{CodePlace, FIRST, Import, ModuleId, ModuleKind, Unit, absolute};
use crate::source::paths;

/// The model of the classes that are known by the endings of their names.
const ALIKE: &str = "_alike";
/// Steps that running one module's body may take.
const STEPS_OF_A_MODULE: u64 = 2_000_000;
/// Steps that one statement of a module's body may take.
const STEPS_OF_A_STATEMENT: u64 = 300_000;

impl<'w> Machine<'w> {
    /// The module's object, if it has been imported.
    pub fn module_object(&self, module: ModuleId) -> Option<ObjectId> {
        looks::note(Look::Object(module));
        self.modules
            .get(&module)
            .or_else(|| self.base_modules.get(&module))
            .copied()
    }

    /// While the base is made: for which module objects are made from here on.
    fn note_maker(&mut self, module: Option<ModuleId>) {
        if self.heap.base_len() == 0 {
            self.makers.push((self.heap.len() as u32, module));
        }
    }

    /// The innermost module whose body runs.
    fn running_module(&self) -> Option<ModuleId> {
        let depth = self.importing.last()?;
        self.stack.get(*depth).map(|activation| activation.module)
    }

    /// Runs the module on first import.
    pub fn import_module(&mut self, module: ModuleId) -> Option<ObjectId> {
        if let Some(object) = self.module_object(module) {
            return Some(object);
        }
        self.spoil_summaries();
        let unit = self.world.code(module, FunctionId(0))?;
        // A package runs before what is in it, and may itself import what is in it.
        if unit.kind != ModuleKind::Model
            && let Some((parent, _)) = unit.name.rsplit_once('.')
            && let Import::Module(parent) = self.world.resolve(module, parent)
            && parent != module
        {
            self.import_module(parent);
            if let Some(object) = self.module_object(module) {
                return Some(object);
            }
        }
        let mut names = Globals::default();
        names.insert(Symbol::NAME, Value::text(&unit.name));
        names.insert(Symbol::FILE, Value::text(&format!("/{}", unit.path)));
        let package = if unit.is_package {
            unit.name.as_str()
        } else {
            unit.name
                .rsplit_once('.')
                .map_or("", |(package, _)| package)
        };
        names.insert(Symbol::PACKAGE, Value::text(package));
        if unit.is_package && unit.kind != ModuleKind::Model {
            let folder = paths::folder(&unit.path);
            let path = Value::tuple(vec![Value::text(&format!("/{folder}"))]);
            names.insert(Symbol::PATH, path);
        }
        self.note_maker(Some(module));
        let object = self.heap.add(Object::Module(Box::new(ModuleObject {
            module,
            names,
            state: ModuleState::Running,
        })));
        self.modules.insert(module, object);
        let mut frame = module_frame(unit, object);
        let (undecided, weak_below) = (
            std::mem::take(&mut self.undecided),
            std::mem::take(&mut self.weak_below),
        );
        let depth = self.stack.len();
        let mark = self.pending.len();
        self.stack.push(Activation {
            module,
            function: FunctionId(0),
            kind: unit.kind,
            line: 1,
        });
        self.importing.push(depth);
        let body = unit.facts.function(FunctionId(0)).body;
        let mut state = match unit.facts.problems.first() {
            Some(problem) if unit.kind == ModuleKind::Test => ModuleState::Broken {
                line: problem.line,
                says: Arc::from(format!("SyntaxError: {}", problem.says)),
            },
            _ => ModuleState::Ready,
        };
        // An import inside a bounded call must still finish: its cost is the module's, paid once.
        let outer = std::mem::replace(&mut self.limit, u64::MAX);
        let granted = self.granted;
        let start = self.steps;
        let outcome = self.bounded(STEPS_OF_A_MODULE, |machine| {
            match machine.exec_module(&mut frame, body) {
                Err(Raise::Exhausted) => return Err(Raise::Exhausted),
                Err(Raise::Exception(raised)) => {
                    let says = machine.describe_exception(&raised.exception);
                    // What importing another module raised is this module's failure too, at the import.
                    let line = machine
                        .stack
                        .last()
                        .map_or(raised.place.line, |activation| activation.line);
                    return Ok(Value::tuple(vec![
                        Value::Int(i64::from(line)),
                        Value::text(&says),
                    ]));
                }
                Ok(_) => {}
            }
            Ok(Value::None)
        });
        self.importing.pop();
        let cost = self.steps - start;
        self.limit = outer.saturating_add(cost);
        self.granted = granted + cost;
        if matches!(outcome, Ok(Value::Unknown(Reason::Bound))) {
            self.leave_open(object);
        }
        if let Ok(Value::Tuple(parts)) = &outcome
            && let [Value::Int(line), Value::Text(says)] = &parts[..]
        {
            state = ModuleState::Broken {
                line: *line as u32,
                says: says.clone(),
            };
        }
        self.stack.truncate(depth);
        self.pending.truncate(mark);
        (self.undecided, self.weak_below) = (undecided, weak_below);
        if let Object::Module(module) = self.heap.get_mut(object) {
            module.state = state;
        }
        self.note_maker(self.running_module());
        if self.importing.is_empty() {
            self.run_for_types();
        }
        // It may have put another in its place.
        self.module_object(module)
    }

    /// While the base is made, something was done for code of this kind that ties the app to what tests set: its own code asked for a
    /// variable that is set, or the code of tests put a double in place.
    pub(super) fn note_import_of(&mut self, kind: ModuleKind) {
        let is_early = self.heap.base_len() == 0 && !self.log.leans_on_tests;
        if is_early && self.own_activation().is_some_and(|own| own.kind == kind) {
            self.log.leans_on_tests = true;
        }
    }

    /// `sys.modules["pkg.old"] = new`: who imports it gets the other; of one that is no module, every name is a guess.
    pub(super) fn replace_module(&mut self, name: &Value, by: &Value) {
        let Some(name) = name.literal() else { return };
        self.note_import_of(ModuleKind::Test);
        self.spoil_summaries();
        let importer = self
            .own_activation()
            .map_or(FIRST, |activation| activation.module);
        let Import::Module(module) = self.world.resolve_text(importer, name) else {
            return;
        };
        match by {
            Value::Object(object) if matches!(self.heap.get(*object), Object::Module(_)) => {
                self.modules.insert(module, *object);
            }
            _ => {
                if let Some(object) = self.module_object(module) {
                    self.leave_open(object);
                }
            }
        }
    }

    /// A module's body. A statement that is too much for the interpreter does not cost the module the ones after it.
    fn exec_module(&mut self, frame: &mut Frame<'w>, body: Span) -> Result<Flow, Raise> {
        let unit = frame.unit;
        let depth = self.stack.len();
        for &statement in unit.facts.stmt_list(body) {
            let outer = self.begin_statement();
            let mut outcome = Ok(Flow::Normal);
            let done = self.bounded(STEPS_OF_A_STATEMENT, |machine| {
                match machine.exec(frame, statement) {
                    Err(Raise::Exhausted) => return Err(Raise::Exhausted),
                    other => outcome = other,
                }
                Ok(Value::None)
            });
            self.statement_from = outer;
            let done = done?;
            if let (Value::Unknown(Reason::Bound), Scope::Module(object)) = (done, &frame.scope) {
                let object = *object;
                self.leave_open(object);
            }
            if let Err(Raise::Exception(raised)) = &outcome
                && unit.kind == ModuleKind::App
                && !is_import_failure(&self.describe_exception(&raised.exception))
            {
                // `app = create_app()`: production does come up.
                self.stack.truncate(depth);
                self.forgiving(STEPS_OF_A_STATEMENT, |machine| {
                    match machine.exec(frame, statement) {
                        Err(Raise::Exhausted) => return Err(Raise::Exhausted),
                        again => outcome = again,
                    }
                    Ok(Value::None)
                })?;
                // `if not SECRET: raise`: it has what it asks for. Of several ways to come up, the one that fails is none.
                if outcome.is_err() && self.tries == 0 && self.heap.base_len() == 0 {
                    self.stack.truncate(depth);
                    outcome = Ok(Flow::Normal);
                }
            }
            outcome?;
        }
        Ok(Flow::Normal)
    }

    /// The module may have names that were not bound.
    pub(super) fn leave_open(&mut self, object: ObjectId) {
        let star = self.symbol("*");
        if let Object::Module(module) = self.heap.get_mut(object) {
            module.names.insert(star, Value::Unknown(Reason::Bound));
        }
    }

    /// What modules import for their annotations is there when annotations are read, and does not change the order of imports.
    fn run_for_types(&mut self) {
        while !self.for_types.is_empty() {
            for (object, unit, body) in std::mem::take(&mut self.for_types) {
                let before = match self.heap.get(object) {
                    Object::Module(module) => module.clone(),
                    _ => continue,
                };
                let depth = self.stack.len();
                let mark = self.pending.len();
                self.stack.push(Activation {
                    module: unit.id,
                    function: FunctionId(0),
                    kind: unit.kind,
                    line: 1,
                });
                self.importing.push(depth);
                self.note_maker(Some(unit.id));
                let mut frame = module_frame(unit, object);
                for &statement in unit.facts.stmt_list(body) {
                    let outer = self.begin_statement();
                    // Such a block may be wrong, and nobody would know.
                    let _ = self.bounded(STEPS_OF_A_STATEMENT, |machine| {
                        machine.exec(&mut frame, statement)?;
                        Ok(Value::None)
                    });
                    self.statement_from = outer;
                }
                self.importing.pop();
                self.note_maker(None);
                self.stack.truncate(depth);
                self.pending.truncate(mark);
                if let Object::Module(module) = self.heap.get_mut(object) {
                    module.names.restore(before.names);
                }
            }
        }
    }

    fn describe_exception(&mut self, exception: &Value) -> String {
        let Value::Object(id) = exception else {
            return "an exception".to_string();
        };
        let Some(instance) = self.heap.instance(*id) else {
            return "an exception".to_string();
        };
        let name = self
            .heap
            .class(instance.class)
            .map(|class| self.spelled(class.name))
            .unwrap_or_else(|| Arc::from("exception"));
        let arguments = instance.attributes.get(Symbol::ARGS).cloned();
        match arguments {
            Some(Value::Tuple(items)) if !items.is_empty() => match items[0].literal() {
                Some(text) => format!("{name}: {text}"),
                None => name.to_string(),
            },
            _ => name.to_string(),
        }
    }

    pub fn import(&mut self, frame: &mut Frame<'w>, aliases: Span) -> Result<(), Raise> {
        let unit = frame.unit;
        for alias in &unit.facts.aliases[aliases.range()] {
            let name = unit.facts.name(alias.name);
            match alias.bound {
                Some(bound) => {
                    let value = self.import_path(unit.id, name)?;
                    self.bind_name(frame, unit.symbol(bound), value);
                }
                None => {
                    // `import a.b` runs `a.b` and binds `a`.
                    let value = self.import_path(unit.id, name)?;
                    let top = name.split('.').next().unwrap_or(name);
                    let bound = if top == name {
                        value
                    } else {
                        self.import_path(unit.id, top)?
                    };
                    let symbol = self.symbol(top);
                    self.bind_name(frame, symbol, bound);
                }
            }
        }
        Ok(())
    }

    /// Is this the statement after which nothing more shall run?
    pub(super) fn stop_after(&mut self, frame: &Frame<'w>, statement: StmtId) -> Result<(), Raise> {
        let is_last = self.stops_after.is_some_and(|last| {
            let line = frame.unit.facts.stmt_lines.get(statement.0 as usize);
            last.module == frame.unit.id && line == Some(&last.line)
        });
        if is_last {
            Err(Raise::Exhausted)
        } else {
            Ok(())
        }
    }

    /// The module of an absolute dotted name, as a value.
    pub fn import_path(&mut self, importer: ModuleId, name: &str) -> Eval {
        if name == "covgap" && self.world.kind(importer) == ModuleKind::Model {
            return Ok(Value::Native(Native::op_module));
        }
        match self.world.resolve(importer, name) {
            Import::Module(module) => self.imported(importer, module),
            Import::Namespace | Import::External => Ok(Value::External(self.symbol(name))),
            Import::Missing => {
                if self.world.is_ignored(importer, name) {
                    return Ok(Value::Unknown(Reason::Import));
                }
                Err(self.import_error(&format!("No module named '{name}'")))
            }
        }
    }

    /// The module's object; what the module failed with, if its import fails.
    fn imported(&mut self, importer: ModuleId, module: ModuleId) -> Eval {
        let Some(object) = self.import_module(module) else {
            return Ok(Value::Unknown(Reason::Import));
        };
        if let Some(ModuleState::Broken { says, .. }) = self.module_state(object) {
            let says = says.clone();
            let kind = self.world.kind(importer);
            if kind != ModuleKind::Model
                && self.world.kind(module) != ModuleKind::Model
                && is_import_failure(&says)
            {
                return Err(self.import_error(&says));
            }
        }
        Ok(Value::Object(object))
    }

    /// The module whose file lies at a path.
    pub(super) fn module_at(&mut self, path: &Value) -> Eval {
        let own = self.own_activation().map(|asking| asking.module);
        let (Some(importer), Some(path)) = (own, path.literal()) else {
            return Ok(Value::Unknown(Reason::Runtime));
        };
        let value = match self.world.module_at(importer, path) {
            Some(module) => self.imported(importer, module)?,
            None => Value::Unknown(Reason::Import),
        };
        self.note_named_import(importer, &value);
        Ok(value)
    }

    /// Has the project a module of this name? Of a library's, only running code knows.
    pub(super) fn has_module(&self, name: &Value) -> Value {
        let own = self.own_activation().map(|asking| asking.module);
        let (Some(importer), Some(name)) = (own, name.literal()) else {
            return Value::Unknown(Reason::Runtime);
        };
        match self.world.resolve_text(importer, name) {
            Import::Module(found) if self.world.kind(found) != ModuleKind::Model => {
                Value::Bool(true)
            }
            Import::Namespace => Value::Bool(true),
            Import::Missing if !self.world.is_ignored(importer, name) => Value::Bool(false),
            Import::Module(_) | Import::External | Import::Missing => {
                Value::Unknown(Reason::Library)
            }
        }
    }

    /// The module was imported by what a value says, not by an import statement.
    pub(super) fn note_named_import(&mut self, importer: ModuleId, value: &Value) {
        if let Value::Object(object) = value
            && let Object::Module(found) = self.heap.get(*object)
        {
            self.named_imports.push((importer, found.module));
        }
    }

    /// `"package.module.attribute"` as an object.
    pub fn locate(&mut self, target: &Value) -> Eval {
        let Some(path) = target.literal() else {
            return Ok(Value::Unknown(Reason::Runtime));
        };
        let path = path.replace(':', ".");
        let importer = self
            .own_activation()
            .map_or(ModuleId(0), |activation| activation.module);
        let parts: Vec<&str> = path.split('.').collect();
        for cut in (1..=parts.len()).rev() {
            let module = parts[..cut].join(".");
            if let Import::Module(found) = self.world.resolve_text(importer, &module) {
                let imported = if found == importer {
                    let own = self.import_module(importer);
                    Ok(own.map_or(Value::Unknown(Reason::Import), Value::Object))
                } else {
                    self.import_path(importer, &module)
                };
                let mut value = match imported {
                    Ok(value) => value,
                    Err(Raise::Exhausted) => return Err(Raise::Exhausted),
                    Err(Raise::Exception(_)) => return Ok(Value::Unknown(Reason::Import)),
                };
                for part in &parts[cut..] {
                    let symbol = self.symbol(part);
                    value = self.attribute(&value, symbol)?;
                }
                return Ok(value);
            }
        }
        Ok(Value::External(self.symbol(&path)))
    }

    /// What failed the import, as it is said of the module that failed, or of a module that is not there.
    fn import_error(&mut self, says: &str) -> Raise {
        match says.split_once(": ") {
            Some((class, rest)) if is_import_failure(class) => self.error(class, rest),
            _ if says.starts_with("cannot import name") => self.error("ImportError", says),
            _ => self.error("ModuleNotFoundError", says),
        }
    }

    /// What Python itself raises at this point.
    pub(super) fn error(&mut self, class: &str, says: &str) -> Raise {
        let class = self.symbol(class);
        let exception = match self.builtin(class) {
            Some(class) => self
                .call(&class, Args::of([Value::text(says)]))
                .unwrap_or(Value::Unknown(Reason::Raised)),
            None => Value::Unknown(Reason::Raised),
        };
        let place = match self.stack.last() {
            Some(activation) => CodePlace {
                module: activation.module,
                line: activation.line,
            },
            None => self.own_place(),
        };
        Raise::Exception(Box::new(Raised { exception, place }))
    }

    /// Does Python find no such name either? Only said of names that a test module's import needs, where all ways to bind one
    /// are seen.
    pub(super) fn is_unbound(&self, frame: &Frame<'w>, name: NameId) -> bool {
        let unit = frame.unit;
        let facts = &unit.facts;
        let spelled = facts.name(name);
        let is_imported_now = matches!(frame.scope, Scope::Module(_) | Scope::Class { .. })
            && frame.closure.is_none();
        if !is_imported_now || unit.kind != ModuleKind::Test || spelled.starts_with("__") {
            return false;
        }
        // All of the file is searched for other ways to bind it.
        self.world.unit(unit.id);
        let symbol = unit.symbol(name);
        let binds_by_name = facts.names.iter().any(|known| {
            matches!(
                &**known,
                "globals" | "exec" | "vars" | "builtins" | "modules"
            )
        });
        let is_global_somewhere = facts.functions.iter().any(|function| {
            function
                .globals
                .iter()
                .any(|global| unit.symbol(*global) == symbol)
        });
        !binds_by_name
            && !is_global_somewhere
            && !facts.type_parameters.contains(&name)
            && !self
                .world
                .rules
                .names
                .builtins
                .iter()
                .any(|known| known == spelled)
            && self.names_are_complete(unit.id)
    }

    pub fn import_from(
        &mut self,
        frame: &mut Frame<'w>,
        module: Option<NameId>,
        level: u32,
        aliases: Span,
    ) -> Result<(), Raise> {
        let unit = frame.unit;
        let spelled = module.map(|module| unit.facts.name(module));
        let path = if level > 0 {
            absolute(unit, level, spelled)
        } else {
            spelled.unwrap_or("").to_string()
        };
        let source = if path.is_empty() {
            Value::Unknown(Reason::Import)
        } else {
            self.import_path(unit.id, &path)?
        };
        for alias in &unit.facts.aliases[aliases.range()] {
            let name = unit.facts.name(alias.name);
            if name == "*" {
                self.import_star(frame, &source)?;
                continue;
            }
            let symbol = unit.symbol(alias.name);
            let value = self.import_name(unit.id, &source, &path, symbol, name)?;
            let bound = alias.bound.unwrap_or(alias.name);
            self.bind_name(frame, unit.symbol(bound), value);
        }
        Ok(())
    }

    pub(super) fn import_name(
        &mut self,
        importer: ModuleId,
        source: &Value,
        path: &str,
        symbol: Symbol,
        name: &str,
    ) -> Eval {
        match source {
            Value::Object(object) => {
                let Object::Module(module) = self.heap.get(*object) else {
                    return Ok(Value::Unknown(Reason::Import));
                };
                if let Some(value) = module.names.get(&symbol) {
                    return Ok(value.clone());
                }
                let (target, state) = (module.module, module.state.clone());
                let found = self.module_attribute(*object, target, symbol)?;
                if !found.is_unknown() {
                    return Ok(found);
                }
                let inner = if path.is_empty() {
                    name.to_string()
                } else {
                    format!("{path}.{name}")
                };
                if let Import::Module(_) | Import::Namespace = self.world.resolve(importer, &inner)
                {
                    return self.import_path(importer, &inner);
                }
                let kind = self.world.kind(target);
                if kind == ModuleKind::Model {
                    // The model does not describe it: a name of the library.
                    return Ok(Value::External(self.symbol(&inner)));
                }
                if self.world.is_guess(importer, path) || self.world.shares_its_name(target) {
                    return Ok(Value::External(self.symbol(&inner)));
                }
                let is_closed = state == ModuleState::Ready
                    && self.names_are_complete(target)
                    && !self.is_shown_to_checkers(target, symbol);
                if is_closed && !self.world.is_ignored(importer, &inner) {
                    return Err(
                        self.import_error(&format!("cannot import name '{name}' from '{path}'"))
                    );
                }
                Ok(Value::Unknown(Reason::Import))
            }
            Value::External(_) => {
                let inner = format!("{path}.{name}");
                match self.world.resolve(importer, &inner) {
                    Import::Module(_) => self.import_path(importer, &inner),
                    Import::Namespace => Ok(Value::External(self.symbol(&inner))),
                    Import::External | Import::Missing => match self.alike(name)? {
                        Some(class) => Ok(class),
                        None => Ok(Value::External(self.symbol(&inner))),
                    },
                }
            }
            Value::Native(_) => self.attribute(source, symbol),
            _ => Ok(Value::Unknown(Reason::Import)),
        }
    }

    /// The class of a library that nobody has read, by the ending of its name: `CompanyFastAPI` is an application.
    fn alike(&mut self, name: &str) -> Result<Option<Value>, Raise> {
        let endings = &self.world.rules.names.alike;
        let mut known = endings.iter().filter(|ending| name.ends_with(&***ending));
        let (Some(ending), Some(model)) = (known.next(), self.world.model(ALIKE)) else {
            return Ok(None);
        };
        let class = self.symbol(ending);
        match self.import_module(model) {
            Some(model) => Ok(Some(self.attribute(&Value::Object(model), class)?)),
            None => Ok(None),
        }
    }

    /// Does the module bind all its names in ways that the interpreter follows: no star import of something unknown, no
    /// module-level `__getattr__`, no syntax error?
    fn names_are_complete(&self, module: ModuleId) -> bool {
        let Some(unit) = self.world.code(module, FunctionId(0)) else {
            return false;
        };
        if !unit.facts.problems.is_empty() {
            return false;
        }
        let Some(object) = self.module_object(module) else {
            return false;
        };
        let Object::Module(object) = self.heap.get(object) else {
            return false;
        };
        !object.names.contains_key(&Symbol::GETATTR)
            && !object.names.contains_key(&self.world.symbols.intern("*"))
    }

    fn import_star(&mut self, frame: &mut Frame<'w>, source: &Value) -> Result<(), Raise> {
        let is_broken = matches!(source, Value::Object(object) if matches!(self.module_state(*object), Some(ModuleState::Broken { .. } | ModuleState::Running)));
        let is_model = matches!(source, Value::Object(object) if matches!(self.heap.get(*object), Object::Module(module) if self.world.kind(module.module) == ModuleKind::Model));
        if is_broken || is_model {
            // Not all of its names are bound: a model describes only some of its library's.
            let star = self.symbol("*");
            self.bind_name(frame, star, Value::Unknown(Reason::Import));
        }
        let Value::Object(object) = source else {
            let star = self.symbol("*");
            self.bind_name(frame, star, Value::Unknown(Reason::Import));
            return Ok(());
        };
        let Object::Module(module) = self.heap.get(*object) else {
            return Ok(());
        };
        let all = module.names.get(&Symbol::ALL).cloned();
        let mut names: Vec<(Symbol, Value)> = module
            .names
            .order()
            .iter()
            .filter_map(|name| module.names.get(name).map(|value| (*name, value.clone())))
            .collect();
        if let Some(all) = all {
            let (listed, is_open) = self.iterate(&all)?;
            if !is_open {
                let mut wanted = Vec::new();
                for name in listed {
                    if let Some(text) = name.literal() {
                        let symbol = self.symbol(text);
                        let value = self.attribute(source, symbol)?;
                        wanted.push((symbol, value));
                    }
                }
                names = wanted;
            }
        } else {
            names.retain(|(name, _)| !self.spelled(*name).starts_with('_'));
        }
        for (name, value) in names {
            self.bind_name(frame, name, value);
        }
        Ok(())
    }

    /// A name that the module does not bind: a submodule, or what its `__getattr__` gives.
    pub fn module_attribute(&mut self, object: ObjectId, module: ModuleId, name: Symbol) -> Eval {
        let spelled = self.spelled(name);
        let Some(unit) = self.world.named(module) else {
            return Ok(Value::Unknown(Reason::Import));
        };
        if name == Symbol::DICT {
            let Object::Module(found) = self.heap.get(object) else {
                return Ok(Value::Unknown(Reason::Construct));
            };
            let items = found
                .names
                .order()
                .iter()
                .filter_map(|name| {
                    found
                        .names
                        .get(name)
                        .map(|value| (Value::Text(self.world.symbols.text(*name)), value.clone()))
                })
                .collect();
            return Ok(self.new_dict(items));
        }
        if unit.is_package && !spelled.starts_with("__") {
            let path = format!("{}.{spelled}", unit.name);
            if let Import::Module(submodule) = self.world.resolve(module, &path)
                && submodule != module
                && let Some(object) = self.import_module(submodule)
            {
                return Ok(Value::Object(object));
            }
        }
        if let Object::Module(found) = self.heap.get(object)
            && let Some(getter) = found.names.get(&Symbol::GETATTR).cloned()
        {
            let given = match self.call(&getter, Args::of([Value::Text(spelled)])) {
                // It refuses the name, as far as the interpreter can tell.
                Err(Raise::Exception(_)) => Value::Unknown(Reason::Import),
                given => given?,
            };
            if !given.is_opaque() {
                return Ok(given);
            }
            let shown = self.shown_to_checkers(module, name)?;
            return Ok(if shown.is_unknown() { given } else { shown });
        }
        if unit.kind == ModuleKind::Model {
            return Ok(Value::External(
                self.symbol(&format!("{}.{spelled}", unit.name)),
            ));
        }
        self.shown_to_checkers(module, name)
    }

    /// A builtin: native, or of the model of Python's builtins.
    pub fn builtin(&mut self, name: Symbol) -> Option<Value> {
        if let Some(native) = self.world.natives.builtin(name) {
            return Some(Value::Native(native));
        }
        let module = self.world.model("builtins")?;
        let object = self.import_module(module)?;
        match self.heap.get(object) {
            Object::Module(module) => module.names.get(&name).cloned(),
            _ => None,
        }
    }
}

fn module_frame(unit: &Unit, object: ObjectId) -> Frame<'_> {
    Frame {
        scope: Scope::Module(object),
        ..Frame::new(unit, FunctionId(0), Locals::Own(Vec::new()), None, None)
    }
}

/// What a module that imports it fails with, too.
fn is_import_failure(says: &str) -> bool {
    [
        "ModuleNotFoundError",
        "ImportError",
        "NameError",
        "SyntaxError",
    ]
    .iter()
    .any(|kind| says.starts_with(kind))
}
