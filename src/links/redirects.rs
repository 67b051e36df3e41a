//! Redirects that are answered with, or that an exception carries: a client that follows them sends another request.
//!
//! ```python
//! @app.get("/")
//! def index(request: Request):
//!     return RedirectResponse(request.url_for("orders"))
//!
//! client.get("/")     # GET /, then GET /orders
//! ```

use std::sync::Arc;

use crate::project::values::heap::Object;
use crate::project::values::log::Request;
use crate::project::values::machine::Machine;
use crate::project::values::urls::join_url;
use crate::project::values::value::Value;

/// Requests that one call of a client sends, at most.
pub const MOST: usize = 5;

/// Where an answer sends its client on to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redirect {
    pub url: Arc<str>,
    pub status: u16,
}

pub fn is_one(status: u16) -> bool {
    matches!(status, 301 | 302 | 303 | 307 | 308)
}

/// The redirects among the answers that there may be, each once, and the statuses of the others.
pub fn among(machine: &mut Machine<'_>, answer: &Value) -> (Vec<Redirect>, Vec<Option<u16>>) {
    let (url, code) = (machine.symbol("url"), machine.symbol("status_code"));
    let mut redirects = Vec::new();
    let mut others = Vec::new();
    for one in answer.alternatives().to_vec() {
        let status = match machine.attribute(&one, code) {
            Ok(Value::Int(status)) => u16::try_from(status).ok(),
            _ => None,
        };
        let target = if machine.is_marked(&one, "covgap_redirect") {
            machine.attribute(&one, url).ok()
        } else if status.is_some_and(is_one) {
            location(machine, &one)
        } else {
            None
        };
        let urls = target.and_then(|target| machine.spellings(&target).ok());
        let urls = urls.unwrap_or_default();
        if urls.is_empty() {
            others.push(status);
        }
        for url in urls {
            let redirect = Redirect {
                url: Arc::from(url),
                status: status.unwrap_or(307),
            };
            if !redirects.contains(&redirect) {
                redirects.push(redirect);
            }
        }
    }
    (redirects, others)
}

/// The header `Location` of an answer, or of an exception that becomes one.
fn location(machine: &mut Machine<'_>, answer: &Value) -> Option<Value> {
    let name = machine.symbol("headers");
    let Ok(Value::Object(headers)) = machine.attribute(answer, name) else {
        return None;
    };
    let Object::Dict(headers) = machine.heap.get(headers) else {
        return None;
    };
    let is_location = |key: &Value| {
        let key = key.literal();
        key.is_some_and(|key| key.eq_ignore_ascii_case("location"))
    };
    let mut headers = headers.items.iter();
    let (_, target) = headers.find(|(key, _)| is_location(key))?;
    Some(target.clone())
}

/// The request that is sent next. It takes with it what the test claims of the answer; of the first, only its status is known.
pub fn follow(request: &mut Request, redirect: &Redirect) -> Request {
    let mut next = request.clone();
    next.url = Arc::from(join_url(&request.url, &redirect.url));
    // RFC 9110, 15.4: 307 and 308 keep the method; for the others clients turn it into GET.
    if !matches!(redirect.status, 307 | 308) && &*request.method != "HEAD" {
        next.method = Arc::from("GET");
    }
    next.sent = Value::None;
    request.claims = vec![vec![(redirect.status, redirect.status)]];
    request.texts.clear();
    request.raises.clear();
    next
}
