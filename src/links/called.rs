//! What the objects of the ground are called, so that one is known again in another run, in which all numbers are others.
//!
//! ```python
//! router = APIRouter()        # `router` of `app.items`
//!
//! @router.get("/items")       # its route: the one of `router.routes` with this path
//! def list_items(): ...       # the function `list_items` of `app.items`
//! ```
//! Modules, classes and functions are called by what their files call them, all else by the way that leads there from those. Another
//! object more in a module leaves the names of the others as they are. Two objects never have one name, so which is which can't be
//! mistaken, whatever the names are.

use std::collections::VecDeque;

use rustc_hash::FxHashMap;

use crate::project::kept::{Sum, sum_of};
use crate::project::routes::Handler;
use crate::project::symbols::Symbol;
use crate::project::values::heap::{Names, Object};
use crate::project::values::operations::places_of;
use crate::project::values::value::{Callee, ObjectId, Value};
use crate::project::world::{ModuleId, World};

/// The module for which objects are made from here on; none: no module's body runs.
pub type Maker = (u32, Option<ModuleId>);

/// Names that were given, each once.
#[derive(Default)]
struct Given(FxHashMap<Sum, u32>);

impl Given {
    /// The second of a name is called otherwise.
    fn give(&mut self, name: Sum) -> Sum {
        let count = self.0.entry(name).or_default();
        *count += 1;
        match *count {
            1 => name,
            more => sum_of((name, more)),
        }
    }
}

/// What positions in files are called: a statement more in a function's body moves them all, and changes nothing else.
#[derive(Default)]
pub struct Positions {
    functions: FxHashMap<ModuleId, Vec<Sum>>,
    classes: FxHashMap<ModuleId, Vec<Sum>>,
    annotations: FxHashMap<(ModuleId, u32), Sum>,
    lines: FxHashMap<(ModuleId, u32), Sum>,
}

impl Positions {
    /// Of the modules that were loaded, and of all lines that the ground names.
    pub fn of<'h>(
        world: &World<'_>,
        base: &[Object],
        handlers: impl Iterator<Item = &'h Handler>,
        places: Symbol,
    ) -> Positions {
        let mut positions = Positions::default();
        for module in world.modules() {
            let Some(unit) = world.loaded(module) else {
                continue;
            };
            let facts = &unit.facts;
            let mut given = Given::default();
            let functions = facts.functions.iter().map(|function| {
                let name = facts.name(function.qualified_name);
                given.give(sum_of(("function", name)))
            });
            positions.functions.insert(module, functions.collect());
            let mut given = Given::default();
            let classes = facts.classes.iter().map(|class| {
                let name = facts.name(class.qualified_name);
                given.give(sum_of(("class", name)))
            });
            positions.classes.insert(module, classes.collect());
        }
        positions.name_annotations(world, base);
        let mut lines: FxHashMap<ModuleId, Vec<u32>> = FxHashMap::default();
        let mut add = |module, line| lines.entry(module).or_default().push(line);
        for object in base {
            let names = match object {
                Object::Function(function) => &function.attributes,
                Object::Class(class) => &class.names,
                Object::Instance(instance) => &instance.attributes,
                _ => continue,
            };
            for place in places_of(names, places) {
                add(place.module, place.line);
            }
        }
        for handler in handlers {
            add(handler.module, handler.line);
        }
        for (module, lines) in lines {
            positions.name_lines(world, module, lines);
        }
        positions
    }

    /// An annotation is that of the field of the class that had it first.
    fn name_annotations(&mut self, world: &World<'_>, base: &[Object]) {
        let mut given = Given::default();
        for object in base {
            let Object::Class(class) = object else {
                continue;
            };
            let of = self.class(class.module, class.class.0);
            for (name, place) in &class.fields {
                let name = world.symbols.spelling(*name);
                let position = (place.module, place.expr.0);
                let annotations = &mut self.annotations;
                annotations
                    .entry(position)
                    .or_insert_with(|| given.give(sum_of((of, name))));
            }
        }
    }

    /// A line is called by the definition that begins there or is the next one below.
    fn name_lines(&mut self, world: &World<'_>, module: ModuleId, mut lines: Vec<u32>) {
        lines.sort_unstable();
        lines.dedup();
        let mut starts: Vec<(u32, Sum)> = Vec::new();
        if let Some(unit) = world.loaded(module) {
            let named = self.functions.get(&module).into_iter().flatten();
            let functions = unit.facts.functions.iter().zip(named).skip(1);
            starts.extend(functions.map(|(function, name)| (function.line, *name)));
            starts.sort_unstable();
        }
        let mut given = Given::default();
        for line in lines {
            let next = starts.partition_point(|(start, _)| *start < line);
            let next = starts.get(next).map(|(_, name)| *name);
            let name = given.give(sum_of(("line", next)));
            self.lines.insert((module, line), name);
        }
    }

    pub fn function(&self, module: ModuleId, function: u32) -> Result<Sum, u32> {
        let names = self.functions.get(&module);
        let name = names.and_then(|names| names.get(function as usize));
        name.copied().ok_or(function)
    }

    pub fn class(&self, module: ModuleId, class: u32) -> Result<Sum, u32> {
        let names = self.classes.get(&module);
        let name = names.and_then(|names| names.get(class as usize));
        name.copied().ok_or(class)
    }

    pub fn annotation(&self, module: ModuleId, expr: u32) -> Result<Sum, u32> {
        self.annotations.get(&(module, expr)).copied().ok_or(expr)
    }

    pub fn line(&self, module: ModuleId, line: u32) -> Result<Sum, u32> {
        self.lines.get(&(module, line)).copied().ok_or(line)
    }
}

/// The names of the ground's objects, by their numbers.
pub fn names_of(
    world: &World<'_>,
    base: &[Object],
    makers: &[Maker],
    modules: &[Sum],
    positions: &Positions,
) -> Vec<Sum> {
    let mut naming = Naming {
        world,
        base,
        given: Given::default(),
        names: vec![None; base.len()],
        waiting: VecDeque::new(),
    };
    let spelled = |module: ModuleId| modules.get(module.0 as usize).copied();
    for (position, object) in base.iter().enumerate() {
        let name = match object {
            Object::Module(module) => sum_of(("module", spelled(module.module))),
            Object::Function(function) if function.closure.is_none() => {
                let position = positions.function(function.module, function.function.0);
                sum_of((spelled(function.module), position))
            }
            Object::Class(class) if class.closure.is_none() => {
                let position = positions.class(class.module, class.class.0);
                sum_of((spelled(class.module), position))
            }
            _ => continue,
        };
        naming.name(position, name);
    }
    let makers = makers_of(base.len(), makers);
    for (position, object) in base.iter().enumerate() {
        if let Object::Module(module) = object {
            let maker = Some(module.module);
            naming.name_below(position, |id| makers[id] == maker);
        }
    }
    while let Some(position) = naming.waiting.pop_front() {
        naming.name_below(position, |_| true);
    }
    // Nobody leads to these.
    let (names, mut given) = (naming.names, naming.given);
    let named = names.into_iter().zip(makers);
    named
        .map(|(name, maker)| name.unwrap_or_else(|| given.give(sum_of(maker.map(spelled)))))
        .collect()
}

fn makers_of(count: usize, makers: &[Maker]) -> Vec<Option<ModuleId>> {
    let mut makers = makers.iter().peekable();
    let mut maker = None;
    let of = |position| {
        while let Some((_, next)) = makers.next_if(|(from, _)| *from <= position) {
            maker = *next;
        }
        maker
    };
    (0..count as u32).map(of).collect()
}

struct Naming<'w> {
    world: &'w World<'w>,
    base: &'w [Object],
    given: Given,
    names: Vec<Option<Sum>>,
    /// Those with a name whose own objects may have none.
    waiting: VecDeque<usize>,
}

impl Naming<'_> {
    fn name(&mut self, position: usize, name: Sum) {
        self.names[position] = Some(self.given.give(name));
        self.waiting.push_back(position);
    }

    /// Names what an object leads to and that has no name yet.
    fn name_below(&mut self, position: usize, is_wanted: impl Fn(usize) -> bool) {
        let above = self.names[position];
        let mut found: Vec<(Sum, usize)> = Vec::new();
        self.leads_to(&self.base[position], &mut |label, id| {
            found.push((label, id.0 as usize));
        });
        for (label, id) in found {
            if self.names.get(id).is_some_and(Option::is_none) && is_wanted(id) {
                self.name(id, sum_of((above, label)));
            }
        }
    }

    /// What tells an element of a list from the others: not its position, which changes with those before it.
    fn label(&self, value: &Value) -> Sum {
        let Value::Object(id) = value else {
            return 0;
        };
        let position = id.0 as usize;
        let Some(Object::Instance(instance)) = self.base.get(position) else {
            return sum_of(self.names.get(position).copied().flatten());
        };
        let class = self.names.get(instance.class.0 as usize);
        let attributes = instance.attributes.entries().iter();
        let texts = attributes.filter_map(|(name, value)| match value {
            Value::Text(text) => Some((self.world.symbols.spelling(*name), text)),
            _ => None,
        });
        sum_of((class, texts.collect::<Vec<_>>()))
    }

    fn of_value(&self, value: &Value, label: Sum, each: &mut impl FnMut(Sum, ObjectId)) {
        match value {
            Value::Object(id) => each(label, *id),
            Value::Tuple(items) | Value::Union(items) => {
                for (turn, item) in items.iter().enumerate() {
                    self.of_value(item, sum_of((label, turn)), each);
                }
            }
            Value::Method(method) => {
                self.of_value(&method.receiver, sum_of((label, "receiver")), each);
                if let Callee::Function(id) = method.function {
                    each(sum_of((label, "function")), id);
                }
            }
            Value::Super(pair) => {
                each(sum_of((label, "class")), pair.0);
                self.of_value(&pair.1, sum_of((label, "receiver")), each);
            }
            _ => {}
        }
    }

    fn of_values(&self, values: &[Value], label: &str, each: &mut impl FnMut(Sum, ObjectId)) {
        for (turn, value) in values.iter().enumerate() {
            self.of_value(value, sum_of((label, turn)), each);
        }
    }

    fn of_names<'v>(
        &self,
        names: impl Iterator<Item = (&'v str, &'v Value)>,
        each: &mut impl FnMut(Sum, ObjectId),
    ) {
        for (name, value) in names {
            self.of_value(value, sum_of(("name", name)), each);
        }
    }

    fn spelled<'v>(&'v self, names: &'v Names) -> impl Iterator<Item = (&'v str, &'v Value)> {
        let entries = names.entries().iter();
        entries.map(|(name, value)| (self.world.symbols.spelling(*name), value))
    }

    fn leads_to(&self, object: &Object, each: &mut impl FnMut(Sum, ObjectId)) {
        let one = |label: &str, id: Option<ObjectId>, each: &mut dyn FnMut(Sum, ObjectId)| {
            if let Some(id) = id {
                each(sum_of(label), id);
            }
        };
        match object {
            Object::Module(module) => {
                let mut names: Vec<(&str, &Value)> = module
                    .names
                    .iter()
                    .map(|(name, value)| (self.world.symbols.spelling(*name), value))
                    .collect();
                names.sort_unstable_by_key(|(name, _)| *name);
                self.of_names(names.into_iter(), each);
            }
            Object::Function(function) => {
                one("closure", function.closure, each);
                one("class", function.class, each);
                self.of_values(&function.defaults, "default", each);
                self.of_names(self.spelled(&function.attributes), each);
            }
            Object::Class(class) => {
                one("closure", class.closure, each);
                one("subclasses", Some(class.subclasses), each);
                self.of_names(self.spelled(&class.names), each);
                self.of_values(&class.bases, "base", each);
                self.of_values(&class.mro, "mro", each);
            }
            Object::Instance(instance) => {
                one("class", Some(instance.class), each);
                self.of_names(self.spelled(&instance.attributes), each);
                self.of_values(instance.payload.as_slice(), "payload", each);
            }
            Object::List(list) => {
                for item in &list.items {
                    self.of_value(item, self.label(item), each);
                }
            }
            Object::Dict(dict) => {
                for (key, value) in &dict.items {
                    let label = match key.literal() {
                        Some(text) => sum_of(("key", text)),
                        None => sum_of(("key", self.label(key))),
                    };
                    self.of_value(key, sum_of((label, "itself")), each);
                    self.of_value(value, label, each);
                }
            }
            Object::Frame(frame) => {
                one("closure", frame.closure, each);
                one("class", frame.class, each);
                self.of_values(&frame.values, "local", each);
            }
            Object::Descriptor { function, .. } => {
                self.of_value(function, sum_of("function"), each);
            }
            Object::Alias { origin, arguments } => {
                self.of_value(origin, sum_of("origin"), each);
                self.of_values(arguments, "argument", each);
            }
            Object::Partial {
                function,
                positional,
                named,
            } => {
                self.of_value(function, sum_of("function"), each);
                self.of_values(positional, "argument", each);
                let named = named.iter();
                let named = named.map(|(name, value)| (self.world.symbols.spelling(*name), value));
                self.of_names(named, each);
            }
        }
    }
}
