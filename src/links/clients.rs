//! Fixtures that give a test a client: what a new test beside it would ask for.
//!
//! `def test_read(client): …`, with a fixture `client` of a conftest that yields a `TestClient(app)`, is seen with that fixture.

use std::sync::Arc;

use crate::links::collect::TestItem;
use crate::links::fixtures::Use;
use crate::project::values::machine::{Machine, Raise};
use crate::project::values::value::{HOLE, Value};
use crate::project::world::ModuleId;

/// A fixture that a new test file finds, too: of a conftest or a plugin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientFixture {
    pub name: Arc<str>,
    pub defined_in: ModuleId,
    /// Its requests are awaited.
    pub is_awaited: bool,
    pub has_websockets: bool,
    /// What it puts before a path, scheme and host included; empty where that is not known.
    pub base: Arc<str>,
}

/// A test's marks without arguments: what says how it runs. Those that say whether it does are its own.
pub fn marks(item: &TestItem) -> Vec<Arc<str>> {
    let is_own = |name: &str| matches!(name, "skip" | "skipif" | "xfail");
    let plain = item
        .marks
        .iter()
        .filter(|mark| mark.args.is_empty() && mark.named.is_empty() && !is_own(&mark.name));
    plain.map(|mark| mark.name.clone()).collect()
}

/// Is what the name gave to a test a client, and would a new file find it?
pub fn of_argument(
    machine: &mut Machine<'_>,
    fixtures: &Use,
    name: &Arc<str>,
    value: &Value,
) -> Result<Option<ClientFixture>, Raise> {
    let Value::Object(object) = value else {
        return Ok(None);
    };
    let Some(class) = machine
        .heap
        .instance(*object)
        .map(|instance| instance.class)
    else {
        return Ok(None);
    };
    let says = |machine: &Machine<'_>, attribute: &str| {
        let symbol = machine.symbol(attribute);
        let found = machine.class_attribute(class, symbol);
        found.is_some_and(|(value, _)| value == Value::Bool(true))
    };
    if !says(machine, "covgap_client") {
        return Ok(None);
    }
    let Some(defined_in) = fixtures.defined_for_others(machine, name) else {
        return Ok(None);
    };
    let base = machine.symbol("base_url");
    let base = machine.attribute(value, base)?;
    let base = match &machine.spellings(&base)?[..] {
        [single] if !single.contains(HOLE) => single.to_string(),
        _ => String::new(),
    };
    Ok(Some(ClientFixture {
        name: name.clone(),
        defined_in,
        is_awaited: says(machine, "covgap_awaited"),
        has_websockets: says(machine, "covgap_websockets"),
        base: base.into(),
    }))
}
