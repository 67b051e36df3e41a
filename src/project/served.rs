//! Served apps: the ASGI applications that production runs.
//!
//! The configuration's word comes first, then what a server is started with (`uvicorn.run("main:app")` in code), else the app with
//! the most routes among those that the project's own code makes.

use super::factories;
use crate::facts::program::{ClassId, Expr, FunctionId};
use crate::project::routes::{Entry, EntryKind, Table};
use crate::project::values::calls::Args;
use crate::project::values::heap::Object;
use crate::project::values::machine::{Machine, Raise};
use crate::project::values::operations::places_of;
use crate::project::values::value::{ObjectId, Value};
use crate::project::world::{Asking, CodePlace, ModuleId, ModuleKind, Unit};

/// Steps that following a start of a server may take.
const STEPS: u64 = 500_000;
/// Steps that making the app may take that a command line names.
const STEPS_OF_A_TARGET: u64 = 1_200_000;

/// An app that production runs.
#[derive(Debug, Clone)]
pub struct Served {
    pub app: ObjectId,
    /// `module:attribute`, or the place that makes it.
    pub label: String,
    /// What says that it is served.
    pub said_by: Option<CodePlace>,
    /// Nothing says that it is served, and no module has it: it is the largest of those that the project's code makes.
    pub is_guess: bool,
    group: String,
}

/// A target as command lines spell it: `package.module:attribute`, or a module whose app the server looks for.
#[derive(Debug, Clone)]
pub struct Target {
    pub text: String,
    /// Names of the module that are tried before the others.
    pub names: &'static [String],
    pub is_factory: bool,
    /// The file that says so: what one file starts belongs together.
    pub group: String,
}

/// Finds them; the modules that tests import have run before.
pub fn find<'w>(
    machine: &mut Machine<'w>,
    targets: &[Target],
    makers: &[ModuleId],
    starters: &[ModuleId],
) -> Vec<Served> {
    let mut found: Vec<Served> = Vec::new();
    for target in targets {
        for app in follow(
            machine,
            target,
            makers.first().or(starters.first()).copied(),
        ) {
            add(
                machine,
                &mut found,
                app,
                target.text.contains(':').then(|| target.text.clone()),
                None,
                &target.group,
            );
        }
    }
    let is_asked = targets.iter().any(|target| target.group.is_empty());
    if !is_asked {
        for &module in starters {
            started_in(machine, module);
        }
        for (value, place) in std::mem::take(&mut machine.log.served) {
            if machine.world.kind(place.module) == ModuleKind::Test {
                continue;
            }
            for one in value.alternatives().to_vec() {
                let label = one.literal().map(str::to_string);
                let value = match &label {
                    Some(text) => {
                        let target = Target {
                            text: text.clone(),
                            names: &[],
                            is_factory: false,
                            group: String::new(),
                        };
                        follow(machine, &target, Some(place.module))
                    }
                    None => match one {
                        Value::Object(app) => vec![app],
                        _ => Vec::new(),
                    },
                };
                for app in value {
                    let group = machine.world.path(place.module).to_string();
                    if let (Some(text), Some(again)) =
                        (&label, made_again(machine, &mut found, app, &group))
                    {
                        again.label = text.clone();
                        continue;
                    }
                    add(machine, &mut found, app, label.clone(), Some(place), &group);
                }
            }
        }
    }
    found.retain(|served| route_count(machine, served.app) > 0);
    keep_largest_group(machine, &mut found);
    if found.is_empty() {
        for &module in makers {
            machine.import_module(module);
        }
        if let Some(best) = largest(machine) {
            add(machine, &mut found, best, None, None, "");
        }
    }
    if found
        .iter()
        .all(|served| route_count(machine, served.app) == 0)
    {
        found.clear();
        for factories in factories::find(machine, makers) {
            for (module, function) in factories {
                make(machine, module, function);
            }
            if let Some(best) = largest(machine) {
                add(machine, &mut found, best, None, None, "");
                break;
            }
        }
    }
    found
}

fn add<'w>(
    machine: &mut Machine<'w>,
    found: &mut Vec<Served>,
    app: ObjectId,
    label: Option<String>,
    said_by: Option<CodePlace>,
    group: &str,
) {
    let inner = unwrap_app(machine, app);
    if !is_app(machine, inner) || found.iter().any(|served| served.app == inner) {
        return;
    }
    let routes = route_count(machine, inner);
    machine.start_once(inner, routes);
    let bound = label.or_else(|| name_of(machine, inner));
    let is_guess = bound.is_none() && said_by.is_none();
    let label = bound.unwrap_or_else(|| label_of(machine, inner));
    found.push(Served {
        app: inner,
        label,
        said_by,
        is_guess,
        group: group.to_string(),
    });
}

/// `if workers == 1: run(create_app())`, `else: run("main:create_app", workers=workers)`: one product in two ways.
fn made_again<'f>(
    machine: &Machine<'_>,
    found: &'f mut [Served],
    app: ObjectId,
    group: &str,
) -> Option<&'f mut Served> {
    let place = place_of(machine, app)?;
    found
        .iter_mut()
        .find(|one| one.group == group && place_of(machine, one.app) == Some(place))
}

/// Of several files that start servers, the one whose apps have the most routes starts the product.
fn keep_largest_group(machine: &mut Machine<'_>, found: &mut Vec<Served>) {
    let mut sizes: Vec<(String, usize)> = Vec::new();
    for served in found.iter() {
        let count = route_count(machine, served.app);
        match sizes.iter_mut().find(|(group, _)| *group == served.group) {
            Some((_, size)) => *size += count,
            None => sizes.push((served.group.clone(), count)),
        }
    }
    let mut best: Option<(String, usize)> = None;
    for (group, size) in sizes {
        if best.as_ref().is_none_or(|(_, most)| size > *most) {
            best = Some((group, size));
        }
    }
    if let Some((group, _)) = best {
        found.retain(|served| served.group == group);
    }
}

/// An ASGI middleware around an app: the app that it passes requests on to, else the one that it holds.
fn unwrap_app(machine: &mut Machine<'_>, app: ObjectId) -> ObjectId {
    let mut app = app;
    for _ in 0..4 {
        if is_app(machine, app) {
            return app;
        }
        let behind = machine.apps_behind(&Value::Object(app)).unwrap_or_default();
        let found = behind.iter().find_map(|one| match one {
            Value::Object(id) if is_app(machine, *id) => Some(*id),
            _ => None,
        });
        if let Some(found) = found {
            return found;
        }
        let inner = machine.heap.instance(app).and_then(|instance| {
            instance
                .attributes
                .get(machine.world.symbols.intern("app"))
                .cloned()
        });
        match inner {
            Some(Value::Object(id)) => app = id,
            _ => return app,
        }
    }
    app
}

pub fn is_app(machine: &Machine<'_>, id: ObjectId) -> bool {
    let router = machine.world.symbols.intern("router");
    let instance = machine.heap.instance(id);
    machine.is_marked(&Value::Object(id), "covgap_app")
        && instance.is_some_and(|instance| instance.attributes.get(router).is_some())
}

/// The functions of the project that an app runs at its start.
pub fn hooks_of(machine: &mut Machine<'_>, app: ObjectId) -> Vec<(ModuleId, FunctionId)> {
    let name = machine.symbol("covgap_hooks");
    if !machine.has_mark(&Value::Object(app), name) {
        return Vec::new();
    }
    let hooks = machine.bounded(1_000, |machine| {
        machine.call_attribute(&Value::Object(app), name, Args::default())
    });
    let Ok(hooks) = hooks else { return Vec::new() };
    let Ok((hooks, _)) = machine.iterate(&hooks) else {
        return Vec::new();
    };
    let alternatives = hooks.iter().flat_map(|hook| hook.alternatives().to_vec());
    alternatives
        .filter_map(|hook| machine.code_of(&hook))
        .collect()
}

/// Where an app is bound, or made.
pub fn label_of(machine: &Machine<'_>, app: ObjectId) -> String {
    let made = || {
        let place = place_of(machine, app)?;
        Some(format!(
            "{}:{}",
            machine.world.path(place.module),
            place.line
        ))
    };
    let bound = name_of(machine, app).or_else(made);
    bound.unwrap_or_else(|| "app".into())
}

/// The module and the name that an app has there.
fn name_of(machine: &Machine<'_>, app: ObjectId) -> Option<String> {
    let mut best: Option<String> = None;
    let mut modules: Vec<(&ModuleId, &ObjectId)> = machine
        .modules
        .iter()
        .chain(machine.base_modules.iter())
        .collect();
    modules.sort();
    for (_, object) in modules {
        let Object::Module(module) = machine.heap.get(*object) else {
            continue;
        };
        let Some(unit) = machine.world.loaded(module.module) else {
            continue;
        };
        if unit.kind != ModuleKind::App {
            continue;
        }
        for name in module.names.order() {
            if module.names.get(name) == Some(&Value::Object(app)) {
                let label = format!("{}:{}", unit.name, machine.spelled(*name));
                // The module that makes it has the shorter story than those that import it.
                let made_here =
                    place_of(machine, app).is_some_and(|place| place.module == module.module);
                if made_here {
                    return Some(label);
                }
                best.get_or_insert(label);
            }
        }
    }
    best
}

/// Where the app was made: the innermost place of the project's code.
pub fn place_of(machine: &Machine<'_>, app: ObjectId) -> Option<CodePlace> {
    let instance = machine.heap.instance(app)?;
    places_of(
        &instance.attributes,
        machine.world.symbols.intern("covgap_places"),
    )
    .first()
    .copied()
}

/// Has the app a route of the project?
pub fn has_routes(machine: &mut Machine<'_>, app: ObjectId) -> bool {
    machine.cached_table(app).is_ok_and(|table| {
        machine.note_asked(app, &table, Asking::Routed, "");
        routes_in(&table) > 0
    })
}

/// How many routes of the project a table has.
pub fn routes_in(table: &Table) -> usize {
    let is_own = |entry: &&Entry| entry.kind != EntryKind::Opaque && entry.handler.is_some();
    table.entries.iter().filter(is_own).count()
}

/// How many routes of the project an app has.
pub fn route_count(machine: &mut Machine<'_>, app: ObjectId) -> usize {
    let table = machine.cached_table(app).ok();
    table.map_or(0, |table| {
        machine.note_asked(app, &table, Asking::Table, "");
        routes_in(&table)
    })
}

/// The app with the most routes among those that the project's own code has made.
fn largest(machine: &mut Machine<'_>) -> Option<ObjectId> {
    let mut best: Option<(usize, ObjectId)> = None;
    for id in machine.heap.ids() {
        if !is_app(machine, id) {
            continue;
        }
        let made_by_tests = place_of(machine, id)
            .is_none_or(|place| machine.world.kind(place.module) == ModuleKind::Test);
        if made_by_tests {
            continue;
        }
        let routes = route_count(machine, id);
        machine.start_once(id, routes);
        let count = route_count(machine, id);
        if count > 0 && best.is_none_or(|(most, _)| count > most) {
            best = Some((count, id));
        }
    }
    best.map(|(_, id)| id)
}

fn follow<'w>(machine: &mut Machine<'w>, target: &Target, from: Option<ModuleId>) -> Vec<ObjectId> {
    let Some(from) =
        from.or_else(|| (!machine.world.sources.files.is_empty()).then_some(ModuleId(0)))
    else {
        return Vec::new();
    };
    let text = target.text.trim_end_matches("()").to_string();
    let is_factory = target.is_factory || target.text.ends_with("()");
    let value = machine.forgiving(STEPS_OF_A_TARGET, |machine| {
        machine
            .stack
            .push(crate::project::values::machine::Activation {
                module: from,
                function: FunctionId(0),
                kind: ModuleKind::App,
                line: 0,
            });
        let located = machine.locate(&Value::text(&text));
        let value = match located {
            Ok(value) if is_factory || is_function(machine, &value) => {
                machine.call(&value, Args::default())
            }
            Ok(value) if !text.contains(':') => Ok(app_in(machine, &value, target.names)),
            other => other,
        };
        machine.stack.pop();
        value
    });
    machine.stack.clear();
    match value {
        Ok(value) => value
            .alternatives()
            .iter()
            .filter_map(|one| {
                if let Value::Object(id) = one {
                    Some(*id)
                } else {
                    None
                }
            })
            .collect(),
        Err(_) => Vec::new(),
    }
}

/// The app that a server finds in a module: under one of the names, else under the first.
fn app_in(machine: &mut Machine<'_>, module: &Value, names: &[String]) -> Value {
    let held: Vec<_> = match module {
        Value::Object(id) => match machine.heap.get(*id) {
            Object::Module(module) => module.names.order().to_vec(),
            _ => Vec::new(),
        },
        _ => Vec::new(),
    };
    let names: Vec<_> = names.iter().map(|name| machine.symbol(name)).collect();
    for name in names.into_iter().chain(held) {
        if let Ok(Value::Object(id)) = machine.attribute(module, name) {
            let inner = unwrap_app(machine, id);
            if is_app(machine, inner) {
                return Value::Object(id);
            }
        }
    }
    Value::None
}

/// Is it a factory, as a function or as a method of a class?
fn is_function(machine: &Machine<'_>, value: &Value) -> bool {
    match value {
        Value::Object(id) => matches!(machine.heap.get(*id), Object::Function(_)),
        Value::Method(_) => true,
        _ => false,
    }
}

/// Runs the functions of a module that give an app to a server.
fn started_in<'w>(machine: &mut Machine<'w>, module: ModuleId) {
    let Some(unit) = machine.world.unit(module) else {
        return;
    };
    let Some(object) = machine.import_module(module) else {
        return;
    };
    let calls: Vec<(FunctionId, u32)> = calls_in(unit, |name| {
        matches!(name, "run" | "Config" | "serve" | "Server")
    });
    let mut done = Vec::new();
    for (function, line) in calls {
        if done.contains(&function) {
            continue;
        }
        done.push(function);
        if function == FunctionId(0) {
            run_main(machine, unit, object, line);
        } else {
            run_function(machine, unit, object, function);
        }
    }
}

/// Calls a function that may make an app.
fn make<'w>(machine: &mut Machine<'w>, module: ModuleId, function: FunctionId) {
    if let Some(unit) = machine.world.unit(module)
        && let Some(object) = machine.import_module(module)
    {
        run_function(machine, unit, object, function);
    }
}

/// The functions whose own bodies call something of such a name, with the line.
pub(super) fn calls_in(unit: &Unit, wanted: impl Fn(&str) -> bool) -> Vec<(FunctionId, u32)> {
    let facts = &unit.facts;
    let mut found = Vec::new();
    for (position, expr) in facts.exprs.iter().enumerate() {
        let Expr::Call { function, .. } = expr else {
            continue;
        };
        let name = match facts.expr(*function) {
            Expr::Name(name) | Expr::Attribute { name, .. } => facts.name(name),
            _ => continue,
        };
        if !wanted(name) {
            continue;
        }
        let line = facts.expr_lines[position];
        let inner = facts
            .functions_around(line)
            .find(|id| facts.name(facts.function(*id).name) != "<lambda>");
        found.push((inner.unwrap_or(FunctionId(0)), line));
    }
    found
}

/// Runs the function as a method of its class, or by its name in the module.
fn run_function<'w>(
    machine: &mut Machine<'w>,
    unit: &'w Unit,
    module: ObjectId,
    function: FunctionId,
) {
    let qualified = unit
        .facts
        .name(unit.facts.function(function).qualified_name)
        .to_string();
    // The outermost definition is what the module has; what it makes inside, it makes when it is called.
    let outer = qualified
        .split(".<locals>")
        .next()
        .unwrap_or(&qualified)
        .to_string();
    let depth = machine.stack.len();
    let _ = machine
        .forgiving(STEPS, |machine| {
            machine
                .stack
                .push(crate::project::values::machine::Activation {
                    module: unit.id,
                    function: FunctionId(0),
                    kind: ModuleKind::App,
                    line: 0,
                });
            let mut parts = outer.split('.');
            let first = parts.next().unwrap_or("");
            let symbol = machine.symbol(first);
            let mut value = machine.attribute(&Value::Object(module), symbol)?;
            for part in parts {
                let is_constructor = part == "__init__" || part == "__new__";
                value = if machine.is_class(&value) {
                    if is_constructor {
                        return machine.call(&value, Args::default());
                    } else {
                        machine.instance_of(&value)?
                    }
                } else {
                    value
                };
                let symbol = machine.symbol(part);
                value = machine.attribute(&value, symbol)?;
            }
            machine.call(&value, Args::default())
        })
        .or_else(|raise| match raise {
            Raise::Exhausted | Raise::Exception(_) => Ok::<Value, Raise>(Value::None),
        });
    machine.stack.truncate(depth);
    machine.pending.clear();
    (machine.undecided, machine.weak_below) = (0, 0);
}

/// Runs the `if __name__ == "__main__":` blocks that hold the line.
fn run_main<'w>(machine: &mut Machine<'w>, unit: &'w Unit, module: ObjectId, line: u32) {
    use crate::facts::program::{Stmt, StmtId};
    use crate::project::values::machine::{Activation, Frame, Locals, Scope};
    let facts = &unit.facts;
    let body = facts.function(FunctionId(0)).body;
    let block = facts
        .stmt_list(body)
        .iter()
        .copied()
        .rfind(|&StmtId(id)| facts.stmt_lines[id as usize] <= line);
    let Some(block) = block else { return };
    let Stmt::If { body, .. } = facts.stmt(block) else {
        return;
    };
    let mut frame = Frame {
        scope: Scope::Module(module),
        ..Frame::new(unit, FunctionId(0), Locals::Own(Vec::new()), None, None)
    };
    let _ = machine.forgiving(STEPS, |machine| {
        machine.stack.push(Activation {
            module: unit.id,
            function: FunctionId(0),
            kind: unit.kind,
            line,
        });
        match machine.exec_body(&mut frame, body) {
            Err(Raise::Exhausted) => Err(Raise::Exhausted),
            _ => Ok(Value::None),
        }
    });
    machine.stack.clear();
    machine.pending.clear();
    (machine.undecided, machine.weak_below) = (0, 0);
}

/// Which class a constructor belongs to.
pub fn class_named(unit: &Unit, name: &str) -> Option<ClassId> {
    unit.facts
        .classes
        .iter()
        .position(|class| unit.facts.name(class.qualified_name) == name)
        .map(|position| ClassId(position as u32))
}
