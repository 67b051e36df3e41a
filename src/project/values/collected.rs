//! Statuses that are collected before anything is said of them.
//!
//! ```python
//! codes = [client.get("/items").status_code for _ in range(6)]
//! assert codes == [200] * 5 + [429]          # each has its own
//! assert set(codes) <= {200, 429}            # each has one of these
//! assert 429 in codes                        # one of them has it
//! ```

use std::sync::Arc;

use super::operators::{Eval2, mirrored};
use crate::facts::program::CompareOperator;
use crate::project::values::heap::{ListKind, Object};
use crate::project::values::machine::Machine;
use crate::project::values::value::{Claim, Value};

/// The elements of a list, a tuple or a set.
struct Collected {
    items: Vec<Value>,
    /// Each has its place, and all of them are known.
    is_ordered: bool,
    is_open: bool,
}

impl Collected {
    fn has_statuses(&self) -> bool {
        self.items
            .iter()
            .any(|item| matches!(item, Value::Status(_) | Value::Tuple(_)))
    }
}

impl<'w> Machine<'w> {
    /// What a comparison of collections says of the statuses in them; `None`: nothing.
    pub(super) fn claim_of_collected(
        &mut self,
        operator: CompareOperator,
        left: &Value,
        right: &Value,
    ) -> Eval2 {
        match operator {
            CompareOperator::In => return self.claim_of_member(left, right),
            CompareOperator::Equal | CompareOperator::LessEqual | CompareOperator::GreaterEqual => {
            }
            _ => return Ok(None),
        }
        if let Some(claim) = self.claim_of_entries(operator, left, right)? {
            return Ok(Some(claim));
        }
        let (Some(one), Some(two)) = (self.collected(left), self.collected(right)) else {
            return Ok(None);
        };
        let (with, of, operator) = match (one.has_statuses(), two.has_statuses()) {
            (true, _) => (one, two, operator),
            (false, true) => (two, one, mirrored(operator)),
            (false, false) => return Ok(None),
        };
        if operator == CompareOperator::Equal && with.is_ordered && of.is_ordered {
            if with.items.len() != of.items.len() {
                return Ok(None);
            }
            let mut claims = Vec::new();
            for (one, two) in with.items.iter().zip(&of.items) {
                if let Some(claim) = self.claim_of(operator, one, two)? {
                    add_claims(&mut claims, &claim);
                }
            }
            return Ok(together(claims));
        }
        // `set(codes) == {200, 429}`, and `<=`: each is one of these. Of `>=` nothing is left.
        if operator == CompareOperator::GreaterEqual || of.is_open {
            return Ok(None);
        }
        let mut ranges = Vec::new();
        for item in &of.items {
            for range in self.statuses_in(item)? {
                if !ranges.contains(&range) {
                    ranges.push(range);
                }
            }
        }
        if ranges.is_empty() {
            return Ok(None);
        }
        let claims = with.items.iter().filter_map(|item| match item {
            Value::Status(request) => Some(Value::Claim(Arc::new(Claim {
                request: *request,
                ranges: ranges.clone(),
                ..Claim::default()
            }))),
            _ => None,
        });
        Ok(together(claims.collect()))
    }

    /// `{"/items": 200, "/nothing": 404} == {url: client.get(url).status_code for url in urls}`
    fn claim_of_entries(
        &mut self,
        operator: CompareOperator,
        left: &Value,
        right: &Value,
    ) -> Eval2 {
        let entries = |value: &Value| match value {
            Value::Object(id) => match self.heap.get(*id) {
                Object::Dict(dict) => Some(dict.items.clone()),
                _ => None,
            },
            _ => None,
        };
        let (Some(one), Some(two)) = (entries(left), entries(right)) else {
            return Ok(None);
        };
        if operator != CompareOperator::Equal {
            return Ok(None);
        }
        let is_status = |(_, value): &(Value, Value)| matches!(value, Value::Status(_));
        if !one.iter().any(is_status) && !two.iter().any(is_status) {
            return Ok(None);
        }
        let mut claims = Vec::new();
        for (key, value) in &one {
            let same = two
                .iter()
                .find(|(other, _)| self.equal(key, other) == Some(true));
            let Some((_, other)) = same else { continue };
            if let Some(claim) = self.claim_of(operator, value, other)? {
                add_claims(&mut claims, &claim);
            }
        }
        Ok(together(claims))
    }

    /// `429 in codes`
    pub(super) fn claim_of_member(&mut self, status: &Value, codes: &Value) -> Eval2 {
        if matches!(status, Value::Status(_)) {
            return Ok(None);
        }
        let Some(codes) = self.collected(codes) else {
            return Ok(None);
        };
        let mut claims = Vec::new();
        for code in &codes.items {
            if let Value::Status(_) = code
                && let Some(claim) = self.claim_of(CompareOperator::Equal, code, status)?
            {
                claims.push(claim);
            }
        }
        Ok(self.claim_of_some(&claims))
    }

    /// `any(response.status_code == 429 for response in responses)`: one of the answers, and if all of them answer the same request,
    /// the last, which has most behind it. Whether it does not hold says nothing.
    pub(super) fn claim_of_some(&self, claims: &[Value]) -> Option<Value> {
        let claims: Vec<&Claim> = claims
            .iter()
            .filter_map(|claim| match claim {
                Value::Claim(claim) => Some(&**claim),
                _ => None,
            })
            .collect();
        let last = *claims.last()?;
        let asked = |claim: &Claim| {
            let mut requests = self.log.requests.iter().rev();
            let request = requests.find(|request| request.id == claim.request)?;
            Some((&request.method, &request.url))
        };
        let question = asked(last)?;
        let is_alike =
            |claim: &&Claim| claim.ranges == last.ranges && asked(claim) == Some(question);
        claims.iter().all(is_alike).then(|| {
            Value::Claim(Arc::new(Claim {
                otherwise: Vec::new(),
                ..last.clone()
            }))
        })
    }

    fn collected(&self, value: &Value) -> Option<Collected> {
        match value {
            Value::Tuple(items) => Some(Collected {
                items: items.to_vec(),
                is_ordered: true,
                is_open: false,
            }),
            Value::Object(id) => match self.heap.get(*id) {
                Object::List(list) if list.kind != ListKind::Iterator => Some(Collected {
                    items: list.items.clone(),
                    is_ordered: list.kind == ListKind::List && !list.is_open && list.doubtful == 0,
                    is_open: list.is_open,
                }),
                _ => None,
            },
            _ => None,
        }
    }
}

fn add_claims(claims: &mut Vec<Value>, more: &Value) {
    for claim in more.alternatives() {
        if matches!(claim, Value::Claim(_)) && !claims.contains(claim) {
            claims.push(claim.clone());
        }
    }
}

/// All of them hold.
fn together(mut claims: Vec<Value>) -> Option<Value> {
    match claims.len() {
        0 => None,
        1 => claims.pop(),
        _ => Some(Value::Union(Arc::new(claims))),
    }
}
