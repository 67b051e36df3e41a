//! What a piece of work came to, as bytes: for the next run, which may find that nothing has changed that the piece looked at.
//!
//! ```text
//! tests/test_items.py     two tests, a contact with `GET /items/{id}`, …     and the modules whose places are named in that
//! ```
//! Values of the interpreter mean nothing to another run. Once its test is over, nobody asks for those that a request carried, only
//! whether there was one.

use std::sync::Arc;

use crate::facts::program::FunctionId;
use crate::links::branches::{Branch, BranchKind, Explored};
use crate::links::clients::ClientFixture;
use crate::links::collect::Uncollectable;
use crate::links::paths::Sureness;
use crate::links::trace::{Traced, Unit};
use crate::links::walk::{Contact, DirectCall, Phase, RouteKey, Walked};
use crate::project::kept::{Kept, Reader, Writer, fields, names};
use crate::project::routes::Handler;
use crate::project::values::blocking::{BlockingCall, End};
use crate::project::values::infrastructure::{Probe, Used};
use crate::project::values::log::{DoubleSeen, Request, Skip, Unresolved};
use crate::project::values::machine::Activation;
use crate::project::values::value::{Reason, RequestId, Value};
use crate::project::world::{CodePlace, ModuleId, ModuleKind};
use crate::rules::infrastructure::Use;

/// More exceptions than this are not expected of one request.
const MOST_RAISES: usize = 1_000;

names! {
    Phase { Setup = 0, Call = 1 }
    Sureness { Possible = 0, Likely = 1, Certain = 2 }
    BranchKind { Raise = 0, Response = 1, Validation = 2, Close = 3 }
    ModuleKind { App = 0, Test = 1, Model = 2 }
    Use { Faked = 0, Started = 1, Made = 2, MayContact = 3, Contacted = 4, Embedded = 5 }
}

fields! {
    RouteKey { is_websocket, method, path, handler }
    Branch { kind, place, status, exception, is_unhandled, texts, is_worded }
    Explored { branches, visited, blocking, used, redirects, cut_off, of_libraries }
    BlockingCall { rule, path, has_timeout, frames, end }
    Used { kind, what, place }
    Probe { place, words, numbers, passes_without }
    Skip { place, reason, is_certain }
    Unresolved { method, url, place, reason }
    DoubleSeen { replaces, how, place, function, library, by, by_library }
    ClientFixture { name, defined_in, is_awaited, has_websockets, base }
    Contact { request, routes, provoked, is_open, is_turned_away, is_blank, is_foreign, is_beyond, caught }
    Walked {
        contacts, calls, constructed, doubles, skips, unresolved, asserts, asserts_itself, runs, skip, cut_off, ran, bare_clients,
        clients, shared, marks, used, probes,
    }
    Traced { id, place, walked }
    Unit { tests, uncollectable, found, explored }
}

/// The line and the function are that of the run that reads.
impl Kept for Handler {
    fn put(&self, writer: &mut Writer) {
        let Handler {
            module,
            line,
            name,
            function,
        } = self;
        let (module, line) = (*module, *line);
        CodePlace { module, line }.put(writer);
        name.put(writer);
        function.map(|function| (module, function)).put(writer);
    }

    fn take(reader: &mut Reader<'_>) -> Option<Handler> {
        let CodePlace { module, line } = Kept::take(reader)?;
        let name = Kept::take(reader)?;
        let function: Option<(ModuleId, FunctionId)> = Kept::take(reader)?;
        Some(Handler {
            module,
            line,
            name,
            function: function.map(|(_, function)| function),
        })
    }
}

impl Kept for Activation {
    fn put(&self, writer: &mut Writer) {
        let Activation {
            module,
            function,
            kind,
            line,
        } = *self;
        (module, function).put(writer);
        kind.put(writer);
        CodePlace { module, line }.put(writer);
    }

    fn take(reader: &mut Reader<'_>) -> Option<Activation> {
        let (module, function) = Kept::take(reader)?;
        let kind = Kept::take(reader)?;
        let place = CodePlace::take(reader)?;
        Some(Activation {
            module,
            function,
            kind,
            line: place.line,
        })
    }
}

impl Kept for DirectCall {
    fn put(&self, writer: &mut Writer) {
        let DirectCall {
            module,
            function,
            from,
            phase,
            class,
        } = self;
        (*module, *function).put(writer);
        from.put(writer);
        phase.put(writer);
        class.put(writer);
    }

    fn take(reader: &mut Reader<'_>) -> Option<DirectCall> {
        let (module, function) = Kept::take(reader)?;
        Some(DirectCall {
            module,
            function,
            from: Kept::take(reader)?,
            phase: Kept::take(reader)?,
            class: Kept::take(reader)?,
        })
    }
}

/// Its line is where Python stops reading, and may be of no statement.
impl Kept for Uncollectable {
    fn put(&self, writer: &mut Writer) {
        let Uncollectable {
            module,
            line,
            says,
            is_clash,
        } = self;
        writer.named.whole.push(*module);
        module.put(writer);
        line.put(writer);
        says.put(writer);
        is_clash.put(writer);
    }

    fn take(reader: &mut Reader<'_>) -> Option<Uncollectable> {
        Some(Uncollectable {
            module: Kept::take(reader)?,
            line: Kept::take(reader)?,
            says: Kept::take(reader)?,
            is_clash: Kept::take(reader)?,
        })
    }
}

/// Contacts of a fixture are those of all its tests.
impl Kept for Arc<Contact> {
    fn put(&self, writer: &mut Writer) {
        let known = writer.shared.len() as u64;
        let position = writer.shared.entry(Arc::as_ptr(self).cast());
        let position = *position.or_insert(known);
        position.put(writer);
        if position == known {
            (**self).put(writer);
        }
    }

    fn take(reader: &mut Reader<'_>) -> Option<Arc<Contact>> {
        let position = usize::take(reader)?;
        if position == reader.shared.len() {
            let contact = Arc::new(Contact::take(reader)?);
            reader.shared.push(contact);
        }
        Arc::clone(reader.shared.get(position)?).downcast().ok()
    }
}

impl Kept for Reason {
    fn put(&self, writer: &mut Writer) {
        writer.bytes.push(self.number());
        if let Reason::Answer(request) = self {
            request.0.put(writer);
        }
    }

    fn take(reader: &mut Reader<'_>) -> Option<Reason> {
        Some(match reader.slice(1)?.first()? {
            0 => Reason::Parameter,
            1 => Reason::Library,
            2 => Reason::Import,
            3 => Reason::Attribute,
            4 => Reason::Runtime,
            5 => Reason::Construct,
            6 => Reason::Bound,
            7 => Reason::Raised,
            8 => Reason::Double,
            9 => Reason::Answer(RequestId(u32::take(reader)?)),
            _ => return None,
        })
    }
}

impl Kept for End {
    fn put(&self, writer: &mut Writer) {
        match self {
            End::Elsewhere => 0_u64.put(writer),
            End::Open => 1_u64.put(writer),
            End::Async(position) => (*position as u64 + 2).put(writer),
        }
    }

    fn take(reader: &mut Reader<'_>) -> Option<End> {
        Some(match usize::take(reader)? {
            0 => End::Elsewhere,
            1 => End::Open,
            more => End::Async(more - 2),
        })
    }
}

impl Kept for Request {
    fn put(&self, writer: &mut Writer) {
        let Request {
            id,
            is_websocket,
            app,
            is_network,
            is_browser,
            method,
            url,
            follows_redirects,
            trail,
            claims,
            claimed_at,
            texts,
            messages,
            raises,
            is_accepted,
            sent: _,
            client,
            kept: _,
            effects: _,
            from_app,
            is_undecided,
            is_doubtful,
            rule,
            // Of that time nothing is left.
            moment: _,
        } = self;
        id.0.put(writer);
        (*is_websocket, app.is_some(), *is_network, *is_browser).put(writer);
        method.put(writer);
        url.put(writer);
        follows_redirects.put(writer);
        trail.put(writer);
        claims.put(writer);
        claimed_at.put(writer);
        texts.put(writer);
        messages.put(writer);
        raises.len().put(writer);
        is_accepted.put(writer);
        client.put(writer);
        (*from_app, *is_undecided).put(writer);
        is_doubtful.put(writer);
        rule.put(writer);
    }

    fn take(reader: &mut Reader<'_>) -> Option<Request> {
        let id = RequestId(u32::take(reader)?);
        let (is_websocket, has_app): (bool, bool) = Kept::take(reader)?;
        let (is_network, is_browser) = Kept::take(reader)?;
        let (method, url) = Kept::take(reader)?;
        Some(Request {
            id,
            is_websocket,
            // Which one it was decided the routes; that there was one is all that is left to know.
            app: has_app.then_some(Value::None),
            is_network,
            is_browser,
            method,
            url,
            follows_redirects: Kept::take(reader)?,
            trail: Kept::take(reader)?,
            claims: Kept::take(reader)?,
            claimed_at: Kept::take(reader)?,
            texts: Kept::take(reader)?,
            messages: Kept::take(reader)?,
            raises: vec![Value::None; usize::take(reader)?.min(MOST_RAISES)],
            is_accepted: Kept::take(reader)?,
            sent: Value::None,
            client: Kept::take(reader)?,
            kept: Value::None,
            effects: Vec::new(),
            moment: 0,
            from_app: Kept::take(reader)?,
            is_undecided: Kept::take(reader)?,
            is_doubtful: Kept::take(reader)?,
            rule: Kept::take(reader)?,
        })
    }
}
