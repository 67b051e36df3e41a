//! Touched: which older objects a running function looks at and writes to, so that its outcome can be kept for equal circumstances.
//!
//! `def price(item): return item.net * RATE` looks at the item and at the module that holds `RATE`; objects that it makes itself
//! do not count.

use std::cell::{Cell, RefCell};

use crate::project::values::heap::Stamp;
use crate::project::values::value::ObjectId;

/// More looks than this, and nothing that is open now is kept.
const MOST_TOUCHES: usize = 1 << 18;
const RECENT: usize = 4_096;

/// A call that is being watched. Calls nest, and what an inner one touches the outer ones touch, too.
#[derive(Debug, Clone, Copy)]
pub struct Watch {
    reads: usize,
    writes: usize,
    /// How many looks had been noted when it began.
    noted: u32,
    /// Objects from here on are made by the call.
    pub mark: u32,
    /// The call's own position on the stack.
    pub depth: usize,
    pub is_spoiled: bool,
}

/// What all watched calls have touched, in order; a call's part reaches to the end. Of a call that has ended, each object stands
/// there once.
#[derive(Debug, Default)]
pub struct Touched {
    is_watching: Cell<bool>,
    mark: Cell<u32>,
    reads: RefCell<Vec<(ObjectId, Stamp)>>,
    writes: RefCell<Vec<ObjectId>>,
    /// Objects, and how many looks had been noted with the last one at each, to note it once for each call.
    recent: RefCell<Vec<(u32, u32)>>,
    noted: Cell<u32>,
    /// What the innermost watch needs of itself.
    noted_before: Cell<u32>,
    watches: RefCell<Vec<Watch>>,
}

impl Touched {
    pub fn is_watching(&self) -> bool {
        self.is_watching.get()
    }

    /// Objects from here on are made by the innermost watched call.
    pub fn mark(&self) -> u32 {
        self.mark.get()
    }

    pub fn begin(&self, mark: u32, depth: usize) {
        let noted = self.noted.get();
        self.noted_before.set(noted);
        self.watches.borrow_mut().push(Watch {
            reads: self.reads.borrow().len(),
            writes: self.writes.borrow().len(),
            noted,
            mark,
            depth,
            is_spoiled: false,
        });
        self.is_watching.set(true);
        self.mark.set(mark);
        let mut recent = self.recent.borrow_mut();
        if recent.is_empty() {
            recent.resize(RECENT, (u32::MAX, 0));
        }
    }

    /// Ends the innermost watch: what was read, with the stamps at first sight, and what was written, both sorted and without
    /// what the call made. None if the call's outcome depends on more than that, or nobody wants to know.
    #[allow(clippy::type_complexity)]
    pub fn end(&self, is_wanted: bool) -> Option<(Vec<(ObjectId, Stamp)>, Vec<ObjectId>)> {
        let watch = self.watches.borrow_mut().pop()?;
        let outer = self.watches.borrow().last().copied();
        let mut found = None;
        if is_wanted && !watch.is_spoiled {
            let is_older = |id: &ObjectId| id.0 < watch.mark;
            let mut all = self.reads.borrow_mut();
            let mut reads: Vec<(ObjectId, Stamp)> = all[watch.reads..]
                .iter()
                .filter(|(id, _)| is_older(id))
                .copied()
                .collect();
            // Stable: the first look comes first.
            reads.sort_by_key(|(id, _)| *id);
            reads.dedup_by_key(|(id, _)| *id);
            let mut all_writes = self.writes.borrow_mut();
            let mut writes: Vec<ObjectId> = all_writes[watch.writes..]
                .iter()
                .filter(|id| is_older(id))
                .copied()
                .collect();
            writes.sort_unstable();
            writes.dedup();
            if let Some(outer) = outer {
                all.truncate(watch.reads);
                all.extend(reads.iter().filter(|(id, _)| id.0 < outer.mark));
                all_writes.truncate(watch.writes);
                all_writes.extend(writes.iter().filter(|id| id.0 < outer.mark));
            }
            found = Some((reads, writes));
        }
        match outer {
            Some(outer) => {
                self.mark.set(outer.mark);
                self.noted_before.set(outer.noted);
            }
            None => {
                self.is_watching.set(false);
                self.reads.borrow_mut().clear();
                self.writes.borrow_mut().clear();
                if self.noted.get() > u32::MAX / 2 {
                    self.noted.set(0);
                    self.recent.borrow_mut().clear();
                }
            }
        }
        found
    }

    pub fn read(&self, id: ObjectId, stamp: impl Fn() -> Stamp) {
        if id.0 >= self.mark.get() {
            return;
        }
        let mut recent = self.recent.borrow_mut();
        let slot = &mut recent[id.0 as usize % RECENT];
        if slot.0 == id.0 && slot.1 > self.noted_before.get() {
            return;
        }
        let mut reads = self.reads.borrow_mut();
        if reads.len() >= MOST_TOUCHES {
            drop(reads);
            self.spoil(0);
            return;
        }
        self.noted.set(self.noted.get() + 1);
        *slot = (id.0, self.noted.get());
        reads.push((id, stamp()));
    }

    pub fn write(&self, id: ObjectId) {
        if id.0 >= self.mark.get() {
            return;
        }
        let mut writes = self.writes.borrow_mut();
        // A write before the innermost call began is not that call's.
        let from = self.watches.borrow().last().map_or(0, |watch| watch.writes);
        if writes.len() > from && writes.last() == Some(&id) {
            return;
        }
        if writes.len() >= MOST_TOUCHES {
            drop(writes);
            self.spoil(0);
            return;
        }
        writes.push(id);
    }

    /// The outcome of every watched call that began at `depth` or deeper depends on what was not noted.
    pub fn spoil(&self, depth: usize) {
        if !self.is_watching() {
            return;
        }
        for watch in self.watches.borrow_mut().iter_mut() {
            if watch.depth >= depth {
                watch.is_spoiled = true;
            }
        }
    }
}
