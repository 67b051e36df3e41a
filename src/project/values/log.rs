//! The log: what happened while the machine ran that covgap is about. Requests, direct calls, doubles, skips, answers, servers.
//!
//! `client.get("/items")` in a test leaves one [`Request`]; `assert response.status_code == 404` adds a claim to it.

use std::sync::Arc;

use crate::facts::program::FunctionId;
use crate::project::values::blocking::BlockingCall;
use crate::project::values::heap::Stamp;
use crate::project::values::infrastructure::{Probe, Used};
use crate::project::values::machine::Activation;
use crate::project::values::value::{Claim, ObjectId, Reason, RequestId, Value};
use crate::project::world::{CodePlace, ModuleId};

#[derive(Debug, Default, Clone)]
pub struct Log {
    pub requests: Vec<Request>,
    pub next_request: u32,
    pub calls: Vec<Call>,
    pub doubles: Vec<DoubleSeen>,
    pub skips: Vec<Skip>,
    /// Error responses that were made and WebSockets that were closed.
    pub answers: Vec<Answer>,
    /// Apps given to a server.
    pub served: Vec<(Value, CodePlace)>,
    /// Calls that look like requests, on something unknown.
    pub unresolved: Vec<Unresolved>,
    /// What is asserted of answers to requests that another log has: those of fixtures.
    pub late: Vec<(Arc<Claim>, CodePlace)>,
    /// How often something was asserted.
    pub asserts: u32,
    /// Classes of the project that a test constructed.
    pub constructed: Vec<(ModuleId, crate::facts::program::ClassId)>,
    /// Patches of the heap, to be repeated for whoever uses the fixture that made them.
    pub effects: Vec<Effect>,
    /// Applications that have been started.
    pub lifespans: Vec<ObjectId>,
    /// Of the watched functions, those that ran.
    pub ran: Vec<(ModuleId, FunctionId)>,
    pub blocking: Vec<BlockingCall>,
    /// Where the first of those calls was made that are not noted because there are too many.
    pub dropped: Option<Activation>,
    /// Infrastructure that was spoken to.
    pub used: Vec<Used>,
    pub probes: Vec<Probe>,
    /// While modules were imported, code of the project came to something that only tests set.
    pub leans_on_tests: bool,
    /// The `except` clauses of the observed function that were entered for certain.
    pub caught: Vec<CodePlace>,
}

impl Log {
    /// A call that was noted shortly before from the same place is not noted again.
    pub fn note_call(&mut self, call: Call) {
        let is_new = self.calls.iter().rev().take(64).all(|known| {
            known.module != call.module
                || known.function != call.function
                || known.from != call.from
        });
        if is_new {
            self.calls.push(call);
        }
    }

    /// Adds what is not there.
    pub fn add(
        &mut self,
        answers: &[Answer],
        calls: &[Call],
        constructed: &[(ModuleId, crate::facts::program::ClassId)],
        used: &[Used],
    ) {
        for answer in answers {
            if !self.answers.contains(answer) {
                self.answers.push(answer.clone());
            }
        }
        for call in calls {
            self.note_call(call.clone());
        }
        for made in constructed {
            if !self.constructed.contains(made) {
                self.constructed.push(*made);
            }
        }
        for one in used {
            self.note_used(*one);
        }
    }
}

#[derive(Debug, Clone)]
pub struct Request {
    pub id: RequestId,
    pub is_websocket: bool,
    /// None: a network client, or a client of an unknown app.
    pub app: Option<Value>,
    pub is_network: bool,
    /// A browser opens a page: no route of the app is asked for by its address.
    pub is_browser: bool,
    pub method: Arc<str>,
    pub url: Arc<str>,
    pub follows_redirects: bool,
    /// Outermost first; the last is the call that sends.
    pub trail: Vec<CodePlace>,
    /// The status claims; each is a set that the answer's status is asserted to be in.
    pub claims: Vec<Vec<(u16, u16)>>,
    /// Where each of them is made.
    pub claimed_at: Vec<CodePlace>,
    /// Texts that the answer is asserted to hold.
    pub texts: Vec<Arc<str>>,
    /// What the test says of its claims, for people to read when one fails.
    pub messages: Vec<Arc<str>>,
    /// Classes of exceptions that are expected to come out of it.
    pub raises: Vec<Value>,
    /// Something was sent or received over the WebSocket, so that it was not refused.
    pub is_accepted: bool,
    /// Query, headers, cookies and body, as the client's model puts them down.
    pub sent: Value,
    /// Where its client was made.
    pub client: Option<CodePlace>,
    /// What the app's model wants to be remembered of the moment.
    pub kept: Value,
    /// Patches that are in place.
    pub effects: Vec<Effect>,
    /// When it is sent, see [`crate::project::values::earlier`].
    pub moment: Stamp,
    /// Sent from the project's own code, not from a test's.
    pub from_app: bool,
    pub is_undecided: bool,
    /// Several conditions stand around it that are not decided.
    pub is_doubtful: bool,
    /// The rule that says that this is a request.
    pub rule: Option<Arc<str>>,
}

impl Request {
    /// May its answer have the status, as far as the test's claims say?
    pub fn may_have(&self, status: u16) -> bool {
        let allows = |claim: &Vec<(u16, u16)>| {
            let mut ranges = claim.iter();
            ranges.any(|(low, high)| (*low..=*high).contains(&status))
        };
        self.claims.iter().all(allows)
    }

    /// Keeps nothing of what was made when its test was over.
    pub fn forget_objects(&mut self) {
        self.app = None;
        self.raises.clear();
        self.sent = Value::None;
        self.kept = Value::None;
        self.effects.clear();
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Call {
    pub module: ModuleId,
    pub function: FunctionId,
    pub from: CodePlace,
    /// The class of the receiver, when it is another than the one that defines the method.
    pub class: Option<ObjectId>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DoubleSeen {
    pub replaces: Arc<str>,
    pub how: Arc<str>,
    pub place: CodePlace,
    /// The function that is replaced, when it is the project's.
    pub function: Option<(ModuleId, FunctionId)>,
    /// The path of what is replaced, when it is a library's.
    pub library: Option<Arc<str>>,
    /// How the class of the project begins whose object takes its place.
    pub by: Option<(ModuleId, FunctionId)>,
    /// The path of a library's object that takes its place.
    pub by_library: Option<Arc<str>>,
}

/// An error response that was made, or a WebSocket that was closed with an error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub place: CodePlace,
    pub status: Option<u16>,
    pub is_close: bool,
}

/// A call in the project's code that was seen to be made.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CallSite {
    pub module: ModuleId,
    pub function: FunctionId,
    pub line: u32,
    pub callee: Callee,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Callee {
    Own(ModuleId, FunctionId),
    /// The dotted path, with `()` where something was called on the way.
    Library(Arc<str>),
}

#[derive(Debug, Clone)]
pub struct Skip {
    pub place: CodePlace,
    pub reason: Arc<str>,
    pub is_certain: bool,
}

#[derive(Debug, Clone)]
pub struct Unresolved {
    pub method: Arc<str>,
    pub url: Arc<str>,
    pub place: CodePlace,
    pub reason: Reason,
}

/// A patch that a fixture leaves behind for its test.
#[derive(Debug, Clone)]
pub enum Effect {
    Attribute {
        object: Value,
        name: crate::project::symbols::Symbol,
        value: Value,
        before: Value,
    },
    Item {
        object: Value,
        key: Value,
        value: Value,
    },
}
