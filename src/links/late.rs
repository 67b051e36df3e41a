//! Late imports: fixtures that import the app themselves, after they have set what it reads.
//!
//! ```python
//! @pytest.fixture
//! def client(monkeypatch):
//!     monkeypatch.setenv("PAGES", "off")
//!     from app.main import app       # nobody has imported it before
//!     return TestClient(app)
//! ```
//! A process imports a module once, so the first such fixture decides what all tests see. It is run up to its last import, and what it
//! has patched is taken back.

use std::cell::RefCell;
use std::rc::Rc;

use crate::facts::program::Stmt;
use crate::links::collect::Row;
use crate::links::fixtures::{Cache, Definition, Lookup, Namespace, Use, function_of, namespace};
use crate::links::grounds::{environment, imported, imports_of};
use crate::links::trace::plugins_of;
use crate::project::values::heap::Object;
use crate::project::values::machine::Machine;
use crate::project::values::value::{ObjectId, Value};
use crate::project::world::{CodePlace, Import, ModuleId, Unit};
use crate::source::Suite;

/// Runs the fixtures of the suite's conftests, of their plugins, and of its test files that do so; all tests have been imported.
pub(super) fn import(machine: &mut Machine<'_>, suite: &Suite, makers: &[ModuleId]) {
    let cache = Rc::new(RefCell::new(Cache::default()));
    let of_files = suite.conftests.iter().chain(&suite.tests);
    let modules: Vec<ModuleId> = of_files
        .map(|file| machine.world.module_of(*file))
        .collect();
    let mut outer: Vec<Namespace> = of_pytest(machine, &cache);
    for module in modules {
        let Some(object) = machine.module_object(module) else {
            continue;
        };
        let plugins = plugins_of(machine, module, object);
        for holder in plugins.into_iter().chain([object]) {
            let definitions = namespace(machine, &cache, holder);
            let around = [vec![Rc::clone(&definitions)], outer.clone()].concat();
            for definition in definitions.iter() {
                if let Some(last) = last_import(machine, definition, makers) {
                    let lookup = Lookup {
                        namespaces: around.clone(),
                        module,
                        class: None,
                        instance: Value::None,
                        marks: Value::tuple(Vec::new()),
                    };
                    run(machine, &cache, lookup, definition, last);
                }
            }
            // A test file's are its own.
            if machine
                .world
                .file_of(module)
                .is_some_and(|file| suite.conftests.contains(&file))
            {
                outer.insert(0, definitions);
            }
        }
    }
}

/// The fixtures of installed plugins.
fn of_pytest(machine: &mut Machine<'_>, cache: &RefCell<Cache>) -> Vec<Namespace> {
    let world = machine.world;
    let plugins = world
        .rules
        .plugins
        .iter()
        .filter_map(|name| world.model(name));
    let plugins: Vec<ObjectId> = plugins
        .filter_map(|plugin| machine.import_module(plugin))
        .collect();
    plugins
        .into_iter()
        .map(|plugin| namespace(machine, cache, plugin))
        .collect()
}

/// Where the fixture imports the last of those modules that nobody has imported, and that make an app, or import who does.
fn last_import(
    machine: &Machine<'_>,
    definition: &Definition,
    makers: &[ModuleId],
) -> Option<CodePlace> {
    let Value::Object(function) = function_of(machine, definition.object) else {
        return None;
    };
    let Object::Function(function) = machine.heap.get(function) else {
        return None;
    };
    let unit = machine.world.code(function.module, function.function)?;
    let code = unit.facts.function(function.function);
    let lines = unit.facts.stmt_lines.iter().zip(&unit.facts.stmts);
    let inside = lines.filter(|(line, _)| (code.line..=code.last_line).contains(line));
    let late = inside.filter(|(_, statement)| imports_app(machine, unit, statement, makers));
    let line = late.map(|(line, _)| *line).max()?;
    Some(CodePlace {
        module: function.module,
        line,
    })
}

fn imports_app(machine: &Machine<'_>, unit: &Unit, statement: &Stmt, makers: &[ModuleId]) -> bool {
    let is_app = |name: &String| match machine.world.resolve(unit.id, name) {
        Import::Module(module) => {
            machine.module_object(module).is_none()
                && (makers.contains(&module)
                    || imports_of(machine.world, module)
                        .iter()
                        .any(|inner| makers.contains(inner)))
        }
        _ => false,
    };
    imported(unit, statement).iter().any(is_app)
}

fn run(
    machine: &mut Machine<'_>,
    cache: &Rc<RefCell<Cache>>,
    lookup: Lookup,
    definition: &Definition,
    last: CodePlace,
) {
    let fixtures = Use {
        cache: Rc::clone(cache),
        lookup,
        row: Row::default(),
        active: RefCell::new(Vec::new()),
        used: RefCell::new(Vec::new()),
        asking: RefCell::new(Vec::new()),
    };
    let variables = variables(machine);
    let before = variables.map(|variables| machine.heap.get(variables).clone());
    let outer = std::mem::take(&mut machine.log);
    machine.stops_after = Some(last);
    // It was stopped, or came to its end; both will do.
    let _ = fixtures.get(machine, &definition.name);
    machine.stops_after = None;
    let log = std::mem::replace(&mut machine.log, outer);
    machine.undo(&log.effects);
    let used = fixtures.used.borrow();
    let of_used = used.iter().map(|outcome| &outcome.log);
    for log in of_used.clone().rev() {
        machine.undo(&log.effects);
    }
    machine.log.leans_on_tests |= of_used.chain([&log]).any(|log| log.leans_on_tests);
    if let (Some(variables), Some(before)) = (variables, before) {
        *machine.heap.get_mut(variables) = before;
    }
}

/// What the environment holds, which a test's fixture changes for that test.
fn variables(machine: &mut Machine<'_>) -> Option<ObjectId> {
    let environment = environment(machine)?;
    match machine.payload(&environment) {
        Value::Object(variables) => Some(variables),
        _ => None,
    }
}
