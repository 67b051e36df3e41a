//! Values of scripts: what an expression of a frontend may be when the page runs.
//!
//! `${API}/items/${id}` is a text with two holes, of which the first is of the environment and the second is a parameter; it asks
//! for the route of `@app.get("/items/{id}")`.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::facts::script::program::{Name, ScriptClassId, ScriptFunctionId};
use crate::project::values::value::HOLE;

/// A part of a text that its function is given.
pub const PARAMETER: char = '\u{F8FE}';
/// A part of a text that stands in the environment.
pub const ENVIRONMENT: char = '\u{F8FD}';

/// More alternatives than this are cut to the first ones.
pub const MOST_ALTERNATIVES: usize = 8;
/// An object of more fields is data, and open.
const MOST_FIELDS: usize = 4_000;
/// Longer texts are one hole.
const LONGEST: usize = 4_000;

/// Number of a script file or model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ScriptId(pub u32);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId(pub u32);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClassIndex(pub u32);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContextIndex(pub u32);

/// Why something is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hole {
    Parameter,
    Environment,
    Other,
}

/// A function of a file, whatever it is bound to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FunctionKey {
    pub script: ScriptId,
    pub function: ScriptFunctionId,
}

#[derive(Debug, Clone)]
pub enum Value {
    Unknown(Hole),
    Undefined,
    Null,
    Bool(bool),
    Number(Name),
    /// [`PARAMETER`], [`ENVIRONMENT`] and [`HOLE`] stand for unknown parts.
    Text(Arc<str>),
    Regex(Name),
    Object(ObjectId),
    Function(Rc<Closure>),
    Class(ClassIndex),
    Module(ScriptId),
    /// Something of a module that is not there: `module#name`, and whether that module should be the project's.
    External(Arc<str>, bool),
    /// An operation of covgap, or a method of a text or a list.
    Native(Rc<NativeValue>),
    /// A context, and its provider.
    Context(ContextIndex),
    Provider(ContextIndex),
    /// An element: what it names, and its children.
    Element(Rc<(Value, Vec<Value>)>),
    /// Never empty, never of one, none of them a `OneOf`.
    OneOf(Rc<Vec<Value>>),
}

#[derive(Debug, Clone)]
pub struct NativeValue {
    pub name: Name,
    pub receiver: Value,
}

#[derive(Debug)]
pub struct Closure {
    pub key: FunctionKey,
    pub scope: Scope,
    pub this: Value,
    /// The class whose method it is, for `super`.
    pub home: Option<ClassIndex>,
}

/// Names and what they are bound to, inside of an outer scope.
#[derive(Debug, Clone)]
pub struct Scope(pub Rc<ScopeData>);

#[derive(Debug)]
pub struct ScopeData {
    pub names: RefCell<FxHashMap<Name, Value>>,
    pub outer: Option<Scope>,
}

#[derive(Debug, Clone, Default)]
pub struct Object {
    pub fields: Vec<(Name, Value)>,
    pub getters: Vec<(Name, Rc<Closure>)>,
    pub items: Option<Vec<Value>>,
    pub class: Option<ClassIndex>,
    /// May it have more than is known?
    pub is_open: bool,
}

#[derive(Debug)]
pub struct ClassValue {
    pub script: ScriptId,
    pub class: ScriptClassId,
    pub scope: Scope,
    pub base: Value,
    pub statics: ObjectId,
}

impl Scope {
    pub fn new(outer: Option<&Scope>) -> Scope {
        Scope(Rc::new(ScopeData {
            names: RefCell::new(FxHashMap::default()),
            outer: outer.cloned(),
        }))
    }

    pub fn declare(&self, name: &Name, value: Value) {
        self.0.names.borrow_mut().insert(name.clone(), value);
    }

    pub fn find(&self, name: &str) -> Option<Value> {
        let mut scope = self;
        loop {
            if let Some(value) = scope.0.names.borrow().get(name) {
                return Some(value.clone());
            }
            scope = scope.0.outer.as_ref()?;
        }
    }

    /// Binds the name where it is declared; `join` keeps what it was, too.
    pub fn assign(&self, name: &Name, value: Value, join: bool) {
        let mut scope = self;
        loop {
            if let Some(slot) = scope.0.names.borrow_mut().get_mut(name) {
                if value.is_parameter() && !matches!(slot, Value::Undefined | Value::Null) {
                    return;
                }
                *slot = if join && !matches!(slot, Value::Undefined) {
                    Value::one_of(vec![value, slot.clone()])
                } else {
                    value
                };
                return;
            }
            match scope.0.outer.as_ref() {
                Some(outer) => scope = outer,
                None => return,
            }
        }
    }
}

impl Value {
    pub fn text(text: impl AsRef<str>) -> Value {
        let text = text.as_ref();
        if text.len() > LONGEST {
            return Value::Unknown(Hole::Other);
        }
        Value::Text(Arc::from(text))
    }

    /// Flattens, drops what is there twice, and cuts.
    pub fn one_of(values: Vec<Value>) -> Value {
        let mut flat: Vec<Value> = Vec::new();
        for value in values {
            match value {
                Value::OneOf(inner) => {
                    for value in inner.iter() {
                        push_new(&mut flat, value.clone());
                    }
                }
                value => push_new(&mut flat, value),
            }
        }
        flat.truncate(MOST_ALTERNATIVES);
        match flat.len() {
            0 => Value::Undefined,
            1 => flat.swap_remove(0),
            _ => Value::OneOf(Rc::new(flat)),
        }
    }

    pub fn alternatives(&self) -> &[Value] {
        match self {
            Value::OneOf(values) => values,
            value => std::slice::from_ref(value),
        }
    }

    /// Is it true? None when that is not known.
    pub fn truth(&self) -> Option<bool> {
        match self {
            Value::Undefined | Value::Null => Some(false),
            Value::Bool(value) => Some(*value),
            Value::Number(number) => Some(&**number != "0"),
            Value::Text(text) if text.is_empty() => Some(false),
            Value::Text(text) => text.chars().any(|c| !is_hole(c)).then_some(true),
            Value::Object(_)
            | Value::Function(_)
            | Value::Class(_)
            | Value::Module(_)
            | Value::Native(_)
            | Value::Regex(_)
            | Value::Context(_)
            | Value::Provider(_)
            | Value::Element(_) => Some(true),
            Value::OneOf(values) => {
                let first = values.first()?.truth()?;
                values
                    .iter()
                    .all(|value| value.truth() == Some(first))
                    .then_some(first)
            }
            Value::Unknown(_) | Value::External(..) => None,
        }
    }

    /// Is it what a function that is run by itself was given? It takes no place of what is known.
    pub fn is_parameter(&self) -> bool {
        match self {
            Value::Unknown(Hole::Parameter) => true,
            Value::Text(text) => text.starts_with(PARAMETER),
            _ => false,
        }
    }

    /// As part of a text: one spelling.
    pub fn spelled(&self) -> Arc<str> {
        match self {
            Value::Text(text) | Value::Number(text) => text.clone(),
            Value::Bool(true) => Arc::from("true"),
            Value::Bool(false) => Arc::from("false"),
            Value::Unknown(Hole::Parameter) => Arc::from(PARAMETER.to_string()),
            Value::Unknown(Hole::Environment) => Arc::from(ENVIRONMENT.to_string()),
            Value::OneOf(values) => match values.first() {
                Some(first) => first.spelled(),
                None => Arc::from(HOLE.to_string()),
            },
            _ => Arc::from(HOLE.to_string()),
        }
    }

    /// All spellings.
    pub fn spellings(&self) -> Vec<Arc<str>> {
        let mut spellings: Vec<Arc<str>> = Vec::new();
        for value in self.alternatives() {
            let spelled = value.spelled();
            if !spellings.contains(&spelled) {
                spellings.push(spelled);
            }
        }
        spellings
    }

    /// The text, when all of it is known.
    pub fn literal(&self) -> Option<&str> {
        match self {
            Value::Text(text) if !text.contains(is_hole) => Some(text),
            _ => None,
        }
    }

    fn is_same(&self, other: &Value) -> bool {
        match (self, other) {
            (Value::Undefined, Value::Undefined) | (Value::Null, Value::Null) => true,
            (Value::Unknown(one), Value::Unknown(two)) => one == two,
            (Value::Bool(one), Value::Bool(two)) => one == two,
            (Value::Number(one), Value::Number(two)) | (Value::Text(one), Value::Text(two)) => {
                one == two
            }
            (Value::Object(one), Value::Object(two)) => one == two,
            (Value::Class(one), Value::Class(two)) => one == two,
            (Value::Module(one), Value::Module(two)) => one == two,
            (Value::Function(one), Value::Function(two)) => Rc::ptr_eq(one, two),
            (Value::External(one, _), Value::External(two, _)) => one == two,
            (Value::Context(one), Value::Context(two))
            | (Value::Provider(one), Value::Provider(two)) => one == two,
            _ => false,
        }
    }
}

fn push_new(values: &mut Vec<Value>, value: Value) {
    if !values.iter().any(|known| known.is_same(&value)) {
        values.push(value);
    }
}

/// Does the character stand for something that is not known?
pub fn is_hole(c: char) -> bool {
    matches!(c, HOLE | PARAMETER | ENVIRONMENT)
}

impl Object {
    pub fn field(&self, name: &str) -> Option<&Value> {
        self.fields
            .iter()
            .find(|(known, _)| &**known == name)
            .map(|(_, value)| value)
    }

    /// Has it as many fields as are kept? Then it is open.
    pub fn is_full(&mut self) -> bool {
        let is_full = self.fields.len() >= MOST_FIELDS;
        self.is_open |= is_full;
        is_full
    }

    pub fn set(&mut self, name: &Name, value: Value, join: bool) {
        let is_full = self.fields.len() >= MOST_FIELDS;
        let slot = self.fields.iter_mut().find(|(known, _)| known == name);
        match slot {
            Some((_, slot))
                if value.is_parameter() && !matches!(slot, Value::Undefined | Value::Null) => {}
            Some((_, slot)) if join => *slot = Value::one_of(vec![value, slot.clone()]),
            Some((_, slot)) => *slot = value,
            None if is_full => self.is_open = true,
            None => self.fields.push((name.clone(), value)),
        }
    }
}
