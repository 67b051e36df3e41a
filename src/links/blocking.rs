//! What blocks the event loop: the calls that wait in an `async def` of live code, and how production comes there.
//!
//! `GET /report` awaits `load()`, which calls `requests.get`: one [`Blocked`] with the route and the way from it. Code that no route
//! and no start-up was seen to reach is run by itself, function by function, so that nothing live is left out.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::facts::program::{Expr, Function, FunctionId};
use crate::links::startup::Code;
use crate::project::values::blocking::{BlockingCall, End};
use crate::project::values::calls::Args;
use crate::project::values::heap::Object;
use crate::project::values::machine::{Activation, Eval, Machine, Raise};
use crate::project::values::value::{ObjectId, Reason, Value};
use crate::project::world::{CodePlace, ModuleId, ModuleKind, Unit, World};

/// Steps that one function may take when it is run by itself.
const STEPS: u64 = 3_000;

/// A call that waits in an `async def`.
#[derive(Debug, Clone)]
pub struct Blocked {
    /// Position in the rules.
    pub rule: usize,
    pub path: Arc<str>,
    pub place: CodePlace,
    pub has_timeout: bool,
    /// The function that makes the call.
    pub caller: Code,
    /// From the `async def` to the call, each with the line that leads on.
    pub inside: Vec<Activation>,
    /// From the handler, or the start-up hook, to the `async def`; empty when nothing was seen to lead there.
    pub way: Vec<Activation>,
    /// Positions of the routes that wait with it.
    pub routes: BTreeSet<usize>,
    pub is_at_start: bool,
}

/// Where calls were noted.
#[derive(Debug, Clone, Copy)]
pub enum Origin {
    Start,
    Route(usize),
    Alone,
}

/// One entry for each call, in the order of files and lines.
pub fn gather<'c>(
    world: &World<'_>,
    calls: impl Iterator<Item = (Origin, &'c BlockingCall)>,
) -> Vec<Blocked> {
    let mut found: BTreeMap<(Arc<str>, u32, Arc<str>), Blocked> = BTreeMap::new();
    for (origin, call) in calls {
        let End::Async(end) = call.end else { continue };
        let is_own = |frame: &&Activation| world.kind(frame.module) == ModuleKind::App;
        let Some(first) = call.frames.first() else {
            continue;
        };
        let key = (world.path(first.module), first.line, call.path.clone());
        let blocked = found.entry(key).or_insert_with(|| {
            let frames = |frames: &[Activation]| {
                let mut own: Vec<Activation> = frames.iter().filter(is_own).copied().collect();
                own.reverse();
                own
            };
            Blocked {
                rule: call.rule,
                path: call.path.clone(),
                place: CodePlace {
                    module: first.module,
                    line: first.line,
                },
                has_timeout: call.has_timeout,
                caller: (first.module, first.function),
                inside: frames(&call.frames[..=end]),
                way: match origin {
                    Origin::Alone => Vec::new(),
                    Origin::Start | Origin::Route(_) => frames(&call.frames[end + 1..]),
                },
                routes: BTreeSet::new(),
                is_at_start: false,
            }
        });
        // One of them may be made with a timeout, and another without.
        blocked.has_timeout &= call.has_timeout;
        match origin {
            Origin::Start => blocked.is_at_start = true,
            Origin::Route(route) => {
                blocked.routes.insert(route);
            }
            Origin::Alone => {}
        }
    }
    found.into_values().collect()
}

/// What running each `async def` by itself gives.
#[derive(Debug, Default)]
pub struct Swept {
    pub calls: Vec<BlockingCall>,
    /// The functions that were not run to their end.
    pub cut_off: Vec<Code>,
}

/// Runs each `async def` of live modules by itself, in those that name something that may wait.
pub fn sweep<'w>(
    world: &'w World<'w>,
    live: &FxHashSet<ModuleId>,
    base: &'w [Object],
    modules: &'w FxHashMap<ModuleId, ObjectId>,
) -> Swept {
    let rules = &world.rules.blocking;
    let (modules_that_wait, names) = (rules.modules(), rules.last_names());
    let mut wanted: Vec<ModuleId> = live.iter().copied().collect();
    wanted.sort_unstable();
    let parts: Vec<Swept> = wanted
        .par_iter()
        .with_max_len(1)
        .map(|&module| {
            let Some(unit) = world.loaded(module) else {
                return Swept::default();
            };
            let functions = candidates(unit, &modules_that_wait, &names);
            if functions.is_empty() {
                return Swept::default();
            }
            let mut machine = Machine::new(world, base, modules);
            machine.notes_blocking = true;
            let mut cut_off = run_all(&mut machine, module, &functions);
            let dropped = machine.log.dropped.take();
            cut_off.extend(dropped.map(|frame| (frame.module, frame.function)));
            Swept {
                calls: std::mem::take(&mut machine.log.blocking),
                cut_off,
            }
        })
        .collect();
    let mut swept = Swept::default();
    for part in parts {
        swept.calls.extend(part.calls);
        swept.cut_off.extend(part.cut_off);
    }
    swept
}

/// The `async def`s that may wait: all of a file that names a library whose objects do, else those with a call of such a name.
fn candidates(unit: &Unit, modules: &[&str], names: &[&str]) -> Vec<FunctionId> {
    let facts = &unit.facts;
    let is_among = |words: &[&str], word: &str| words.binary_search(&word).is_ok();
    let has_library = facts
        .names
        .iter()
        .any(|name| is_among(modules, name.split('.').next().unwrap_or(name)));
    let mut lines: Vec<u32> = Vec::new();
    if !has_library {
        for (position, expr) in facts.exprs.iter().enumerate() {
            if let Expr::Call { function, .. } = expr
                && let Expr::Name(name) | Expr::Attribute { name, .. } = facts.expr(*function)
                && is_among(names, facts.name(name))
            {
                lines.push(facts.expr_lines[position]);
            }
        }
    }
    let waits =
        |function: &Function| has_library || lines.iter().any(|line| function.has_line(*line));
    let functions = facts.functions.iter().enumerate();
    functions
        // What is made inside of a function is made when that runs.
        .filter(|(_, function)| {
            function.is_async && !facts.name(function.qualified_name).contains("<locals>")
        })
        .filter(|(_, function)| waits(function))
        .map(|(position, _)| FunctionId(position as u32))
        .collect()
}

/// Gives those that were cut off.
fn run_all(machine: &mut Machine<'_>, module: ModuleId, functions: &[FunctionId]) -> Vec<Code> {
    let mut cut_off = Vec::new();
    let Some(unit) = machine.world.loaded(module) else {
        return cut_off;
    };
    let Some(object) = machine.import_module(module) else {
        return cut_off;
    };
    for &function in functions {
        let qualified = unit.facts.function(function).qualified_name;
        machine.begin_trial();
        let qualified = unit.facts.name(qualified);
        let result = run_function(machine, object, qualified, (module, function));
        if matches!(
            result,
            Ok(Value::Unknown(Reason::Bound)) | Err(Raise::Exhausted)
        ) {
            cut_off.push((module, function));
        }
        machine.end_trial();
    }
    cut_off
}

/// Runs a function of a module by itself, of a class on an object that nobody made; what it returns.
pub(super) fn run_function(
    machine: &mut Machine<'_>,
    object: ObjectId,
    qualified: &str,
    (module, function): Code,
) -> Eval {
    let result = machine.forgiving(STEPS, |machine| {
        machine.stack.push(Activation {
            module,
            function: FunctionId(0),
            kind: ModuleKind::App,
            line: 0,
        });
        let mut value = Value::Object(object);
        for part in qualified.split('.') {
            if machine.is_class(&value) {
                value = machine.instance_of(&value)?;
            }
            let name = machine.symbol(part);
            value = machine.attribute(&value, name)?;
        }
        if machine.code_of(&value) != Some((module, function)) {
            return Ok(Value::None);
        }
        // Whether an argument is its default is not known.
        let args = Args {
            is_open: true,
            ..Args::default()
        };
        match machine.call(&value, args) {
            // A bound inside of it is not one around it.
            Err(Raise::Exception(_)) | Ok(Value::Unknown(_)) => Ok(Value::None),
            other => other,
        }
    });
    machine.stack.clear();
    machine.pending.clear();
    result
}
