//! Functions that make an app, in a project in which nothing says how it is started.
//!
//! `def build(settings): return FastAPI()` needs arguments; `def create_app(): return build(Settings())` knows them, so it is called.

use crate::facts::program::{FunctionId, ParameterKind};
use crate::project::served::calls_in;
use crate::project::values::machine::Machine;
use crate::project::world::{ModuleId, ModuleKind};

/// So many functions may hand arguments on to the one that makes the app.
const MOST_CALLERS: usize = 3;

type Code = (ModuleId, FunctionId);

/// The functions to call: first with those that know the arguments of others, then with those that need them, too.
pub fn find(machine: &mut Machine<'_>, makers: &[ModuleId]) -> [Vec<Code>; 2] {
    for &module in makers {
        machine.import_module(module);
    }
    let modules = modules(machine, makers);
    let classes = app_classes(machine);
    let needy = calling(machine, &modules, |name| {
        classes.iter().any(|class| class == name)
    });
    let mut knowing: Vec<Code> = Vec::new();
    for &code in &needy {
        knowing.extend(knowing_arguments(machine, &modules, code, MOST_CALLERS));
    }
    let mut seen = Vec::new();
    knowing.retain(|code| {
        let is_new = !seen.contains(code);
        seen.push(*code);
        is_new
    });
    [knowing, needy]
}

/// The function, or those that call it with its arguments.
fn knowing_arguments(
    machine: &Machine<'_>,
    modules: &[ModuleId],
    code: Code,
    depth: usize,
) -> Vec<Code> {
    let (module, function) = code;
    let Some(unit) = machine.world.unit(module) else {
        return Vec::new();
    };
    let facts = &unit.facts;
    let found = facts.function(function);
    let is_plain = facts.name(found.name) == facts.name(found.qualified_name);
    let needs_arguments = facts
        .parameter_list(found.parameters)
        .iter()
        .any(|parameter| {
            parameter.default.is_none()
                && !matches!(
                    parameter.kind,
                    ParameterKind::Star | ParameterKind::DoubleStar
                )
        });
    if depth == 0 || !is_plain || !needs_arguments {
        return vec![code];
    }
    let mut callers = calling(machine, modules, |name| name == facts.name(found.name));
    callers.retain(|caller| *caller != code);
    if callers.is_empty() {
        return vec![code];
    }
    let above = callers.into_iter();
    above
        .flat_map(|caller| knowing_arguments(machine, modules, caller, depth - 1))
        .collect()
}

/// The functions that call something of such a name, each once; what a module calls itself has been called.
fn calling(
    machine: &Machine<'_>,
    modules: &[ModuleId],
    wanted: impl Fn(&str) -> bool,
) -> Vec<Code> {
    let mut found = Vec::new();
    for &module in modules {
        let Some(unit) = machine.world.unit(module) else {
            continue;
        };
        for (function, _) in calls_in(unit, &wanted) {
            if function != FunctionId(0) && !found.contains(&(module, function)) {
                found.push((module, function));
            }
        }
    }
    found
}

/// The modules that make an app by its class's own name, and those that may make one of a class that the project derives.
fn modules(machine: &Machine<'_>, makers: &[ModuleId]) -> Vec<ModuleId> {
    let aside = &machine.world.rules.names.aside;
    let is_aside = |module: ModuleId| {
        let path = machine.world.path(module);
        path.split('/')
            .any(|part| aside.iter().any(|known| known == part))
    };
    let mut others: Vec<ModuleId> = machine
        .modules
        .keys()
        .copied()
        .filter(|module| machine.world.kind(*module) == ModuleKind::App)
        .filter(|module| !makers.contains(module) && !is_aside(*module))
        .collect();
    others.sort_unstable();
    makers.iter().copied().chain(others).collect()
}

/// The names of app classes: those of the frameworks, and of the project's own.
fn app_classes(machine: &Machine<'_>) -> Vec<String> {
    let rules = machine.world.rules.names.apps.iter();
    let mut names: Vec<String> = rules
        .map(|text| text.trim_end_matches('(').to_string())
        .collect();
    let marker = machine.world.symbols.intern("covgap_app");
    for id in machine.heap.ids() {
        if let Some(class) = machine.heap.class(id)
            && machine.world.kind(class.module) == ModuleKind::App
            && machine.class_attribute(id, marker).is_some()
        {
            names.push(machine.spelled(class.name).to_string());
        }
    }
    names
}
