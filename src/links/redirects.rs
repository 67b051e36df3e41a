//! Redirects that handlers answer with: a client that follows them sends another request.
//!
//! ```python
//! @app.get("/")
//! def index(request: Request):
//!     return RedirectResponse(request.url_for("orders"))
//!
//! client.get("/")     # GET /, then GET /orders
//! ```
//! Not handled: redirects that an exception carries.

use std::sync::Arc;

use crate::links::branches::Redirect;
use crate::project::values::log::Request;
use crate::project::values::operations::join_url;
use crate::project::values::value::Value;

/// Requests that one call of a client sends, at most.
pub const MOST: usize = 5;

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
