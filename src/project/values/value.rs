//! Abstract values: what an expression may be when the program runs.
//!
//! `f"/items/{item.id}"` is a [`Value::Text`] with a hole, `TestClient(app)` an object, `os.getpid()` an [`Value::Unknown`]
//! with its reason, and `a if flag else b` with an unknown flag a [`Value::Union`].

use std::sync::Arc;

use crate::project::symbols::Symbol;
use crate::project::values::numbers::Float;

/// Stands in a text for a part that is not known. A private-use character: a source that spells it loses only that character.
pub const HOLE: char = '\u{F8FF}';
pub const HOLE_TEXT: &str = "\u{F8FF}";

/// More alternatives than this are one unknown.
pub const MOST_ALTERNATIVES: usize = 12;

/// A text longer than this is not put together: it is one hole.
pub const LONGEST_TEXT: usize = 100_000;

/// Position in the heap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ObjectId(pub u32);

/// Number of a request that the current test sent.
#[derive(Default, Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RequestId(pub u32);

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A local that is not bound (yet).
    Unbound,
    Unknown(Reason),
    None,
    Ellipsis,
    Bool(bool),
    Int(i64),
    Float(Float),
    /// Text or bytes; [`HOLE`] stands for unknown parts.
    Text(Arc<str>),
    Tuple(Arc<Vec<Value>>),
    Object(ObjectId),
    /// A function bound to its receiver.
    Method(Arc<Method>),
    /// `super()` of a class for a receiver.
    Super(Arc<(ObjectId, Value)>),
    /// Something of a library that no model describes: its dotted path, with `()` where it was called.
    External(Symbol),
    /// A builtin of Python, or an operation that models use.
    Native(crate::project::values::natives::Native),
    /// The status of the answer to a request.
    Status(RequestId),
    /// What a comparison says about a status.
    Claim(Arc<Claim>),
    /// One of several, none of them a union. Never empty, never of one.
    Union(Arc<Vec<Value>>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Method {
    pub receiver: Value,
    pub function: Callee,
}

/// What a method runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Callee {
    /// A function object of the project or a model.
    Function(ObjectId),
    /// A method of a builtin type, by name.
    Builtin(Symbol),
}

/// A set of statuses that an answer is said to have, as inclusive ranges.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Claim {
    pub request: RequestId,
    /// None: nothing is said about the status.
    pub ranges: Vec<(u16, u16)>,
    /// The statuses that are left where the claim does not hold; none: nothing is said.
    pub otherwise: Vec<(u16, u16)>,
    /// Texts that the answer is said to hold.
    pub texts: Vec<Arc<str>>,
}

/// Why a value is not known: the closed list that reports show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reason {
    /// A parameter that nobody passes.
    Parameter,
    /// The result of library code that no model describes.
    Library,
    /// A first-party module or name that is not there.
    Import,
    /// An attribute that no code that was read sets.
    Attribute,
    /// A value that only run time has: time, randomness, input, environment, files.
    Runtime,
    /// Python that the interpreter does not model.
    Construct,
    /// A bound of the interpreter was reached.
    Bound,
    /// A call that may not return a value: it raised.
    Raised,
    /// A test double.
    Double,
    /// A part of the answer to a request.
    Answer(RequestId),
}

impl Reason {
    /// One for each kind.
    pub fn number(self) -> u8 {
        match self {
            Reason::Parameter => 0,
            Reason::Library => 1,
            Reason::Import => 2,
            Reason::Attribute => 3,
            Reason::Runtime => 4,
            Reason::Construct => 5,
            Reason::Bound => 6,
            Reason::Raised => 7,
            Reason::Double => 8,
            Reason::Answer(_) => 9,
        }
    }

    /// As in reports.
    pub fn id(self) -> &'static str {
        match self {
            Reason::Parameter => "parameter",
            Reason::Library => "library",
            Reason::Import => "unresolved-import",
            Reason::Attribute => "attribute",
            Reason::Runtime | Reason::Answer(_) => "run-time-value",
            Reason::Construct => "construct",
            Reason::Bound => "bound-reached",
            Reason::Raised => "raised",
            Reason::Double => "double",
        }
    }
}

impl Value {
    pub fn text(text: &str) -> Value {
        Value::Text(Arc::from(text))
    }

    pub fn hole() -> Value {
        Value::text(HOLE_TEXT)
    }

    pub fn tuple(items: Vec<Value>) -> Value {
        Value::Tuple(Arc::new(items))
    }

    pub fn is_unknown(&self) -> bool {
        matches!(self, Value::Unknown(_))
    }

    /// Does it name something that can only be decided at run time or in a library?
    pub fn is_opaque(&self) -> bool {
        matches!(self, Value::Unknown(_) | Value::External(_))
    }

    /// A literal text without holes.
    pub fn literal(&self) -> Option<&str> {
        match self {
            Value::Text(text) if !text.contains(HOLE) => Some(text),
            _ => None,
        }
    }

    /// The values that it may be.
    pub fn alternatives(&self) -> &[Value] {
        match self {
            Value::Union(values) => values,
            single => std::slice::from_ref(single),
        }
    }

    /// One or the other.
    pub fn or(self, other: Value) -> Value {
        if self == other || other == Value::Unbound {
            return self;
        }
        if self == Value::Unbound {
            return other;
        }
        if let (Value::Unknown(Reason::Answer(_)), Value::Unknown(Reason::Answer(_))) =
            (&self, &other)
        {
            return Value::Unknown(Reason::Runtime);
        }
        if let Value::Union(values) = &self
            && other.alternatives().iter().all(|one| values.contains(one))
        {
            return self;
        }
        let mut values: Vec<Value> = match &self {
            Value::Union(values) => values.to_vec(),
            _ => vec![self],
        };
        for value in other.alternatives() {
            if !values.contains(value) {
                values.push(value.clone());
            }
        }
        if values.len() > MOST_ALTERNATIVES {
            return Value::Unknown(Reason::Bound);
        }
        Value::Union(Arc::new(values))
    }
}
