//! Tests as pytest collects them: functions and methods by name patterns, inherited ones too, with their marks and parameters.
//!
//! `@pytest.mark.parametrize("path, status", [("/a", 200), ("/b", 404)])` gives one test with two rows.
//! Source: <https://docs.pytest.org/en/stable/explanation/goodpractices.html#conventions-for-python-test-discovery>

use std::sync::Arc;

use crate::project::symbols::Symbol;
use crate::project::values::heap::{ModuleState, Object};
use crate::project::values::machine::{Machine, Raise};
use crate::project::values::value::{ObjectId, Reason, Value};
use crate::project::world::{CodePlace, ModuleId};
use crate::source::PytestConfig;

/// Most rows of parameters that one test is walked with.
const MOST_ROWS: usize = 160;

/// One test with its parameters folded.
#[derive(Debug, Clone)]
pub struct TestItem {
    /// `path::Class::name`.
    pub id: String,
    pub place: CodePlace,
    pub module: ModuleId,
    pub function: Value,
    pub class: Option<ObjectId>,
    /// Of the function, its classes and its module, the nearest first.
    pub marks: Vec<Mark>,
    pub is_unittest: bool,
}

#[derive(Debug, Clone)]
pub struct Mark {
    /// As Python has it.
    pub object: Value,
    pub name: Arc<str>,
    pub args: Vec<Value>,
    pub named: Vec<(Arc<str>, Value)>,
}

/// A test file that can't be collected.
#[derive(Debug, Clone)]
pub struct Uncollectable {
    pub module: ModuleId,
    pub line: u32,
    pub says: String,
    /// Only beside another file.
    pub is_clash: bool,
}

/// The values of one row: parameter or fixture name → value, and whether it goes to the fixture of that name.
#[derive(Debug, Clone, Default)]
pub struct Row {
    pub values: Vec<(Arc<str>, Value, Passing)>,
    pub is_skipped: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Passing {
    Direct,
    /// As `request.param` of the fixture of that name.
    Indirect,
}

/// The tests of one file, in order.
pub fn collect<'w>(
    machine: &mut Machine<'w>,
    module: ModuleId,
    config: &PytestConfig,
) -> Result<Vec<TestItem>, Uncollectable> {
    let Some(object) = machine.module_object(module) else {
        return Err(unreadable(machine, module));
    };
    if let Some(ModuleState::Broken { line, says }) = machine.module_state(object) {
        return Err(Uncollectable {
            module,
            line: *line,
            says: says.to_string(),
            is_clash: false,
        });
    }
    let Some(unit) = machine.world.named(module) else {
        return Err(unreadable(machine, module));
    };
    let Object::Module(found) = machine.heap.get(object) else {
        return Ok(Vec::new());
    };
    let names: Vec<(Symbol, Value)> = found
        .names
        .order()
        .iter()
        .filter_map(|name| found.names.get(name).map(|value| (*name, value.clone())))
        .collect();
    let module_marks = match found.names.get(&machine.symbol("pytestmark")).cloned() {
        Some(value) => marks_of(machine, &value),
        None => Vec::new(),
    };
    let mut items = Vec::new();
    for (name, value) in names {
        let spelled = machine.spelled(name);
        for one in value.alternatives().to_vec() {
            let Value::Object(id) = one else { continue };
            match machine.heap.get(id) {
                Object::Function(_) | Object::Partial { .. }
                    if matches_name(&config.python_functions, &spelled) =>
                {
                    if let Some(item) = function_item(
                        machine,
                        module,
                        &unit.path,
                        &[],
                        &spelled,
                        &Value::Object(id),
                        None,
                        &module_marks,
                        false,
                    ) {
                        items.push(item);
                    }
                }
                Object::Class(_) => collect_class(
                    machine,
                    module,
                    &unit.path,
                    &spelled,
                    id,
                    config,
                    &module_marks,
                    &mut items,
                ),
                _ => {}
            }
        }
    }
    Ok(items)
}

fn unreadable(machine: &Machine<'_>, module: ModuleId) -> Uncollectable {
    let says = match machine.world.unreadable(module) {
        Some(why) => format!("it can't be read: {why}"),
        None => "it can't be read".into(),
    };
    Uncollectable {
        module,
        line: 1,
        says,
        is_clash: false,
    }
}

#[allow(clippy::too_many_arguments)]
fn collect_class<'w>(
    machine: &mut Machine<'w>,
    module: ModuleId,
    path: &str,
    name: &str,
    class: ObjectId,
    config: &PytestConfig,
    outer: &[Mark],
    items: &mut Vec<TestItem>,
) {
    let case = machine.symbol("covgap_test_case");
    let is_unittest = machine.class_attribute(class, case).is_some();
    let is_model = machine.kind_of_class(class) == Some(crate::project::world::ModuleKind::Model);
    if is_model || !is_unittest && !matches_name(&config.python_classes, name) {
        return;
    }
    let flag = machine.symbol("__test__");
    if let Some((Value::Bool(false), _)) = machine.class_attribute(class, flag) {
        return;
    }
    if !is_unittest
        && machine
            .class_attribute(class, Symbol::INIT)
            .is_some_and(|(_, owner)| {
                machine.kind_of_class(owner) != Some(crate::project::world::ModuleKind::Model)
            })
    {
        return;
    }
    let mark_name = machine.symbol("pytestmark");
    let Some(found) = machine.heap.class(class) else {
        return;
    };
    let mro = found.mro.clone();
    let mut marks = Vec::new();
    let mut names: Vec<(Symbol, Value)> = Vec::new();
    for one in &mro {
        let Value::Object(parent) = one else { continue };
        let Some(parent) = machine.heap.class(*parent) else {
            continue;
        };
        let entries = parent.names.entries().to_vec();
        if let Some(value) = parent.names.get(mark_name).cloned() {
            marks.extend(marks_of(machine, &value));
        }
        for (name, value) in entries {
            if !names.iter().any(|(known, _)| *known == name) {
                names.push((name, value));
            }
        }
    }
    marks.extend_from_slice(outer);
    for (method, value) in names {
        let spelled = machine.spelled(method);
        let Value::Object(id) = value else { continue };
        match machine.heap.get(id) {
            Object::Function(_) | Object::Descriptor { .. } | Object::Partial { .. } => {
                let fits = if is_unittest {
                    spelled.starts_with("test")
                } else {
                    matches_name(&config.python_functions, &spelled)
                };
                if fits
                    && let Some(item) = function_item(
                        machine,
                        module,
                        path,
                        &[name],
                        &spelled,
                        &Value::Object(id),
                        Some(class),
                        &marks,
                        is_unittest,
                    )
                {
                    items.push(item);
                }
            }
            Object::Class(_) if !is_unittest => {
                let nested = format!("{name}::{spelled}");
                if matches_name(&config.python_classes, &spelled) {
                    let before = items.len();
                    collect_class(machine, module, path, &spelled, id, config, &marks, items);
                    for item in &mut items[before..] {
                        item.id = item.id.replacen(
                            &format!("::{spelled}::"),
                            &format!("::{nested}::"),
                            1,
                        );
                    }
                }
            }
            _ => {}
        }
    }
}

#[allow(clippy::too_many_arguments)]
fn function_item<'w>(
    machine: &mut Machine<'w>,
    module: ModuleId,
    path: &str,
    classes: &[&str],
    name: &str,
    function: &Value,
    class: Option<ObjectId>,
    outer: &[Mark],
    is_unittest: bool,
) -> Option<TestItem> {
    let code = machine.handler_of(function, 0)?;
    let mark_name = machine.symbol("pytestmark");
    let own = match function {
        Value::Object(id) => match machine.heap.get(*id) {
            Object::Function(function) => function.attributes.get(mark_name).cloned(),
            _ => None,
        },
        _ => None,
    };
    let mut marks = match own {
        Some(value) => marks_of(machine, &value),
        None => Vec::new(),
    };
    marks.extend_from_slice(outer);
    let mut id = path.to_string();
    for class in classes {
        id.push_str("::");
        id.push_str(class);
    }
    id.push_str("::");
    id.push_str(name);
    Some(TestItem {
        id,
        place: CodePlace {
            module: code.module,
            line: code.line,
        },
        module,
        function: function.clone(),
        class,
        marks,
        is_unittest,
    })
}

/// pytest's patterns are prefixes, or globs if they hold a glob's characters.
pub fn matches_name(patterns: &[String], name: &str) -> bool {
    patterns.iter().any(|pattern| {
        if pattern.contains(['*', '?', '[']) {
            crate::source::patterns::matches(pattern, name)
        } else {
            name.starts_with(pattern.as_str())
        }
    })
}

/// The marks in a `pytestmark`: one, or a list.
pub fn marks_of(machine: &mut Machine<'_>, value: &Value) -> Vec<Mark> {
    let values = match value {
        Value::Object(id) if machine.heap.instance(*id).is_some() => vec![value.clone()],
        other => machine
            .iterate(other)
            .map(|(items, _)| items)
            .unwrap_or_default(),
    };
    let symbols = ["name", "args", "kwargs"].map(|name| machine.symbol(name));
    let mut marks = Vec::new();
    for value in values {
        let Value::Object(id) = value else { continue };
        let Some(instance) = machine.heap.instance(id) else {
            continue;
        };
        let [name, args, named] = symbols.map(|symbol| instance.attributes.get(symbol).cloned());
        let Some(Value::Text(name)) = name else {
            continue;
        };
        let args = args
            .and_then(|args| machine.iterate(&args).ok())
            .map(|(items, _)| items)
            .unwrap_or_default();
        let named = match named {
            Some(Value::Object(dict)) => match machine.heap.get(dict) {
                Object::Dict(dict) => dict
                    .items
                    .iter()
                    .filter_map(|(key, value)| {
                        key.literal().map(|key| (Arc::from(key), value.clone()))
                    })
                    .collect(),
                _ => Vec::new(),
            },
            _ => Vec::new(),
        };
        marks.push(Mark {
            object: Value::Object(id),
            name,
            args,
            named,
        });
    }
    marks
}

/// The rows of a test's parametrize marks: stacked ones multiply, up to a bound; beyond it every row of each still appears.
pub fn rows(machine: &mut Machine<'_>, marks: &[Mark]) -> Result<Vec<Row>, Raise> {
    let mut rows = vec![Row::default()];
    for mark in marks.iter().filter(|mark| &*mark.name == "parametrize") {
        let one = rows_of(machine, mark)?;
        rows = multiply(rows, one);
    }
    Ok(rows)
}

pub fn multiply(rows: Vec<Row>, more: Vec<Row>) -> Vec<Row> {
    if more.is_empty() {
        return rows;
    }
    let join = |one: &Row, two: &Row| Row {
        values: [one.values.clone(), two.values.clone()].concat(),
        is_skipped: one.is_skipped || two.is_skipped,
    };
    if rows.len() * more.len() <= MOST_ROWS {
        return rows
            .iter()
            .flat_map(|one| more.iter().map(move |two| join(one, two)))
            .collect();
    }
    let count = rows.len().max(more.len()).min(MOST_ROWS);
    (0..count)
        .map(|position| join(&rows[position % rows.len()], &more[position % more.len()]))
        .collect()
}

fn rows_of(machine: &mut Machine<'_>, mark: &Mark) -> Result<Vec<Row>, Raise> {
    let named = |name: &str| {
        mark.named
            .iter()
            .find(|(known, _)| &**known == name)
            .map(|(_, value)| value.clone())
    };
    let Some(names) = mark.args.first().cloned().or_else(|| named("argnames")) else {
        return Ok(Vec::new());
    };
    let Some(values) = mark.args.get(1).cloned().or_else(|| named("argvalues")) else {
        return Ok(Vec::new());
    };
    let names: Vec<Arc<str>> = match names.literal() {
        Some(text) => text
            .split(',')
            .map(str::trim)
            .filter(|name| !name.is_empty())
            .map(Arc::from)
            .collect(),
        None => machine
            .iterate(&names)?
            .0
            .iter()
            .filter_map(|name| name.literal().map(Arc::from))
            .collect(),
    };
    let indirect = named("indirect").or_else(|| mark.args.get(2).cloned());
    let is_indirect: Vec<Passing> = {
        let listed = match &indirect {
            Some(Value::Bool(true)) => names.clone(),
            Some(value @ (Value::Object(_) | Value::Tuple(_))) => machine
                .iterate(value)?
                .0
                .iter()
                .filter_map(|name| name.literal().map(Arc::from))
                .collect(),
            _ => Vec::new(),
        };
        names
            .iter()
            .map(|name| {
                if listed.contains(name) {
                    Passing::Indirect
                } else {
                    Passing::Direct
                }
            })
            .collect()
    };
    let (items, is_open) = machine.iterate(&values)?;
    let mut rows = Vec::new();
    let marker = machine.symbol("covgap_param");
    let (values_name, marks_name) = (machine.symbol("values"), machine.symbol("marks"));
    for item in items.into_iter().take(MOST_ROWS * 4) {
        let mut is_skipped = false;
        let cells = match &item {
            Value::Object(id)
                if machine.heap.instance(*id).is_some_and(|instance| {
                    machine.class_attribute(instance.class, marker).is_some()
                }) =>
            {
                let cells = machine.attribute(&item, values_name)?;
                let marks = machine.attribute(&item, marks_name)?;
                is_skipped = marks_of(machine, &marks)
                    .iter()
                    .any(|mark| &*mark.name == "skip");
                machine.iterate(&cells)?.0
            }
            _ if names.len() == 1 => vec![item.clone()],
            other => machine.iterate(other)?.0,
        };
        let values = names
            .iter()
            .zip(&is_indirect)
            .enumerate()
            .map(|(position, (name, passing))| {
                (
                    name.clone(),
                    cells
                        .get(position)
                        .cloned()
                        .unwrap_or(Value::Unknown(Reason::Runtime)),
                    *passing,
                )
            })
            .collect();
        rows.push(Row { values, is_skipped });
    }
    if is_open || rows.is_empty() {
        let values = names
            .iter()
            .zip(&is_indirect)
            .map(|(name, passing)| (name.clone(), Value::Unknown(Reason::Runtime), *passing))
            .collect();
        rows.push(Row {
            values,
            is_skipped: false,
        });
    }
    Ok(rows)
}
