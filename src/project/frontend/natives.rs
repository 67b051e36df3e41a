//! What models of libraries use, under the name `covgap`.
//!
//! `covgap.request("http", "GET", "/items", "fetch/request")` is a request, as `covgap.request` is in the models of Python.

use std::sync::Arc;

use super::effects::{ContextFound, Edge, Render, Request, RequestKind, Visit};
use super::machine::Machine;
use super::value::{FunctionKey, Hole, Object, ScriptId, Value, is_hole};
use crate::facts::script::program::{ExprId, ScriptFunctionId};

type Site = Option<(ScriptId, ExprId)>;

impl Machine<'_> {
    pub fn call_native(
        &mut self,
        name: &str,
        receiver: &Value,
        arguments: Vec<Value>,
        site: Site,
    ) -> Value {
        let Some(operation) = name.strip_prefix("covgap.") else {
            return self.call_method(name, receiver, arguments, site);
        };
        let first = arguments.first().cloned().unwrap_or(Value::Undefined);
        match operation {
            "request" => {
                self.request(&arguments, site);
                Value::Unknown(Hole::Other)
            }
            "join" => {
                let second = arguments.get(1).cloned().unwrap_or(Value::Undefined);
                self.join(&first, &second)
            }
            "fill" => self.fill(&first),
            "environment" => Value::Unknown(Hole::Environment),
            "parameter" => Value::Unknown(Hole::Parameter),
            "unknown" => Value::Unknown(Hole::Other),
            "text" => {
                let texts = self.as_text(&first);
                Value::one_of(texts.into_iter().map(Value::Text).collect())
            }
            "context" => self.make_context(&first),
            "use_context" => {
                if let Value::Context(context) = first {
                    let at = self.trail(site).last().copied();
                    let owner = self.owner();
                    self.effects
                        .edge_at(owner, Edge::Uses(context), at.map(|(_, expr)| expr));
                }
                Value::Unknown(Hole::Other)
            }
            "visit" => {
                if let Some(place) = self.trail(site).last().copied() {
                    let urls = self.as_text(&first);
                    let visit = Visit { urls, place };
                    if !self.effects.visits.contains(&visit) {
                        self.effects.visits.push(visit);
                    }
                }
                Value::Unknown(Hole::Other)
            }
            "render" => {
                self.render(&first, &arguments, site);
                Value::Unknown(Hole::Other)
            }
            "mount" => {
                if let Some((_, expr)) = self.trail(site).last().copied() {
                    self.mount(&first, expr);
                }
                first
            }
            "assign" => {
                if let Value::Object(id) = first {
                    let mut object = self.object(id).cloned().unwrap_or_default();
                    for argument in arguments.iter().skip(1) {
                        self.spread_into(&mut object, argument);
                    }
                    if let Some(slot) = self.objects.get_mut(id.0 as usize) {
                        *slot = object;
                    }
                }
                first
            }
            "mock" => {
                if let (Some((test, _)), Some(name)) =
                    (self.trail(site).last().copied(), first.literal())
                    && let Some(module) = self.scripts.resolve(test, name)
                {
                    self.effects.mocks.push((test, module));
                }
                Value::Unknown(Hole::Other)
            }
            "call_if" => match first {
                Value::Function(_) => self.call(&first, Vec::new(), site),
                value => value,
            },
            "either" => Value::one_of(arguments),
            // Of several, those of which something is known.
            "known" => {
                let is_known = |value: &&Value| !matches!(value, Value::Unknown(_));
                let known = first.alternatives().iter().filter(is_known);
                Value::one_of(known.cloned().collect())
            }
            "open" => {
                if let Value::Object(id) = first
                    && let Some(object) = self.objects.get_mut(id.0 as usize)
                {
                    object.is_open = true;
                }
                first
            }
            "keys" | "values" | "entries" => self.parts(operation, &first),
            "from_entries" => self.object_of_entries(&first),
            _ => Value::Unknown(Hole::Other),
        }
    }

    /// The innermost function of the project, or the body of its module.
    pub fn owner(&self) -> FunctionKey {
        let frame = self
            .frames
            .iter()
            .rev()
            .find(|frame| !self.scripts.is_model(frame.script));
        match frame {
            Some(frame) => frame.function.unwrap_or(body_of(frame.script)),
            None => body_of(self.current_script()),
        }
    }

    fn request(&mut self, arguments: &[Value], site: Site) {
        let text = |position: usize| arguments.get(position).and_then(Value::literal);
        let kind = match text(0) {
            Some("websocket") => RequestKind::Websocket,
            _ => RequestKind::Http,
        };
        let rule: Arc<str> = Arc::from(text(3).unwrap_or_default());
        let methods = match (kind, arguments.get(1)) {
            (RequestKind::Http, Some(value)) => methods(value),
            _ => Vec::new(),
        };
        let urls = arguments
            .get(2)
            .map(|url| self.as_text(url))
            .unwrap_or_default();
        let trail = self.trail(site);
        if trail.is_empty() {
            return;
        }
        self.effects.send(Request {
            kind,
            methods,
            urls,
            trail,
            rule,
            is_guess: false,
        });
    }

    /// A call of something that is not there: by its name it may send what it is given.
    pub fn call_external(&mut self, path: &str, is_own: bool, arguments: &[Value], site: Site) {
        let name = path
            .rsplit(['.', '#'])
            .next()
            .unwrap_or_default()
            .to_lowercase();
        let sends = is_own
            && self
                .scripts
                .names()
                .senders
                .iter()
                .any(|known| name.contains(known.as_str()));
        if !sends || self.scripts.is_model(self.current_script()) {
            return;
        }
        let Some(url) = arguments.first() else {
            return;
        };
        let is_blank = |url: &str| url.chars().all(is_hole);
        let urls: Vec<Arc<str>> = self
            .as_text(url)
            .into_iter()
            .filter(|url| url.contains('/') && !url.contains(char::is_whitespace) || is_blank(url))
            .collect();
        if urls.is_empty() {
            return;
        }
        let method = match arguments.get(1) {
            Some(options) => self.member(options, &Arc::from("method")),
            None => Value::Undefined,
        };
        let method = match method {
            Value::Undefined => Value::text("GET"),
            method => method,
        };
        let trail = self.trail(site);
        self.effects.send(Request {
            kind: RequestKind::Http,
            methods: methods(&method),
            urls,
            trail,
            rule: Arc::from("script/missing-sender"),
            is_guess: true,
        });
    }

    /// `base` and a relative address, with one slash between them.
    fn join(&mut self, base: &Value, url: &Value) -> Value {
        let bases = match base {
            Value::Undefined | Value::Null => vec![Arc::from("")],
            base => self.as_text(base),
        };
        let mut joined = Vec::new();
        for url in self.as_text(url) {
            let is_absolute = url.contains("://") || url.starts_with("//");
            for base in &bases {
                joined.push(if is_absolute || base.is_empty() {
                    Value::Text(url.clone())
                } else if url.is_empty() {
                    Value::Text(base.clone())
                } else {
                    let base = base.trim_end_matches('/');
                    Value::text(format!("{base}/{}", url.trim_start_matches('/')))
                });
            }
        }
        Value::one_of(joined)
    }

    /// `/items/{id}` and `/items/:id` with a hole for each name.
    fn fill(&mut self, url: &Value) -> Value {
        let texts = self.as_text(url);
        Value::one_of(texts.iter().map(|text| Value::text(filled(text))).collect())
    }

    fn make_context(&mut self, default: &Value) -> Value {
        let Some((script, expr)) = self.trail(None).last().copied().or_else(|| {
            let frame = self.frames.last()?;
            frame.site
        }) else {
            return Value::Unknown(Hole::Other);
        };
        let is_empty = matches!(default, Value::Undefined | Value::Null);
        Value::Context(self.effects.context(ContextFound {
            script,
            expr,
            is_empty,
        }))
    }

    /// The component or provider of an element is mounted by the function that is being run.
    pub fn mount(&mut self, name: &Value, at: ExprId) {
        if self.scripts.is_model(self.current_script()) && self.frames.is_empty() {
            return;
        }
        let owner = self.owner();
        for value in name.alternatives().to_vec() {
            let edge = match value {
                Value::Function(closure) if !self.scripts.is_model(closure.key.script) => {
                    Edge::Function(closure.key)
                }
                Value::Provider(context) => Edge::Provider(context),
                Value::Class(class) => {
                    let this = Value::Class(class);
                    match self.method(class, "render", &this) {
                        Some((closure, _)) => Edge::Function(closure.key),
                        None => continue,
                    }
                }
                _ => continue,
            };
            self.effects.edge_at(owner, edge, Some(at));
        }
    }

    fn render(&mut self, element: &Value, arguments: &[Value], site: Site) {
        let Some(place) = self.trail(site).last().copied() else {
            return;
        };
        let mut render = Render {
            component: None,
            providers: Vec::new(),
            named: Vec::new(),
            place,
        };
        let wrapper = match arguments.get(1) {
            Some(options @ Value::Object(_)) => {
                let options = options.clone();
                self.member(&options, &Arc::from("wrapper"))
            }
            _ => Value::Undefined,
        };
        if let Value::Function(closure) = &wrapper {
            render.named.push(closure.key);
        }
        self.rendered(element, &mut render, 0);
        if !self.effects.renders.contains(&render) {
            self.effects.renders.push(render);
        }
    }

    fn rendered(&self, value: &Value, render: &mut Render, depth: usize) {
        if depth > 20 {
            return;
        }
        match value {
            Value::Element(element) => {
                match &element.0 {
                    Value::Function(closure) => {
                        render.component.get_or_insert(closure.key);
                        render.named.push(closure.key);
                    }
                    Value::Provider(context) => render.providers.push(*context),
                    _ => {}
                }
                for child in &element.1 {
                    self.rendered(child, render, depth + 1);
                }
            }
            Value::OneOf(values) => {
                for value in values.iter() {
                    self.rendered(value, render, depth + 1);
                }
            }
            _ => {}
        }
    }

    fn parts(&mut self, operation: &str, value: &Value) -> Value {
        let Some(entries) = self.entries_of(value) else {
            return Value::Unknown(Hole::Other);
        };
        let mut parts = Vec::new();
        for (name, value) in entries {
            parts.push(match operation {
                "keys" => Value::Text(name),
                "values" => value,
                _ => self.list(vec![Value::Text(name), value]),
            });
        }
        self.list(parts)
    }

    fn object_of_entries(&mut self, value: &Value) -> Value {
        let items = match value {
            Value::Object(id) => self.object(*id).and_then(|object| object.items.clone()),
            _ => None,
        };
        let Some(items) = items else {
            return Value::Unknown(Hole::Other);
        };
        let mut object = Object::default();
        for item in items {
            let pair = match item {
                Value::Object(id) => self.object(id).and_then(|pair| pair.items.clone()),
                _ => None,
            };
            match pair.as_deref() {
                Some([name, value]) if name.literal().is_some() => {
                    let name = Arc::from(name.literal().unwrap_or_default());
                    object.set(&name, value.clone(), false);
                }
                _ => object.is_open = true,
            }
        }
        Value::Object(self.add_object(object))
    }
}

/// What stands for the body of a module where a function is asked for.
pub fn body_of(script: ScriptId) -> FunctionKey {
    FunctionKey {
        script,
        function: ScriptFunctionId(u32::MAX),
    }
}

/// The methods that it may be. None of them: one that is not known is among them, so it may be any.
fn methods(value: &Value) -> Vec<Arc<str>> {
    let mut known: Vec<Arc<str>> = Vec::new();
    for value in value.alternatives() {
        match (value, value.literal()) {
            (Value::Undefined | Value::Null, _) => {}
            (_, Some(method)) if !method.is_empty() => known.push(method.to_uppercase().into()),
            _ => return Vec::new(),
        }
    }
    known
}

/// A template with holes for its names.
pub fn filled(text: &str) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        let Some(close) = rest.get(open..).and_then(|rest| rest.find('}')) else {
            break;
        };
        filled.push_str(rest.get(..open).unwrap_or_default());
        filled.push(super::value::PARAMETER);
        rest = rest.get(open + close + 1..).unwrap_or_default();
    }
    filled.push_str(rest);
    if filled.contains("/:") {
        let parts: Vec<String> = filled
            .split('/')
            .map(|part| {
                if part.len() > 1 && part.starts_with(':') && !part.contains(is_hole) {
                    super::value::PARAMETER.to_string()
                } else {
                    part.to_string()
                }
            })
            .collect();
        return parts.join("/");
    }
    filled
}
