//! Replays: a call does again what it did before for equal arguments, when all else that it looked at is as it was.
//!
//! The second `get_user(request)` returns what the first returned, writes what that wrote, and takes as many steps.

use std::sync::Arc;

use smallvec::SmallVec;

use crate::facts::program::FunctionId;
use crate::project::looks;
use crate::project::values::heap::Stamp;
use crate::project::values::log::Call;
use crate::project::values::machine::{DEEPEST, Eval, Machine, Raise, Raised};
use crate::project::values::relocation::{ARGUMENT, MADE, relocate, relocate_object};
use crate::project::values::signature::{Signature, spell_changed};
use crate::project::values::summaries::{Nested, OwnSummaries, Summary};
use crate::project::values::value::ObjectId;
use crate::project::world::{ModuleId, ModuleKind};

/// A summary to replay.
struct Applicable {
    summary: Arc<Summary>,
    /// What its arguments, and the changed objects that it looks at, stand for.
    objects: Vec<ObjectId>,
    /// It is cut off, where the summary's own run was not.
    is_cut_off: bool,
}

/// What the changed objects that a summary looks at hold now: other variants ask the same.
struct Now {
    summary: Arc<Summary>,
    spelled: Option<(Vec<ObjectId>, Vec<u8>)>,
}

impl OwnSummaries {
    /// Of each function that ran in a watch, the most activations are left, and of those the refused ones, in order of functions.
    pub(super) fn fold_called(&mut self, from: usize) {
        let called = &mut self.called[from..];
        // Mostly parts that are in order already, which a stable sort sees.
        called.sort_by_key(|(function, active, is_full)| (*function, u32::MAX - active, !is_full));
        let mut end = from;
        for position in from..self.called.len() {
            let one = self.called[position];
            if end == from || self.called[end - 1].0 != one.0 {
                self.called[end] = one;
                end += 1;
            }
        }
        self.called.truncate(end);
    }

    /// Was the summary replayed before in the innermost watch? Then all that it looks at has been noted.
    pub(super) fn note(&mut self, summary: &Arc<Summary>) -> bool {
        self.turn += 1;
        let turn = self.turn;
        let noted = self.noted.entry(Arc::as_ptr(summary));
        let (last, _) = &mut *noted.or_insert_with(|| (0, Arc::clone(summary)));
        std::mem::replace(last, turn) > self.watched_from
    }
}

impl<'w> Machine<'w> {
    pub(super) fn replay(
        &mut self,
        function: (ModuleId, FunctionId),
        signature: &mut Signature,
    ) -> Option<Eval> {
        let found = self.applicable(signature);
        let found = found.or_else(|| {
            if !self.may_be_exact(function) {
                return None;
            }
            // With exactly as many steps as are left, it may be known where it is cut off.
            let length = signature.bytes.len();
            let left = self.limit.saturating_sub(self.steps);
            signature.bytes.extend_from_slice(&left.to_le_bytes());
            let found = self.applicable(signature);
            signature.bytes.truncate(length);
            found
        })?;
        Some(self.apply_summary(&found))
    }

    fn applicable(&self, signature: &Signature) -> Option<Applicable> {
        let mut now = None;
        let mut fitting = |one: &Arc<Summary>| {
            let (objects, is_cut_off) = self.applies(one, signature, &mut now)?;
            Some(Applicable {
                summary: one.clone(),
                objects,
                is_cut_off,
            })
        };
        let own = self.own_summaries.store.get(&signature.bytes[..]);
        let found = own.and_then(|variants| variants.iter().rev().find_map(&mut fitting));
        if found.is_some() || signature.highest_plain >= self.heap.base_len() as u32 {
            return found;
        }
        let shared = self.shared_summaries?.find(&signature.bytes)?;
        shared.iter().rev().find_map(fitting)
    }

    /// Is everything as it was, and is there room for all the steps, or so little that it is cut off? The objects that it is about.
    fn applies(
        &self,
        summary: &Arc<Summary>,
        signature: &Signature,
        now: &mut Option<Now>,
    ) -> Option<(Vec<ObjectId>, bool)> {
        let left = self.limit.saturating_sub(self.steps);
        let is_cut_off = !summary.room.holds(left);
        if is_cut_off && !summary.cut_off.is_some_and(|room| room.holds(left))
            || self.stack.len() + summary.height >= DEEPEST
        {
            return None;
        }
        let recurses_too_deep = self.stack.iter().any(|activation| {
            let function = (activation.module, activation.function);
            let found = summary
                .called
                .binary_search_by_key(&function, |(known, ..)| *known);
            found.is_ok_and(|position| {
                let nested = summary.called[position].1;
                self.active(function) + nested > self.most_recursion(function)
            })
        });
        let is_less_deep = |(function, nested, _): &Nested| {
            let most = self.most_recursion(*function);
            *nested < most && self.active(*function) + nested < most
        };
        if recurses_too_deep || summary.refused.iter().any(is_less_deep) {
            return None;
        }
        // An argument that is at the same time looked at as something else would be another situation.
        let applies = self.heap.are_original(&summary.pristine)
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
        let objects = match &summary.changed {
            _ if !applies => None,
            None => Some(signature.objects.clone()),
            Some(one) => {
                let is_known = now.as_ref().and_then(|now| now.summary.changed.as_deref());
                if !is_known.is_some_and(|known| known.asks_the_same(one)) {
                    *now = Some(Now {
                        summary: summary.clone(),
                        spelled: spell_changed(self, &signature.objects, &one.ids, &one.spelled),
                    });
                }
                let (objects, bytes) = now.as_ref()?.spelled.as_ref()?;
                let is_stamped = |(id, _): &(ObjectId, Stamp)| objects.contains(id);
                (*bytes == *one.bytes && !summary.stamped.iter().any(is_stamped))
                    .then(|| objects.clone())
            }
        };
        Some((objects?, is_cut_off))
    }

    /// The functions of the summary have run once more, on top of those that are active.
    fn note_called_again(&mut self, summary: &Summary, is_noted: bool) {
        let own = &mut self.own_summaries;
        own.highest = own.highest.max(self.stack.len() + summary.height);
        let mut again: SmallVec<[usize; 8]> = SmallVec::new();
        for activation in &self.stack {
            let function = (activation.module, activation.function);
            let called = &summary.called;
            again.extend(called.binary_search_by_key(&function, |(known, ..)| *known));
        }
        // Where none of them is active, no more activations are added to those that are noted.
        if is_noted && again.is_empty() {
            return;
        }
        let from = own.called.len();
        own.called.extend_from_slice(&summary.called);
        for at in again {
            own.called[from + at].1 += 1;
        }
        own.origins_seen.extend_from_slice(&summary.origins);
    }

    fn apply_summary(&mut self, found: &Applicable) -> Eval {
        let Applicable {
            summary,
            objects,
            is_cut_off,
        } = found;
        let room = match (&summary.result, summary.cut_off) {
            (_, Some(room)) if *is_cut_off => room,
            (Err(None), _) => summary.room,
            // That there must be room for its steps, too, is seen when they have been taken.
            _ => summary.inside,
        };
        self.room = self.room.and(room.after(self.steps));
        if *is_cut_off || matches!(summary.result, Err(None)) {
            self.steps = self.limit.saturating_add(1);
        } else {
            self.steps += summary.steps;
        }
        self.bound_reached += summary.bound_reached;
        self.strange_calls += summary.strange_calls;
        self.log.asserts += summary.asserts;
        let is_watching = self.heap.touched().is_watching();
        let is_noted = is_watching && self.own_summaries.note(summary);
        if !is_noted {
            for look in &summary.looked {
                looks::note(*look);
            }
            for id in &summary.pristine {
                self.heap.look_at(*id);
            }
        }
        let changed = summary.changed.iter().flat_map(|one| &one.ids);
        for id in objects.iter().chain(changed) {
            self.heap.look_at(*id);
        }
        if is_watching {
            // The calls around this one have now looked at all this, too.
            let pristine = summary.pristine.iter().filter(|_| !is_noted);
            let changed = summary.changed.iter().flat_map(|one| &one.ids);
            for id in objects.iter().chain(pristine).chain(changed) {
                self.heap.get(*id);
            }
            for (id, _) in &summary.stamped {
                self.heap.get(*id);
            }
            self.note_called_again(summary, is_noted);
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
        if found.is_cut_off {
            return Err(Raise::Exhausted);
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
            Err(Some(one)) => Err(Raise::Exception(Box::new(raised(one)))),
            Err(None) => Err(Raise::Exhausted),
            Ok(value) => Ok(relocate(value, &mut back)),
        };
        for one in pending {
            self.may_raise(one);
        }
        result
    }
}
