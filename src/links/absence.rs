//! Absence: does a test pass where nothing is there of what it looks for?
//!
//! ```python
//! def test_containers_do_not_restart():
//!     status = inspect("shop-redis")             # subprocess.run(["docker", "inspect", …])
//!     assert not status["exists"] or status["restarts"] < 10
//! ```
//! It does, so it is no proof that production's Redis works. Its body is run once more, and each look answers as it would where
//! nothing is there; what that answer is stands in `rules/infrastructure.toml`.

use crate::links::walk::Body;
use crate::project::values::machine::{Machine, Raise};
use crate::project::values::value::{Reason, Value};

/// Steps that such a run may take.
const STEPS: u64 = 30_000;

/// Does the row of the test certainly end well without it? What may fail, may be skipped, or takes too long, does not.
pub(super) fn passes_without(machine: &mut Machine<'_>, body: &Body<'_>) -> bool {
    machine.in_trial(|machine| {
        machine.finds_nothing = true;
        let outcome = machine.bounded(STEPS, |machine| {
            match body.enter(machine) {
                Err(Raise::Exhausted) => return Err(Raise::Exhausted),
                Ok(()) | Err(Raise::Exception(_)) => {}
            }
            body.run(machine)
        });
        machine.finds_nothing = false;
        let is_cut_off = matches!(outcome, Ok(Value::Unknown(Reason::Bound)));
        outcome.is_ok() && !is_cut_off && machine.pending.is_empty() && machine.log.skips.is_empty()
    })
}
