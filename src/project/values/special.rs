//! Special methods: what operators and built-in functions call on instances of classes that define them.
//!
//! ```python
//! assert len(cart) == 2       # Cart.__len__
//! assert older < newer        # Version.__lt__
//! assert f"{price}" == "3 €"  # Price.__format__, else __str__, else __repr__
//! ```
//!
//! Not handled: the keys that sets and dictionaries are given after their displays, and the order in which `sorted` compares.

use crate::facts::program::CompareOperator;
use crate::project::symbols::Symbol;
use crate::project::values::calls::Args;
use crate::project::values::machine::{Eval, Machine, Raise};
use crate::project::values::natives::Native;
use crate::project::values::value::Value;

impl<'w> Machine<'w> {
    /// What the instance's own method gives; None: it is no instance, or its class has no such method.
    pub(super) fn special(
        &mut self,
        value: &Value,
        name: Symbol,
        arguments: Vec<Value>,
    ) -> Result<Option<Value>, Raise> {
        let Value::Object(object) = value else {
            return Ok(None);
        };
        let Some(instance) = self.heap.instance(*object) else {
            return Ok(None);
        };
        let class = instance.class;
        match self.class_attribute(class, name) {
            Some((function @ Value::Object(_), _)) => {
                let mut args = Args::default();
                args.positional.extend(arguments);
                Ok(Some(self.call_bound(value, &function, args)?))
            }
            _ => Ok(None),
        }
    }

    /// `len(x)`, `repr(x)`, `hash(x)`, `int(x)`, `float(x)` of an instance that says so itself.
    pub(super) fn special_of_builtin(
        &mut self,
        native: Native,
        value: &Value,
    ) -> Result<Option<Value>, Raise> {
        let (name, arguments) = match native {
            Native::len => (Symbol::LEN, Vec::new()),
            Native::repr => (Symbol::REPR, Vec::new()),
            Native::hash => (Symbol::HASH, Vec::new()),
            Native::int => (Symbol::INT, Vec::new()),
            Native::float => (Symbol::FLOAT, Vec::new()),
            _ => return Ok(None),
        };
        self.special(value, name, arguments)
    }

    /// `left < right` and its like, by the method of the one or the reflected one of the other.
    pub(super) fn special_order(
        &mut self,
        operator: CompareOperator,
        left: &Value,
        right: &Value,
    ) -> Result<Option<Value>, Raise> {
        let (name, reflected) = match operator {
            CompareOperator::NotEqual => (Symbol::NE, Symbol::NE),
            CompareOperator::Less => (Symbol::LT, Symbol::GT),
            CompareOperator::LessEqual => (Symbol::LE, Symbol::GE),
            CompareOperator::Greater => (Symbol::GT, Symbol::LT),
            CompareOperator::GreaterEqual => (Symbol::GE, Symbol::LE),
            CompareOperator::Equal
            | CompareOperator::Is
            | CompareOperator::IsNot
            | CompareOperator::In
            | CompareOperator::NotIn => return Ok(None),
        };
        if let Some(result) = self.special(left, name, vec![right.clone()])? {
            return Ok(Some(result));
        }
        if operator == CompareOperator::NotEqual {
            return Ok(None);
        }
        self.special(right, reflected, vec![left.clone()])
    }

    /// A key of a set or a dictionary is asked for its hash.
    pub(super) fn hashed(&mut self, key: &Value) -> Result<(), Raise> {
        self.special(key, Symbol::HASH, Vec::new())?;
        Ok(())
    }

    /// How an instance spells itself in `str(x)` and `f"{x}"`, unless what it holds as a subclass of a plain type does.
    pub(super) fn special_text(&mut self, value: &Value, holds: Option<Value>) -> Eval {
        if let Some(text) = self.special(value, Symbol::STR, Vec::new())? {
            return Ok(text);
        }
        match holds {
            Some(held) => Ok(held),
            None => {
                let spelled = self.special(value, Symbol::REPR, Vec::new())?;
                Ok(spelled.unwrap_or_else(Value::hole))
            }
        }
    }
}
