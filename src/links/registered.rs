//! What the registration of a route says beside its path: tags, the status of its success, what it depends on.
//!
//! ```python
//! @router.post("/items", tags=["items"], status_code=201, dependencies=[Depends(logged_in)])
//! def add(session: Annotated[Session, Depends(get_session)]):     # depends on `logged_in` and `get_session`
//! ```

use std::sync::Arc;

use crate::project::routes::Entry;
use crate::project::values::calls::Args;
use crate::project::values::machine::{Machine, Raise};
use crate::project::values::value::Value;

#[derive(Debug, Clone, Default)]
pub struct Registered {
    /// Those of the routers first.
    pub tags: Vec<String>,
    /// As it was asked for; none is the framework's own.
    pub status: Option<u16>,
    /// Functions and classes by their names, those of the routers first, those of the handler's parameters last.
    pub dependencies: Vec<String>,
}

/// Nothing of what cannot be evaluated.
pub fn said_of(machine: &mut Machine<'_>, entry: &Entry) -> Registered {
    read(machine, entry).unwrap_or_default()
}

fn read(machine: &mut Machine<'_>, entry: &Entry) -> Result<Registered, Raise> {
    let tags = items(machine, entry, "tags")?;
    let markers = items(machine, entry, "dependencies")?;
    let symbol = machine.symbol("status_code");
    let status = machine.attribute(&Value::Object(entry.route), symbol)?;
    let mut said = Registered {
        status: match status {
            Value::Int(status) => u16::try_from(status).ok(),
            _ => None,
        },
        ..Registered::default()
    };
    let add = |names: &mut Vec<String>, name: &str| {
        if !names.iter().any(|known| known == name) {
            names.push(name.to_string());
        }
    };
    for tag in entry.tags.iter().chain(&tags) {
        if let Some(tag) = tag.literal() {
            add(&mut said.tags, tag);
        }
    }
    for marker in entry.dependencies.iter().chain(&markers) {
        let symbol = machine.symbol("dependency");
        let dependency = machine.attribute(marker, symbol)?;
        if let Some(handler) = machine.handler_of(&dependency, 0) {
            add(&mut said.dependencies, &handler.name);
        }
    }
    for name in of_parameters(machine, entry)? {
        add(&mut said.dependencies, &name);
    }
    Ok(said)
}

/// What the parameters of the handler ask for; nothing where the framework injects none.
fn of_parameters(machine: &mut Machine<'_>, entry: &Entry) -> Result<Vec<Arc<str>>, Raise> {
    let symbol = machine.symbol("covgap_parameters");
    machine.in_trial(|machine| {
        let asked = machine.call_attribute(&Value::Object(entry.route), symbol, Args::of([]))?;
        let (found, _) = match &asked {
            Value::Object(_) | Value::Tuple(_) => machine.iterate(&asked)?,
            _ => return Ok(Vec::new()),
        };
        let handlers = found.iter().filter_map(|one| machine.handler_of(one, 0));
        Ok(handlers.map(|handler| handler.name).collect())
    })
}

/// What a list of the route's object holds.
fn items(machine: &mut Machine<'_>, entry: &Entry, name: &str) -> Result<Vec<Value>, Raise> {
    let symbol = machine.symbol(name);
    let value = machine.attribute(&Value::Object(entry.route), symbol)?;
    match &value {
        Value::Object(_) | Value::Tuple(_) => Ok(machine.iterate(&value)?.0),
        _ => Ok(Vec::new()),
    }
}
