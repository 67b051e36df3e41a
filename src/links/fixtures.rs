//! Fixtures: which definition a name means for a test, and what it gives.
//!
//! `client` is looked up in the test's class, its module, the conftests from its folder upward, then plugins; a fixture that asks for
//! its own name gets the next one. Source: <https://docs.pytest.org/en/stable/reference/fixtures.html#override-fixtures>

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::facts::program::ParameterKind;
use crate::links::collect::{Passing, Row};
use crate::links::libraries::Offered;
use crate::links::walk::{Contact, harvest};
use crate::project::symbols::Symbol;
use crate::project::values::calls::Args;
use crate::project::values::heap::Object;
use crate::project::values::log::{Effect, Log, Request};
use crate::project::values::machine::{Eval, Fixtures, Machine, Raise};
use crate::project::values::value::{ObjectId, Reason, Value};
use crate::project::world::ModuleId;

/// Steps that one fixture may take.
const STEPS_OF_A_FIXTURE: u64 = 100_000;

/// A fixture's definition in one namespace.
#[derive(Debug, Clone)]
pub struct Definition {
    pub name: Arc<str>,
    pub object: ObjectId,
    pub is_autouse: bool,
}

/// A fixture's name and its `params`.
pub type Parameters = (Arc<str>, Vec<Value>);

/// All definitions of a namespace, in order.
pub type Namespace = Rc<Vec<Definition>>;

/// A name that decided a fixture's outcome, with what the row of parameters had for it.
pub type Asked = (Arc<str>, Option<(Value, Passing)>);

/// An outcome, and the class that it depends on, if it does.
pub type OfClass = (Option<ObjectId>, Rc<Outcome>);

/// What a fixture gave, and what it did on the way.
#[derive(Debug)]
pub struct Outcome {
    pub value: Value,
    pub log: Log,
    pub contacts: Vec<Arc<Contact>>,
    /// Those it asked for, before it.
    pub needs: Vec<Rc<Outcome>>,
    /// The names that decided it, its own among them, with what the row of parameters had for each.
    pub asked: Vec<Asked>,
    /// It depends on the class whose test asked first, or on its instance.
    pub is_of_class: bool,
}

/// Where a test looks fixtures up: namespaces from the nearest to the farthest.
pub struct Lookup {
    pub namespaces: Vec<Namespace>,
    pub module: ModuleId,
    pub class: Option<ObjectId>,
    pub instance: Value,
    /// The marks of the test, the nearest first.
    pub marks: Value,
}

/// Stands among the names that a fixture depends on for the marks of the test.
const MARKS: &str = "@marks";

/// The fixtures of one test file, cached by definition, class and those parameters that they depend on.
#[derive(Default)]
pub struct Cache {
    pub outcomes: FxHashMap<ObjectId, Vec<OfClass>>,
    /// Routes that were explored before, and whether they may redirect; and those explored here.
    pub known: Arc<FxHashMap<crate::links::walk::RouteKey, bool>>,
    pub explored: Vec<(
        crate::links::walk::RouteKey,
        crate::links::branches::Explored,
    )>,
    /// Where nothing says what is served: all routes of the apps that requests were sent to.
    pub offered: Option<Offered>,
    /// The instance that the tests of a class run on.
    pub instances: FxHashMap<ObjectId, Value>,
    pub namespaces: FxHashMap<ObjectId, Namespace>,
}

impl Cache {
    /// May the route redirect? Nothing is known of one that was not explored.
    pub fn redirects(&self, key: &crate::links::walk::RouteKey) -> Option<bool> {
        let mut explored = self.explored.iter();
        let known = self.known.get(key).copied();
        known.or_else(|| {
            let here = explored.find(|(known, _)| known == key);
            here.map(|(_, explored)| explored.redirects)
        })
    }
}

/// One test's use of fixtures.
pub struct Use {
    pub cache: Rc<RefCell<Cache>>,
    pub lookup: Lookup,
    pub row: Row,
    /// Names being evaluated, with how far out each was found.
    pub active: RefCell<Vec<(Arc<str>, usize)>>,
    /// Outcomes in order of evaluation, each once.
    pub used: RefCell<Vec<Rc<Outcome>>>,
    /// What each running fixture has asked for so far.
    pub asking: RefCell<Vec<Asking>>,
}

/// What a running fixture has asked for.
#[derive(Default)]
pub struct Asking {
    pub outcomes: Vec<Rc<Outcome>>,
    pub names: BTreeSet<Arc<str>>,
    pub is_of_class: bool,
    /// While it ran, it has asked for fixtures, whose steps count as its own.
    pub asks_running: bool,
}

/// The fixture definitions that a module or a class holds.
pub fn namespace(machine: &mut Machine<'_>, cache: &RefCell<Cache>, holder: ObjectId) -> Namespace {
    if let Some(known) = cache.borrow().namespaces.get(&holder) {
        return known.clone();
    }
    let entries: Vec<(Symbol, Value)> = match machine.heap.get(holder) {
        Object::Module(module) => module
            .names
            .order()
            .iter()
            .filter_map(|name| module.names.get(name).map(|value| (*name, value.clone())))
            .collect(),
        Object::Class(class) => {
            let mut entries: Vec<(Symbol, Value)> = Vec::new();
            for one in &class.mro {
                if let Value::Object(parent) = one
                    && let Some(parent) = machine.heap.class(*parent)
                {
                    for (name, value) in parent.names.entries() {
                        if !entries.iter().any(|(known, _)| known == name) {
                            entries.push((*name, value.clone()));
                        }
                    }
                }
            }
            entries
        }
        _ => Vec::new(),
    };
    let marker = machine.symbol("covgap_fixture");
    let (name_symbol, autouse_symbol) = (machine.symbol("name"), machine.symbol("autouse"));
    let mut found = Vec::new();
    for (name, value) in entries {
        for one in value.alternatives() {
            let Value::Object(object) = one else { continue };
            let Some(instance) = machine.heap.instance(*object) else {
                continue;
            };
            if machine.class_attribute(instance.class, marker).is_none() {
                continue;
            }
            let own_name = match instance.attributes.get(name_symbol) {
                Some(Value::Text(text)) => text.clone(),
                _ => machine.spelled(name),
            };
            let is_autouse = instance.attributes.get(autouse_symbol) == Some(&Value::Bool(true));
            found.push(Definition {
                name: own_name,
                object: *object,
                is_autouse,
            });
        }
    }
    let found = Rc::new(found);
    cache.borrow_mut().namespaces.insert(holder, found.clone());
    found
}

impl Use {
    /// The names that every test here uses, from the farthest namespace to the nearest.
    pub fn autouse(&self) -> Vec<Arc<str>> {
        let mut names = Vec::new();
        for namespace in self.lookup.namespaces.iter().rev() {
            for definition in namespace.iter().filter(|definition| definition.is_autouse) {
                if !names.contains(&definition.name) {
                    names.push(definition.name.clone());
                }
            }
        }
        names
    }

    /// The `params` of fixtures that the names lead to, as rows.
    pub fn fixture_rows<'w>(
        &self,
        machine: &mut Machine<'w>,
        names: &[Arc<str>],
        given: &[Arc<str>],
    ) -> Result<Vec<Parameters>, Raise> {
        let mut seen: Vec<(Arc<str>, usize)> = Vec::new();
        let mut queue: Vec<(Arc<str>, usize)> =
            names.iter().map(|name| (name.clone(), 0)).collect();
        let mut rows = Vec::new();
        let params = machine.symbol("params");
        while let Some((name, from)) = queue.pop() {
            if given.contains(&name) || seen.contains(&(name.clone(), from)) {
                continue;
            }
            seen.push((name.clone(), from));
            let Some((definition, level)) = self.find(&name, from) else {
                continue;
            };
            let value = machine
                .heap
                .instance(definition.object)
                .and_then(|instance| instance.attributes.get(params).cloned());
            if let Some(value) = value
                && value != Value::None
            {
                let (items, _) = machine.iterate(&value)?;
                let marker = machine.symbol("covgap_param");
                let values_name = machine.symbol("values");
                let mut values = Vec::new();
                for item in items {
                    if let Value::Object(id) = &item
                        && machine.heap.instance(*id).is_some_and(|instance| {
                            machine.class_attribute(instance.class, marker).is_some()
                        })
                    {
                        let cells = machine.attribute(&item, values_name)?;
                        values.extend(machine.iterate(&cells)?.0.into_iter().take(1));
                    } else {
                        values.push(item);
                    }
                }
                if !values.is_empty() && !rows.iter().any(|(known, _)| *known == name) {
                    rows.push((name.clone(), values));
                }
            }
            for parameter in self.parameters(machine, definition.object)? {
                let next = if parameter == name { level + 1 } else { 0 };
                queue.push((parameter, next));
            }
        }
        rows.sort_by(|one, two| one.0.cmp(&two.0));
        Ok(rows)
    }

    /// The names that these fixtures lead to, themselves first.
    pub fn closure<'w>(
        &self,
        machine: &mut Machine<'w>,
        names: &[Arc<str>],
    ) -> Result<Vec<Arc<str>>, Raise> {
        let mut found: Vec<Arc<str>> = Vec::new();
        let mut queue: Vec<Arc<str>> = names.iter().rev().cloned().collect();
        while let Some(name) = queue.pop() {
            if found.contains(&name) {
                continue;
            }
            if let Some((definition, _)) = self.find(&name, 0) {
                queue.extend(self.parameters(machine, definition.object)?);
            }
            found.push(name);
        }
        Ok(found)
    }

    fn parameters<'w>(
        &self,
        machine: &mut Machine<'w>,
        definition: ObjectId,
    ) -> Result<Vec<Arc<str>>, Raise> {
        let function = function_of(machine, definition);
        let mut names = parameter_names(machine, &function)?;
        if names
            .first()
            .is_some_and(|name| &**name == "self" || &**name == "cls")
        {
            names.remove(0);
        }
        Ok(names)
    }

    fn find(&self, name: &str, from: usize) -> Option<(Definition, usize)> {
        let mut level = 0;
        for namespace in &self.lookup.namespaces {
            for definition in namespace.iter().rev() {
                if &*definition.name == name {
                    if level >= from {
                        return Some((definition.clone(), level));
                    }
                    level += 1;
                }
            }
        }
        None
    }

    /// The file that defines what the name means, unless only the test's own file or class has it.
    pub fn defined_for_others(&self, machine: &Machine<'_>, name: &str) -> Option<ModuleId> {
        // Its class, if it has one, and its module.
        let own = usize::from(self.lookup.class.is_some()) + 1;
        let mut namespaces = self.lookup.namespaces.iter().enumerate();
        let (at, definition) = namespaces.find_map(|(at, namespace)| {
            let mut definitions = namespace.iter().rev();
            let found = definitions.find(|definition| &*definition.name == name);
            found.map(|definition| (at, definition))
        })?;
        if at < own {
            return None;
        }
        let Value::Object(function) = function_of(machine, definition.object) else {
            return None;
        };
        match machine.heap.get(function) {
            Object::Function(found) => Some(found.module),
            _ => None,
        }
    }

    /// What the name gives to the test.
    pub fn get<'w>(&self, machine: &mut Machine<'w>, name: &Arc<str>) -> Eval {
        self.note_name(name, self.is_in_class(name));
        if let Some((_, value, _)) = self
            .row
            .values
            .iter()
            .find(|(known, _, passing)| known == name && *passing == Passing::Direct)
        {
            return passed(machine, value.clone());
        }
        let from = self
            .active
            .borrow()
            .iter()
            .filter(|(active, _)| active == name)
            .map(|(_, level)| level + 1)
            .max()
            .unwrap_or(0);
        let Some((definition, level)) = self.find(name, from) else {
            return Ok(Value::Unknown(Reason::Parameter));
        };
        let param = self
            .row
            .values
            .iter()
            .find(|(known, _, passing)| known == name && *passing == Passing::Indirect)
            .map(|(_, value, _)| passed(machine, value.clone()))
            .transpose()?;
        let known = self.known(definition.object);
        if let Some(known) = known {
            self.note(&known);
            self.asked(&known);
            return Ok(known.value.clone());
        }
        if self.active.borrow().len() > 24 {
            return Ok(Value::Unknown(Reason::Bound));
        }
        self.active.borrow_mut().push((name.clone(), level));
        let outcome = self.run(machine, name, &definition, param);
        self.active.borrow_mut().pop();
        let outcome = Rc::new(outcome?);
        // What a trial makes does not outlive it.
        if !machine.trial_is_open() {
            self.cache
                .borrow_mut()
                .outcomes
                .entry(definition.object)
                .or_default()
                .push((self.lookup.class, outcome.clone()));
        }
        self.note(&outcome);
        self.asked(&outcome);
        Ok(outcome.value.clone())
    }

    /// What the fixture gave before under the same circumstances.
    fn known(&self, definition: ObjectId) -> Option<Rc<Outcome>> {
        let cache = self.cache.borrow();
        let outcomes = cache.outcomes.get(&definition)?;
        let fits = |class: Option<ObjectId>, outcome: &Outcome| {
            let is_same_class = class == self.lookup.class;
            (is_same_class || !outcome.is_of_class)
                && outcome.asked.iter().all(|(name, before)| {
                    (is_same_class || !self.is_in_class(name)) && self.in_row(name) == *before
                })
        };
        let found = outcomes
            .iter()
            .find(|(class, outcome)| fits(*class, outcome));
        found.map(|(_, outcome)| outcome.clone())
    }

    /// Does the test's class, not its module or a conftest, define the fixture?
    fn is_in_class(&self, name: &str) -> bool {
        self.lookup.class.is_some()
            && self
                .lookup
                .namespaces
                .first()
                .is_some_and(|namespace| namespace.iter().any(|one| &*one.name == name))
    }

    fn in_row(&self, name: &str) -> Option<(Value, Passing)> {
        if name == MARKS {
            return Some((self.lookup.marks.clone(), Passing::Indirect));
        }
        let mut row = self.row.values.iter();
        row.find(|(known, _, _)| &**known == name)
            .map(|(_, value, passing)| (value.clone(), *passing))
    }

    /// The running fixture depends on what the name leads to.
    fn note_name(&self, name: &Arc<str>, is_of_class: bool) {
        if let Some(asking) = self.asking.borrow_mut().last_mut() {
            asking.names.insert(name.clone());
            asking.is_of_class |= is_of_class;
        }
    }

    /// The running fixture gets the class or its instance.
    fn note_class(&self) {
        if let Some(asking) = self.asking.borrow_mut().last_mut() {
            asking.is_of_class |= self.lookup.class.is_some();
        }
    }

    fn asked(&self, outcome: &Rc<Outcome>) {
        if let Some(asking) = self.asking.borrow_mut().last_mut() {
            asking.outcomes.push(outcome.clone());
            asking
                .names
                .extend(outcome.asked.iter().map(|(name, _)| name.clone()));
            asking.is_of_class |= outcome.is_of_class;
        }
    }

    /// Puts the outcome, after those it needs, among the used ones.
    fn note(&self, outcome: &Rc<Outcome>) {
        if self
            .used
            .borrow()
            .iter()
            .any(|known| Rc::ptr_eq(known, outcome))
        {
            return;
        }
        for need in &outcome.needs {
            self.note(need);
        }
        self.used.borrow_mut().push(outcome.clone());
    }

    fn run<'w>(
        &self,
        machine: &mut Machine<'w>,
        name: &Arc<str>,
        definition: &Definition,
        param: Option<Value>,
    ) -> Result<Outcome, Raise> {
        let function = function_of(machine, definition.object);
        let names = parameter_names(machine, &function)?;
        let mut args = Args::default();
        self.asking.borrow_mut().push(Asking::default());
        self.note_name(name, self.is_in_class(name));
        let is_method = names
            .first()
            .is_some_and(|name| &**name == "self" || &**name == "cls")
            && self.lookup.class.is_some();
        if is_method {
            self.note_class();
            args.positional.push(self.lookup.instance.clone());
        }
        for name in names.iter().skip(usize::from(is_method)) {
            let value = if &**name == "request" {
                self.request(machine, param.clone())?
            } else {
                self.get(machine, name)?
            };
            if matches!(value, Value::Unknown(Reason::Parameter)) && !self.is_defined(name) {
                // Nobody provides it: the annotation may still say what it is.
                continue;
            }
            let symbol = machine.symbol(name);
            args.named.push((symbol, value));
        }
        // What earlier fixtures of this test have patched is in place while this one runs.
        let before: Vec<Effect> = self
            .used
            .borrow()
            .iter()
            .flat_map(|outcome| outcome.log.effects.clone())
            .collect();
        for effect in &before {
            machine.apply(effect)?;
        }
        let next = machine.log.next_request;
        let outer = std::mem::take(&mut machine.log);
        machine.log.next_request = next;
        machine.log.lifespans = outer.lifespans.clone();
        let mark = machine.pending.len();
        let stack = std::mem::take(&mut machine.stack);
        let (undecided, weak_below) = (
            std::mem::take(&mut machine.undecided),
            std::mem::take(&mut machine.weak_below),
        );
        let prepares = std::mem::replace(&mut machine.prepares, true);
        let outer_given = machine.given.take();
        let bound_reached = machine.bound_reached;
        let result = machine.bounded(STEPS_OF_A_FIXTURE, |machine| {
            machine.enter_test(self.lookup.module);
            machine.begins_fixture = true;
            let result = machine.call(&function, args);
            machine.begins_fixture = false;
            machine.leave_test();
            result
        });
        machine.prepares = prepares;
        machine.stack = stack;
        (machine.undecided, machine.weak_below) = (undecided, weak_below);
        machine.pending.truncate(mark);
        let mut asking = self.asking.borrow_mut().pop().unwrap_or_default();
        // With those known, it may come further for the next class.
        let is_cut_short = asking.asks_running && machine.bound_reached > bound_reached;
        asking.is_of_class |= is_cut_short && self.lookup.class.is_some();
        let mut value = match result {
            Ok(value) => given(machine, &value),
            Err(Raise::Exhausted) => Err(Raise::Exhausted),
            Err(Raise::Exception(_)) => Ok(Value::Unknown(Reason::Raised)),
        };
        let mut contacts = harvest(machine, &self.served_here(), &self.cache);
        if let Some(given) = std::mem::replace(&mut machine.given, outer_given) {
            let requests = contacts.iter_mut().flatten().map(|one| &mut one.request);
            requests
                .filter(|request| request.id.0 >= given.next_request)
                .for_each(Request::forget_objects);
            value = value.map(|_| given.value.clone());
            machine.take_back(given);
        }
        let (value, contacts) = (value?, contacts?);
        let mut log = std::mem::take(&mut machine.log);
        machine.undo(&log.effects);
        machine.undo(&before);
        machine.log = outer;
        machine.log.next_request = log.next_request;
        machine.log.lifespans = std::mem::take(&mut log.lifespans);
        Ok(Outcome {
            value,
            log,
            contacts: contacts.into_iter().map(Arc::new).collect(),
            needs: asking.outcomes,
            asked: asking
                .names
                .into_iter()
                .map(|name| {
                    let before = self.in_row(&name);
                    (name, before)
                })
                .collect(),
            is_of_class: asking.is_of_class,
        })
    }

    /// Apps that fixtures of this test gave to a server.
    pub fn served_here(&self) -> Vec<Value> {
        self.used
            .borrow()
            .iter()
            .flat_map(|outcome| outcome.log.served.iter().map(|(app, _)| app.clone()))
            .collect()
    }

    pub fn is_defined(&self, name: &str) -> bool {
        self.find(name, 0).is_some() || self.row.values.iter().any(|(known, _, _)| &**known == name)
    }

    /// The `request` of a fixture or test.
    pub fn request<'w>(&self, machine: &mut Machine<'w>, param: Option<Value>) -> Eval {
        let Some(module) = machine.world.model("pytest") else {
            return Ok(Value::Unknown(Reason::Library));
        };
        let Some(object) = machine.import_module(module) else {
            return Ok(Value::Unknown(Reason::Library));
        };
        let name = machine.symbol("FixtureRequest");
        let class = machine.attribute(&Value::Object(object), name)?;
        let param = param.unwrap_or(Value::Unknown(Reason::Runtime));
        machine.call(&class, Args::of([param]))
    }
}

impl<'w> Fixtures<'w> for Use {
    fn value(&self, machine: &mut Machine<'w>, name: &str) -> Eval {
        // What a fixture asks for when its test is over is not kept.
        if machine.given.is_some() {
            return Ok(Value::Unknown(Reason::Runtime));
        }
        if let Some(asking) = self.asking.borrow_mut().last_mut() {
            asking.asks_running = true;
        }
        self.get(machine, &Arc::from(name))
    }

    fn asking(&self, machine: &Machine<'w>, part: &str) -> Value {
        let object = match part {
            "module" => machine.module_object(self.lookup.module),
            "marks" => {
                self.note_name(&Arc::from(MARKS), false);
                return self.lookup.marks.clone();
            }
            "cls" => {
                self.note_class();
                self.lookup.class
            }
            _ => {
                self.note_class();
                return self.lookup.instance.clone();
            }
        };
        object.map_or(Value::None, Value::Object)
    }
}

/// A parameter that stands for a fixture is passed as what the fixture gives.
fn passed(machine: &mut Machine<'_>, value: Value) -> Eval {
    let name = machine.symbol("covgap_given");
    if machine.has_mark(&value, name) {
        return machine.call_attribute(&value, name, Args::default());
    }
    Ok(value)
}

/// A yield fixture gives what it yields.
fn given(machine: &mut Machine<'_>, value: &Value) -> Eval {
    if let Value::Object(id) = value
        && machine
            .heap
            .list(*id)
            .is_some_and(|list| list.kind == crate::project::values::heap::ListKind::Iterator)
    {
        let (items, _) = machine.iterate(value)?;
        let mut result = Value::Unbound;
        for item in items {
            result = result.or(item);
        }
        return Ok(if result == Value::Unbound {
            Value::Unknown(Reason::Runtime)
        } else {
            result
        });
    }
    Ok(value.clone())
}

pub(super) fn function_of(machine: &Machine<'_>, definition: ObjectId) -> Value {
    let symbol = machine.world.symbols.intern("function");
    machine
        .heap
        .instance(definition)
        .and_then(|instance| instance.attributes.get(symbol).cloned())
        .unwrap_or(Value::Unknown(Reason::Construct))
}

/// The names that a function asks for: no defaults, no stars.
pub fn parameter_names(
    machine: &mut Machine<'_>,
    function: &Value,
) -> Result<Vec<Arc<str>>, Raise> {
    let function = match function {
        Value::Object(id) => match machine.heap.get(*id) {
            Object::Descriptor {
                function: inner, ..
            } => inner.clone(),
            _ => function.clone(),
        },
        Value::Method(_) => {
            return Ok(machine
                .parameters_of(function)?
                .into_iter()
                .map(|parameter| machine.spelled(parameter.name))
                .collect());
        }
        _ => function.clone(),
    };
    let Value::Object(id) = function else {
        return Ok(Vec::new());
    };
    let (module, number) = match machine.heap.get(id) {
        Object::Function(found) => {
            if let Some(wrapped) = found.attributes.get(Symbol::WRAPPED).cloned() {
                return parameter_names(machine, &wrapped);
            }
            (found.module, found.function)
        }
        Object::Partial { function, .. } => {
            let function = function.clone();
            return parameter_names(machine, &function);
        }
        _ => return Ok(Vec::new()),
    };
    let Some(unit) = machine.world.code(module, number) else {
        return Ok(Vec::new());
    };
    let facts = unit.facts.function(number);
    Ok(unit
        .facts
        .parameter_list(facts.parameters)
        .iter()
        .filter(|parameter| {
            parameter.default.is_none()
                && !matches!(
                    parameter.kind,
                    ParameterKind::Star | ParameterKind::DoubleStar
                )
        })
        .map(|parameter| Arc::from(unit.facts.name(parameter.name)))
        .collect())
}
