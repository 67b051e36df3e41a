//! Habits: is a call worth a look for a summary, and worth to be watched?
//!
//! `def get(self): return self.name` is cheaper than a look. `Settings()` that is made for each test pays; a function that never finds
//! the same arguments again does not.

use crate::facts::program::FunctionId;
use crate::project::values::heap::Object;
use crate::project::values::machine::Machine;
use crate::project::values::value::{ObjectId, Value};
use crate::project::world::ModuleId;

/// A call that is cheaper than this on the average is not worth a look.
const WORTHWHILE: u64 = 24;
/// Runs of a function that were all cut off: the next one may be, too.
const MOST_CUT_OFF: u32 = 24;
/// Looks for which a watched function has to save a step.
const LOOKS_FOR_A_STEP: u64 = 8;

/// A function, the older environment in which it was made, and what it is about: the older object that is its first argument, or
/// the older class of that. What one decorator makes of many functions, and what all models inherit, has many habits.
pub(super) type Behaved = ((ModuleId, FunctionId), Option<ObjectId>, Option<ObjectId>);

#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Habit {
    pub(super) runs: u64,
    pub(super) steps: u64,
    pub(super) recorded: u32,
    pub(super) cut_off: u32,
    pub(super) kept: u32,
    pub(super) hits: u32,
    /// Steps that need not be taken, ...
    pub(super) saved: u64,
    /// ... and what watching costs, in looks.
    pub(super) spent: u64,
}

impl Machine<'_> {
    pub(super) fn behaved(
        &self,
        function: (ModuleId, FunctionId),
        closure: Option<ObjectId>,
        locals: &[Value],
    ) -> Behaved {
        let older = self.summaries_from().unwrap_or_default();
        let closure = closure.filter(|id| id.0 < older);
        let first = match locals.first() {
            // Nobody is to depend on what an older one holds because of this.
            Some(Value::Object(id)) if id.0 < older => Some(*id),
            Some(Value::Object(id)) => match self.heap.peek(*id) {
                Object::Instance(instance) => Some(instance.class),
                _ => None,
            },
            _ => None,
        };
        (function, closure, first.filter(|id| id.0 < older))
    }

    pub(super) fn is_worthwhile(&self, habit: Habit) -> bool {
        self.summaries_from().is_some()
            && !self.notes_calls
            && (habit.runs < 2 || habit.steps / habit.runs >= WORTHWHILE)
            // It does what can't be kept, or nobody comes back with the same arguments.
            && (habit.recorded < 3 && habit.cut_off < MOST_CUT_OFF || habit.kept > 0)
            && (habit.recorded < 12
                || habit.hits >= habit.recorded / 6
                    && habit.saved * LOOKS_FOR_A_STEP >= habit.spent)
    }
}
