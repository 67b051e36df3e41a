//! Summaries: a function runs once for each set of abstract arguments; what it did then is done again without running it.
//!
//! `def get_user(request): …` behind three hundred routes runs for the first of them. The others find the same arguments (an
//! unknown request, made anew for each route) and everything that the function looked at unchanged, and take over what it returned,
//! wrote, raised and called. The steps are charged as if it had run, so nothing but time can tell whether it did.

use std::hash::BuildHasher;
use std::sync::{Arc, Mutex};

use rustc_hash::{FxBuildHasher, FxHashMap};

use crate::facts::program::{ClassId, FunctionId};
use crate::project::values::blocking::BlockingCall;
use crate::project::values::calls::most_recursion;
use crate::project::values::heap::{Object, Stamp};
use crate::project::values::infrastructure::Used;
use crate::project::values::left::Left;
use crate::project::values::log::{Answer, Call, Log};
use crate::project::values::machine::{Activation, DEEPEST, Eval, Machine, Raise, Raised};
use crate::project::values::natives::Native;
use crate::project::values::relocation::{ARGUMENT, MADE, Relocation, relocate, relocate_object};
use crate::project::values::signature::{Changed, Signature, objects_if_same, sign, sign_changed};
use crate::project::values::value::{ObjectId, Value};
use crate::project::world::{CodePlace, ModuleId, ModuleKind};

/// What a function does for one set of arguments. Objects are numbered anew: see [`relocate`].
pub struct Summary {
    /// Objects of the shared base that must be as they were.
    pristine: Box<[ObjectId]>,
    /// Other objects that must be as they were: those of the base that hold the same again, ...
    changed: Option<Box<SameAgain>>,
    /// ... and those that nobody has written to since.
    stamped: Box<[(ObjectId, Stamp)]>,
    origins: Box<[(ObjectId, Option<CodePlace>)]>,
    /// Functions that ran, and how many activations of each there were at once: recursion has a bound.
    called: Box<[Nested]>,
    height: usize,
    steps: u64,
    result: Result<Value, Raised>,
    made: Box<[Object]>,
    /// The objects as they are left; whether the write is weak, for those that are no arguments.
    written: Box<[(ObjectId, Left, bool)]>,
    pending: Box<[Raised]>,
    answers: Box<[Answer]>,
    calls: Box<[Call]>,
    constructed: Box<[(ModuleId, ClassId)]>,
    blocking: Box<[BlockingCall]>,
    used: Box<[Used]>,
    new_origins: Box<[(ObjectId, CodePlace)]>,
    asserts: u32,
    bound_reached: u64,
    strange_calls: u64,
}

/// A function, how many activations of it there are at once, and whether one more was refused.
type Nested = ((ModuleId, FunctionId), u32, bool);

/// Changed objects of the base, and what they held.
struct SameAgain {
    ids: Box<[ObjectId]>,
    spelled: Box<[u32]>,
    bytes: Box<[u8]>,
}

const SHARDS: usize = 32;
const MOST_IN_A_SHARD: usize = 4_096;
/// Summaries of one signature: they differ in what else they depend on.
const MOST_VARIANTS: usize = 16;
const MOST_MADE: usize = 400;
const MOST_READS: usize = 6_000;
/// A call that is cheaper than this on the average is not worth a look.
const WORTHWHILE: u64 = 24;
/// Runs of a function that were all cut off: the next one may be, too.
const MOST_CUT_OFF: u32 = 24;
/// Objects of the base that have changed, in one summary.
const MOST_CHANGED: usize = 24;

type Variants = Arc<Vec<Arc<Summary>>>;
type Store = FxHashMap<Box<[u8]>, Variants>;

/// Summaries that depend on nothing but the shared base, for all threads.
pub struct Summaries {
    shards: Vec<Mutex<Store>>,
}

/// Summaries of one machine, and how worthwhile they are.
#[derive(Default)]
pub struct OwnSummaries {
    store: Store,
    habits: FxHashMap<(ModuleId, FunctionId), Habit>,
    /// Functions that ran while a call is watched, with all activations that there were then.
    called: Vec<Nested>,
    origins_seen: Vec<(ObjectId, Option<CodePlace>)>,
    origins_made: Vec<ObjectId>,
    highest: usize,
}

#[derive(Debug, Default, Clone, Copy)]
struct Habit {
    runs: u64,
    steps: u64,
    recorded: u32,
    cut_off: u32,
    kept: u32,
    hits: u32,
}

/// A call that is being watched.
pub struct Open {
    signature: Signature,
    steps: u64,
    counts: [usize; 9],
    asserts: u32,
    bound_reached: u64,
    strange_calls: u64,
    called: usize,
    origins_seen: usize,
    origins_made: usize,
    outer_highest: usize,
    outer_before: usize,
    outer: Outer,
}

/// The parts of the log that a summary keeps, as they were before the call.
struct Outer {
    answers: Vec<Answer>,
    calls: Vec<Call>,
    constructed: Vec<(ModuleId, ClassId)>,
    blocking: Vec<BlockingCall>,
    used: Vec<Used>,
}

impl Default for Summaries {
    fn default() -> Summaries {
        Summaries {
            shards: (0..SHARDS).map(|_| Mutex::new(Store::default())).collect(),
        }
    }
}

impl Summaries {
    fn shard(&self, key: &[u8]) -> &Mutex<Store> {
        &self.shards[(FxBuildHasher.hash_one(key) >> 40) as usize % SHARDS]
    }

    fn find(&self, key: &[u8]) -> Option<Variants> {
        self.shard(key).lock().ok()?.get(key).cloned()
    }

    fn keep(&self, key: Box<[u8]>, summary: Arc<Summary>) {
        if let Ok(mut store) = self.shard(&key).lock() {
            keep(&mut store, key, summary);
        }
    }
}

fn keep(store: &mut Store, key: Box<[u8]>, summary: Arc<Summary>) {
    if store.len() >= MOST_IN_A_SHARD {
        return;
    }
    let variants = Arc::make_mut(store.entry(key).or_default());
    if variants.len() >= MOST_VARIANTS {
        variants.remove(0);
    }
    variants.push(summary);
}

/// What a summary does not keep.
fn counts(log: &Log) -> [usize; 9] {
    [
        log.requests.len(),
        log.next_request as usize,
        log.doubles.len(),
        log.skips.len(),
        log.served.len(),
        log.unresolved.len(),
        log.effects.len(),
        log.lifespans.len(),
        log.probes.len(),
    ]
}

impl<'w> Machine<'w> {
    /// Runs `work`, the body of a function whose locals are bound, or does what it did for the same locals before.
    pub(super) fn summarized(
        &mut self,
        function: (ModuleId, FunctionId),
        closure: Option<ObjectId>,
        class: Option<ObjectId>,
        is_direct: bool,
        locals: Vec<Value>,
        work: impl FnOnce(&mut Self, Vec<Value>) -> Eval,
    ) -> Eval {
        if self.is_watched() {
            let active = self.active(function) + 1;
            self.own_summaries.called.push((function, active, false));
            self.own_summaries.highest = self.own_summaries.highest.max(self.stack.len() + 1);
        }
        // An exception that may be raised is this call's own, whatever may have been raised before it.
        let before = std::mem::take(&mut self.pending);
        let result = self.summarized_alone(function, closure, class, is_direct, locals, work);
        if !before.is_empty() {
            let own = std::mem::replace(&mut self.pending, before);
            for raised in own {
                self.may_raise(raised);
            }
        }
        result
    }

    fn summarized_alone(
        &mut self,
        function: (ModuleId, FunctionId),
        closure: Option<ObjectId>,
        class: Option<ObjectId>,
        is_direct: bool,
        locals: Vec<Value>,
        work: impl FnOnce(&mut Self, Vec<Value>) -> Eval,
    ) -> Eval {
        let habit = self
            .own_summaries
            .habits
            .get(&function)
            .copied()
            .unwrap_or_default();
        let start = self.steps;
        let signature = if self.is_worthwhile(habit) {
            let flags = u8::from(is_direct)
                | u8::from(self.undecided > 0) << 1
                | u8::from(self.visited.is_some()) << 2
                | u8::from(self.doubts_types) << 3
                | u8::from(self.prepares || !self.importing.is_empty()) << 4
                | (self.initializing.len() as u8) << 5;
            sign(self, function, closure, class, flags, &locals)
        } else {
            None
        };
        let Some(signature) = signature else {
            let result = work(self, locals);
            let habit = self.own_summaries.habits.entry(function).or_default();
            habit.runs += 1;
            habit.steps += self.steps - start;
            return result;
        };
        if let Some(result) = self.replay(&signature) {
            self.own_summaries.habits.entry(function).or_default().hits += 1;
            return result;
        }
        let open = self.watch(signature);
        let result = work(self, locals);
        let kept = self.keep(open, &result);
        let habit = self.own_summaries.habits.entry(function).or_default();
        habit.runs += 1;
        habit.steps += self.steps - start;
        if let Err(Raise::Exhausted) = result {
            // That says how much was left, and little of the function.
            habit.cut_off += 1;
        } else {
            habit.recorded += 1;
        }
        habit.kept += u32::from(kept);
        result
    }

    fn is_worthwhile(&self, habit: Habit) -> bool {
        self.summaries_from().is_some()
            // What a function does then is not what it does when its failures count.
            && !self.forgives
            && !self.notes_calls
            && (habit.runs < 2 || habit.steps / habit.runs >= WORTHWHILE)
            // It does what can't be kept, or nobody comes back with the same arguments.
            && (habit.recorded < 3 && habit.cut_off < MOST_CUT_OFF || habit.kept > 0)
            && (habit.recorded < 12 || habit.hits >= habit.recorded / 6)
    }

    /// The number of the first object that summaries spell by what it holds: the test's, or those of a module's statement.
    pub fn summaries_from(&self) -> Option<u32> {
        let base = self.heap.base_len() as u32;
        self.trial_start()
            .or(self.statement_from)
            .or_else(|| (base > 0).then_some(base))
    }

    /// The function was called once more than recursion may: what calls do depends on how often it was active before them.
    pub(super) fn note_most_recursion(
        &mut self,
        function: (ModuleId, FunctionId),
        kind: ModuleKind,
    ) {
        if self.is_watched() {
            let most = most_recursion(kind) as u32;
            self.own_summaries.called.push((function, most, true));
        }
    }

    /// How many activations of the function there are.
    fn active(&self, (module, function): (ModuleId, FunctionId)) -> u32 {
        let is_it = |activation: &&Activation| {
            activation.module == module && activation.function == function
        };
        self.stack.iter().filter(is_it).count() as u32
    }

    fn is_watched(&self) -> bool {
        self.heap.touched().is_watching()
    }

    /// What happens now depends on more than arguments and objects: no call that is running is kept.
    pub fn spoil_summaries(&self) {
        self.heap.touched().spoil(0);
    }

    pub(super) fn spoil_for(&self, native: Native) {
        if native.acts_on_the_run() {
            self.spoil_summaries();
        }
    }

    fn watch(&mut self, signature: Signature) -> Open {
        let outer_before = self.heap.begin_before();
        let own = &mut self.own_summaries;
        let open = Open {
            outer_before,
            signature,
            steps: self.steps,
            counts: counts(&self.log),
            asserts: self.log.asserts,
            bound_reached: self.bound_reached,
            strange_calls: self.strange_calls,
            called: own.called.len(),
            origins_seen: own.origins_seen.len(),
            origins_made: own.origins_made.len(),
            outer_highest: std::mem::replace(&mut own.highest, self.stack.len() + 1),
            outer: Outer {
                answers: std::mem::take(&mut self.log.answers),
                calls: std::mem::take(&mut self.log.calls),
                constructed: std::mem::take(&mut self.log.constructed),
                blocking: std::mem::take(&mut self.log.blocking),
                used: std::mem::take(&mut self.log.used),
            },
        };
        self.heap
            .touched()
            .begin(self.heap.len() as u32, self.stack.len());
        open
    }

    /// Ends the watch; keeps what was seen if that is all there is to know.
    fn keep(&mut self, open: Open, result: &Eval) -> bool {
        let mark = self.heap.touched().mark();
        // A call that adds to what no summary keeps, or that was cut off, just runs.
        let is_whole = counts(&self.log) == open.counts && !matches!(result, Err(Raise::Exhausted));
        let touched = self.heap.touched().end(is_whole);
        let highest = self.own_summaries.highest;
        let own = Outer {
            answers: std::mem::replace(&mut self.log.answers, open.outer.answers),
            calls: std::mem::replace(&mut self.log.calls, open.outer.calls),
            constructed: std::mem::replace(&mut self.log.constructed, open.outer.constructed),
            blocking: std::mem::replace(&mut self.log.blocking, open.outer.blocking),
            used: std::mem::replace(&mut self.log.used, open.outer.used),
        };
        for call in &own.blocking {
            self.log.note_blocking(call.clone());
        }
        self.log
            .add(&own.answers, &own.calls, &own.constructed, &own.used);
        let kept = touched.and_then(|(reads, writes)| {
            if reads.len() > MOST_READS {
                return None;
            }
            let result = match result {
                Ok(value) => Ok(value),
                Err(Raise::Exception(raised)) => Err(&**raised),
                Err(Raise::Exhausted) => return None,
            };
            let changed = self.changed(&open.signature, &reads, &writes);
            let mut objects = open.signature.objects;
            if let Some((_, more)) = &changed {
                objects.extend_from_slice(&more.objects);
            }
            let mut relocation = Relocation::new(&objects, mark);
            relocation.highest_plain = changed.as_ref().map_or(0, |(_, more)| more.highest_plain);
            let summary = self.summary(
                &mut relocation,
                changed,
                (&reads, &writes),
                result,
                own,
                Seen {
                    called: open.called,
                    origins_seen: open.origins_seen,
                    origins_made: open.origins_made,
                    height: highest - self.stack.len(),
                    steps: self.steps - open.steps,
                    asserts: self.log.asserts - open.asserts,
                    bound_reached: self.bound_reached - open.bound_reached,
                    strange_calls: self.strange_calls - open.strange_calls,
                },
            )?;
            let base = self.heap.base_len() as u32;
            let is_shared = summary.stamped.is_empty()
                && relocation.highest_plain < base
                && open.signature.highest_plain < base
                && summary.origins.iter().all(|(id, _)| id.0 < base);
            let key = open.signature.bytes.into_boxed_slice();
            let summary = Arc::new(summary);
            match self.shared_summaries {
                Some(shared) if is_shared => shared.keep(key, summary),
                _ => keep(&mut self.own_summaries.store, key, summary),
            }
            Some(())
        });
        self.heap.end_before(open.outer_before);
        let own = &mut self.own_summaries;
        own.highest = open.outer_highest.max(highest);
        if !self.heap.touched().is_watching() {
            own.called.clear();
            own.origins_seen.clear();
            own.origins_made.clear();
        }
        kept.is_some()
    }

    /// What the call looked at that is the base's but not as it was there.
    fn changed(
        &self,
        signature: &Signature,
        reads: &[(ObjectId, Stamp)],
        writes: &[ObjectId],
    ) -> Option<(Box<[ObjectId]>, Changed)> {
        let base = self.heap.base_len() as u32;
        let ids: Box<[ObjectId]> = reads
            .iter()
            .filter(|(id, stamp)| *stamp != 0 && id.0 < base)
            .map(|(id, _)| *id)
            .collect();
        let before = self.heap.before();
        let is_lost = |id: &ObjectId| {
            writes.binary_search(id).is_ok() && before.iter().all(|(known, _)| known != id)
        };
        if ids.is_empty() || ids.len() > MOST_CHANGED || ids.iter().any(is_lost) {
            return None;
        }
        let looked_at = reads
            .iter()
            .map(|(id, _)| *id)
            .filter(|id| id.0 >= base)
            .collect();
        let changed = sign_changed(self, &signature.objects, &ids, &looked_at)?;
        (!changed.objects.iter().any(is_lost)).then_some((ids, changed))
    }

    /// An object as it was before the innermost watched call, if it is known how it was.
    fn before(&self, id: ObjectId, reads: &[(ObjectId, Stamp)]) -> Option<&Object> {
        let position = reads.binary_search_by_key(&id, |(id, _)| *id).ok()?;
        if reads[position].1 == 0 {
            return self.heap.original(id);
        }
        let mut before = self.heap.before().iter();
        let found = before.find(|(known, _)| *known == id);
        found.map(|(_, object)| object)
    }

    fn summary(
        &self,
        relocation: &mut Relocation,
        changed: Option<(Box<[ObjectId]>, Changed)>,
        (reads, writes): (&[(ObjectId, Stamp)], &[ObjectId]),
        result: Result<&Value, &Raised>,
        log: Outer,
        seen: Seen,
    ) -> Option<Summary> {
        let own = &self.own_summaries;
        let result = match result {
            Ok(value) => Ok(relocate(value, &mut |id| relocation.number(id))),
            Err(raised) => Err(relocation.raised(raised)),
        };
        let pending: Box<[Raised]> = self
            .pending
            .iter()
            .map(|raised| relocation.raised(raised))
            .collect();
        let calls = log
            .calls
            .into_iter()
            .map(|call| Call {
                class: call.class.map(|class| relocation.number(class)),
                ..call
            })
            .collect();
        let undecided = self.undecided > 0;
        let mut written: Vec<(ObjectId, Left, bool)> = Vec::new();
        for &id in writes {
            if !self.heap.holds(id) {
                return None;
            }
            let symbols = &self.world.symbols;
            let before = || self.before(id, reads);
            let number = &mut |id| relocation.number(id);
            let left = Left::of(symbols, before, self.heap.peek(id), number)?;
            let is_weak = undecided && id.0 < self.weak_below;
            written.push((relocation.number(id), left, is_weak));
        }
        let mut origins_made: Vec<ObjectId> = own.origins_made[seen.origins_made..].to_vec();
        origins_made.sort_unstable();
        origins_made.dedup();
        // What is made is numbered as it is met; meeting goes on until nothing new comes up.
        let mut made = Vec::new();
        while made.len() < relocation.made.len() {
            if relocation.made.len() > MOST_MADE {
                return None;
            }
            let id = relocation.made[made.len()];
            // A value that outlived its trial refers to what is gone.
            if !self.heap.holds(id) {
                return None;
            }
            made.push(relocate_object(self.heap.peek(id), &mut |id| {
                relocation.number(id)
            })?);
        }
        let new_origins = origins_made
            .into_iter()
            .filter_map(|id| {
                let place = *self.origins.get(&id)?;
                relocation
                    .is_known(id)
                    .then(|| (relocation.number(id), place))
            })
            .collect();
        let mut origins: Vec<(ObjectId, Option<CodePlace>)> = own.origins_seen[seen.origins_seen..]
            .iter()
            .filter(|(id, _)| relocation.is_plain(*id))
            .copied()
            .collect();
        origins.sort_by_key(|(id, _)| *id);
        origins.dedup_by_key(|(id, _)| *id);
        let mut called = own.called[seen.called..].to_vec();
        // The most activations come first, and of those the refused ones.
        called.sort_unstable_by_key(|(function, active, is_full)| {
            (*function, u32::MAX - active, !is_full)
        });
        called.dedup_by_key(|(function, ..)| *function);
        for activation in &self.stack {
            let function = (activation.module, activation.function);
            if let Ok(position) = called.binary_search_by_key(&function, |(known, ..)| *known) {
                called[position].1 = called[position].1.saturating_sub(1);
            }
        }
        let is_argument = |id: &ObjectId| !relocation.is_plain(*id);
        let (mut pristine, mut stamped) = (Vec::new(), Vec::new());
        let is_same_again = |id: &ObjectId| {
            changed
                .as_ref()
                .is_some_and(|(ids, _)| ids.binary_search(id).is_ok())
        };
        for (id, stamp) in reads.iter().filter(|(id, _)| !is_argument(id)) {
            if is_same_again(id) {
                continue;
            }
            if *stamp == 0 {
                pristine.push(*id);
            } else {
                stamped.push((*id, *stamp));
            }
        }
        Some(Summary {
            pristine: pristine.into(),
            changed: changed.map(|(ids, changed)| {
                Box::new(SameAgain {
                    ids,
                    spelled: changed.spelled,
                    bytes: changed.bytes,
                })
            }),
            stamped: stamped.into(),
            origins: origins.into(),
            called: called.into(),
            height: seen.height,
            steps: seen.steps,
            result,
            made: made.into(),
            written: written.into(),
            pending,
            answers: log.answers.into(),
            calls,
            constructed: log.constructed.into(),
            blocking: self.apart_from_caller(log.blocking).into(),
            used: log.used.into(),
            new_origins,
            asserts: seen.asserts,
            bound_reached: seen.bound_reached,
            strange_calls: seen.strange_calls,
        })
    }

    // ---- replaying ------------------------------------------------------------------------------------------------

    fn replay(&mut self, signature: &Signature) -> Option<Eval> {
        let (found, objects) = self.applicable(signature)?;
        Some(self.apply_summary(&found, &objects))
    }

    /// The summary to replay, and the objects that its arguments stand for.
    fn applicable(&self, signature: &Signature) -> Option<(Arc<Summary>, Vec<ObjectId>)> {
        let fitting = |one: &Arc<Summary>| {
            let objects = self.applies(one, signature)?;
            Some((one.clone(), objects))
        };
        let own = self.own_summaries.store.get(&signature.bytes[..]);
        let found = own.and_then(|variants| variants.iter().rev().find_map(fitting));
        if found.is_some() || signature.highest_plain >= self.heap.base_len() as u32 {
            return found;
        }
        let shared = self.shared_summaries?.find(&signature.bytes)?;
        shared.iter().rev().find_map(fitting)
    }

    /// Is everything as it was, and is there room for all the steps?
    fn applies(&self, summary: &Summary, signature: &Signature) -> Option<Vec<ObjectId>> {
        if self.steps + summary.steps > self.limit || self.stack.len() + summary.height >= DEEPEST {
            return None;
        }
        let recurses_too_deep = self.stack.iter().any(|activation| {
            let function = (activation.module, activation.function);
            let found = summary
                .called
                .binary_search_by_key(&function, |(known, ..)| *known);
            found.is_ok_and(|position| {
                let nested = summary.called[position].1;
                (self.active(function) + nested) as usize > most_recursion(activation.kind)
            })
        });
        let is_less_deep = |(function, nested, is_full): &Nested| {
            *is_full && {
                let most = most_recursion(self.world.kind(function.0)) as u32;
                *nested < most && self.active(*function) + nested < most
            }
        };
        if recurses_too_deep || summary.called.iter().any(is_less_deep) {
            return None;
        }
        // An argument that is at the same time looked at as something else would be another situation.
        let is_pristine = if self.heap.overlaid().len() < summary.pristine.len() {
            self.heap
                .overlaid()
                .all(|id| summary.pristine.binary_search(&id).is_err())
        } else {
            summary
                .pristine
                .iter()
                .all(|id| self.heap.stamp_of(*id) == Some(0))
        };
        let applies = is_pristine
            && summary.stamped.iter().all(|(id, stamp)| {
                self.heap.stamp_of(*id) == Some(*stamp) && !signature.objects.contains(id)
            })
            && summary
                .origins
                .iter()
                .all(|(id, origin)| self.origins.get(id) == origin.as_ref())
            && summary.written.iter().all(|(id, _, is_weak)| {
                id.0 >= MADE || *is_weak == (self.undecided > 0 && id.0 < self.weak_below)
            });
        match &summary.changed {
            _ if !applies => None,
            None => Some(signature.objects.clone()),
            Some(one) => {
                objects_if_same(self, &signature.objects, &one.ids, &one.spelled, &one.bytes)
                    .filter(|objects| summary.stamped.iter().all(|(id, _)| !objects.contains(id)))
            }
        }
    }

    fn apply_summary(&mut self, summary: &Summary, objects: &[ObjectId]) -> Eval {
        self.steps += summary.steps;
        self.bound_reached += summary.bound_reached;
        self.strange_calls += summary.strange_calls;
        self.log.asserts += summary.asserts;
        let touched = self.heap.touched();
        if touched.is_watching() {
            // The calls around this one have now looked at all this, too.
            let changed = summary.changed.iter().flat_map(|one| &one.ids);
            for id in objects.iter().chain(&summary.pristine).chain(changed) {
                self.heap.get(*id);
            }
            for (id, _) in &summary.stamped {
                self.heap.get(*id);
            }
            for (function, nested, is_full) in &summary.called {
                let active = self.active(*function) + nested;
                self.own_summaries
                    .called
                    .push((*function, active, *is_full));
            }
            let own = &mut self.own_summaries;
            own.origins_seen.extend_from_slice(&summary.origins);
            own.highest = own.highest.max(self.stack.len() + summary.height);
        }
        if let Some(visited) = &mut self.visited {
            let world = self.world;
            visited.extend(
                summary
                    .called
                    .iter()
                    .map(|(function, ..)| *function)
                    .filter(|(module, _)| world.kind(*module) != ModuleKind::Model),
            );
        }
        let first = self.heap.len() as u32;
        let mut back = |id: ObjectId| match id.0 {
            number if number >= ARGUMENT => objects[(number - ARGUMENT) as usize],
            number if number >= MADE => ObjectId(first + (number - MADE)),
            _ => id,
        };
        for object in &summary.made {
            if let Some(object) = relocate_object(object, &mut back) {
                self.heap.add(object);
            }
        }
        for (id, left, _) in &summary.written {
            left.put(self.heap.get_mut(back(*id)), &mut back);
        }
        for (id, place) in &summary.new_origins {
            let id = back(*id);
            if self.origins.insert(id, *place).is_none() {
                self.note_origin_made(id);
            }
        }
        let calls: Vec<Call> = summary
            .calls
            .iter()
            .map(|call| Call {
                class: call.class.map(&mut back),
                ..call.clone()
            })
            .collect();
        self.log.add(
            &summary.answers,
            &calls,
            &summary.constructed,
            &summary.used,
        );
        self.resume_blocking(&summary.blocking);
        let mut raised = |raised: &Raised| Raised {
            exception: relocate(&raised.exception, &mut back),
            place: raised.place,
        };
        let pending: Vec<Raised> = summary.pending.iter().map(&mut raised).collect();
        let result = match &summary.result {
            Err(one) => Err(Raise::Exception(Box::new(raised(one)))),
            Ok(value) => Ok(relocate(value, &mut back)),
        };
        for one in pending {
            self.may_raise(one);
        }
        result
    }

    // ---- origins --------------------------------------------------------------------------------------------------

    /// Where the exception was raised first.
    pub fn origin(&mut self, id: ObjectId) -> Option<CodePlace> {
        let found = self.origins.get(&id).copied();
        if self.is_watched() {
            self.own_summaries.origins_seen.push((id, found));
        }
        found
    }

    /// Notes where the exception is raised, unless that is known; says where it was first.
    pub fn raised_at(&mut self, id: ObjectId, place: CodePlace) -> CodePlace {
        match self.origin(id) {
            Some(origin) => origin,
            None => {
                self.origins.insert(id, place);
                self.note_origin_made(id);
                place
            }
        }
    }

    fn note_origin_made(&mut self, id: ObjectId) {
        if self.is_watched() {
            self.own_summaries.origins_made.push(id);
        }
    }
}

/// What a watch has seen besides objects.
struct Seen {
    called: usize,
    origins_seen: usize,
    origins_made: usize,
    height: usize,
    steps: u64,
    asserts: u32,
    bound_reached: u64,
    strange_calls: u64,
}
