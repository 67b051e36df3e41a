//! The heap: objects with identity. A frozen base is shared by all tests; what one test writes is laid over it and taken back.
//!
//! `app = FastAPI()` at module level is in the base; `app.state.x = 1` inside a test copies the object into the overlay of
//! that test, and the next test finds the base again.

use std::cell::Cell;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::facts::program::{ClassId, FunctionId};
use crate::project::looks::{self, Look};
use crate::project::symbols::Symbol;
use crate::project::values::earlier::{Earlier, Mark};
use crate::project::values::globals::Globals;
use crate::project::values::touched::Touched;
use crate::project::values::value::{ObjectId, Value};
use crate::project::world::ModuleId;

#[derive(Debug, Clone)]
pub enum Object {
    Function(FunctionObject),
    Class(Box<ClassObject>),
    Instance(InstanceObject),
    List(ListObject),
    Dict(DictObject),
    Module(Box<ModuleObject>),
    Frame(FrameObject),
    /// `property`, `staticmethod`, `classmethod` around a function.
    Descriptor {
        kind: DescriptorKind,
        function: Value,
    },
    /// `origin[arguments]` of a generic class or of `typing`.
    Alias {
        origin: Value,
        arguments: Vec<Value>,
    },
    /// `functools.partial`.
    Partial {
        function: Value,
        positional: Vec<Value>,
        named: Vec<(Symbol, Value)>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DescriptorKind {
    Property,
    Static,
    Class,
}

#[derive(Debug, Clone)]
pub struct FunctionObject {
    pub module: ModuleId,
    pub function: FunctionId,
    /// The frame around it, if it is a function's.
    pub closure: Option<ObjectId>,
    /// The class in whose body it stands, for `super()`.
    pub class: Option<ObjectId>,
    /// One for each parameter that has a default, in order of parameters.
    pub defaults: Vec<Value>,
    pub attributes: Names,
}

#[derive(Debug, Clone)]
pub struct ClassObject {
    pub module: ModuleId,
    /// None: no `class` statement made it, but `type(name, bases, names)`.
    pub class: Option<ClassId>,
    pub name: Symbol,
    /// The class of this class, if the project's own code says one.
    pub metaclass: Option<ObjectId>,
    pub bases: Vec<Value>,
    /// Method resolution order, itself first; builtins and externals are values of their own kind.
    pub mro: Vec<Value>,
    pub names: Names,
    /// Annotated names of the body in order, with the annotation.
    pub fields: Vec<(Symbol, AnnotationPlace)>,
    pub closure: Option<ObjectId>,
    /// The list of those made of it, an object of its own: who looks at a class does not look at them.
    pub subclasses: ObjectId,
}

/// An annotation that has not been evaluated: the expression and where it stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AnnotationPlace {
    pub module: ModuleId,
    pub expr: crate::facts::program::ExprId,
}

#[derive(Debug, Clone)]
pub struct InstanceObject {
    pub class: ObjectId,
    pub attributes: Names,
    /// The list, dict or text that it is, for subclasses of builtins.
    pub payload: Option<Value>,
    /// Known only by its type: its `__init__` has not run.
    pub is_opaque: bool,
    /// Nobody made it: somewhere a value of this type is expected, which may as well be None.
    pub is_expected: bool,
}

#[derive(Debug, Clone, Default)]
pub struct ListObject {
    pub items: Vec<Value>,
    /// There may be other elements.
    pub is_open: bool,
    /// So many of the elements may not be there: they came in a branch that may not be taken. As a rule the last ones.
    pub doubtful: usize,
    pub kind: ListKind,
}

/// A list that is doubled again and again ends here, open.
pub const LONGEST_LIST: usize = 50_000;

/// So many of the last elements of a long list are looked at: what recursion collects says the same over and over.
const ENDS: usize = 8;
/// A list of which the last elements say the same ends here, open.
const LONGEST_OF_THE_SAME: usize = 250;

/// A dict that is filled entry by entry stays open from here on: looking for a key looks at all of them.
pub const LONGEST_REGISTRY: usize = 1_000;

impl ListObject {
    /// Appends up to the bounds; what is lost makes the list open.
    pub fn extend(&mut self, more: ListObject) {
        let (before, offered) = (self.items.len(), more.items.len());
        for value in more.items {
            if self.items.len() < LONGEST_OF_THE_SAME
                || self.items.len() < LONGEST_LIST && !self.ends_like(&value)
            {
                self.items.push(value);
            }
        }
        let taken = self.items.len() - before;
        self.is_open |= more.is_open || taken < offered;
        self.doubtful += more.doubtful.min(taken);
    }

    /// Does one of the last elements say what this value says?
    fn ends_like(&self, value: &Value) -> bool {
        let last = self.items.len().saturating_sub(ENDS);
        self.items[last..].contains(value)
    }

    /// Are its elements those, all of them and no others?
    pub fn is_exact(&self) -> bool {
        !self.is_open && self.doubtful == 0
    }

    /// How many of the elements are surely there.
    pub fn sure(&self) -> usize {
        self.items.len().saturating_sub(self.doubtful)
    }

    /// Does it hold anything?
    pub fn truth(&self) -> Option<bool> {
        truth_of(self.items.len(), self.doubtful, self.is_open)
    }

    /// An element less, or maybe less.
    pub fn remove(&mut self, position: usize, is_certain: bool) {
        if is_certain {
            self.items.remove(position);
            self.doubtful = self.doubtful.min(self.items.len());
        } else {
            self.doubtful = (self.doubtful + 1).min(self.items.len());
        }
    }
}

impl DictObject {
    /// A list of one element for each entry.
    pub fn view(&self, items: Vec<Value>) -> ListObject {
        ListObject {
            items,
            is_open: self.is_open,
            doubtful: self.doubtful,
            kind: ListKind::List,
        }
    }

    /// Does it hold anything?
    pub fn truth(&self) -> Option<bool> {
        truth_of(self.items.len(), self.doubtful, self.is_open)
    }
}

fn truth_of(count: usize, doubtful: usize, is_open: bool) -> Option<bool> {
    match count {
        0 if is_open => None,
        0 => Some(false),
        _ if count > doubtful => Some(true),
        _ => None,
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ListKind {
    #[default]
    List,
    Set,
    /// A generator or iterator: the values that it gives, all at once.
    Iterator,
}

#[derive(Debug, Clone, Default)]
pub struct DictObject {
    pub items: Vec<(Value, Value)>,
    pub is_open: bool,
    /// So many of the entries may not be there.
    pub doubtful: usize,
}

#[derive(Debug, Clone)]
pub struct ModuleObject {
    pub module: ModuleId,
    pub names: Globals,
    pub state: ModuleState,
}

#[derive(Debug, Clone, PartialEq)]
pub enum ModuleState {
    Running,
    Ready,
    /// Importing it raises: the line and what is missing.
    Broken {
        line: u32,
        says: Arc<str>,
    },
}

/// A call's locals that an inner function can see.
#[derive(Debug, Clone)]
pub struct FrameObject {
    pub module: ModuleId,
    pub function: FunctionId,
    pub values: Vec<Value>,
    pub closure: Option<ObjectId>,
    pub class: Option<ObjectId>,
}

/// A small ordered map of attributes. Copies share what they hold until one of them changes.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// None: it is empty.
    entries: Option<Arc<Vec<(Symbol, Value)>>>,
    /// Only once there are many.
    index: Option<Arc<FxHashMap<Symbol, usize>>>,
    /// The class of the base that they are of, if anybody wants to know who looks at them.
    owner: Option<ObjectId>,
}

const INDEXED_FROM: usize = 24;

impl Names {
    /// Names of which each stands there once.
    pub fn of(entries: Vec<(Symbol, Value)>) -> Names {
        let mut names = Names {
            entries: (!entries.is_empty()).then(|| Arc::new(entries)),
            index: None,
            owner: None,
        };
        if names.held().len() >= INDEXED_FROM {
            names.make_index();
        }
        names
    }

    /// All of them, in the order in which they came.
    pub fn entries(&self) -> &[(Symbol, Value)] {
        if let Some(owner) = self.owner {
            looks::note(Look::Names(owner));
        }
        self.held()
    }

    /// From here on, it is noted who looks at which name.
    pub fn watch(&mut self, owner: ObjectId) {
        self.owner = Some(owner);
    }

    pub fn is_watched(&self) -> bool {
        self.owner.is_some()
    }

    fn held(&self) -> &[(Symbol, Value)] {
        self.entries.as_ref().map_or(&[], |entries| entries)
    }

    fn make_index(&mut self) {
        let entries = self.held().iter().enumerate();
        let index = entries.map(|(position, (name, _))| (*name, position));
        self.index = Some(Arc::new(index.collect()));
    }

    pub fn get(&self, name: Symbol) -> Option<&Value> {
        if let Some(owner) = self.owner {
            looks::note(Look::Name(owner, name.0));
        }
        match &self.index {
            Some(index) => index.get(&name).map(|&position| &self.held()[position].1),
            None => self
                .held()
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, value)| value),
        }
    }

    pub fn set(&mut self, name: Symbol, value: Value) {
        let position = match &self.index {
            Some(index) => index.get(&name).copied(),
            None => {
                let mut entries = self.held().iter();
                entries.position(|(known, _)| *known == name)
            }
        };
        let entries = Arc::make_mut(self.entries.get_or_insert_default());
        match position {
            Some(position) => entries[position].1 = value,
            None => {
                let position = entries.len();
                entries.push((name, value));
                if let Some(index) = &mut self.index {
                    Arc::make_mut(index).insert(name, position);
                } else if position + 1 >= INDEXED_FROM {
                    self.make_index();
                }
            }
        }
    }

    /// The same names with other values; None stands for one that stays.
    pub fn map(&self, mut change: impl FnMut(&Value) -> Option<Value>) -> Names {
        let entries = self.entries();
        let mut changed: Option<Vec<(Symbol, Value)>> = None;
        for (position, (name, value)) in entries.iter().enumerate() {
            match (change(value), &mut changed) {
                (None, None) => {}
                (None, Some(changed)) => changed.push((*name, value.clone())),
                (Some(value), Some(changed)) => changed.push((*name, value)),
                (Some(value), None) => {
                    let mut first = Vec::with_capacity(entries.len());
                    first.extend_from_slice(&entries[..position]);
                    first.push((*name, value));
                    changed = Some(first);
                }
            }
        }
        Names {
            entries: changed
                .map_or_else(|| self.entries.clone(), |entries| Some(Arc::new(entries))),
            index: self.index.clone(),
            // The same names of another object.
            owner: None,
        }
    }

    pub fn remove(&mut self, name: Symbol) -> Option<Value> {
        let mut entries = self.held().iter();
        let position = entries.position(|(known, _)| *known == name)?;
        let entries = Arc::make_mut(self.entries.as_mut()?);
        let (_, value) = entries.remove(position);
        if self.index.is_some() {
            self.make_index();
        }
        Some(value)
    }
}

/// Objects of the base, the overlay and those made since.
pub struct Heap<'w> {
    base: &'w [Object],
    /// Which objects of the base somebody looked at; empty: nobody wants to know.
    looked_at: Vec<Cell<bool>>,
    overlay: FxHashMap<ObjectId, (Object, Stamp)>,
    /// A bit for each object of the base: is it in the overlay? Empty until one is.
    overlaid: Vec<u64>,
    fresh: Vec<Object>,
    /// Of `fresh`.
    stamps: Vec<Stamp>,
    clock: Stamp,
    /// Of the trials that are open, the outermost first.
    journals: Vec<Journal>,
    pub(super) earlier: Earlier,
    touched: Touched,
    /// Objects as they were before a watched call wrote to them, those of the innermost call from `before_from` on.
    before: Vec<(ObjectId, Object)>,
    before_from: usize,
    /// What a value refers to that outlived the trial in which its object was made: of that, nobody knows anything any more.
    gone: Object,
    /// Where writes to it go.
    scratch: Object,
}

/// Looks at bits that take as long as one search.
const COST_OF_A_SEARCH: usize = 12;

/// Objects that one watched call changes; of more than that nobody knows how they were before.
const MOST_BEFORE: usize = 64;

/// Changes whenever an object does, and is never given twice: two looks that see the same stamp see the same object.
/// 0 is an object of the base that nobody has written to.
pub type Stamp = u32;

/// What to put back when a trial run ends.
struct Journal {
    fresh: usize,
    /// Objects older than the trial, as they were; none: the base's was not copied yet.
    saved: FxHashMap<ObjectId, Option<(Object, Stamp)>>,
    earlier: Mark,
}

/// A list of which nobody knows what it holds.
fn gone() -> Object {
    Object::List(ListObject {
        items: Vec::new(),
        is_open: true,
        doubtful: 0,
        kind: ListKind::List,
    })
}

impl<'w> Heap<'w> {
    pub fn new(base: &'w [Object]) -> Heap<'w> {
        Heap {
            base,
            looked_at: Vec::new(),
            overlay: FxHashMap::default(),
            overlaid: Vec::new(),
            fresh: Vec::new(),
            stamps: Vec::new(),
            clock: 0,
            journals: Vec::new(),
            earlier: Earlier::default(),
            touched: Touched::default(),
            before: Vec::new(),
            before_from: 0,
            gone: gone(),
            scratch: gone(),
        }
    }

    /// From here on, it is noted which objects of the base are looked at.
    pub fn watch_base(&mut self) {
        self.looked_at = vec![Cell::new(false); self.base.len()];
    }

    /// The objects of the base that were looked at, in order.
    pub fn looked_at(&self) -> Vec<ObjectId> {
        let looked_at = self.looked_at.iter().enumerate();
        looked_at
            .filter(|(_, is_looked_at)| is_looked_at.get())
            .map(|(position, _)| ObjectId(position as u32))
            .collect()
    }

    /// Somebody depends on what an object holds, if it is one of the base.
    pub fn look_at(&self, id: ObjectId) {
        if let Some(is_looked_at) = self.looked_at.get(id.0 as usize) {
            is_looked_at.set(true);
        }
    }

    /// The same, and on all names that a module or a class has.
    pub fn look_at_all(&self, id: ObjectId) {
        self.look_at(id);
        match self.base.get(id.0 as usize) {
            Some(Object::Class(class)) if class.names.is_watched() => looks::note(Look::Names(id)),
            Some(Object::Module(module)) if module.names.is_watched() => {
                looks::note(Look::Names(id));
            }
            _ => {}
        }
    }

    pub fn len(&self) -> usize {
        self.base.len() + self.fresh.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Another moment than all before.
    pub(super) fn tick(&mut self) -> Stamp {
        self.clock += 1;
        self.clock
    }

    /// How many objects every heap over this base shares.
    pub fn base_len(&self) -> usize {
        self.base.len()
    }

    pub fn add(&mut self, object: Object) -> ObjectId {
        self.clock += 1;
        self.fresh.push(object);
        self.stamps.push(self.clock);
        ObjectId((self.base.len() + self.fresh.len() - 1) as u32)
    }

    pub fn get(&self, id: ObjectId) -> &Object {
        if self.touched.is_watching() {
            self.touched.read(id, || self.stamp(id));
        }
        self.peek(id)
    }

    /// Is the object still there? One that was made in a trial is gone with it.
    pub fn holds(&self, id: ObjectId) -> bool {
        (id.0 as usize) < self.base.len() + self.fresh.len()
    }

    /// [`Heap::get`] that no summary takes notice of.
    pub fn peek(&self, id: ObjectId) -> &Object {
        let position = id.0 as usize;
        if position >= self.base.len() {
            let fresh = self.fresh.get(position - self.base.len());
            return fresh.unwrap_or(&self.gone);
        }
        self.look_at(id);
        if self.is_overlaid(id)
            && let Some((object, _)) = self.overlay.get(&id)
        {
            return object;
        }
        &self.base[position]
    }

    /// Is it an object of the base that has been written to?
    fn is_overlaid(&self, id: ObjectId) -> bool {
        let word = self.overlaid.get(id.0 as usize / 64);
        word.is_some_and(|word| word >> (id.0 % 64) & 1 == 1)
    }

    fn mark_overlaid(&mut self, id: ObjectId) {
        if self.overlaid.is_empty() {
            self.overlaid = vec![0; self.base.len().div_ceil(64)];
        }
        self.overlaid[id.0 as usize / 64] |= 1 << (id.0 % 64);
    }

    /// Are these objects of the base, in order of their numbers, all as they are there?
    pub fn are_original(&self, ids: &[ObjectId]) -> bool {
        // What is sought in order takes longer than a look at a bit.
        if self.overlay.len() < ids.len() / COST_OF_A_SEARCH {
            let mut overlaid = self.overlay.keys();
            return overlaid.all(|id| ids.binary_search(id).is_err());
        }
        ids.iter().all(|id| !self.is_overlaid(*id))
    }

    /// The objects of the base that have been written to.
    pub fn changed(&self) -> impl Iterator<Item = ObjectId> {
        self.overlay.keys().copied()
    }

    /// An object of the base as it is there.
    pub fn original(&self, id: ObjectId) -> Option<&Object> {
        self.look_at(id);
        self.base.get(id.0 as usize)
    }

    /// None: there is no such object (any more).
    pub fn stamp_of(&self, id: ObjectId) -> Option<Stamp> {
        ((id.0 as usize) < self.len()).then(|| self.stamp(id))
    }

    fn stamp(&self, id: ObjectId) -> Stamp {
        let position = id.0 as usize;
        if position >= self.base.len() {
            let stamp = self.stamps.get(position - self.base.len());
            return stamp.copied().unwrap_or(0);
        }
        if !self.is_overlaid(id) {
            return 0;
        }
        self.overlay.get(&id).map_or(0, |(_, stamp)| *stamp)
    }

    pub fn touched(&self) -> &Touched {
        &self.touched
    }

    pub fn get_mut(&mut self, id: ObjectId) -> &mut Object {
        if self.touched.is_watching() {
            self.touched.read(id, || self.stamp(id));
            self.touched.write(id);
            self.keep_before(id);
        }
        if self.holds(id) && self.earlier.wants(self.stamp(id)) {
            let object = self.peek(id).clone();
            self.earlier.keep(id, object);
        }
        let position = id.0 as usize;
        if let Some(journal) = self.journals.last_mut()
            && position < self.base.len() + journal.fresh
            && !journal.saved.contains_key(&id)
        {
            let before = if position >= self.base.len() {
                let position = position - self.base.len();
                Some((self.fresh[position].clone(), self.stamps[position]))
            } else {
                self.overlay.get(&id).cloned()
            };
            journal.saved.insert(id, before);
        }
        self.clock += 1;
        if position >= self.len() {
            self.scratch = gone();
            return &mut self.scratch;
        }
        if position >= self.base.len() {
            self.stamps[position - self.base.len()] = self.clock;
            return &mut self.fresh[position - self.base.len()];
        }
        self.look_at(id);
        self.mark_overlaid(id);
        let base = self.base;
        let slot = self
            .overlay
            .entry(id)
            .or_insert_with(|| (base[position].clone(), 0));
        slot.1 = self.clock;
        &mut slot.0
    }

    fn keep_before(&mut self, id: ObjectId) {
        let known = &self.before[self.before_from..];
        if id.0 >= self.touched.mark()
            || known.len() >= MOST_BEFORE
            || self.stamp(id) == 0
            || known.iter().rev().any(|(known, _)| *known == id)
        {
            return;
        }
        let object = self.peek(id).clone();
        self.before.push((id, object));
    }

    /// A watched call begins; give what it returns to [`Heap::end_before`].
    pub fn begin_before(&mut self) -> usize {
        std::mem::replace(&mut self.before_from, self.before.len())
    }

    /// What the innermost watched call has changed, as it was before; the first of an object counts.
    pub fn before(&self) -> &[(ObjectId, Object)] {
        &self.before[self.before_from..]
    }

    pub fn end_before(&mut self, outer: usize) {
        self.before_from = outer;
        if !self.touched.is_watching() {
            self.before.clear();
        }
    }

    /// From here on, everything is taken back by [`Heap::end_trial`]. Trials nest.
    pub fn begin_trial(&mut self) {
        self.journals.push(Journal {
            fresh: self.fresh.len(),
            saved: FxHashMap::default(),
            earlier: self.earlier.begin_trial(),
        });
    }

    pub fn end_trial(&mut self) {
        let Some(journal) = self.journals.pop() else {
            return;
        };
        self.earlier.end_trial(journal.earlier);
        for (id, before) in journal.saved {
            let position = id.0 as usize;
            match before {
                Some((object, stamp)) if position >= self.base.len() => {
                    self.fresh[position - self.base.len()] = object;
                    self.stamps[position - self.base.len()] = stamp;
                }
                Some(object) => {
                    self.overlay.insert(id, object);
                }
                None => {
                    self.overlay.remove(&id);
                    self.overlaid[position / 64] &= !(1 << (position % 64));
                }
            }
        }
        self.fresh.truncate(journal.fresh);
        self.stamps.truncate(journal.fresh);
    }

    /// All objects made so far, as a new base. Only for a heap over an empty base.
    pub fn freeze(mut self) -> Vec<Object> {
        self.fresh.shrink_to_fit();
        self.fresh
    }

    /// Every object in order of creation.
    pub fn ids(&self) -> impl Iterator<Item = ObjectId> + use<> {
        (0..self.len() as u32).map(ObjectId)
    }

    pub fn list(&self, id: ObjectId) -> Option<&ListObject> {
        match self.get(id) {
            Object::List(list) => Some(list),
            _ => None,
        }
    }

    pub fn class(&self, id: ObjectId) -> Option<&ClassObject> {
        match self.get(id) {
            Object::Class(class) => Some(class),
            _ => None,
        }
    }

    pub fn function(&self, id: ObjectId) -> Option<&FunctionObject> {
        match self.get(id) {
            Object::Function(function) => Some(function),
            _ => None,
        }
    }

    pub fn instance(&self, id: ObjectId) -> Option<&InstanceObject> {
        match self.get(id) {
            Object::Instance(instance) => Some(instance),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_that_outlives_its_trial_refers_to_what_nobody_knows() {
        let mut heap = Heap::new(&[]);
        heap.begin_trial();
        let made = heap.add(gone());
        heap.end_trial();
        assert!(!heap.holds(made));
        *heap.get_mut(made) = Object::List(ListObject::default());
        assert!(heap.list(made).is_some_and(|list| list.is_open));
    }
}
