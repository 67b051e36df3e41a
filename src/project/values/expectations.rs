//! Expectations: what a test says of an answer without `assert`, by failing otherwise.
//!
//! `if response.status_code != 200: raise AssertionError(…)` claims the 200; a helper that returns early on `status == expected`, and
//! else fails, claims what it returns on.

use super::statements::Done;
use crate::facts::program::Span;
use crate::project::values::machine::{Flow, Frame, Machine, Raise, Raised};
use crate::project::values::value::{Claim, Value};

/// The returns that a function has met, and the claims that lead to them.
#[derive(Debug, Default)]
pub struct Expected {
    pub returns: usize,
    pub claims: Vec<Value>,
}

impl<'w> Machine<'w> {
    /// An `if` on a status: both ways are run, and one that fails says that the other is expected.
    pub(super) fn exec_claimed(
        &mut self,
        frame: &mut Frame<'w>,
        claim: &Value,
        body: Span,
        otherwise: Span,
    ) -> Done {
        let before = frame.expected.returns;
        let (mut body_fails, mut rest_fails, mut is_return) = (false, false, false);
        let done = self.exec_either(
            frame,
            |machine, frame| {
                let done = machine.exec_body(frame, body);
                body_fails = machine.is_failure(&done);
                is_return =
                    matches!(done, Ok(Flow::Return)) && frame.expected.returns == before + 1;
                done
            },
            |machine, frame| {
                let done = machine.exec_body(frame, otherwise);
                rest_fails = machine.is_failure(&done);
                done
            },
        );
        if is_return {
            frame.expected.claims.push(claim.clone());
        }
        match (body_fails, rest_fails, claim) {
            (false, true, _) => self.claim(claim),
            (true, false, Value::Claim(claim)) if !claim.otherwise.is_empty() => {
                self.claim(&Value::Claim(std::sync::Arc::new(Claim {
                    request: claim.request,
                    ranges: claim.otherwise.clone(),
                    ..Claim::default()
                })));
            }
            _ => {}
        }
        done
    }

    /// The end of the function fails: the test passes only through its returns.
    pub(super) fn claim_returns(&mut self, expected: &Expected, raised: &Raised) {
        let count = expected.claims.len();
        if count > 0 && count == expected.returns && self.is_assertion(raised) {
            let claim = self.combine_claims(expected.claims.clone(), true, count);
            self.claim(&claim);
        }
    }

    fn is_failure(&self, done: &Done) -> bool {
        match done {
            Err(Raise::Exception(raised)) => self.is_assertion(raised),
            _ => false,
        }
    }

    fn is_assertion(&self, raised: &Raised) -> bool {
        self.is_assertion_error(&raised.exception)
    }

    /// An instance of the exception of `assert`.
    pub(super) fn is_assertion_error(&self, exception: &Value) -> bool {
        let Value::Object(id) = exception else {
            return false;
        };
        let class = self.heap.instance(*id).map(|instance| instance.class);
        let class = class.and_then(|class| self.heap.class(class));
        class.is_some_and(|class| &*self.spelled(class.name) == "AssertionError")
    }
}
