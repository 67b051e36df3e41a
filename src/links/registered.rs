//! What the registration of a route says beside its path: tags, the status of its success, what it depends on.
//!
//! `@router.post("/items", tags=["items"], status_code=201, dependencies=[Depends(logged_in)])`.

use crate::project::routes::Entry;
use crate::project::values::machine::{Machine, Raise};
use crate::project::values::value::Value;

#[derive(Debug, Clone, Default)]
pub struct Registered {
    /// Those of the routers first.
    pub tags: Vec<String>,
    /// As it was asked for; none is the framework's own.
    pub status: Option<u16>,
    /// Functions and classes by their names, those of the routers first. Not those of the handler's parameters.
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
    Ok(said)
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
