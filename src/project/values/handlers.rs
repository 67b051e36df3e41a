//! Exception handlers: which function of an application answers to an exception.
//!
//! `app = FastAPI(exception_handlers={404: missing, ShopError: failed})` answers to `HTTPException(404)` by `missing`, and to whatever
//! inherits from `ShopError` by `failed`. A class of a library that nobody has read is at least itself.

use crate::project::values::heap::Object;
use crate::project::values::machine::{Eval, Machine};
use crate::project::values::value::{Reason, Value};

/// The status of a handler that takes every error.
const SERVER_ERROR: u16 = 500;

impl<'w> Machine<'w> {
    /// The handler, None when there is none. `any` is the class of all errors: the framework asks for its handler last, and answers
    /// itself before that to an exception that carries its status.
    ///
    /// Source: `build_middleware_stack` of <https://www.starlette.io/exceptions/>.
    pub(super) fn handler_for(&mut self, handlers: &Value, error: &Value, any: &Value) -> Eval {
        let Value::Object(id) = self.payload(handlers) else {
            return Ok(Value::Unknown(Reason::Runtime));
        };
        let Object::Dict(dict) = self.heap.get(id) else {
            return Ok(Value::Unknown(Reason::Runtime));
        };
        let handlers = dict.items.clone();
        // A key of a library opens a mapping, too: of that one, all is known.
        let is_open = dict.is_open && !handlers.iter().any(|(key, _)| key.is_opaque());
        let of_kind = |kind: &Value| {
            let mut found = handlers.iter().rev();
            found.find(|(key, _)| key == kind).map(|(_, one)| one)
        };
        let of_status = |machine: &Self, status: u16| {
            let mut found = handlers.iter().rev();
            let found = found.find(|(key, _)| machine.number(key) == Some(status));
            found.map(|(_, handler)| handler.clone())
        };
        let carries_status = self.is_marked(error, "covgap_carries_status");
        if carries_status {
            let name = self.symbol("status_code");
            let status = self.attribute(error, name)?;
            match self.number(&status) {
                Some(status) => {
                    if let Some(handler) = of_status(self, status) {
                        return Ok(handler);
                    }
                }
                None if handlers.iter().any(|(key, _)| self.number(key).is_some()) => {
                    return Ok(Value::Unknown(Reason::Runtime));
                }
                None => {}
            }
        }
        let kinds = match self.class_value(error) {
            Value::Object(class) => self
                .heap
                .class(class)
                .map(|class| class.mro.clone())
                .unwrap_or_default(),
            path @ Value::External(_) => vec![path],
            _ if handlers.is_empty() && !is_open => return Ok(Value::None),
            _ => return Ok(Value::Unknown(Reason::Library)),
        };
        let specific = kinds.iter().filter(|kind| *kind != any).find_map(of_kind);
        if let Some(handler) = specific {
            return Ok(handler.clone());
        }
        let may_inherit = kinds
            .iter()
            .any(|kind| handlers.iter().any(|(key, _)| self.is_related(kind, key)));
        Ok(match of_status(self, SERVER_ERROR) {
            _ if carries_status => Value::None,
            _ if may_inherit || is_open => Value::Unknown(Reason::Library),
            Some(handler) => handler,
            None => of_kind(any).cloned().unwrap_or(Value::None),
        })
    }

    /// Two classes of one library: nobody knows whether one inherits from the other.
    fn is_related(&self, one: &Value, other: &Value) -> bool {
        let package = |value: &Value| match value {
            Value::External(path) => self.spelled(*path).split('.').next().map(str::to_string),
            _ => None,
        };
        package(one).is_some_and(|one| package(other) == Some(one))
    }
}
