//! Summaries: a function runs once for each set of abstract arguments; what it did then is done again without running it.
//!
//! `def get_user(request): …` behind three hundred routes runs for the first of them. The others find the same arguments (an
//! unknown request, made anew for each route) and everything that the function looked at unchanged, and take over what it returned,
//! wrote, raised and called. The steps are charged as if it had run, so nothing but time can tell whether it did.

use std::hash::BuildHasher;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};

use crate::facts::program::{ClassId, FunctionId};
use crate::project::looks::{self, Look};
use crate::project::values::blocking::BlockingCall;
use crate::project::values::calls::most_recursion;
use crate::project::values::habits::{Behaved, Habit};
use crate::project::values::heap::{Object, Stamp};
use crate::project::values::infrastructure::Used;
use crate::project::values::left::Left;
use crate::project::values::log::{Answer, Call, Log};
use crate::project::values::machine::{Activation, Eval, Machine, Raise, Raised};
use crate::project::values::natives::Native;
use crate::project::values::relocation::{Relocation, relocate, relocate_object};
use crate::project::values::room::Room;
use crate::project::values::signature::{Changed, Signature, sign, sign_changed};
use crate::project::values::value::{ObjectId, Value};
use crate::project::world::{CodePlace, ModuleId};

/// What a function does for one set of arguments. Objects are numbered anew: see [`relocate`].
pub struct Summary {
    /// Objects of the shared base that must be as they were.
    pub(super) pristine: Box<[ObjectId]>,
    /// Other objects that must be as they were: those of the base that hold the same again, ...
    pub(super) changed: Option<Box<SameAgain>>,
    /// ... and those that nobody has written to since.
    pub(super) stamped: Box<[(ObjectId, Stamp)]>,
    pub(super) origins: Box<[(ObjectId, Option<CodePlace>)]>,
    /// Functions that ran, and how many activations of each there were at once: recursion has a bound.
    pub(super) called: Box<[Nested]>,
    /// Those of them of which one activation was refused.
    pub(super) refused: Box<[Nested]>,
    pub(super) looked: Box<[Look]>,
    pub(super) height: usize,
    pub(super) steps: u64,
    /// How many steps there must be.
    pub(super) room: Room,
    /// What the bounds in it need.
    pub(super) inside: Room,
    /// With these, which are fewer, it is cut off, and nothing but that is to be seen of it.
    pub(super) cut_off: Option<Room>,
    /// No exception: it was cut off.
    pub(super) result: Result<Value, Option<Raised>>,
    pub(super) made: Box<[Object]>,
    /// The objects as they are left; whether the write is weak, for those that are no arguments.
    pub(super) written: Box<[(ObjectId, Left, bool)]>,
    pub(super) pending: Box<[Raised]>,
    pub(super) answers: Box<[Answer]>,
    pub(super) calls: Box<[Call]>,
    pub(super) constructed: Box<[(ModuleId, ClassId)]>,
    pub(super) blocking: Box<[BlockingCall]>,
    pub(super) used: Box<[Used]>,
    pub(super) new_origins: Box<[(ObjectId, CodePlace)]>,
    pub(super) asserts: u32,
    pub(super) bound_reached: u64,
    pub(super) strange_calls: u64,
}

impl Summary {
    /// Was it cut off where the other one went on?
    fn is_shorter_than(&self, other: &Summary) -> bool {
        let longest = match (&other.result, other.cut_off) {
            (Err(None), _) => other.room.most,
            (_, Some(cut_off)) => cut_off.most,
            (_, None) => return false,
        };
        matches!(self.result, Err(None)) && self.room.most <= longest
    }
}

/// A function, how many activations of it there are at once, and whether one more was refused.
pub(super) type Nested = ((ModuleId, FunctionId), u32, bool);

/// Changed objects of the base, and what they held.
pub(super) struct SameAgain {
    pub(super) ids: Box<[ObjectId]>,
    pub(super) spelled: Box<[u32]>,
    pub(super) bytes: Box<[u8]>,
}

impl SameAgain {
    /// Can one look tell for both whether they are as they were?
    pub(super) fn asks_the_same(&self, other: &SameAgain) -> bool {
        self.ids == other.ids && self.spelled == other.spelled
    }
}

const SHARDS: usize = 32;
const SLOTS: usize = 4_096;
const MOST_IN_A_SHARD: usize = 4_096;
/// Summaries of one machine; fewer than stop a shard.
const MOST_OWN: usize = 4_000;
/// Summaries of one signature: they differ in what else they depend on.
const MOST_VARIANTS: usize = 16;
const MOST_MADE: usize = 400;
const MOST_READS: usize = 6_000;
/// Objects of the base that have changed, in one summary.
const MOST_CHANGED: usize = 24;
/// What a watch costs at least, in looks.
const LOOKS_OF_A_WATCH: u64 = 16;
/// Bytes of a signature that cost as much as one look.
const BYTES_OF_A_LOOK: u64 = 16;
/// One call does not make a habit, however many steps it saves.
const MOST_SAVED: u64 = 10_000;

pub(super) type Variants = Arc<Vec<Arc<Summary>>>;
pub(super) type Store = FxHashMap<Box<[u8]>, Variants>;

/// Summaries that depend on nothing but the shared base, for all threads.
pub struct Summaries {
    shards: Vec<Mutex<Store>>,
    /// By the hash of a function: is there one of it that is kept for an exact number of steps?
    exact: Vec<AtomicBool>,
}

/// Summaries of one machine, and how worthwhile they are.
#[derive(Default)]
pub struct OwnSummaries {
    pub(super) store: Store,
    /// Functions of which one is kept for an exact number of steps.
    exact: FxHashSet<(ModuleId, FunctionId)>,
    habits: FxHashMap<Behaved, Habit>,
    /// Functions that ran while a call is watched, with all activations that there were then.
    pub(super) called: Vec<Nested>,
    pub(super) origins_seen: Vec<(ObjectId, Option<CodePlace>)>,
    origins_made: Vec<ObjectId>,
    pub(super) highest: usize,
    /// Counts replays in watches; the turn of each summary's last one, and where the innermost watch began.
    pub(super) turn: u64,
    pub(super) noted: FxHashMap<*const Summary, (u64, Arc<Summary>)>,
    pub(super) watched_from: u64,
    /// What the last watch cost, in looks.
    spent: u64,
}

/// A call that is being watched.
pub struct Open {
    signature: Signature,
    steps: u64,
    limit: u64,
    outer_room: Room,
    depth: usize,
    undecided: (usize, u32),
    counts: [usize; 10],
    asserts: u32,
    bound_reached: u64,
    strange_calls: u64,
    called: usize,
    origins_seen: usize,
    origins_made: usize,
    outer_highest: usize,
    outer_watched_from: u64,
    outer_before: usize,
    outer_looks: u32,
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

impl Outer {
    fn is_empty(&self) -> bool {
        self.answers.is_empty()
            && self.calls.is_empty()
            && self.constructed.is_empty()
            && self.blocking.is_empty()
            && self.used.is_empty()
    }
}

impl Default for Summaries {
    fn default() -> Summaries {
        Summaries {
            shards: (0..SHARDS).map(|_| Mutex::new(Store::default())).collect(),
            exact: (0..SLOTS).map(|_| AtomicBool::new(false)).collect(),
        }
    }
}

impl Summaries {
    fn shard(&self, key: &[u8]) -> &Mutex<Store> {
        &self.shards[(FxBuildHasher.hash_one(key) >> 40) as usize % SHARDS]
    }

    pub(super) fn find(&self, key: &[u8]) -> Option<Variants> {
        self.shard(key).lock().ok()?.get(key).cloned()
    }

    fn exact(&self, function: (ModuleId, FunctionId)) -> &AtomicBool {
        &self.exact[(FxBuildHasher.hash_one(function) >> 40) as usize % SLOTS]
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
    // One that came further says as much.
    variants.retain(|known| !known.is_shorter_than(&summary));
    if variants.len() >= MOST_VARIANTS {
        variants.remove(0);
    }
    variants.push(summary);
}

/// What a summary does not keep.
fn counts(log: &Log) -> [usize; 10] {
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
        log.caught.len(),
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
        let behaved = self.behaved(function, closure, &locals);
        let habit = self
            .own_summaries
            .habits
            .get(&behaved)
            .copied()
            .unwrap_or_default();
        let start = self.steps;
        let is_seen = self.observed == Some(function);
        let signature = if self.is_worthwhile(habit)
            && !is_seen
            && !self.finds_nothing
            && !self.exploring.is_brief
        {
            let flags = u8::from(is_direct)
                | u8::from(self.undecided > 0) << 1
                // One of the two at most: who observes doubts types, too.
                | u8::from(self.visited.is_some() || self.observed.is_some()) << 2
                | u8::from(self.doubts_types) << 3
                | u8::from(self.prepares || !self.importing.is_empty()) << 4
                // What a function does is another thing when its failures do not count, ...
                | u8::from(self.forgives) << 5
                | u8::from(self.forgives && self.tries > 0) << 6
                // ... and what it registers is conditional only for what it does itself.
                | u8::from(self.undecided > self.doubted) << 7;
            let is_called_by_module = self
                .stack
                .last()
                .is_some_and(|caller| caller.function == FunctionId(0));
            // These have bounds of their own: for each statement, and for the call.
            let bounds =
                u8::from(self.shares) | u8::from(is_called_by_module && !self.forgives) << 1;
            let bounds = bounds | u8::from(self.suspends) << 2;
            let flags = [flags, (self.initializing.len() as u8) << 3 | bounds];
            sign(self, function, closure, class, flags, &locals)
        } else {
            None
        };
        let Some(mut signature) = signature else {
            let result = work(self, locals);
            let habit = self.own_summaries.habits.entry(behaved).or_default();
            habit.runs += 1;
            habit.steps += self.steps - start;
            return result;
        };
        if let Some(result) = self.replay(function, &mut signature) {
            let saved = self.steps.saturating_sub(start).min(MOST_SAVED);
            let habit = self.own_summaries.habits.entry(behaved).or_default();
            habit.hits += 1;
            habit.saved += saved;
            self.buffer.set(signature.bytes);
            return result;
        }
        let open = self.watch(signature);
        let result = work(self, locals);
        let kept = self.keep(function, open, &result);
        let habit = self.own_summaries.habits.entry(behaved).or_default();
        habit.runs += 1;
        habit.steps += self.steps - start;
        if let Err(Raise::Exhausted) = result {
            // That says how much was left, and little of the function.
            habit.cut_off += 1;
        } else {
            habit.recorded += 1;
        }
        habit.kept += u32::from(kept);
        habit.spent += self.own_summaries.spent;
        result
    }

    /// The number of the first object that summaries spell by what it holds: the test's, or those of a module's statement.
    pub fn summaries_from(&self) -> Option<u32> {
        let base = self.heap.base_len() as u32;
        self.trial_start()
            .or(self.statement_from)
            .or_else(|| (base > 0).then_some(base))
    }

    /// The function was called once more than recursion may: what calls do depends on how often it was active before them.
    pub(super) fn note_most_recursion(&mut self, function: (ModuleId, FunctionId), most: usize) {
        if self.is_watched() {
            let most = most as u32;
            self.own_summaries.called.push((function, most, true));
        }
    }

    /// How many activations of the function there may be.
    pub(super) fn most_recursion(&self, (module, function): (ModuleId, FunctionId)) -> u32 {
        let kind = self.world.kind(module);
        let unit = self.world.named(module);
        unit.map_or(1, |unit| {
            most_recursion(kind, unit.facts.function(function)) as u32
        })
    }

    /// How many activations of the function there are.
    pub(super) fn active(&self, (module, function): (ModuleId, FunctionId)) -> u32 {
        let is_it = |activation: &&Activation| {
            activation.module == module && activation.function == function
        };
        self.stack.iter().filter(is_it).count() as u32
    }

    /// May there be summaries of the function for an exact number of steps?
    pub(super) fn may_be_exact(&self, function: (ModuleId, FunctionId)) -> bool {
        let shared = self.shared_summaries;
        self.own_summaries.exact.contains(&function)
            || shared.is_some_and(|shared| shared.exact(function).load(Ordering::Relaxed))
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
            outer_looks: looks::begin(),
            signature,
            steps: self.steps,
            limit: self.limit,
            outer_room: std::mem::replace(&mut self.room, Room::ANY),
            depth: self.stack.len(),
            undecided: (self.undecided, self.weak_below),
            counts: counts(&self.log),
            asserts: self.log.asserts,
            bound_reached: self.bound_reached,
            strange_calls: self.strange_calls,
            called: own.called.len(),
            origins_seen: own.origins_seen.len(),
            origins_made: own.origins_made.len(),
            outer_highest: std::mem::replace(&mut own.highest, self.stack.len() + 1),
            outer_watched_from: std::mem::replace(&mut own.watched_from, own.turn),
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
    fn keep(&mut self, function: (ModuleId, FunctionId), open: Open, result: &Eval) -> bool {
        let is_cut_off = matches!(result, Err(Raise::Exhausted));
        let inside = self.room;
        let room = if is_cut_off {
            // Whoever catches that puts these back.
            self.stack.truncate(open.depth);
            (self.undecided, self.weak_below) = open.undecided;
            inside.and(Room::at_most(open.limit))
        } else {
            self.room_so_far()
        };
        self.room = open.outer_room.and(room);
        let (inside, room) = (inside.before(open.steps), room.before(open.steps));
        let mark = self.heap.touched().mark();
        // A call that adds to what no summary keeps just runs.
        let touched = self.heap.touched().end(counts(&self.log) == open.counts);
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
        if touched.is_some() {
            self.own_summaries.fold_called(open.called);
        }
        let bytes = open.signature.bytes.len() as u64;
        self.own_summaries.spent = LOOKS_OF_A_WATCH + bytes / BYTES_OF_A_LOOK;
        let kept = touched.and_then(|(reads, writes)| {
            self.own_summaries.spent += reads.len() as u64;
            if reads.len() > MOST_READS {
                return None;
            }
            let result = match result {
                Ok(value) => Ok(value),
                Err(Raise::Exception(raised)) => Err(Some(&**raised)),
                Err(Raise::Exhausted) => Err(None),
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
                    inside,
                    room,
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
            let mut key = open.signature.bytes;
            if summary.room.least == summary.room.most {
                key.extend_from_slice(&summary.room.least.to_le_bytes());
                self.own_summaries.exact.insert(function);
                if let Some(shared) = self.shared_summaries {
                    shared.exact(function).store(true, Ordering::Relaxed);
                }
            }
            let bytes = key;
            let key = Box::from(&bytes[..]);
            self.buffer.set(bytes);
            let summary = Arc::new(summary);
            match self.shared_summaries {
                Some(shared) if is_shared => shared.keep(key, summary),
                _ => {
                    let store = &mut self.own_summaries.store;
                    if store.len() >= MOST_OWN {
                        // Those that are needed come again.
                        store.clear();
                    }
                    keep(store, key, summary);
                }
            }
            Some(())
        });
        looks::end(open.outer_looks);
        self.heap.end_before(open.outer_before);
        let own = &mut self.own_summaries;
        own.highest = open.outer_highest.max(highest);
        own.watched_from = open.outer_watched_from;
        if !self.heap.touched().is_watching() {
            own.called.clear();
            own.noted.clear();
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
        result: Result<&Value, Option<&Raised>>,
        log: Outer,
        seen: Seen,
    ) -> Option<Summary> {
        let own = &self.own_summaries;
        let result = match result {
            Ok(value) => Ok(relocate(value, &mut |id| relocation.number(id))),
            Err(raised) => Err(raised.map(|raised| relocation.raised(raised))),
        };
        let pending: Box<[Raised]> = self
            .pending
            .iter()
            .map(|raised| relocation.raised(raised))
            .collect();
        let is_logged = !log.is_empty();
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
        let new_origins: Box<[(ObjectId, CodePlace)]> = origins_made
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
        let is_cut_off = matches!(result, Err(None));
        // Who wants to know which functions run has to see how far it comes.
        let is_silent = self.visited.is_none()
            && written.is_empty()
            && pending.is_empty()
            && new_origins.is_empty()
            && !is_logged
            && seen.asserts == 0
            // Nobody counts these unless types are doubted.
            && (!self.doubts_types || seen.bound_reached + seen.strange_calls == 0);
        // Fewer steps of what can't be seen can't be seen either.
        let cut_off = (is_silent && !is_cut_off)
            .then(|| seen.inside.and(Room::at_most(seen.steps.saturating_sub(1))));
        let room = if is_cut_off && !is_silent {
            Room::exactly(seen.room.most)
        } else {
            seen.room
        };
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
            refused: called
                .iter()
                .filter(|(.., is_full)| *is_full)
                .copied()
                .collect(),
            called: called.into(),
            looked: looks::since().into(),
            height: seen.height,
            steps: seen.steps,
            room,
            inside: seen.inside,
            cut_off,
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

    pub(super) fn note_origin_made(&mut self, id: ObjectId) {
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
    /// What the bounds in it need, ...
    inside: Room,
    /// ... and it itself.
    room: Room,
    asserts: u32,
    bound_reached: u64,
    strange_calls: u64,
}
