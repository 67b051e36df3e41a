//! Special methods behind builtins: `len(cart)` is what the cart's `__len__` says.
//!
//! Source: <https://docs.python.org/3/reference/datamodel.html#special-method-names>

use crate::project::symbols::Symbol;
use crate::project::values::calls::Args;
use crate::project::values::machine::{Eval, Machine};
use crate::project::values::natives::Native;
use crate::project::values::value::{Reason, Value};

impl<'w> Machine<'w> {
    /// The method that a builtin asks of a value, if its class has one.
    pub(super) fn method_for(&self, native: Native, value: &Value) -> Option<Value> {
        let name = match native {
            Native::len => Symbol::LEN,
            Native::repr => Symbol::REPR,
            Native::hash => Symbol::HASH,
            _ => return None,
        };
        let Value::Object(id) = value else {
            return None;
        };
        let instance = self.heap.instance(*id)?;
        let (method, _) = self.class_attribute(instance.class, name)?;
        Some(method)
    }

    /// What that method says.
    pub(super) fn by_method(&mut self, native: Native, value: &Value) -> Eval {
        match self.method_for(native, value) {
            Some(method) => self.call_bound(value, &method, Args::default()),
            None => Ok(Value::Unknown(Reason::Construct)),
        }
    }
}
