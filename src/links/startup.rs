//! Start-up steps: what a served app does before its first request, as the code of its lifespan and start-up hooks says it.
//!
//! ```python
//! @asynccontextmanager
//! async def lifespan(app):
//!     await platform.start()        # awaits `self.connect()` and `self.load()` of its own: those two are the steps
//!     create_tables()               # a step
//!     logger.info("ready")          # none: `rules/startup.toml` says what does no work
//!     yield
//! ```
//! Which calls there are is read off the code; what they call is known from running it.
//!
//! Not handled: steps of apps that are mounted below the served one, which its server does not start either.

use std::collections::BTreeSet;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::facts::program::{Argument, Expr, ExprId, FunctionId, Span, Stmt};
use crate::project::served::{Served, hooks_of};
use crate::project::values::log::{CallSite, Callee};
use crate::project::values::machine::Machine;
use crate::project::world::{CodePlace, ModuleId, Unit, World};

/// A function of the project.
pub type Code = (ModuleId, FunctionId);

/// Hooks that open hooks are followed so deep.
const DEEPEST_HOOK: usize = 3;

/// One call that a start-up makes.
#[derive(Debug, Clone)]
pub struct Step {
    /// As it is spelled: `self.connect`.
    pub name: String,
    pub place: CodePlace,
    /// The project's function that it runs; none: a library's, or unknown.
    pub callee: Option<Code>,
    /// The functions around it, outermost first: the hook, then what the hook awaits.
    pub around: Vec<Code>,
}

/// What production runs before the first request.
#[derive(Debug, Clone, Default)]
pub struct Startup {
    pub hooks: Vec<Code>,
    pub steps: Vec<Step>,
}

impl Startup {
    /// The functions whose run in a test says something about a step.
    pub fn watched(&self) -> FxHashSet<Code> {
        let steps = self.steps.iter();
        let functions = steps.flat_map(|step| step.around.iter().copied().chain(step.callee));
        functions.chain(self.hooks.iter().copied()).collect()
    }
}

impl Step {
    /// Does a test that ran these functions, and replaced those of the start-up, run the step itself?
    pub fn is_run(&self, ran: &FxHashSet<Code>, replaced: &FxHashSet<Code>) -> bool {
        match self.callee {
            Some(callee) if ran.contains(&callee) => true,
            // Running it could not be followed so far. Where some step is replaced, what comes after it may not be reached.
            _ => replaced.is_empty() && self.around.iter().any(|code| ran.contains(code)),
        }
    }
}

/// Reads the start-up of the served apps, which have been started.
pub fn find(machine: &mut Machine<'_>, served: &[Served]) -> Startup {
    let mut startup = Startup::default();
    for served in served {
        for hook in hooks_of(machine, served.app) {
            if !startup.hooks.contains(&hook) {
                startup.hooks.push(hook);
            }
        }
    }
    let mut sites: FxHashMap<(Code, u32), Vec<Callee>> = FxHashMap::default();
    let seen: BTreeSet<CallSite> = machine.call_sites.drain().collect();
    for site in seen {
        let key = ((site.module, site.function), site.line);
        sites.entry(key).or_default().push(site.callee);
    }
    let reader = Reader {
        world: machine.world,
        sites,
    };
    for &hook in &startup.hooks {
        startup.steps.extend(reader.steps_of_hook(hook, &[]));
    }
    let mut known = BTreeSet::new();
    startup
        .steps
        .retain(|step| known.insert((step.place.module, step.place.line, step.name.clone())));
    startup
}

struct Reader<'w> {
    world: &'w World<'w>,
    /// What the calls on a line of a function were seen to call.
    sites: FxHashMap<(Code, u32), Vec<Callee>>,
}

/// How a call stands in the code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stands {
    Awaited,
    /// A statement of its own: made for what it does.
    Alone,
    /// Opened by a `with`.
    Opened,
}

/// A call in the body of one function.
struct Call {
    expr: ExprId,
    line: u32,
    stands: Stands,
}

/// What a call is.
enum Meaning {
    Own(Code),
    /// Of a library, or unknown, and worth a step.
    Other,
    /// Its arguments are what runs.
    HandsOver,
    Nothing,
}

impl<'w> Reader<'w> {
    fn steps_of_hook(&self, hook: Code, around: &[Code]) -> Vec<Step> {
        let Some(unit) = self.world.loaded(hook.0) else {
            return Vec::new();
        };
        if around.len() >= DEEPEST_HOOK || around.contains(&hook) {
            return Vec::new();
        }
        let around = [around, &[hook]].concat();
        let mut steps = Vec::new();
        for call in calls_before_yield(unit, hook.1) {
            self.step(unit, &call, &around, &mut steps);
        }
        steps
    }

    fn step(&self, unit: &Unit, call: &Call, around: &[Code], steps: &mut Vec<Step>) {
        let Expr::Call {
            function,
            arguments,
        } = unit.facts.expr(call.expr)
        else {
            return;
        };
        let Some(caller) = around.last() else { return };
        let Some(name) = spelled(unit, function) else {
            return;
        };
        let callee = match self.meaning(unit, *caller, call, &name) {
            Meaning::Own(code) => Some(code),
            Meaning::Other => None,
            Meaning::HandsOver => {
                self.handed_over(unit, call, around, arguments, steps);
                return;
            }
            Meaning::Nothing => return,
        };
        if let Some(code) = callee {
            let is_hook = call.stands == Stands::Opened
                && self
                    .world
                    .loaded(code.0)
                    .is_some_and(|unit| unit.facts.function(code.1).is_generator);
            let inner = if is_hook {
                self.steps_of_hook(code, around)
            } else if call.stands == Stands::Awaited {
                self.steps_of_conductor(code, around)
            } else {
                Vec::new()
            };
            if !inner.is_empty() {
                steps.extend(inner);
                return;
            }
        }
        steps.push(Step {
            name,
            place: CodePlace {
                module: unit.id,
                line: call.line,
            },
            callee,
            around: around.to_vec(),
        });
    }

    /// A function that awaits others of its own object or module, one after the other, conducts: those are the steps.
    fn steps_of_conductor(&self, code: Code, around: &[Code]) -> Vec<Step> {
        let Some(unit) = self.world.loaded(code.0) else {
            return Vec::new();
        };
        if !unit.facts.function(code.1).is_async || around.contains(&code) {
            return Vec::new();
        }
        let inside = [around, &[code]].concat();
        let mut steps = Vec::new();
        for call in calls_before_yield(unit, code.1) {
            let Expr::Call { function, .. } = unit.facts.expr(call.expr) else {
                continue;
            };
            let Some(name) = spelled(unit, function) else {
                continue;
            };
            if call.stands == Stands::Awaited
                && let Some(callee) = own_by_name(unit, code.1, &name)
            {
                steps.push(Step {
                    name,
                    place: CodePlace {
                        module: unit.id,
                        line: call.line,
                    },
                    callee: Some((unit.id, callee)),
                    around: inside.clone(),
                });
            }
        }
        steps
    }

    /// `asyncio.gather(a(), b())`, `run_in_threadpool(migrate)`.
    fn handed_over(
        &self,
        unit: &Unit,
        call: &Call,
        around: &[Code],
        arguments: Span,
        steps: &mut Vec<Step>,
    ) {
        for Argument { value, .. } in unit.facts.argument_list(arguments) {
            match unit.facts.expr(*value) {
                Expr::Call { .. } => {
                    let inner = Call {
                        expr: *value,
                        line: unit.facts.expr_line(*value),
                        stands: Stands::Awaited,
                    };
                    self.step(unit, &inner, around, steps);
                }
                Expr::Name(_) | Expr::Local(_) | Expr::Attribute { .. } => {
                    let (Some(name), Some(caller)) = (spelled(unit, *value), around.last()) else {
                        continue;
                    };
                    if let Some(code) = self.own_at(unit, *caller, call.line, &name) {
                        steps.push(Step {
                            name,
                            place: CodePlace {
                                module: unit.id,
                                line: call.line,
                            },
                            callee: Some(code),
                            around: around.to_vec(),
                        });
                    }
                }
                _ => {}
            }
        }
    }

    fn meaning(&self, unit: &Unit, caller: Code, call: &Call, name: &str) -> Meaning {
        if let Some(code) = self.own_at(unit, caller, call.line, name) {
            return Meaning::Own(code);
        }
        let rules = &self.world.rules.startup;
        let last = name.rsplit('.').next().unwrap_or(name);
        let seen = self.sites.get(&(caller, call.line));
        let library = seen.into_iter().flatten().find_map(|callee| match callee {
            Callee::Library(path) => (path.rsplit('.').next() == Some(last)).then(|| path.clone()),
            Callee::Own(..) => None,
        });
        match library {
            Some(path) if rules.hands_over.iter().any(|known| **known == *path) => {
                Meaning::HandsOver
            }
            Some(path) if rules.is_no_step(&path) => Meaning::Nothing,
            Some(_) => Meaning::Other,
            None if call.stands == Stands::Awaited && !rules.is_no_step(name) => Meaning::Other,
            None => Meaning::Nothing,
        }
    }

    /// The project's function that the call of this name is.
    fn own_at(&self, unit: &Unit, caller: Code, line: u32, name: &str) -> Option<Code> {
        let last = name.rsplit('.').next().unwrap_or(name);
        let seen = self.sites.get(&(caller, line));
        let own: Vec<Code> = seen
            .into_iter()
            .flatten()
            .filter_map(|callee| match callee {
                Callee::Own(module, function) => Some((*module, *function)),
                Callee::Library(_) => None,
            })
            .filter(|code| is_named(self.world, *code, last))
            .collect();
        // Of several alternatives, the one beside the caller.
        let near = own.iter().find(|code| code.0 == caller.0);
        near.or(own.first())
            .copied()
            .or_else(|| own_by_name(unit, caller.1, name).map(|found| (unit.id, found)))
    }
}

/// Is it the function of this name, or the constructor of a class of this name?
fn is_named(world: &World<'_>, code: Code, name: &str) -> bool {
    let Some(unit) = world.loaded(code.0) else {
        return false;
    };
    let qualified = unit.facts.name(unit.facts.function(code.1).qualified_name);
    let mut parts = qualified.rsplit('.');
    let last = parts.next();
    last == Some(name) || last == Some("__init__") && parts.next() == Some(name)
}

/// `self.connect` in a method of a class, or `connect` in its module, as the code beside it says.
fn own_by_name(unit: &Unit, caller: FunctionId, name: &str) -> Option<FunctionId> {
    let facts = &unit.facts;
    let wanted = match name.split_once('.') {
        Some(("self", method)) => {
            let qualified = facts.name(facts.function(caller).qualified_name);
            let (class, _) = qualified.rsplit_once('.')?;
            format!("{class}.{method}")
        }
        Some(_) => return None,
        None => name.to_string(),
    };
    let position = facts
        .functions
        .iter()
        .rposition(|function| facts.name(function.qualified_name) == wanted)?;
    Some(FunctionId(position as u32))
}

/// `self.cache.connect`: names and attributes only.
fn spelled(unit: &Unit, expr: ExprId) -> Option<String> {
    let facts = &unit.facts;
    match facts.expr(expr) {
        Expr::Name(name) => Some(facts.name(name).to_string()),
        Expr::Local(slot) => {
            let innermost = facts.function(facts.function_at(facts.expr_line(expr)));
            let name = innermost.locals.get(slot as usize)?;
            Some(facts.name(*name).to_string())
        }
        Expr::Attribute { object, name } => {
            let inner = match facts.expr(object) {
                Expr::Call { function, .. } => format!("{}()", spelled(unit, function)?),
                _ => spelled(unit, object)?,
            };
            Some(format!("{inner}.{}", facts.name(name)))
        }
        _ => None,
    }
}

/// The calls of a function's own body that may be steps, in order, up to its `yield`.
fn calls_before_yield(unit: &Unit, function: FunctionId) -> Vec<Call> {
    let mut walk = Walk {
        unit,
        calls: Vec::new(),
        has_yielded: false,
    };
    walk.body(unit.facts.function(function).body);
    walk.calls
}

/// Does a body have a `yield` as a statement?
fn yields(unit: &Unit, body: Span) -> bool {
    let mut walk = Walk {
        unit,
        calls: Vec::new(),
        has_yielded: false,
    };
    walk.body(body);
    walk.has_yielded
}

struct Walk<'a> {
    unit: &'a Unit,
    calls: Vec<Call>,
    has_yielded: bool,
}

impl Walk<'_> {
    fn body(&mut self, body: Span) {
        for statement in self.unit.facts.stmt_list(body) {
            if self.has_yielded {
                return;
            }
            self.statement(self.unit.facts.stmt(*statement));
        }
    }

    fn statement(&mut self, statement: Stmt) {
        let facts = &self.unit.facts;
        match statement {
            Stmt::Expr(value) => self.value(value, Some(Stands::Alone)),
            Stmt::Assign { value, .. }
            | Stmt::AnnAssign { value, .. }
            | Stmt::AugAssign { value, .. }
            | Stmt::Return(Some(value))
            | Stmt::Assert { test: value, .. } => self.value(value, None),
            Stmt::If {
                test,
                body,
                otherwise,
            }
            | Stmt::While {
                test,
                body,
                otherwise,
            } => {
                self.value(test, None);
                self.body(body);
                self.body(otherwise);
            }
            Stmt::For {
                iterable,
                body,
                otherwise,
                ..
            } => {
                self.value(iterable, None);
                self.body(body);
                self.body(otherwise);
            }
            Stmt::With { items, body } => {
                // A context that is closed again before the `yield` serves the steps inside.
                let stays_open = yields(self.unit, body);
                for item in &facts.with_items[items.range()] {
                    self.value(item.context, stays_open.then_some(Stands::Opened));
                }
                self.body(body);
            }
            Stmt::Try {
                body,
                tail,
                otherwise_len,
                ..
            } => {
                self.body(body);
                // What its handlers do is what happens when the start-up fails.
                self.body(Span {
                    start: tail.start,
                    len: otherwise_len,
                });
            }
            Stmt::Match { cases, .. } => {
                for case in &facts.cases[cases.range()] {
                    self.body(case.body);
                }
            }
            _ => {}
        }
    }

    fn value(&mut self, expr: ExprId, stands: Option<Stands>) {
        let facts = &self.unit.facts;
        match facts.expr(expr) {
            Expr::Yield(_) | Expr::YieldFrom(_) => self.has_yielded = true,
            Expr::Await(inner) => match facts.expr(inner) {
                Expr::Call { .. } => self.call(inner, Stands::Awaited),
                _ => self.value(inner, None),
            },
            Expr::Call { arguments, .. } => {
                if let Some(stands) = stands {
                    self.call(expr, stands);
                } else {
                    // `task = create_task(self.watch())`
                    for argument in facts.argument_list(arguments) {
                        if let Expr::Await(_) = facts.expr(argument.value) {
                            self.value(argument.value, None);
                        }
                    }
                }
            }
            Expr::Unary { operand, .. } => self.value(operand, None),
            Expr::And(operands) | Expr::Or(operands) => {
                for operand in facts.expr_list(operands) {
                    self.value(*operand, None);
                }
            }
            _ => {}
        }
    }

    fn call(&mut self, expr: ExprId, stands: Stands) {
        let line = self.unit.facts.expr_line(expr);
        self.calls.push(Call { expr, line, stands });
    }
}
