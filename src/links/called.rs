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

use crate::project::chunks::Given;
use crate::project::kept::{Sum, sum_of};
use crate::project::values::heap::{Names, Object};
use crate::project::values::value::{Callee, ObjectId, Value};
use crate::project::world::{ModuleId, World};

/// The module for which objects are made from here on; none: no module's body runs.
pub type Maker = (u32, Option<ModuleId>);

/// What annotations are called.
#[derive(Default)]
pub struct Annotations(FxHashMap<(ModuleId, u32), Sum>);

impl Annotations {
    /// An annotation is that of the field of the class that had it first.
    pub fn of(world: &World<'_>, base: &[Object]) -> Annotations {
        let mut annotations = Annotations::default();
        let mut given = Given::default();
        for object in base {
            let Object::Class(class) = object else {
                continue;
            };
            let of = class.class.map(|one| world.class_name(class.module, one));
            for (name, place) in &class.fields {
                let name = world.symbols.spelling(*name);
                let position = (place.module, place.expr.0);
                let known = annotations.0.entry(position);
                known.or_insert_with(|| given.give(sum_of((of, name))));
            }
        }
        annotations
    }

    pub fn name(&self, module: ModuleId, expr: u32) -> Result<Sum, u32> {
        self.0.get(&(module, expr)).copied().ok_or(expr)
    }
}

/// The names of the ground's objects, by their numbers.
pub fn names_of(world: &World<'_>, base: &[Object], makers: &[Maker], modules: &[Sum]) -> Vec<Sum> {
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
                let position = world.function_name(function.module, function.function);
                sum_of((spelled(function.module), "function", position))
            }
            Object::Class(class)
                if class.closure.is_none()
                    && let Some(number) = class.class =>
            {
                let position = world.class_name(class.module, number);
                sum_of((spelled(class.module), "class", position))
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
                one("metaclass", class.metaclass, each);
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
