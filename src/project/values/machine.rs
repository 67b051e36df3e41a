//! The machine: runs Python on abstract values. One instance runs modules, fixtures, tests and handlers alike.
//!
//! It executes a body statement by statement. A condition that is known decides; an unknown one runs both branches, one after
//! the other, and joins what they leave. It never fails: what it can't know is an unknown with a reason, and what it can't
//! finish within its bounds is cut off and counted.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::facts::program::FunctionId;
use crate::project::looks::{self, Look};
use crate::project::routes::{Handler, Table};
use crate::project::symbols::Symbol;
use crate::project::values::fields::FieldNames;
use crate::project::values::heap::{Heap, Names, Object, Stamp};
use crate::project::values::log::{CallSite, Effect, Log, Request};
use crate::project::values::metaclasses::Definition;
use crate::project::values::room::{Bound, Room};
use crate::project::values::signature::{Met, ModuleChanges};
use crate::project::values::summaries::{OwnSummaries, Summaries};
use crate::project::values::suspended::Suspension;
use crate::project::values::value::{ObjectId, Reason, Value};
use crate::project::world::{Asking, CodePlace, ModuleId, ModuleKind, Unit, World};

/// Deepest nesting of calls.
pub const DEEPEST: usize = 48;
/// Most activations of one function at a time.
pub const MOST_RECURSION: usize = 3;
/// Most turns of one loop.
pub const MOST_TURNS: usize = 2_000;

/// Steps that a test is granted at most for what it registers.
const MOST_GRANTED: u64 = 2_000_000;

pub type Eval = Result<Value, Raise>;

/// Why execution left a body.
#[derive(Debug, Clone)]
pub enum Raise {
    Exception(Box<Raised>),
    /// The budget is spent.
    Exhausted,
}

/// Two of different places are told apart at once.
#[derive(Debug, Clone, PartialEq)]
pub struct Raised {
    /// The `raise` statement.
    pub place: CodePlace,
    pub exception: Value,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    Normal,
    Return,
    Break,
    Continue,
}

/// One activation, for evidence and bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Activation {
    pub module: ModuleId,
    pub function: FunctionId,
    pub kind: ModuleKind,
    pub line: u32,
}

impl Activation {
    pub fn place(self) -> CodePlace {
        CodePlace {
            module: self.module,
            line: self.line,
        }
    }
}

/// The locals of a running function.
pub enum Locals {
    Own(Vec<Value>),
    /// In the heap, because an inner function may see them.
    Shared(ObjectId),
}

pub enum Scope {
    Function,
    Module(ObjectId),
    Class {
        names: Names,
        fields: Vec<(Symbol, crate::project::values::heap::AnnotationPlace)>,
    },
}

pub struct Frame<'w> {
    pub unit: &'w Unit,
    pub function: FunctionId,
    pub locals: Locals,
    pub closure: Option<ObjectId>,
    pub class: Option<ObjectId>,
    pub scope: Scope,
    pub returned: Option<Value>,
    pub yielded: Vec<Value>,
    /// Exceptions that the handlers around this point handle, for a bare `raise`.
    pub handled: Vec<Raised>,
    /// An undecided branch has left the loop.
    pub may_have_left: bool,
    /// What its early returns say of an answer.
    pub expected: crate::project::values::expectations::Expected,
    /// It is a fixture's: what comes behind its `yield` happens when the test is over.
    pub is_fixture: bool,
    /// Where it stands, if it is the function behind a context manager.
    pub suspension: Suspension,
}

impl<'w> Frame<'w> {
    /// A frame that begins.
    pub fn new(
        unit: &'w Unit,
        function: FunctionId,
        locals: Locals,
        closure: Option<ObjectId>,
        class: Option<ObjectId>,
    ) -> Frame<'w> {
        Frame {
            unit,
            function,
            locals,
            closure,
            class,
            scope: Scope::Function,
            returned: None,
            yielded: Vec::new(),
            handled: Vec::new(),
            may_have_left: false,
            expected: Default::default(),
            is_fixture: false,
            suspension: Suspension::Never,
        }
    }
}

/// How things stand where a fixture gives its value: its test finds them so.
#[derive(Debug)]
pub struct Given {
    /// Objects from here on are made when the test is over.
    pub mark: u32,
    pub value: Value,
    pub next_request: u32,
    pub effects: Vec<Effect>,
    pub lifespans: Vec<ObjectId>,
    pub served: usize,
}

/// A table, and the objects that it was read from.
#[derive(Debug)]
pub struct KnownTable {
    /// Of the app among those that are served.
    pub turn: usize,
    pub table: Arc<Table>,
    /// In order.
    pub read: Box<[ObjectId]>,
}

/// What a trial has to take back beside the heap.
struct Trial {
    /// Objects from here on are made in it.
    mark: u32,
    route_changes: u32,
    /// Steps granted before it.
    granted: u64,
    /// Apps whose tables were made in it, which may refer to what it made.
    tables: Vec<ObjectId>,
    /// How many origins were known before it; none of them is forgotten in it.
    origins: usize,
}

/// How a handler is looked at on all its branches.
#[derive(Debug, Default, Clone, Copy)]
pub struct Exploring {
    pub handler: Option<(ModuleId, FunctionId)>,
    /// What the handler calls takes a small part of the steps that are left.
    pub is_brief: bool,
    /// The handler took more steps than it may.
    pub is_cut_off: bool,
}

pub struct Machine<'w> {
    pub world: &'w World<'w>,
    pub heap: Heap<'w>,
    /// The module object of each module that has been imported: the base's, then this machine's own.
    pub base_modules: &'w FxHashMap<ModuleId, ObjectId>,
    pub modules: FxHashMap<ModuleId, ObjectId>,
    pub stack: Vec<Activation>,
    pub steps: u64,
    pub limit: u64,
    /// The limits with which what the innermost bound, or watch, is around would have been as it was so far.
    pub(super) room: Room,
    /// Steps that imports took, which nobody's bound counts.
    pub granted: u64,
    /// How many modules hand a name on right now that they import for type checkers.
    pub(super) handed_on: usize,
    /// How many undecided conditions enclose this point.
    pub undecided: usize,
    /// How many of them are turns of loops over elements that may be missing: what such a turn registers depends on nothing else.
    pub doubted: usize,
    /// Objects older than this are only weakly updated inside an undecided branch.
    pub weak_below: u32,
    /// Exceptions that may have been raised in branches that were not decided.
    pub pending: Vec<Raised>,
    pub origins: FxHashMap<ObjectId, CodePlace>,
    pub log: Log,
    /// Dotted paths of library names, made once.
    pub paths: FxHashMap<(Symbol, Symbol), Symbol>,
    /// How often a bound cut something off.
    pub bound_reached: u64,
    /// How often something was called that may lead to any code of the project.
    pub strange_calls: u64,
    /// Is an application being made or started? What seems to fail in one statement of that does not keep the next from running.
    pub forgives: bool,
    /// Does a fixture run? What it makes, many tests use.
    pub prepares: bool,
    /// Is this a process of production? Nobody knows which of the project's files lie beside it.
    pub is_live: bool,
    /// After the import statement of this line nothing more runs.
    pub stops_after: Option<CodePlace>,
    /// A statement may not take all of the steps that are left: those after it are wanted, too.
    pub shares: bool,
    /// The function that is about to run is a fixture.
    pub begins_fixture: bool,
    /// Nobody knows what the function that is about to be called is given beside what it asks for: its `*args` are open.
    pub(super) is_given_more: bool,
    /// The function that is about to be called is called in a `return` of one that awaits nothing: who awaits that called it.
    pub(super) is_handed_on: bool,
    /// The generator function that is about to run stops at its first `yield`.
    pub suspends: bool,
    /// The fixture that runs has given its value; a trial is open from there on.
    pub given: Option<Given>,
    /// Nothing is there of what tests look for, and what they assert of it decides.
    pub finds_nothing: bool,
    /// How many `try` blocks enclose this point.
    pub tries: usize,
    /// Modules whose bodies are running, outermost first: how deep the stack was when each began.
    pub importing: Vec<usize>,
    /// While the base is made: the first object that was made for each module whose body ran.
    pub makers: Vec<(u32, Option<ModuleId>)>,
    /// What is known of the handlers of routes of the base, as long as the routes are as they are there.
    pub known_handlers: Arc<FxHashMap<ObjectId, Option<Handler>>>,
    /// Blocks of modules that only type checkers run; they wait for the outermost import to end.
    pub for_types: Vec<(ObjectId, &'w Unit, crate::facts::program::Span)>,
    /// Instances whose `__init__` is running because an attribute was asked for.
    pub initializing: Vec<ObjectId>,
    /// Classes that their metaclasses are making, the innermost last.
    pub defining: Vec<Definition>,
    /// How many wrappers of applications are being looked into.
    pub dispatching: usize,
    /// Who gives the values of fixtures that running code asks for by name.
    pub fixtures: Option<std::rc::Rc<dyn Fixtures<'w> + 'w>>,
    /// Counts changes of routes, so that a table made before is known to be old.
    pub route_changes: u32,
    tables: FxHashMap<ObjectId, (u32, Arc<Table>)>,
    /// Tables of apps of the base: they hold as long as none of those objects is another.
    pub known_tables: Arc<FxHashMap<ObjectId, KnownTable>>,
    wanted_tables: Vec<ObjectId>,
    trials: Vec<Trial>,
    /// The apps that production serves: what a network client of this machine reaches.
    pub served: Vec<Value>,
    /// Modules that code imported by a name that it computed, with the importer.
    pub named_imports: Vec<(ModuleId, ModuleId)>,
    /// Applications that have been started as production starts them.
    pub started: Vec<ObjectId>,
    /// Is an application being started as production starts it? Then what its code calls is noted.
    pub notes_calls: bool,
    /// Does the log want to know of calls that wait?
    pub notes_blocking: bool,
    pub(super) blocking_known: crate::project::values::blocking::Known,
    pub(super) infrastructure_known: crate::project::values::infrastructure::Known,
    /// What is new in modules of the base, with the stamp of each.
    pub(super) module_changes: std::cell::RefCell<FxHashMap<ObjectId, (Stamp, ModuleChanges)>>,
    /// Where objects stand in the signature that is being made, and the bytes of one that nobody needs any more.
    pub(super) met: std::cell::RefCell<Met>,
    pub(super) buffer: std::cell::Cell<Vec<u8>>,
    pub(super) field_names: FxHashMap<ObjectId, std::rc::Rc<FieldNames>>,
    pub call_sites: rustc_hash::FxHashSet<CallSite>,
    /// Functions of the project of which the log says that they ran.
    pub watched: Arc<rustc_hash::FxHashSet<(ModuleId, FunctionId)>>,
    /// The functions of the project that ran, when somebody wants to know.
    pub visited: Option<rustc_hash::FxHashSet<(ModuleId, FunctionId)>>,
    /// A handler runs on a request: what is only known by its type decides nothing.
    pub doubts_types: bool,
    pub exploring: Exploring,
    /// The function of which the log says what it catches.
    pub observed: Option<(ModuleId, FunctionId)>,
    /// While the base is being made: the first object of the module's statement that runs.
    pub statement_from: Option<u32>,
    pub(super) own_summaries: OwnSummaries,
    /// Those of all threads, if the base is shared.
    pub shared_summaries: Option<&'w Summaries>,
}

/// What `request` knows of the test that asks.
pub trait Fixtures<'w> {
    /// `request.getfixturevalue(name)`.
    fn value(&self, machine: &mut Machine<'w>, name: &str) -> Eval;

    /// `request.cls`, `request.instance`, `request.module`.
    fn asking(&self, machine: &Machine<'w>, part: &str) -> Value;
}

pub static NO_MODULES: std::sync::LazyLock<FxHashMap<ModuleId, ObjectId>> =
    std::sync::LazyLock::new(FxHashMap::default);

impl<'w> Machine<'w> {
    pub fn new(
        world: &'w World<'w>,
        base: &'w [Object],
        base_modules: &'w FxHashMap<ModuleId, ObjectId>,
    ) -> Machine<'w> {
        Machine {
            world,
            heap: Heap::new(base),
            base_modules,
            modules: FxHashMap::default(),
            stack: Vec::new(),
            steps: 0,
            limit: u64::MAX,
            room: Room::ANY,
            granted: 0,
            handed_on: 0,
            undecided: 0,
            doubted: 0,
            weak_below: 0,
            pending: Vec::new(),
            origins: FxHashMap::default(),
            log: Log::default(),
            paths: FxHashMap::default(),
            bound_reached: 0,
            strange_calls: 0,
            forgives: false,
            prepares: false,
            is_live: false,
            stops_after: None,
            shares: false,
            begins_fixture: false,
            is_given_more: false,
            is_handed_on: false,
            suspends: false,
            given: None,
            finds_nothing: false,
            tries: 0,
            importing: Vec::new(),
            makers: Vec::new(),
            known_handlers: Arc::default(),
            for_types: Vec::new(),
            initializing: Vec::new(),
            defining: Vec::new(),
            dispatching: 0,
            fixtures: None,
            route_changes: 0,
            tables: FxHashMap::default(),
            known_tables: Arc::default(),
            wanted_tables: Vec::new(),
            trials: Vec::new(),
            served: Vec::new(),
            named_imports: Vec::new(),
            started: Vec::new(),
            notes_calls: false,
            notes_blocking: false,
            blocking_known: crate::project::values::blocking::Known::default(),
            infrastructure_known: crate::project::values::infrastructure::Known::default(),
            module_changes: std::cell::RefCell::default(),
            met: std::cell::RefCell::default(),
            buffer: std::cell::Cell::default(),
            field_names: FxHashMap::default(),
            call_sites: rustc_hash::FxHashSet::default(),
            watched: Arc::default(),
            visited: None,
            doubts_types: false,
            exploring: Exploring::default(),
            observed: None,
            statement_from: None,
            own_summaries: OwnSummaries::default(),
            shared_summaries: None,
        }
    }

    pub fn step(&mut self) -> Result<(), Raise> {
        self.steps += 1;
        if self.steps > self.limit {
            Err(Raise::Exhausted)
        } else {
            Ok(())
        }
    }

    /// Runs `work` with at most so many more steps; reaching them is an unknown, not the end of the caller.
    pub fn bounded(
        &mut self,
        bound: impl Into<Bound>,
        work: impl FnOnce(&mut Self) -> Eval,
    ) -> Eval {
        let bound = bound.into();
        let (outer, start) = (self.limit, self.steps);
        let depth = self.stack.len();
        let (undecided, weak_below) = (self.undecided, self.weak_below);
        let steps = bound.when(outer.saturating_sub(start));
        self.limit = start.saturating_add(steps).min(outer);
        let own = self.limit < outer;
        let granted = self.granted;
        let room = std::mem::replace(&mut self.room, Room::ANY);
        let result = work(self);
        self.limit = outer.saturating_add(self.granted - granted);
        let part = match result {
            Err(Raise::Exhausted) if own => {
                let around = Room::exactly(steps).under(bound);
                around.and(Room::at_least(steps.saturating_add(1)))
            }
            // What cuts off is around it, and with fewer steps it would so much the more.
            Err(Raise::Exhausted) => {
                let inside = self.room.before(start).under(bound);
                inside.and(Room::at_most(outer.saturating_sub(start)))
            }
            _ => self.room_so_far().before(start).under(bound),
        };
        self.room = room.and(part.after(start));
        match result {
            Err(Raise::Exhausted) if own => {
                self.stack.truncate(depth);
                self.undecided = undecided;
                self.weak_below = weak_below;
                self.bound_reached += 1;
                Ok(Value::Unknown(Reason::Bound))
            }
            other => other,
        }
    }

    /// The limits with which all would be as it is; whatever comes next needs at least the steps that have been taken.
    pub fn room_so_far(&self) -> Room {
        self.room.and(Room::at_least(self.steps))
    }

    /// Steps that no bound around this point counts.
    pub fn grant(&mut self, steps: u64) {
        self.granted += steps;
        self.limit = self.limit.saturating_add(steps);
    }

    /// Steps for a route that was registered, or an application that was made. No request comes to what a handler registers, and a
    /// test that registers without end comes to its end.
    pub(super) fn grant_for_routes(&mut self, steps: u64) {
        let before = self
            .trials
            .last()
            .map_or(self.granted, |trial| trial.granted);
        if !self.is_handling() && self.granted.saturating_sub(before) < MOST_GRANTED {
            self.grant(steps);
        }
    }

    /// Is it what handles a request that runs?
    pub(super) fn is_handling(&self) -> bool {
        self.visited.is_some() || self.doubts_types
    }

    /// Granted steps that were not needed.
    pub fn take_back_steps(&mut self, steps: u64) {
        self.granted = self.granted.saturating_sub(steps);
        self.limit = self.limit.saturating_sub(steps);
    }

    /// Like [`Machine::bounded`], for what makes or starts an application: what the interpreter takes for a failure may be its
    /// own imprecision, and the application does come up.
    pub fn forgiving(
        &mut self,
        bound: impl Into<Bound>,
        work: impl FnOnce(&mut Self) -> Eval,
    ) -> Eval {
        let (forgives, tries) = (self.forgives, self.tries);
        (self.forgives, self.tries) = (true, 0);
        let outer = self.begin_statement();
        let result = self.bounded(bound, work);
        self.statement_from = outer;
        (self.forgives, self.tries) = (forgives, tries);
        result
    }

    /// Where nothing is shared yet, what is made from here on is new to the summaries. Gives what `statement_from` was.
    pub(super) fn begin_statement(&mut self) -> Option<u32> {
        let outer = self.statement_from;
        if self.heap.base_len() == 0 {
            self.statement_from = Some(self.heap.len() as u32);
        }
        outer
    }

    /// The table of an app, made anew only when routes have changed.
    pub fn cached_table(&mut self, app: ObjectId) -> Result<Arc<Table>, Raise> {
        self.spoil_summaries();
        if let Some((changes, table)) = self.tables.get(&app)
            && *changes == self.route_changes
        {
            return Ok(table.clone());
        }
        if let Some(known) = self.known_tables.get(&app)
            && self.heap.are_original(&known.read)
        {
            if looks::is_on() {
                let changed = self.heap.changed();
                changed.for_each(|id| looks::note(Look::Unread(app, id)));
            }
            return Ok(known.table.clone());
        }
        let table = Arc::new(self.table(&Value::Object(app))?);
        if let Some(trial) = self.trials.last_mut() {
            trial.tables.push(app);
        }
        self.tables.insert(app, (self.route_changes, table.clone()));
        Ok(table)
    }

    /// Notes what is asked of the table of an app. One that was made here has been looked at.
    pub fn note_asked(&self, app: ObjectId, table: &Arc<Table>, asking: Asking, text: &str) {
        if !looks::is_on() {
            return;
        }
        match self.known_tables.get(&app) {
            Some(known) if Arc::ptr_eq(&known.table, table) => {
                let text = format!("{} {text}", known.turn);
                self.world.note_of_tables(asking, &text);
            }
            // Some of its routes may be those that others have explored.
            _ => self.world.note_of_tables(Asking::Redirecting, ""),
        }
    }

    /// The table of an app, with the objects that it depends on; None if it depends on more than that.
    pub fn table_with_reads(&mut self, turn: usize, app: ObjectId) -> Option<KnownTable> {
        self.heap
            .touched()
            .begin(self.heap.len() as u32, self.stack.len());
        let table = self.table(&Value::Object(app));
        let (reads, writes) = self.heap.touched().end(true)?;
        let is_as_read = |(id, stamp): &(ObjectId, Stamp)| self.heap.stamp_of(*id) == Some(*stamp);
        if !writes.is_empty() || !reads.iter().all(is_as_read) {
            return None;
        }
        Some(KnownTable {
            turn,
            table: Arc::new(table.ok()?),
            read: reads.into_iter().map(|(id, _)| id).collect(),
        })
    }

    pub fn trial_is_open(&self) -> bool {
        !self.trials.is_empty()
    }

    /// The number of the first object that the outermost open trial makes.
    pub fn trial_start(&self) -> Option<u32> {
        self.trials.first().map(|trial| trial.mark)
    }

    /// From here on, everything is taken back by [`Machine::end_trial`]. A trial inside of a trial is taken back alone.
    pub fn begin_trial(&mut self) {
        self.trials.push(Trial {
            mark: self.heap.len() as u32,
            route_changes: self.route_changes,
            granted: self.granted,
            tables: Vec::new(),
            origins: self.origins.len(),
        });
        self.heap.begin_trial();
    }

    pub fn end_trial(&mut self) {
        self.heap.end_trial();
        if let Some(trial) = self.trials.pop() {
            for id in &trial.tables {
                self.tables.remove(id);
            }
            let mark = trial.mark;
            self.route_changes = trial.route_changes;
            if self.origins.len() > trial.origins {
                self.origins.retain(|id, _| id.0 < mark);
            }
            self.modules.retain(|_, id| id.0 < mark);
            self.log.lifespans.retain(|id| id.0 < mark);
            if self.trials.is_empty() {
                self.wanted_tables = trial.tables.into_iter().filter(|id| id.0 < mark).collect();
            }
        }
        self.pending.clear();
        self.stack.clear();
        (self.undecided, self.weak_below) = (0, 0);
    }

    /// Does something of which nothing stays: no write, no exception, no note beside what `work` takes out of the log.
    pub fn in_trial<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> T {
        // A number of a request is of one request only.
        let fresh = Log {
            next_request: self.log.next_request,
            ..Log::default()
        };
        let log = std::mem::replace(&mut self.log, fresh);
        self.begin_trial();
        let (stack, pending) = (
            std::mem::take(&mut self.stack),
            std::mem::take(&mut self.pending),
        );
        let (undecided, weak_below) = (
            std::mem::take(&mut self.undecided),
            std::mem::take(&mut self.weak_below),
        );
        let done = work(self);
        self.end_trial();
        self.stack = stack;
        self.pending = pending;
        (self.undecided, self.weak_below) = (undecided, weak_below);
        let next_request = self.log.next_request;
        self.log = Log {
            next_request,
            ..log
        };
        done
    }

    /// A fixture gives its value, surely or maybe; what it does from here on is taken back when it has run.
    pub(super) fn give(&mut self, frame: &Frame<'w>, value: Value) {
        let is_first = frame.yielded.len() == 1 && self.given.is_none();
        if !frame.is_fixture || !is_first || self.undecided > 0 {
            return;
        }
        self.spoil_summaries();
        self.given = Some(Given {
            mark: self.heap.len() as u32,
            value,
            next_request: self.log.next_request,
            effects: self.log.effects.clone(),
            lifespans: self.log.lifespans.clone(),
            served: self.log.served.len(),
        });
        self.begin_trial();
    }

    /// Takes back what happened after a fixture had given its value, all but what the log says of it.
    pub fn take_back(&mut self, given: Given) {
        let (stack, pending) = (
            std::mem::take(&mut self.stack),
            std::mem::take(&mut self.pending),
        );
        let (undecided, weak_below) = (self.undecided, self.weak_below);
        self.end_trial();
        (self.stack, self.pending) = (stack, pending);
        (self.undecided, self.weak_below) = (undecided, weak_below);
        self.log.effects = given.effects;
        self.log.lifespans = given.lifespans;
        self.log.served.truncate(given.served);
        let requests = self.log.requests.iter_mut();
        requests
            .filter(|request| request.id.0 >= given.next_request)
            .for_each(Request::forget_objects);
        for call in &mut self.log.calls {
            call.class = call.class.filter(|class| class.0 < given.mark);
        }
    }

    /// Makes the tables now that the trial about to begin would make and lose.
    pub fn prepare_tables(&mut self) {
        for id in std::mem::take(&mut self.wanted_tables) {
            let _ = self.cached_table(id);
        }
    }

    /// The same machine, as a process of production.
    pub fn live(mut self) -> Machine<'w> {
        self.is_live = true;
        self
    }

    /// A test's module stands at the bottom of the stack while its code runs.
    pub fn enter_test(&mut self, module: ModuleId) {
        self.stack.push(Activation {
            module,
            function: FunctionId(0),
            kind: ModuleKind::Test,
            line: 0,
        });
    }

    pub fn leave_test(&mut self) {
        self.stack.pop();
    }

    pub fn symbol(&self, text: &str) -> Symbol {
        self.world.symbols.intern(text)
    }

    /// [`Machine::spelled`] for who only looks at it.
    pub fn spelling(&self, symbol: Symbol) -> &'w str {
        self.world.symbols.spelling(symbol)
    }

    pub fn spelled(&self, symbol: Symbol) -> Arc<str> {
        self.world.symbols.text(symbol)
    }

    /// The innermost activation in the project's own code.
    pub fn own_activation(&self) -> Option<Activation> {
        let position = self
            .stack
            .iter()
            .rposition(|activation| activation.kind != ModuleKind::Model);
        // Calls that begin above it do not decide what is found.
        self.heap
            .touched()
            .spoil(position.map_or(0, |position| position + 1));
        position.map(|position| self.stack[position])
    }

    pub fn own_place(&self) -> CodePlace {
        match self.own_activation() {
            Some(activation) => activation.place(),
            None => CodePlace {
                module: ModuleId(0),
                line: 0,
            },
        }
    }

    /// The places of the project's code that led here, outermost first, without repeats.
    pub fn trail(&self) -> Vec<CodePlace> {
        self.spoil_summaries();
        let mut places: Vec<CodePlace> = Vec::new();
        for activation in &self.stack {
            if activation.kind == ModuleKind::Model || activation.line == 0 {
                continue;
            }
            let place = CodePlace {
                module: activation.module,
                line: activation.line,
            };
            if places.last() != Some(&place) {
                places.push(place);
            }
        }
        places
    }

    pub fn set_line(&mut self, line: u32) {
        if let Some(activation) = self.stack.last_mut() {
            activation.line = line;
        }
    }

    /// Begins an undecided branch; give what it returns to [`Machine::leave_undecided`].
    pub fn enter_undecided(&mut self) -> u32 {
        let before = self.weak_below;
        self.weak_below = self.heap.len() as u32;
        self.undecided += 1;
        before
    }

    pub fn leave_undecided(&mut self, before: u32) {
        self.undecided -= 1;
        self.weak_below = before;
    }

    /// Is a write to this object only possible, not certain?
    pub fn is_weak(&self, id: ObjectId) -> bool {
        self.undecided > 0 && id.0 < self.weak_below
    }

    /// An exception that may be raised here, while execution goes on.
    pub fn may_raise(&mut self, raised: Raised) {
        if self.pending.len() < 400 && !self.pending.contains(&raised) {
            self.pending.push(raised);
        }
    }
}
