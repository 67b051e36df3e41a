//! Generated parametrization: what `pytest_generate_tests` asks for, in conftests, plugins and test modules.
//!
//! ```python
//! def pytest_generate_tests(metafunc):
//!     if "path" in metafunc.fixturenames:
//!         metafunc.parametrize("path", ["/items", "/users"])
//! ```
//! Source: <https://docs.pytest.org/en/stable/how-to/parametrize.html#basic-pytest-generate-tests-example>

use std::sync::Arc;

use crate::links::collect::{Mark, TestItem, marks_of};
use crate::project::values::calls::Args;
use crate::project::values::heap::Object;
use crate::project::values::machine::{Machine, Raise};
use crate::project::values::value::{ObjectId, Value};

/// Steps that one hook may take for one test.
const STEPS_OF_A_HOOK: u64 = 20_000;

/// The hooks of the modules, in their order.
pub fn hooks(machine: &Machine<'_>, modules: &[ObjectId]) -> Vec<Value> {
    let name = machine.symbol("pytest_generate_tests");
    let mut found: Vec<Value> = Vec::new();
    for module in modules {
        if let Object::Module(module) = machine.heap.get(*module)
            && let Some(hook) = module.names.get(&name)
            && !found.contains(hook)
        {
            found.push(hook.clone());
        }
    }
    found
}

/// The marks that the hooks add to a test, which asks for fixtures of these names.
pub fn marks(
    machine: &mut Machine<'_>,
    item: &TestItem,
    hooks: &[Value],
    names: &[Arc<str>],
) -> Result<Vec<Mark>, Raise> {
    let mut hooks = hooks.to_vec();
    let name = machine.symbol("pytest_generate_tests");
    if let Some((method, _)) = item
        .class
        .and_then(|class| machine.class_attribute(class, name))
    {
        hooks.push(method);
    }
    if hooks.is_empty() {
        return Ok(Vec::new());
    }
    let Some(pytest) = machine.world.model("pytest") else {
        return Ok(Vec::new());
    };
    let Some(pytest) = machine.import_module(pytest) else {
        return Ok(Vec::new());
    };
    let outer = std::mem::take(&mut machine.log);
    let pending = machine.pending.len();
    let names = names.iter().map(|name| Value::Text(name.clone())).collect();
    let test = [
        machine.new_list(names, false),
        item.function.clone(),
        item.class.map_or(Value::None, Value::Object),
        machine
            .module_object(item.module)
            .map_or(Value::None, Value::Object),
    ];
    let class = machine.attribute(
        &Value::Object(pytest),
        machine.world.symbols.intern("Metafunc"),
    )?;
    let metafunc = machine.call(&class, Args::of(test))?;
    for hook in hooks {
        let called = machine.bounded(STEPS_OF_A_HOOK, |machine| {
            machine.enter_test(item.module);
            let mut args = Args::of([metafunc.clone()]);
            if let Value::Object(object) = &hook
                && item.class.is_some()
                && matches!(machine.heap.get(*object), Object::Function(function) if function.class.is_some())
            {
                args.positional.insert(0, Value::None);
            }
            let result = machine.call(&hook, args);
            machine.leave_test();
            result
        });
        if let Err(Raise::Exhausted) = called {
            return Err(Raise::Exhausted);
        }
    }
    machine.stack.clear();
    machine.pending.truncate(pending);
    machine.log = outer;
    let added = machine.attribute(&metafunc, machine.world.symbols.intern("covgap_marks"))?;
    Ok(marks_of(machine, &added))
}
