//! Reflected signatures: the parameters that a callable says it has, whatever its code declares.
//!
//! ```python
//! @functools.wraps(endpoint)
//! def copy(self, *args, **kwargs): ...
//! sig = inspect.signature(endpoint)
//! copy.__signature__ = sig.replace(parameters=[self_parameter.replace(default=Depends(View)), *rest])
//! ```

use super::classes::ParameterSeen;
use crate::facts::program::ParameterKind;
use crate::project::symbols::Symbol;
use crate::project::values::heap::Object;
use crate::project::values::machine::Machine;
use crate::project::values::value::{ObjectId, Reason, Value};

impl<'w> Machine<'w> {
    /// What a `__signature__` of the callable says; None: it has none, or not all of it is known.
    pub(super) fn reflected(&mut self, callable: ObjectId) -> Option<Vec<ParameterSeen>> {
        let signature = match self.heap.get(callable) {
            Object::Function(function) => function.attributes.get(Symbol::SIGNATURE).cloned(),
            Object::Class(_) => {
                let found = self.class_attribute(callable, Symbol::SIGNATURE);
                found.map(|(signature, _)| signature)
            }
            _ => None,
        }?;
        let name = self.symbol("parameters");
        let Ok(Value::Object(parameters)) = self.attribute(&signature, name) else {
            return None;
        };
        let Object::Dict(parameters) = self.heap.get(parameters) else {
            return None;
        };
        if parameters.is_open {
            return None;
        }
        let parameters: Vec<Value> = parameters
            .items
            .iter()
            .map(|(_, one)| one.clone())
            .collect();
        let seen = parameters.iter().map(|one| self.reflected_parameter(one));
        seen.collect()
    }

    fn reflected_parameter(&self, parameter: &Value) -> Option<ParameterSeen> {
        let Value::Object(id) = parameter else {
            return None;
        };
        let instance = self.heap.instance(*id)?;
        let part = |name: &str| instance.attributes.get(self.symbol(name)).cloned();
        let given =
            |part: Option<Value>| part.filter(|part| *part != Value::Unknown(Reason::Parameter));
        Some(ParameterSeen {
            name: self.world.symbols.intern(part("name")?.literal()?),
            annotation: given(part("annotation")),
            default: given(part("default")),
            kind: match part("kind")? {
                Value::Int(kind) => ParameterKind::of_number(kind)?,
                _ => return None,
            },
        })
    }
}
