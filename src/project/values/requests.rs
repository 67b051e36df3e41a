//! Requests: what the operations of clients do, and copies of objects.
//!
//! `client.get("/items")` ends here as a request with its URL, its method and the places that led to it.

use std::sync::Arc;

use crate::project::symbols::Symbol;
use crate::project::values::calls::Args;
use crate::project::values::heap::Object;
use crate::project::values::log::{Request, Unresolved};
use crate::project::values::machine::{Eval, Machine};
use crate::project::values::operations::places_of;
use crate::project::values::urls::{is_absolute, split_url};
use crate::project::values::value::{HOLE, HOLE_TEXT, Reason, RequestId, Value};
use crate::project::world::{CodePlace, ModuleKind};

/// What is granted for a request: a client of the project's own that sends many, as a validator does, takes longer than another call.
const STEPS_FOR_A_REQUEST: u64 = 600;
/// Requests of one test for which steps are granted.
const MOST_GRANTS: u32 = 64;

impl<'w> Machine<'w> {
    pub(super) fn copy(&mut self, value: &Value, changes: &Value) -> Value {
        let Value::Object(id) = value else {
            return value.clone();
        };
        let mut object = self.heap.get(*id).clone();
        let attributes = match &mut object {
            Object::Instance(instance) => Some(&mut instance.attributes),
            Object::Function(function) => Some(&mut function.attributes),
            Object::List(_) | Object::Dict(_) => None,
            Object::Class(_)
            | Object::Module(_)
            | Object::Frame(_)
            | Object::Descriptor { .. }
            | Object::Alias { .. }
            | Object::Partial { .. } => {
                return value.clone();
            }
        };
        if let Some(attributes) = attributes
            && let Value::Object(changes) = changes
            && let Object::Dict(dict) = self.heap.get(*changes)
        {
            for (name, new) in &dict.items {
                if let Some(name) = name.literal() {
                    attributes.set(self.world.symbols.intern(name), new.clone());
                }
            }
        }
        Value::Object(self.heap.add(object))
    }

    /// Where a client was made.
    fn client_place(&self, client: &Value) -> Option<CodePlace> {
        let Value::Object(id) = client else {
            return None;
        };
        let places = self.world.symbols.intern("covgap_places");
        let instance = self.heap.instance(*id)?;
        places_of(&instance.attributes, places).first().copied()
    }

    pub(super) fn note_request(&mut self, args: &Args) -> Eval {
        let at = |position: usize| {
            args.positional
                .get(position)
                .cloned()
                .unwrap_or(Value::None)
        };
        let (kind, app, transport) = (at(0), at(1), at(6));
        let is_websocket = kind.literal() == Some("websocket");
        let is_network = transport.literal() == Some("network");
        let is_browser = transport.literal() == Some("browser");
        let id = RequestId(self.log.next_request);
        self.log.next_request += 1;
        if self.log.next_request <= MOST_GRANTS {
            self.grant(STEPS_FOR_A_REQUEST);
        }
        if transport.literal() == Some("stub") {
            return Ok(Value::Int(i64::from(id.0)));
        }
        let mut urls = self.spellings(&at(3))?;
        let bases = if at(4) == Value::None {
            vec![String::new()]
        } else {
            self.spellings(&at(4))?
        };
        let methods: Vec<String> = self
            .spellings(&at(2))?
            .into_iter()
            .map(|method| method.to_uppercase())
            .collect();
        urls.truncate(8);
        let trail = self.trail();
        let client_object = at(9);
        let client = self.client_place(&client_object);
        let effects = self.log.effects.clone();
        let moment = self.heap.moment();
        let sender = self.own_activation();
        let sender = sender.filter(|activation| activation.kind == ModuleKind::App);
        if let Some(sender) = sender.filter(|_| is_network) {
            self.note_sender(sender);
        }
        let apps: Vec<Option<Value>> = match &app {
            Value::None => vec![None],
            Value::Union(values) => values
                .iter()
                .filter(|value| **value != Value::None)
                .cloned()
                .map(Some)
                .collect(),
            other => vec![Some(other.clone())],
        };
        let several = urls.len() * bases.len() * methods.len() * apps.len() > 1;
        for url in &urls {
            for base in &bases {
                for method in &methods {
                    for app in &apps {
                        let kept = self.kept_of(app.as_ref())?;
                        let is_guess = [app.as_ref(), Some(&client_object)]
                            .into_iter()
                            .flatten()
                            .any(|value| self.has_mark(value, Symbol::GUESS_MARK));
                        let request = Request {
                            id,
                            is_websocket,
                            app: app.clone(),
                            is_network,
                            is_browser,
                            method: Arc::from(if is_websocket { "" } else { method.as_str() }),
                            url: Arc::from(under_base(base, url)),
                            follows_redirects: at(5) == Value::Bool(true),
                            trail: trail.clone(),
                            claims: Vec::new(),
                            claimed_at: Vec::new(),
                            texts: Vec::new(),
                            messages: Vec::new(),
                            raises: Vec::new(),
                            is_accepted: false,
                            sent: at(8),
                            client,
                            kept,
                            effects: effects.clone(),
                            moment,
                            from_app: sender.is_some(),
                            is_undecided: self.undecided > 0 || several || is_guess,
                            is_doubtful: self.undecided > 1,
                            rule: at(7).literal().map(Arc::from),
                        };
                        self.log.requests.push(request);
                    }
                }
            }
        }
        Ok(Value::Int(i64::from(id.0)))
    }
}

impl<'w> Machine<'w> {
    /// What the model of an app wants to be remembered of the moment in which a request is sent.
    fn kept_of(&mut self, app: Option<&Value>) -> Eval {
        let name = self.symbol("covgap_keep");
        match app {
            Some(app) if self.has_mark(app, name) => {
                self.call_attribute(app, name, Args::default())
            }
            _ => Ok(Value::None),
        }
    }
}

/// What a client with a base URL requests: the base's path comes first, unless the URL is absolute.
pub fn under_base(base: &str, url: &str) -> String {
    if is_absolute(url) || base.is_empty() || base == HOLE_TEXT {
        return url.to_string();
    }
    let is_whole = url.starts_with('/') || begins_with_a_prefix(url, base);
    let base = base.trim_end_matches('/');
    if url.is_empty() {
        return base.to_string();
    }
    if is_whole {
        format!("{base}{url}")
    } else {
        format!("{base}/{url}")
    }
}

/// In `{}/items` the hole is an address or the begin of a path, unless the base is a folder in which it is a segment.
fn begins_with_a_prefix(url: &str, base: &str) -> bool {
    let is_folder = |path: &str| path.len() > 1 && path.ends_with('/');
    url.strip_prefix(HOLE).is_some_and(|rest| {
        !rest.contains('/') || rest.starts_with('/') && !is_folder(split_url(base).2)
    })
}

impl Machine<'_> {
    /// A call that looks like a request on something unknown is an unknown of the report, not silence.
    pub fn note_unresolved(&mut self, receiver: &Value, name: Symbol, args: &Args) {
        let Value::Unknown(reason) = receiver else {
            return;
        };
        if matches!(reason, Reason::Double | Reason::Raised) {
            return;
        }
        let spelled = self.spelled(name);
        let method = match &*spelled {
            "get" | "post" | "put" | "patch" | "delete" | "options" | "head" => {
                spelled.to_uppercase()
            }
            "websocket_connect" => String::new(),
            _ => return,
        };
        let url = match args.positional.first() {
            Some(Value::Text(text)) if text.contains('/') => text.clone(),
            _ => return,
        };
        if !url.starts_with('/') && !url.starts_with("http") && !url.starts_with(HOLE_TEXT) {
            return;
        }
        if self
            .own_activation()
            .is_some_and(|activation| activation.kind == ModuleKind::Test)
        {
            let place = self.own_place();
            self.log.unresolved.push(Unresolved {
                method: Arc::from(method),
                url,
                place,
                reason: *reason,
            });
        }
    }
}
