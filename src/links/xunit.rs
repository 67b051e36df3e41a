//! What runs before a test by its name alone: `setup_module`, `setup_class`, `setUp` and their relatives.
//!
//! ```python
//! def setup_module(module):
//!     module.client = TestClient(app)
//! ```
//! Source: <https://docs.pytest.org/en/stable/how-to/xunit_setup.html>

use crate::links::collect::TestItem;
use crate::project::values::calls::Args;
use crate::project::values::heap::Object;
use crate::project::values::machine::{Machine, Raise};
use crate::project::values::value::Value;
use crate::project::world::ModuleKind;

/// Runs what is set up for the test: for its module, for its class, and for itself.
pub(super) fn set_up(
    machine: &mut Machine<'_>,
    item: &TestItem,
    instance: &Value,
) -> Result<(), Raise> {
    of_module(machine, item)?;
    let Some(class) = item.class else {
        return Ok(());
    };
    let class_value = Value::Object(class);
    let hooks: &[(&str, bool)] = if item.is_unittest {
        &[
            ("setUpClass", true),
            ("setUp", false),
            ("asyncSetUp", false),
        ]
    } else {
        &[
            ("setup_class", true),
            ("setup_method", false),
            ("setup", false),
        ]
    };
    for (name, on_class) in hooks {
        let symbol = machine.symbol(name);
        let Some((function, owner)) = machine.class_attribute(class, symbol) else {
            continue;
        };
        if machine.kind_of_class(owner) == Some(ModuleKind::Model) {
            continue;
        }
        let receiver = if *on_class { &class_value } else { instance };
        let bound = machine.bind_attribute(receiver, &function)?;
        call(machine, &bound, &item.function)?;
    }
    Ok(())
}

fn of_module(machine: &mut Machine<'_>, item: &TestItem) -> Result<(), Raise> {
    let Some(module) = machine.module_object(item.module) else {
        return Ok(());
    };
    let hooks = [
        ("setUpModule", true, Value::Object(module)),
        ("setup_module", true, Value::Object(module)),
        (
            "setup_function",
            item.class.is_none(),
            item.function.clone(),
        ),
    ];
    for (name, is_meant, given) in hooks {
        let symbol = machine.symbol(name);
        let Object::Module(names) = machine.heap.get(module) else {
            return Ok(());
        };
        let found = names.names.get(&symbol).filter(|_| is_meant).cloned();
        if let Some(function @ Value::Object(id)) = found
            && let Object::Function(_) = machine.heap.get(id)
        {
            call(machine, &function, &given)?;
        }
    }
    Ok(())
}

/// Calls a hook, with what it is about if it wants that. What it raises ends nothing here.
fn call(machine: &mut Machine<'_>, hook: &Value, given: &Value) -> Result<(), Raise> {
    let parameters = machine.parameters_of(hook)?;
    let args = match parameters.first() {
        Some(first) if first.default.is_none() => Args::of([given.clone()]),
        _ => Args::default(),
    };
    match machine.call(hook, args) {
        Err(Raise::Exhausted) => Err(Raise::Exhausted),
        Ok(_) | Err(Raise::Exception(_)) => Ok(()),
    }
}
