//! What objects were when a request was sent: a test changes them for the next one, or puts back what was there.
//!
//! `shop.mode = "count"; response = client.get("/wares"); shop.mode = "sell"`: how the request ends is asked when the test is over,
//! and its handler found the shop counting.

use rustc_hash::FxHashSet;

use crate::project::values::heap::{Heap, Object, Stamp};
use crate::project::values::value::ObjectId;

/// Objects that are kept for the requests of a test; of more than that, it is known how the test leaves them.
const MOST_KEPT: usize = 256;

/// Objects as they were at moments that somebody may ask for.
#[derive(Debug, Default)]
pub(super) struct Earlier {
    /// The last such moment; 0: there is none.
    last: Stamp,
    /// As they were up to a moment, in the order of the moments.
    kept: Vec<(ObjectId, Stamp, Object)>,
}

/// How things were before a trial.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    last: Stamp,
    kept: usize,
}

impl Earlier {
    /// Will somebody ask for an object that was changed last at that time?
    pub(super) fn wants(&self, changed: Stamp) -> bool {
        changed <= self.last && self.last > 0 && self.kept.len() < MOST_KEPT
    }

    pub(super) fn keep(&mut self, id: ObjectId, object: Object) {
        self.kept.push((id, self.last, object));
    }

    /// A trial begins: its writes are taken back, and nobody asks for what was before them.
    pub(super) fn begin_trial(&mut self) -> Mark {
        Mark {
            last: std::mem::take(&mut self.last),
            kept: self.kept.len(),
        }
    }

    pub(super) fn end_trial(&mut self, mark: Mark) {
        self.last = mark.last;
        self.kept.truncate(mark.kept);
    }
}

impl Heap<'_> {
    /// This moment, for [`Heap::go_back`].
    pub fn moment(&mut self) -> Stamp {
        let now = self.tick();
        self.earlier.last = now;
        now
    }

    /// Makes the objects what they were at the moment; in a trial, which takes it back.
    pub fn go_back(&mut self, moment: Stamp) {
        let kept = std::mem::take(&mut self.earlier.kept);
        let mut done = FxHashSet::default();
        for (id, until, object) in &kept {
            if *until >= moment && done.insert(*id) {
                *self.get_mut(*id) = object.clone();
            }
        }
        self.earlier.kept = kept;
    }
}
