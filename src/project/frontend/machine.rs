//! The machine that evaluates scripts: scopes, objects, modules, and a log of what happened.
//!
//! Each module runs once, when it is first asked for. Then every function that came to be is run with unknown arguments, in the
//! scope that made it: what a page may do, it does. A Python test does not run it; a browser would.

use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::effects::Effects;
use super::scripts::Scripts;
use super::value::{
    ClassIndex, ClassValue, Closure, FunctionKey, Hole, Object, ObjectId, Scope, ScriptId, Value,
};
use crate::facts::script::program::{Export, ExprId, Import, Name, ScriptClassId, What};

/// Steps of one module's body, or of one function that is run by itself.
const MOST_STEPS: usize = 40_000;
/// How often the steps are halved at most: each time that the file was cut off. A library that lies between the project's own
/// files would else take its time for each of its functions.
const MOST_HALVINGS: u32 = 6;
/// Deepest nesting of calls.
pub const DEEPEST: usize = 24;
/// Deepest nesting of expressions and statements in one call.
pub const DEEPEST_NESTING: usize = 600;
/// How often a function or a class is run by itself: once for each scope that made it, up to this.
const MOST_RUNS: usize = 4;
/// Longest way of a name from module to module.
const MOST_EXPORTS: usize = 100;
/// Objects of one run.
const MOST_OBJECTS: usize = 4_000_000;

pub struct Machine<'s> {
    pub scripts: &'s Scripts<'s>,
    pub objects: Vec<Object>,
    pub classes: Vec<ClassValue>,
    modules: FxHashMap<ScriptId, Module>,
    pub frames: Vec<Frame>,
    pub effects: Effects,
    pub steps: usize,
    pub nesting: usize,
    /// How many branches that are not decided surround what is run.
    pub undecided: usize,
    pending: std::collections::VecDeque<Pending>,
    runs: FxHashMap<FunctionKey, usize>,
    class_runs: FxHashMap<(ScriptId, ScriptClassId), usize>,
    /// How many exports of other modules are being looked up.
    exporting: usize,
    /// Files of which not everything was run, and how often that happened.
    pub cut_off: FxHashMap<ScriptId, u32>,
    /// Steps of what is run now.
    most_steps: usize,
    /// Modules whose functions are run by themselves.
    pub live: FxHashSet<ScriptId>,
    pub globals: Option<ScriptId>,
}

#[derive(Debug, Clone)]
struct Module {
    scope: Scope,
    default: Value,
    /// `module.exports`
    common: ObjectId,
}

/// One call that is being run.
#[derive(Debug, Clone)]
pub struct Frame {
    pub script: ScriptId,
    pub function: Option<FunctionKey>,
    /// The call in the caller.
    pub site: Option<(ScriptId, ExprId)>,
    pub this: Value,
    pub home: Option<ClassIndex>,
    pub returned: Vec<Value>,
}

enum Pending {
    Function(Rc<Closure>),
    Class(ClassIndex),
}

impl<'s> Machine<'s> {
    pub fn new(scripts: &'s Scripts<'s>) -> Machine<'s> {
        let globals = scripts.model(super::scripts::GLOBALS);
        Machine {
            scripts,
            objects: Vec::new(),
            classes: Vec::new(),
            modules: FxHashMap::default(),
            frames: Vec::new(),
            effects: Effects::default(),
            steps: 0,
            nesting: 0,
            undecided: 0,
            pending: std::collections::VecDeque::new(),
            runs: FxHashMap::default(),
            class_runs: FxHashMap::default(),
            exporting: 0,
            cut_off: FxHashMap::default(),
            most_steps: MOST_STEPS,
            live: FxHashSet::default(),
            globals,
        }
    }

    /// Runs the modules, and then every function of them.
    pub fn run(&mut self, modules: &[ScriptId]) {
        self.live.extend(modules);
        for &module in modules {
            self.begin(Some(module));
            self.run_module(module);
            self.run_pending();
        }
    }

    fn run_pending(&mut self) {
        while let Some(next) = self.pending.pop_front() {
            match next {
                Pending::Function(closure) => {
                    self.begin(Some(closure.key.script));
                    let count = self
                        .scripts
                        .script(closure.key.script)
                        .and_then(|script| script.function(closure.key.function))
                        .map_or(0, |function| function.parameters.len());
                    let arguments = vec![Value::Unknown(Hole::Parameter); count];
                    self.call_closure(&closure, arguments, None, None);
                }
                Pending::Class(class) => self.run_class(class),
            }
            self.frames.clear();
            self.undecided = 0;
            self.nesting = 0;
        }
    }

    /// Makes an instance, and runs all that it can do.
    fn run_class(&mut self, class: ClassIndex) {
        self.begin(self.classes.get(class.0 as usize).map(|class| class.script));
        let Some(instance) = self.construct(class, None, None) else {
            return;
        };
        let mut seen: FxHashSet<Name> = FxHashSet::default();
        let mut current = Some(class);
        let mut depth = 0;
        while let Some(index) = current {
            let Some(value) = self.classes.get(index.0 as usize) else {
                return;
            };
            let base = match &value.base {
                Value::Class(base) => Some(*base),
                _ => None,
            };
            for name in self.method_names(index) {
                if &*name == "constructor" || !seen.insert(name.clone()) {
                    continue;
                }
                let Some((closure, _)) = self.method(index, &name, &Value::Object(instance)) else {
                    continue;
                };
                let count = self
                    .scripts
                    .script(closure.key.script)
                    .and_then(|script| script.function(closure.key.function))
                    .map_or(0, |function| function.parameters.len());
                self.begin(Some(closure.key.script));
                let arguments = vec![Value::Unknown(Hole::Parameter); count];
                self.call_closure(&closure, arguments, None, None);
                self.frames.clear();
                self.undecided = 0;
                self.nesting = 0;
            }
            depth += 1;
            if depth > DEEPEST {
                return;
            }
            current = base;
        }
    }

    /// Something of a file is run by itself.
    fn begin(&mut self, file: Option<ScriptId>) {
        let halvings = file.and_then(|file| self.cut_off.get(&file)).copied();
        self.most_steps = MOST_STEPS >> halvings.unwrap_or(0).min(MOST_HALVINGS);
        self.steps = 0;
    }

    /// One more step; false when there are no more.
    pub fn step(&mut self) -> bool {
        self.steps += 1;
        let goes_on = self.steps < self.most_steps && self.objects.len() < MOST_OBJECTS;
        if !goes_on {
            let own = self.frames.iter().rev().map(|frame| frame.script);
            let file = own.into_iter().find(|file| !self.scripts.is_model(*file));
            if let Some(file) = file {
                let times = self.cut_off.entry(file).or_insert(0);
                *times += u32::from(self.steps == self.most_steps || *times == 0);
            }
        }
        goes_on
    }

    pub fn add_object(&mut self, object: Object) -> ObjectId {
        let id = ObjectId(u32::try_from(self.objects.len()).unwrap_or(u32::MAX));
        self.objects.push(object);
        id
    }

    pub fn object(&self, id: ObjectId) -> Option<&Object> {
        self.objects.get(id.0 as usize)
    }

    pub fn list(&mut self, items: Vec<Value>) -> Value {
        Value::Object(self.add_object(Object {
            items: Some(items),
            ..Object::default()
        }))
    }

    /// A function that came to be: later it is run by itself.
    pub fn meet_function(&mut self, closure: &Rc<Closure>) {
        if !self.live.contains(&closure.key.script) {
            return;
        }
        let runs = self.runs.entry(closure.key).or_insert(0);
        if *runs < MOST_RUNS {
            *runs += 1;
            self.pending.push_back(Pending::Function(closure.clone()));
        }
    }

    pub fn meet_class(&mut self, class: ClassIndex) {
        let Some(value) = self.classes.get(class.0 as usize) else {
            return;
        };
        if !self.live.contains(&value.script) {
            return;
        }
        let runs = self
            .class_runs
            .entry((value.script, value.class))
            .or_insert(0);
        if *runs < MOST_RUNS {
            *runs += 1;
            self.pending.push_back(Pending::Class(class));
        }
    }

    /// Runs the module if it has not run, and gives its scope.
    pub fn run_module(&mut self, id: ScriptId) -> Option<Scope> {
        if let Some(module) = self.modules.get(&id) {
            return Some(module.scope.clone());
        }
        let scripts = self.scripts;
        let script = scripts.script(id)?;
        let scope = Scope::new(None);
        let common = self.add_object(Object::default());
        self.modules.insert(
            id,
            Module {
                scope: scope.clone(),
                default: Value::Undefined,
                common,
            },
        );
        if self.frames.len() >= DEEPEST {
            return Some(scope);
        }
        let module_object = self.add_object(Object {
            fields: vec![(Arc::from("exports"), Value::Object(common))],
            ..Object::default()
        });
        scope.declare(&Arc::from("module"), Value::Object(module_object));
        scope.declare(&Arc::from("exports"), Value::Object(common));
        let (steps, most_steps) = (self.steps, self.most_steps);
        self.begin(Some(id));
        let undecided = std::mem::take(&mut self.undecided);
        let nesting = std::mem::take(&mut self.nesting);
        self.frames.push(Frame {
            script: id,
            function: None,
            site: None,
            this: Value::Undefined,
            home: None,
            returned: Vec::new(),
        });
        self.statements(&script.body, &scope);
        let exported = match self.object(module_object).and_then(|o| o.field("exports")) {
            Some(Value::Object(exports)) => *exports,
            Some(value) => {
                let value = value.clone();
                let mut object = Object::default();
                object.set(&Arc::from("default"), value, false);
                self.add_object(object)
            }
            None => common,
        };
        let default = script.exports.iter().find_map(|export| match export {
            Export::Default(value) => Some(*value),
            _ => None,
        });
        let default = default.map_or(Value::Undefined, |value| {
            scope
                .find(DEFAULT)
                .unwrap_or_else(|| self.expression(value, &scope))
        });
        self.frames.pop();
        (self.steps, self.most_steps) = (steps, most_steps);
        self.undecided = undecided;
        self.nesting = nesting;
        if let Some(module) = self.modules.get_mut(&id) {
            module.default = default;
            module.common = exported;
        }
        Some(scope)
    }

    /// What a module exports under a name: itself, or one of those of which it exports everything.
    pub fn export(&mut self, id: ScriptId, name: &str) -> Option<Value> {
        if self.exporting >= MOST_EXPORTS {
            return None;
        }
        self.exporting += 1;
        let mut seen: FxHashSet<ScriptId> = FxHashSet::default();
        let mut waiting = vec![id];
        let mut found = None;
        while let Some(module) = waiting.pop() {
            if !seen.insert(module) {
                continue;
            }
            found = self.own_export(module, name);
            if found.is_some() {
                break;
            }
            // The default of another module is not passed on.
            if name != DEFAULT {
                waiting.extend(self.passed_on(module));
            }
        }
        self.exporting -= 1;
        found
    }

    /// The modules of which one exports everything, the last one first.
    fn passed_on(&self, id: ScriptId) -> Vec<ScriptId> {
        let exports = self.scripts.script(id).map(|script| script.exports.iter());
        let modules = exports.into_iter().flatten().rev();
        modules
            .filter_map(|export| match export {
                Export::All { module, .. } => self.scripts.resolve(id, module),
                _ => None,
            })
            .collect()
    }

    fn own_export(&mut self, id: ScriptId, name: &str) -> Option<Value> {
        let scripts = self.scripts;
        let script = scripts.script(id)?;
        let scope = self.run_module(id)?;
        for export in &script.exports {
            match export {
                Export::Local { exported, local } if &**exported == name => {
                    return Some(self.name(local, &scope, id));
                }
                Export::From {
                    exported,
                    what,
                    module,
                    ..
                } if &**exported == name => {
                    return Some(self.imported(id, module, what));
                }
                Export::Default(value) if name == DEFAULT => {
                    let known = self.modules.get(&id).map(|module| module.default.clone());
                    return match known {
                        Some(Value::Undefined) | None => Some(self.expression(*value, &scope)),
                        known => known,
                    };
                }
                _ => {}
            }
        }
        let common = self.modules.get(&id).map(|module| module.common)?;
        let object = self.object(common)?;
        match object.field(name) {
            Some(value) => Some(value.clone()),
            None if name == DEFAULT && script.exports.is_empty() => Some(Value::Object(common)),
            // A component in one file is its own default.
            None => None,
        }
    }

    /// What an import of `what` from `module` gives.
    pub fn imported(&mut self, importer: ScriptId, module: &Name, what: &What) -> Value {
        let Some(found) = self.scripts.resolve(importer, module) else {
            let is_own = self.scripts.should_be_own(importer, module);
            let name = match what {
                What::Named(name) => &**name,
                What::Everything => "*",
            };
            return Value::External(Arc::from(format!("{module}#{name}")), is_own);
        };
        match what {
            What::Everything => Value::Module(found),
            What::Named(name) => self
                .export(found, name)
                .unwrap_or(Value::Unknown(Hole::Other)),
        }
    }

    /// The value of a name: of its scope, an import, or a global.
    pub fn name(&mut self, name: &Name, scope: &Scope, script: ScriptId) -> Value {
        if let Some(value) = scope.find(name) {
            return value;
        }
        let scripts = self.scripts;
        let Some(program) = scripts.script(script) else {
            return Value::Unknown(Hole::Other);
        };
        let binding = program.imports.iter().find_map(|import: &Import| {
            let (what, _) = import.bindings.iter().find(|(_, local)| local == name)?;
            Some((&import.module, what))
        });
        if let Some((module, what)) = binding {
            return self.imported(script, module, what);
        }
        if scripts.is_model(script) && &**name == "covgap" {
            return self.native("covgap", Value::Undefined);
        }
        match self.globals {
            Some(globals) if globals != script => {
                if let Some(value) = self.export(globals, name) {
                    return value;
                }
                Value::External(Arc::from(format!("#{name}")), false)
            }
            _ => Value::Unknown(Hole::Other),
        }
    }

    /// Where a call stands: the innermost place of the project, outermost first.
    pub fn trail(&self, site: Option<(ScriptId, ExprId)>) -> Vec<(ScriptId, ExprId)> {
        let sites = self.frames.iter().filter_map(|frame| frame.site);
        sites
            .chain(site)
            .filter(|(script, _)| !self.scripts.is_model(*script))
            .collect()
    }

    /// The innermost function of the project that is being run.
    pub fn current_function(&self) -> Option<FunctionKey> {
        self.frames
            .iter()
            .rev()
            .filter(|frame| !self.scripts.is_model(frame.script))
            .find_map(|frame| frame.function)
    }

    pub fn current_script(&self) -> ScriptId {
        self.frames
            .last()
            .map_or(ScriptId(u32::MAX), |frame| frame.script)
    }
}

pub const DEFAULT: &str = "default";
