//! Answers: what a test says about the answer to a request: its status, texts in its body, an exception instead of it.
//!
//! `assert response.json()["detail"] == "no such item"` says of the request that the text is in its answer, which tells apart
//! the `raise` statements that give the same status.

use std::sync::Arc;

use crate::facts::program::CompareOperator;
use crate::project::symbols::Symbol;
use crate::project::values::heap::Object;
use crate::project::values::log::Request;
use crate::project::values::machine::{Eval, Machine};
use crate::project::values::natives::Native;
use crate::project::values::operators::failures_beside;
use crate::project::values::regular::literal_part;
use crate::project::values::value::{Claim, HOLE, ObjectId, Reason, RequestId, Value};
use crate::project::world::{CodePlace, ModuleKind};

/// How deep texts are looked for in a value, and how many are kept.
const DEEPEST_TEXT: usize = 4;
const MOST_TEXTS: usize = 24;
/// What is claimed of a WebSocket that is not accepted.
const REFUSED: &[(u16, u16)] = &[(403, 403)];
/// What a client claims that raises an exception for errors, and what of the answer where it does.
const PASSING: &[(u16, u16)] = &[(200, 399)];
const FAILING: &[(u16, u16)] = &[(400, 599)];
/// Below are statuses of HTTP.
const FIRST_CLOSE_CODE: u16 = 1000;
/// What a WebSocket is closed with when all is said.
const NORMAL_END: (u16, u16) = (1000, 1000);

impl<'w> Machine<'w> {
    /// Operations of models about answers, and about what is sent.
    pub(super) fn call_answer_operation(
        &mut self,
        native: Native,
        first: &Value,
        second: &Value,
        third: &Value,
    ) -> Eval {
        Ok(match native {
            Native::op_status => match first {
                Value::Int(number) => Value::Status(RequestId(*number as u32)),
                _ => Value::Unknown(Reason::Runtime),
            },
            Native::op_body => match first {
                Value::Int(number) => Value::Unknown(Reason::Answer(RequestId(*number as u32))),
                _ => Value::Unknown(Reason::Runtime),
            },
            Native::op_claim => {
                if let (Value::Status(request), Some(low), Some(high)) =
                    (first, self.number(second), self.number(third))
                {
                    self.claim(&Value::Claim(Arc::new(Claim {
                        request: *request,
                        ranges: vec![(low, high)],
                        ..Claim::default()
                    })));
                }
                Value::None
            }
            Native::op_sent => Value::Int(i64::from(self.log.next_request)),
            Native::op_expected => {
                if let Value::Int(since) = second {
                    let text = third.literal().map(literal_part).unwrap_or_default();
                    self.expect_exception(first, &text, RequestId(*since as u32));
                }
                Value::None
            }
            Native::op_accepted => {
                if let Value::Int(number) = first {
                    let id = RequestId(*number as u32);
                    let mut requests = self.log.requests.iter_mut().rev();
                    if let Some(request) = requests.find(|request| request.id == id) {
                        request.is_accepted = true;
                    }
                }
                Value::None
            }
            Native::op_search => self.search(first, second, third),
            Native::op_sealed => self.sealed(first),
            Native::op_encoded => self.encoded(first, second),
            Native::op_decoded => self.decoded(first, second),
            Native::op_unsealed => self.unsealed(first),
            Native::op_parse => self.parse(first, second, 0)?,
            Native::op_is_body => Value::Bool(self.is_body(first, 0)),
            Native::op_handler_of => self.handler_for(first, second, third)?,
            Native::op_is_request => Value::Bool(self.is_marked(first, "covgap_connection")),
            Native::op_marks => Value::Bool(
                second
                    .literal()
                    .is_some_and(|name| self.is_marked(first, name)),
            ),
            _ => Value::Unknown(Reason::Construct),
        })
    }

    /// Is it for certain an instance of a class that a model has marked so?
    pub fn is_marked(&self, value: &Value, mark: &str) -> bool {
        self.has_mark(value, self.symbol(mark))
    }

    pub fn has_mark(&self, value: &Value, mark: Symbol) -> bool {
        let Value::Object(id) = value else {
            return false;
        };
        let instance = self.heap.instance(*id);
        instance.is_some_and(|instance| self.class_attribute(instance.class, mark).is_some())
    }

    /// `body == {"detail": "no such item"}`, `"no such" in body`: the texts that the answer is said to hold.
    pub(super) fn answer_claim(
        &mut self,
        operator: CompareOperator,
        left: &Value,
        right: &Value,
    ) -> Option<Value> {
        let (request, other) = match (operator, left, right) {
            (CompareOperator::Equal, Value::Unknown(Reason::Answer(request)), other)
            | (
                CompareOperator::Equal | CompareOperator::In,
                other,
                Value::Unknown(Reason::Answer(request)),
            ) => (*request, other),
            _ => return None,
        };
        let texts: Vec<Arc<str>> = self
            .texts_of(other)
            .into_iter()
            .filter(|text| !text.contains(HOLE))
            .collect();
        if texts.is_empty() {
            return None;
        }
        Some(Value::Claim(Arc::new(Claim {
            request,
            texts,
            ..Claim::default()
        })))
    }

    /// The texts in a value: elements of lists, values of dicts, attributes of the project's objects and their classes.
    pub fn texts_of(&self, value: &Value) -> Vec<Arc<str>> {
        let mut texts = Vec::new();
        self.add_texts(value, 0, &mut texts);
        texts
    }

    fn add_texts(&self, value: &Value, depth: usize, texts: &mut Vec<Arc<str>>) {
        if depth > DEEPEST_TEXT || texts.len() >= MOST_TEXTS {
            return;
        }
        match value {
            Value::Text(text) if text.chars().any(|c| c != HOLE) && !texts.contains(text) => {
                texts.push(text.clone());
            }
            Value::Tuple(items) => {
                for item in items.iter() {
                    self.add_texts(item, depth + 1, texts);
                }
            }
            Value::Union(values) => {
                for value in values.iter() {
                    self.add_texts(value, depth, texts);
                }
            }
            Value::Object(id) => match self.heap.get(*id) {
                Object::List(list) => {
                    for item in &list.items {
                        self.add_texts(item, depth + 1, texts);
                    }
                }
                Object::Dict(dict) => {
                    for (_, value) in &dict.items {
                        self.add_texts(value, depth + 1, texts);
                    }
                }
                Object::Instance(instance) => {
                    if let Some(payload) = &instance.payload {
                        self.add_texts(payload, depth + 1, texts);
                    }
                    for (_, value) in instance.attributes.entries() {
                        self.add_texts(value, depth + 1, texts);
                    }
                    self.add_class_texts(instance.class, texts);
                }
                _ => {}
            },
            _ => {}
        }
    }

    /// `code = "no-such-item"` in the body of an exception's class.
    fn add_class_texts(&self, class: ObjectId, texts: &mut Vec<Arc<str>>) {
        let Some(found) = self.heap.class(class) else {
            return;
        };
        for parent in &found.mro {
            let Value::Object(parent) = parent else {
                continue;
            };
            let Some(parent) = self.heap.class(*parent) else {
                continue;
            };
            if self.world.kind(parent.module) == ModuleKind::Model {
                continue;
            }
            for (name, value) in parent.names.entries() {
                let is_special = self.spelled(*name).starts_with("__");
                if let (Value::Text(text), false) = (value, is_special)
                    && !texts.contains(text)
                    && texts.len() < MOST_TEXTS
                {
                    texts.push(text.clone());
                }
            }
        }
    }

    /// The requests from this one on are expected to end in an exception of this class, which has the text in it.
    pub fn expect_exception(&mut self, class: &Value, text: &str, since: RequestId) {
        let classes = match class {
            Value::Tuple(classes) => classes.to_vec(),
            other => other.alternatives().to_vec(),
        };
        // `with pytest.raises(WebSocketDisconnect), client.websocket_connect("/ws"): pass`: refused, which servers answer with 403.
        let mark = self.symbol("covgap_disconnect");
        let is_refusal = classes.iter().all(
            |class| matches!(class, Value::Object(id) if self.class_attribute(*id, mark).is_some()),
        );
        // `with pytest.raises(HTTPStatusError): client.get("/x").raise_for_status()`: an answer, and no exception of the handler.
        let mark = self.symbol("covgap_failing");
        let is_failure = classes.iter().all(
            |class| matches!(class, Value::Object(id) if self.class_attribute(*id, mark).is_some()),
        );
        for request in &mut self.log.requests {
            if request.id.0 >= since.0 {
                let passing = request.claims.iter().rposition(|claim| claim == PASSING);
                if let Some(passing) = passing.filter(|_| is_failure) {
                    request.claims[passing] = FAILING.to_vec();
                    continue;
                }
                request.raises.extend(classes.iter().cloned());
                if !text.is_empty() {
                    request.texts.push(Arc::from(text));
                }
                if is_refusal && request.is_websocket && !request.is_accepted {
                    request.claims.push(REFUSED.to_vec());
                }
            }
        }
    }

    /// `a <= status and status < b` is the common part, `status == a or status == b` both.
    pub fn combine_claims(&mut self, claims: Vec<Value>, is_or: bool, operands: usize) -> Value {
        let mut result: Option<(RequestId, Vec<(u16, u16)>)> = None;
        let mut texts: Vec<Arc<str>> = Vec::new();
        let single = claims.len() == 1;
        for claim in &claims {
            let Value::Claim(claim) = claim else { continue };
            if result
                .as_ref()
                .is_none_or(|(request, _)| *request == claim.request)
            {
                texts.extend(claim.texts.iter().cloned());
            }
            result = Some(match result {
                None => (claim.request, claim.ranges.clone()),
                Some((request, ranges)) if request != claim.request => {
                    // About two answers: each holds by itself.
                    if !is_or {
                        self.claim(&Value::Claim(claim.clone()));
                    }
                    (request, ranges)
                }
                Some((request, ranges)) if is_or => {
                    (request, [ranges, claim.ranges.clone()].concat())
                }
                Some((request, ranges)) => (request, intersect(&ranges, &claim.ranges)),
            });
        }
        match result {
            Some((_, _)) if is_or && single && operands > 1 => Value::Unknown(Reason::Runtime),
            Some((request, ranges)) => Value::Claim(Arc::new(Claim {
                request,
                otherwise: failures_beside(&ranges),
                ranges,
                texts,
            })),
            None => Value::Unknown(Reason::Runtime),
        }
    }

    /// `assert response.status_code == 404, "No such item."`: what the test says beside what it asserts.
    pub(super) fn explain(&mut self, value: &Value, message: &str) {
        let Value::Claim(claim) = value else { return };
        let mut requests = self.log.requests.iter_mut().rev();
        if let Some(request) = requests.find(|request| request.id == claim.request) {
            request.messages.push(Arc::from(message));
        }
    }

    /// The test asserts this value.
    pub fn claim(&mut self, value: &Value) {
        match value {
            Value::Claim(claim) => {
                self.spoil_summaries();
                let place = self.own_place();
                if let Some(request) = self
                    .log
                    .requests
                    .iter_mut()
                    .rev()
                    .find(|request| request.id == claim.request)
                {
                    note_claim(request, claim, place);
                } else {
                    self.log.late.push((Arc::clone(claim), place));
                }
            }
            Value::Union(values) => {
                for value in values.iter() {
                    self.claim(value);
                }
            }
            _ => {}
        }
    }
}

/// Tells a request what is asserted of its answer.
pub fn note_claim(request: &mut Request, claim: &Claim, place: CodePlace) {
    // Servers refuse with 403, whatever the code; and a normal end is no error.
    let is_code = |(low, _): &(u16, u16)| *low >= FIRST_CLOSE_CODE;
    let is_refused = request.claims.iter().any(|known| known == REFUSED);
    if claim.ranges.iter().any(is_code) && (is_refused || claim.ranges.contains(&NORMAL_END)) {
        return;
    }
    if claim.texts.is_empty() || !claim.ranges.is_empty() {
        request.claims.push(claim.ranges.clone());
        request.claimed_at.push(place);
    }
    request.texts.extend(claim.texts.iter().cloned());
}

pub(super) fn intersect(one: &[(u16, u16)], two: &[(u16, u16)]) -> Vec<(u16, u16)> {
    if one.is_empty() {
        return two.to_vec();
    }
    if two.is_empty() {
        return one.to_vec();
    }
    let mut result = Vec::new();
    for a in one {
        for b in two {
            let (low, high) = (a.0.max(b.0), a.1.min(b.1));
            if low <= high {
                result.push((low, high));
            }
        }
    }
    result
}
