//! Metaclasses: what a class of classes does when a class is defined or called, and classes that no `class` statement makes.
//!
//! ```python
//! class Named(type):
//!     def __new__(mcls, name, bases, names, **options):
//!         cls = super().__new__(mcls, name, bases, names)    # the class whose statement runs
//!         cls.label = name.lower()
//!         return cls
//! ```
//! Source: <https://docs.python.org/3/reference/datamodel.html#metaclasses>

use smallvec::SmallVec;

use crate::project::symbols::Symbol;
use crate::project::values::calls::Args;
use crate::project::values::heap::{ClassObject, ListObject, Names, Object};
use crate::project::values::machine::{Eval, Machine, Raise};
use crate::project::values::natives::Native;
use crate::project::values::value::{HOLE_TEXT, ObjectId, Reason, Value};
use crate::project::world::ModuleKind;

/// Arguments that are told by name.
type NamedArgs = SmallVec<[(Symbol, Value); 4]>;

/// A `class` statement whose body has run, and whose metaclass makes the class now.
pub struct Definition {
    class: ObjectId,
    metaclass: ObjectId,
    is_made: bool,
}

impl<'w> Machine<'w> {
    /// What `metaclass=` names, else that of the first base that has one.
    pub(super) fn metaclass_of(&self, args: &Args, bases: &[Value]) -> Option<ObjectId> {
        let said = args
            .named
            .iter()
            .find(|(name, _)| *name == Symbol::METACLASS);
        match said.map(|(_, value)| self.base_of(value)) {
            Some(Value::Object(class)) => Some(class),
            Some(_) => None,
            None => self.inherited_metaclass(bases),
        }
    }

    fn inherited_metaclass(&self, bases: &[Value]) -> Option<ObjectId> {
        bases.iter().find_map(|base| match base {
            Value::Object(base) => self.heap.class(*base)?.metaclass,
            _ => None,
        })
    }

    /// What the project's own metaclass of a class has by a name, like `__call__`.
    pub(super) fn of_metaclass(&self, class: ObjectId, name: Symbol) -> Option<Value> {
        let metaclass = self.heap.class(class)?.metaclass?;
        let (found, owner) = self.class_attribute(metaclass, name)?;
        (self.kind_of_class(owner) != Some(ModuleKind::Model)).then_some(found)
    }

    /// The class whose body has run, as its metaclass makes it: `__new__`, then `__init__`.
    pub(super) fn made_by_metaclass(&mut self, class: ObjectId, named: NamedArgs) -> Eval {
        let Some(metaclass) = self.heap.class(class).and_then(|found| found.metaclass) else {
            self.finish_class(class, named)?;
            return Ok(Value::Object(class));
        };
        let parts = Args {
            positional: self.parts_of(class).into_iter().collect(),
            named,
            ..Args::default()
        };
        let made = match self.of_metaclass(class, Symbol::NEW) {
            Some(function) => {
                self.defining.push(Definition {
                    class,
                    metaclass,
                    is_made: false,
                });
                let mut args = parts.clone();
                args.positional.insert(0, Value::Object(metaclass));
                let made = self.call(&as_static(self, function), args);
                let is_made = self.defining.pop().is_some_and(|one| one.is_made);
                let made = match made {
                    Err(Raise::Exhausted) => return Err(Raise::Exhausted),
                    Err(Raise::Exception(_)) => Value::Unknown(Reason::Raised),
                    Ok(made) => made,
                };
                if !is_made {
                    self.finish_class(class, parts.named.clone())?;
                }
                made
            }
            None => {
                self.finish_class(class, parts.named.clone())?;
                Value::Object(class)
            }
        };
        let made = match made {
            unknown if unknown.is_opaque() || unknown == Value::None => Value::Object(class),
            made => made,
        };
        if let Value::Object(id) = made
            && self.heap.class(id).is_some()
            && let Some(function) = self.of_metaclass(id, Symbol::INIT)
            && let Err(Raise::Exhausted) = self.call_bound(&made, &function, parts)
        {
            return Err(Raise::Exhausted);
        }
        Ok(made)
    }

    /// Name, bases and namespace, as a metaclass is given them.
    fn parts_of(&mut self, class: ObjectId) -> [Value; 3] {
        let Some(found) = self.heap.class(class) else {
            return [const { Value::Unknown(Reason::Construct) }; 3];
        };
        let (name, bases) = (found.name, found.bases.clone());
        let entries = found.names.entries().to_vec();
        let text = |name: Symbol| Value::Text(self.world.symbols.text(name));
        let items = entries.into_iter().map(|(name, value)| (text(name), value));
        let items = items.collect();
        [text(name), Value::tuple(bases), self.new_dict(items)]
    }

    /// `type.__new__(metaclass, name, bases, names)`: the class whose statement runs, or one that has none.
    pub(super) fn new_class(&mut self, mut args: Args) -> Eval {
        if args.positional.len() < 4 {
            return Ok(Value::Unknown(Reason::Construct));
        }
        let metaclass = match args.positional.remove(0) {
            Value::Object(metaclass) => Some(metaclass),
            _ => None,
        };
        let name = args.positional[0].literal().map(|name| self.symbol(name));
        let symbols = &self.heap;
        let is_it = |one: &Definition| {
            !one.is_made && symbols.class(one.class).map(|class| class.name) == name
        };
        if let Some(one) = self.defining.last().filter(|one| is_it(one)) {
            let class = one.class;
            if let Some(one) = self.defining.last_mut() {
                one.is_made = true;
            }
            // Which class that is no argument tells.
            self.spoil_summaries();
            self.fill_class(
                class,
                &args.positional[1].clone(),
                &args.positional[2].clone(),
            );
            self.finish_class(class, args.named)?;
            return Ok(Value::Object(class));
        }
        self.class_of_parts(metaclass, args)
    }

    /// `type.__call__(class, …)`: an instance, whatever the metaclass of the class does when it is called.
    pub(super) fn made_of(&mut self, class: &Value, mut args: Args) -> Eval {
        let Value::Object(class) = class else {
            return Ok(Value::Unknown(Reason::Construct));
        };
        args.positional.remove(0);
        self.made(*class, args)
    }

    /// `type(name, bases, names)`.
    pub(super) fn class_of_parts(&mut self, metaclass: Option<ObjectId>, args: Args) -> Eval {
        let [name, bases, names] = &args.positional[..] else {
            return Ok(Value::Unknown(Reason::Construct));
        };
        let Ok((given, _)) = self.iterate(bases) else {
            return Ok(Value::Unknown(Reason::Construct));
        };
        let given: Vec<Value> = given.iter().map(|base| self.base_of(base)).collect();
        let metaclass = match metaclass {
            Some(metaclass) => Some(metaclass),
            None => {
                let inherited = self.inherited_metaclass(&given);
                let own = inherited.and_then(|one| self.class_attribute(one, Symbol::NEW));
                if let (Some(metaclass), Some((function, _))) = (inherited, own) {
                    let function = as_static(self, function);
                    let mut args = args.clone();
                    args.positional.insert(0, Value::Object(metaclass));
                    return self.call(&function, args);
                }
                inherited
            }
        };
        let subclasses = self.heap.add(Object::List(ListObject::default()));
        let name = name.literal().unwrap_or(HOLE_TEXT);
        let class = self.heap.add(Object::Class(Box::new(ClassObject {
            module: self.own_place().module,
            class: None,
            name: self.symbol(name),
            metaclass,
            bases: Vec::new(),
            mro: vec![],
            names: Names::default(),
            fields: Vec::new(),
            closure: None,
            subclasses,
        })));
        self.fill_class(class, &Value::tuple(given), &names.clone());
        self.finish_class(class, args.named)?;
        Ok(Value::Object(class))
    }

    /// Gives a class the bases and the names that its metaclass has decided on.
    fn fill_class(&mut self, class: ObjectId, bases: &Value, names: &Value) {
        let (mut known, mut is_whole) = (Vec::new(), false);
        if let Value::Object(dict) = names
            && let Object::Dict(dict) = self.heap.get(*dict)
        {
            is_whole = !dict.is_open;
            known = dict.items.clone();
        }
        let mut entries = Vec::with_capacity(known.len());
        for (name, value) in known {
            match name.literal() {
                Some(name) => entries.push((self.symbol(name), value)),
                None => is_whole = false,
            }
        }
        for (_, value) in &entries {
            self.own_function(value, class);
        }
        let bases = match bases {
            Value::Tuple(bases) => Some(bases.to_vec()),
            _ => None,
        };
        let mro = bases.as_ref().map(|bases| self.linearize(bases));
        let Object::Class(found) = self.heap.get_mut(class) else {
            return;
        };
        if let (Some(bases), Some(mro)) = (bases, mro)
            && (found.mro.is_empty() || bases != found.bases)
        {
            found.bases = bases;
            found.mro = [vec![Value::Object(class)], mro].concat();
        }
        if is_whole {
            found.names = Names::default();
        }
        for (name, value) in entries {
            found.names.set(name, value);
        }
    }

    /// What Python does with every class that is made: its bases know it, and so do its attributes.
    pub(super) fn finish_class(&mut self, class: ObjectId, named: NamedArgs) -> Result<(), Raise> {
        let Some(found) = self.heap.class(class) else {
            return Ok(());
        };
        let bases = found.bases.clone();
        for base in &bases {
            if let Value::Object(base) = base
                && let Some(subclasses) = self.heap.class(*base).map(|parent| parent.subclasses)
                && let Object::List(list) = self.heap.get_mut(subclasses)
            {
                list.items.push(Value::Object(class));
            }
        }
        self.name_attributes(class)?;
        let hook = bases.iter().find_map(|base| match base {
            Value::Object(base) => self.class_attribute(*base, Symbol::INIT_SUBCLASS),
            _ => None,
        });
        let Some((function, _)) = hook else {
            return Ok(());
        };
        let function = as_static(self, function);
        let args = Args {
            named,
            ..Args::default()
        };
        match self.call_bound(&Value::Object(class), &function, args) {
            Err(Raise::Exhausted) => Err(Raise::Exhausted),
            Ok(_) | Err(Raise::Exception(_)) => Ok(()),
        }
    }

    /// What `super()` of a metaclass has when no class of the project's follows it: what `type` has.
    pub(super) fn of_type(&mut self, receiver: &Value, name: Symbol) -> Option<Value> {
        let Value::Object(class) = receiver else {
            return None;
        };
        let found = self.heap.class(*class)?;
        let has_metaclass = found.metaclass.is_some();
        let is_metaclass = found.mro.contains(&Value::Native(Native::type_));
        match name {
            Symbol::NEW => {
                let makes = |one: &Definition| one.metaclass == *class && !one.is_made;
                let is_next = self.defining.last().is_some_and(makes);
                (is_metaclass || is_next).then_some(Value::Native(Native::op_new_class))
            }
            Symbol::INIT if has_metaclass => Some(Value::Native(Native::nothing)),
            Symbol::CALL if has_metaclass => {
                let object = Object::Partial {
                    function: Value::Native(Native::op_made),
                    positional: vec![receiver.clone()],
                    named: Vec::new(),
                };
                Some(Value::Object(self.heap.add(object)))
            }
            _ => None,
        }
    }

    /// The class along whose resolution order `super()` goes on: that of an instance, a class itself, or for a method of a metaclass
    /// the class of that class.
    pub(super) fn class_of_super(&self, class: ObjectId, receiver: &Value) -> Option<ObjectId> {
        let Value::Object(object) = receiver else {
            return None;
        };
        match self.heap.get(*object) {
            Object::Instance(instance) => Some(instance.class),
            Object::Class(found) => match found.metaclass {
                Some(metaclass) if !found.mro.contains(&Value::Object(class)) => Some(metaclass),
                _ => Some(*object),
            },
            _ => None,
        }
    }
}

/// The function itself: `__new__` and `__init_subclass__` are bound to nothing by themselves.
fn as_static(machine: &Machine<'_>, function: Value) -> Value {
    if let Value::Object(object) = &function
        && let Object::Descriptor { function, .. } = machine.heap.get(*object)
    {
        return function.clone();
    }
    function
}
