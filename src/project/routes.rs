//! Tables of routes: what an app object answers, in the order in which it looks.
//!
//! After `app.include_router(users, prefix="/api")` and `app.mount("/admin", admin)` the table of `app` holds the routes of both,
//! with their full path templates.

use std::sync::Arc;

use crate::project::looks;
use crate::project::symbols::Symbol;
use crate::project::values::heap::Object;
use crate::project::values::machine::{Eval, Machine, Raise};
use crate::project::values::operations::places_of;
use crate::project::values::sealed::is_memory;
use crate::project::values::value::{HOLE, HOLE_TEXT, ObjectId, Reason, Value};
use crate::project::world::{Asking, CodePlace, ModuleId, ModuleKind};

/// Deepest nesting of mounts and includes.
pub const DEEPEST: usize = 12;
/// Most routes of one table.
const MOST: usize = 20_000;
/// Most paths that one route may have.
const MOST_PATHS: usize = 4;
/// Most routers of one table: routers that include each other would go on for ever.
const MOST_HOLDERS: usize = 2_000;

#[derive(Debug, Clone)]
pub struct Table {
    /// How many apps and routers were looked into, one of them once for each time it is included.
    pub holders: usize,
    pub entries: Vec<Entry>,
    /// There may be other routes: a list of routes was not known to its end.
    pub is_open: bool,
}

/// One route as one app sees it.
#[derive(Debug, Clone)]
pub struct Entry {
    pub kind: EntryKind,
    /// Empty: any.
    pub methods: Vec<Arc<str>>,
    /// With every prefix; [`HOLE`] where a prefix is not known.
    pub path: Arc<str>,
    /// With the names of the mounts above it, joined by `:`.
    pub name: Arc<str>,
    pub endpoint: Value,
    pub route: ObjectId,
    pub handler: Option<Handler>,
    /// Where it was registered, then where its routers were included, innermost first.
    pub places: Vec<CodePlace>,
    pub is_conditional: bool,
    /// Dependencies and tags of the routers that include it.
    pub dependencies: Vec<Value>,
    pub tags: Vec<Value>,
    /// The app that answers it: for a mounted app, that one.
    pub app: Value,
    /// Does that app send a request with a slash too many or too few to it: `redirect_slashes`?
    pub redirects_slashes: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EntryKind {
    Http,
    Websocket,
    /// An app that covgap can't look into takes everything below its path.
    Opaque,
}

/// The function or class behind a route.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Handler {
    pub module: ModuleId,
    pub line: u32,
    pub name: Arc<str>,
    pub function: Option<crate::facts::program::FunctionId>,
}

struct Above<'a> {
    prefix: &'a str,
    names: &'a str,
    places: &'a [CodePlace],
    dependencies: &'a [Value],
    tags: &'a [Value],
    is_conditional: bool,
    depth: usize,
    /// The apps and routers on the way down.
    within: &'a [Value],
}

fn object_of(value: &Value) -> Option<ObjectId> {
    match value {
        Value::Object(id) => Some(*id),
        _ => None,
    }
}

impl<'w> Machine<'w> {
    /// The table of an app or router.
    pub fn table(&mut self, app: &Value) -> Result<Table, Raise> {
        let mut table = Table {
            holders: 0,
            entries: Vec::new(),
            is_open: false,
        };
        let above = Above {
            prefix: "",
            names: "",
            places: &[],
            dependencies: &[],
            tags: &[],
            is_conditional: false,
            depth: 0,
            within: &[],
        };
        self.collect(app, app, &above, &mut table)?;
        Ok(table)
    }

    fn collect(
        &mut self,
        holder: &Value,
        app: &Value,
        above: &Above<'_>,
        table: &mut Table,
    ) -> Result<(), Raise> {
        // An app that is mounted below itself serves the same routes once more under every longer path.
        if above.within.contains(holder) {
            return Ok(());
        }
        let within = [above.within, std::slice::from_ref(holder)].concat();
        let above = &Above {
            within: &within,
            ..*above
        };
        table.holders += 1;
        if above.depth > DEEPEST || table.entries.len() > MOST || table.holders > MOST_HOLDERS {
            table.is_open = true;
            return Ok(());
        }
        let routes = self.attribute(holder, self.world.symbols.intern("routes"))?;
        if routes.is_opaque() {
            // Middleware, or a dispatcher: what the applications behind it answer.
            let inner = self.apps_behind(holder)?;
            let below = Above {
                depth: above.depth + 1,
                ..*above
            };
            table.is_open |= inner.is_empty() && above.depth == 0;
            for one in inner {
                self.collect(&one, &one, &below, table)?;
            }
            return Ok(());
        }
        let (items, is_open) = self.iterate(&routes)?;
        table.is_open |= is_open;
        let alternatives = items.iter().flat_map(Value::alternatives);
        let routes: Vec<ObjectId> = alternatives.filter_map(object_of).collect();
        for &route in &routes {
            if !self.is_mounted_elsewhere(route, &routes)? {
                self.collect_on_each_path(route, app, above, table)?;
            }
        }
        Ok(())
    }

    /// `prefix = "/v2" if flag else "/v1"`: where nobody knows which path it is, each of them may be there.
    fn collect_on_each_path(
        &mut self,
        route: ObjectId,
        app: &Value,
        above: &Above<'_>,
        table: &mut Table,
    ) -> Result<(), Raise> {
        let path = self.attribute(&Value::Object(route), self.world.symbols.intern("path"))?;
        let mut paths: Vec<String> = Vec::new();
        for path in self.spellings(&path)? {
            if !paths.contains(&path) {
                paths.push(path);
            }
        }
        // Of many, and of those of which one is not known, the one that was assigned last.
        let is_told = paths.len() <= MOST_PATHS && paths.iter().all(|path| !path.contains(HOLE));
        if !is_told {
            paths.drain(..paths.len().saturating_sub(1));
        }
        if paths.is_empty() {
            paths.push(HOLE_TEXT.to_owned());
        }
        let above = Above {
            is_conditional: above.is_conditional || paths.len() > 1,
            ..*above
        };
        for path in paths {
            self.collect_route(route, &path, app, &above, table)?;
        }
        Ok(())
    }

    /// `if settings.BASE: app.mount(settings.BASE, api)`, `else: app.mount("/api", api)`: what is mounted at a path of which
    /// nothing is known, and at another one, is shown there.
    fn is_mounted_elsewhere(
        &mut self,
        route: ObjectId,
        routes: &[ObjectId],
    ) -> Result<bool, Raise> {
        let Some(child) = self.mounted(route, false)? else {
            return Ok(false);
        };
        for &other in routes {
            if self.mounted(other, true)?.as_ref() == Some(&child) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The application that a route mounts at a path that is known, or at one of which nothing is.
    fn mounted(&mut self, route: ObjectId, is_known: bool) -> Result<Option<Value>, Raise> {
        let value = Value::Object(route);
        let kind = self.attribute(&value, self.world.symbols.intern("covgap_route"))?;
        if kind.literal() != Some("mount") {
            return Ok(None);
        }
        let path = self.attribute(&value, self.world.symbols.intern("path"))?;
        let spelled = self.spellings(&path)?;
        if spelled.iter().any(|text| text == HOLE_TEXT) == is_known {
            return Ok(None);
        }
        let child = self.attribute(&value, self.world.symbols.intern("app"))?;
        Ok(object_of(&child).map(Value::Object))
    }

    fn collect_route(
        &mut self,
        route: ObjectId,
        own: &str,
        app: &Value,
        above: &Above<'_>,
        table: &mut Table,
    ) -> Result<(), Raise> {
        let value = Value::Object(route);
        let symbol = |machine: &Self, name: &str| machine.world.symbols.intern(name);
        let kind = self.attribute(&value, symbol(self, "covgap_route"))?;
        let names = match self.heap.instance(route) {
            Some(instance) => instance.attributes.clone(),
            None => return Ok(()),
        };
        let mut places = places_of(&names, symbol(self, "covgap_places"));
        places.truncate(4);
        places.extend(above.places.iter().copied());
        let is_conditional = above.is_conditional
            || names.get(symbol(self, "covgap_conditional")) == Some(&Value::Bool(true));
        let name = match self.attribute(&value, Symbol::NAME_)? {
            Value::Text(text) => text,
            _ => Arc::from(""),
        };
        let full_name: Arc<str> = if above.names.is_empty() {
            name.clone()
        } else {
            Arc::from(format!("{}:{name}", above.names))
        };
        let full = format!("{}{own}", above.prefix);
        let dependencies = self.attribute(&value, symbol(self, "dependencies"))?;
        match kind.literal() {
            Some("include") => {
                let child = self.attribute(&value, symbol(self, "app"))?;
                let (more, _) = self.iterate(&dependencies)?;
                let dependencies = [above.dependencies, &more].concat();
                let tags = self.attribute(&value, symbol(self, "tags"))?;
                let (more, _) = self.iterate(&tags)?;
                let tags = [above.tags, &more].concat();
                let below = Above {
                    prefix: &full,
                    names: above.names,
                    places: &places,
                    dependencies: &dependencies,
                    tags: &tags,
                    is_conditional,
                    depth: above.depth + 1,
                    within: above.within,
                };
                for one in child.alternatives().to_vec() {
                    self.collect(&one, app, &below, table)?;
                }
            }
            Some("mount") => {
                let child = self.attribute(&value, symbol(self, "app"))?;
                let before = table.entries.len();
                // Of several that it may be, those that can be looked into are the ones to reach.
                for child in child.alternatives().to_vec() {
                    if !matches!(child, Value::Object(_) | Value::Method(_)) {
                        continue;
                    }
                    let names = if above.names.is_empty() {
                        name.to_string()
                    } else {
                        format!("{}:{name}", above.names)
                    };
                    let below = Above {
                        prefix: &full,
                        names: &names,
                        places: &places,
                        dependencies: above.dependencies,
                        tags: &[],
                        is_conditional,
                        depth: above.depth + 1,
                        within: above.within,
                    };
                    // A router that is mounted answers within the application around it.
                    let is_app = self.is_marked(&child, "covgap_app");
                    let within = if is_app { &child } else { app };
                    self.collect(&child, within, &below, table)?;
                }
                if table.entries.len() > before {
                    return Ok(());
                }
                table.entries.push(Entry {
                    kind: EntryKind::Opaque,
                    methods: Vec::new(),
                    path: Arc::from(full),
                    name: full_name,
                    endpoint: child,
                    route,
                    handler: None,
                    places,
                    is_conditional,
                    dependencies: Vec::new(),
                    tags: Vec::new(),
                    app: app.clone(),
                    redirects_slashes: false,
                });
            }
            Some(kind @ ("http" | "websocket")) => {
                let endpoint = self.attribute(&value, symbol(self, "endpoint"))?;
                let methods = self.attribute(&value, symbol(self, "methods"))?;
                let (methods, _) = self.iterate(&methods)?;
                let mut spelled: Vec<Arc<str>> = Vec::new();
                for method in &methods {
                    for text in self.spellings(method)? {
                        let text: Arc<str> = Arc::from(text.to_uppercase());
                        if !spelled.contains(&text) {
                            spelled.push(text);
                        }
                    }
                }
                let handler = self.handler_of_route(route, &endpoint);
                table.entries.push(Entry {
                    kind: if kind == "http" {
                        EntryKind::Http
                    } else {
                        EntryKind::Websocket
                    },
                    methods: spelled,
                    path: Arc::from(full),
                    name: full_name,
                    endpoint,
                    route,
                    handler,
                    places,
                    is_conditional,
                    dependencies: above.dependencies.to_vec(),
                    tags: above.tags.to_vec(),
                    app: app.clone(),
                    redirects_slashes: self.redirects_slashes(app, &value),
                });
            }
            _ => {}
        }
        Ok(())
    }

    /// An app asks its router; included routers are not asked. A router that nobody has read may have a route for either path.
    fn redirects_slashes(&mut self, app: &Value, route: &Value) -> bool {
        if self.has_mark(route, Symbol::GUESS_MARK) {
            return false;
        }
        let named = |holder: &Value, name: &str| {
            let instance = self.heap.instance(object_of(holder)?)?;
            let name = self.world.symbols.intern(name);
            instance.attributes.get(name).cloned()
        };
        let router = named(app, "router").unwrap_or_else(|| app.clone());
        named(&router, "redirect_slashes") != Some(Value::Bool(false))
    }

    /// The handler of a route. To find the one that is known is no look into its file.
    fn handler_of_route(&self, route: ObjectId, endpoint: &Value) -> Option<Handler> {
        if let Some(known) = self.known_handlers.get(&route)
            && self.heap.stamp_of(route) == Some(0)
        {
            let found = looks::apart(|| self.handler_of(endpoint, 0));
            if found == *known {
                return found;
            }
        }
        self.handler_of(endpoint, 0)
    }

    /// The project's code behind an endpoint: under `__wrapped__`, partials, bound methods, and decorators' inner functions.
    pub fn handler_of(&self, endpoint: &Value, depth: usize) -> Option<Handler> {
        if depth > 8 {
            return None;
        }
        match endpoint {
            Value::Object(id) => match self.heap.get(*id) {
                Object::Function(function) => {
                    if let Some(wrapped) = function.attributes.get(Symbol::WRAPPED)
                        && let Some(found) = self.handler_of(wrapped, depth + 1)
                    {
                        return Some(found);
                    }
                    let (module, number, closure) =
                        (function.module, function.function, function.closure);
                    let unit = match closure {
                        Some(_) => self.world.code(module, number)?,
                        None => self.world.named(module)?,
                    };
                    if let Some(frame) = closure
                        && let Object::Frame(frame) = self.heap.get(frame)
                    {
                        // An inner function without `functools.wraps` hides the one that its decorator was given.
                        let outer = unit.facts.function(frame.function);
                        for (slot, parameter) in unit
                            .facts
                            .parameter_list(outer.parameters)
                            .iter()
                            .enumerate()
                        {
                            let is_wrapped = matches!(
                                unit.facts.name(parameter.name),
                                "func" | "fn" | "f" | "function" | "endpoint"
                            );
                            if is_wrapped
                                && let Some(found) = self.handler_of(&frame.values[slot], depth + 1)
                            {
                                return Some(found);
                            }
                        }
                    }
                    if unit.kind == ModuleKind::Model {
                        return None;
                    }
                    let facts = unit.facts.function(number);
                    Some(Handler {
                        module,
                        line: facts.line,
                        name: Arc::from(unit.facts.name(facts.qualified_name)),
                        function: Some(number),
                    })
                }
                Object::Class(class) => {
                    let unit = self.world.named(class.module)?;
                    if unit.kind == ModuleKind::Model {
                        return None;
                    }
                    let facts = unit.facts.class(class.class?);
                    Some(Handler {
                        module: class.module,
                        line: facts.line,
                        name: Arc::from(unit.facts.name(facts.qualified_name)),
                        function: None,
                    })
                }
                Object::Descriptor { function, .. } | Object::Partial { function, .. } => {
                    self.handler_of(function, depth + 1)
                }
                Object::Instance(instance) => {
                    if let Some(wrapped) = instance.attributes.get(Symbol::WRAPPED) {
                        return self.handler_of(wrapped, depth + 1);
                    }
                    let (function, _) = self.class_attribute(instance.class, Symbol::CALL)?;
                    self.handler_of(&function, depth + 1)
                }
                Object::List(_)
                | Object::Dict(_)
                | Object::Module(_)
                | Object::Frame(_)
                | Object::Alias { .. } => None,
            },
            Value::Method(method) => match method.function {
                crate::project::values::value::Callee::Function(function) => {
                    self.handler_of(&Value::Object(function), depth + 1)
                }
                crate::project::values::value::Callee::Builtin(_) => None,
            },
            Value::Union(values) => values
                .iter()
                .find_map(|value| self.handler_of(value, depth + 1)),
            _ => None,
        }
    }

    /// Are the keys of a dict the parameters of a route, no more and no fewer?
    fn takes(&self, entry: &Entry, parameters: &Value) -> bool {
        let Value::Object(id) = parameters else {
            return false;
        };
        let Object::Dict(dict) = self.heap.get(*id) else {
            return false;
        };
        let mut given = dict.items.iter().map(|(key, _)| key.literal());
        let wanted = || parameters_in(&entry.path);
        wanted().count() == dict.items.len()
            && given.all(|key| key.is_some_and(|key| wanted().any(|name| name == key)))
    }

    /// `url_path_for(name, **params)`: the path of the first route of that name, with the parameters put in.
    pub fn url_for(&mut self, holder: &Value, name: &Value, parameters: &Value) -> Eval {
        let table = match holder {
            Value::Object(app) => self.cached_table(*app)?,
            _ => Arc::new(self.table(holder)?),
        };
        let note = |machine: &Self, name: &str| {
            if let Value::Object(app) = holder {
                machine.note_asked(*app, &table, Asking::Named, name);
            }
        };
        let mut result = Value::Unbound;
        for name in name.alternatives() {
            let Some(name) = name.literal() else {
                return Ok(Value::Unknown(Reason::Runtime));
            };
            note(self, name);
            // Of several routes of one name, the first that has just these parameters.
            let named = table.entries.iter().filter(|entry| &*entry.name == name);
            let fits = named.clone().find(|entry| self.takes(entry, parameters));
            let Some(entry) = fits.or(named.clone().next()) else {
                result = result.or(Value::Unknown(Reason::Runtime));
                continue;
            };
            let mut path = String::new();
            let mut rest = &*entry.path;
            while let Some(open) = rest.find('{') {
                path.push_str(&rest[..open]);
                let Some(close) = rest[open..].find('}') else {
                    break;
                };
                let parameter = rest[open + 1..open + close].split(':').next().unwrap_or("");
                let value = self.item(parameters, &Value::text(parameter))?;
                let spelled = self.spellings(&value)?;
                path.push_str(match &spelled[..] {
                    [single] => single,
                    _ => HOLE_TEXT,
                });
                rest = &rest[open + close + 1..];
            }
            path.push_str(rest);
            result = result.or(Value::text(&path));
        }
        Ok(result)
    }
}

/// The names of a path template's parameters, in order.
fn parameters_in(path: &str) -> impl Iterator<Item = &str> {
    let opened = path.split('{').skip(1);
    opened.filter_map(|opened| opened.split_once('}')?.0.split(':').next())
}

/// A path template or a URL for readers: a hole, or several in a row, as `{}`.
pub fn shown(path: &str) -> String {
    let mut shown = String::with_capacity(path.len());
    let mut was_hole = false;
    for letter in path.chars() {
        if is_memory(letter) {
            continue;
        }
        if letter != HOLE {
            shown.push(letter);
        } else if !was_hole {
            shown.push_str("{}");
        }
        was_hole = letter == HOLE;
    }
    shown
}

/// What is left of a parameter without its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Converters {
    /// `{:int}`.
    Kept,
    /// `{}`.
    Dropped,
}

/// A path template without the names of its parameters, which may be called otherwise tomorrow. Ids of gaps are made of it.
pub fn unnamed(path: &str, converters: Converters) -> String {
    let mut result = String::with_capacity(path.len());
    let mut is_name = false;
    for letter in path.chars() {
        match (letter, converters) {
            ('{', _) => is_name = true,
            ('}', _) | (':', Converters::Kept) => is_name = false,
            _ if is_name => continue,
            _ => {}
        }
        result.push(letter);
    }
    result
}

#[cfg(test)]
mod tests {
    use super::{Converters, shown, unnamed};
    use crate::project::values::value::HOLE_TEXT;

    #[test]
    fn parameters_without_names() {
        let case = |path: &str, kept: &str, dropped: &str| {
            assert_eq!(unnamed(path, Converters::Kept), kept);
            assert_eq!(unnamed(path, Converters::Dropped), dropped);
        };
        case("/a/{id}/b", "/a/{}/b", "/a/{}/b");
        case("/a/{id:int}:do", "/a/{:int}:do", "/a/{}:do");
        case("/a/{id", "/a/{", "/a/{");
    }

    #[test]
    fn holes_in_a_row_are_one() {
        let case = |path: &str, expected: &str| {
            assert_eq!(shown(&path.replace('?', HOLE_TEXT)), expected);
        };
        case("/a/?", "/a/{}");
        case("/a/???/b?", "/a/{}/b{}");
        case("/{id}", "/{id}");
    }
}
