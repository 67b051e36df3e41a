//! What the project is, as text: each app with what it holds, in the order in which it looks for an answer.
//!
//! ```text
//! app app.main:app  made at app/main.py:5  served
//!   GET /health -> app/main.py:9 health
//!   include /api  at app/main.py:14
//!     GET /items/{id} -> app/items.py:6 read_item
//!   mount /static  at app/main.py:15
//!     nothing that covgap can look into: StaticFiles
//! ```
//! A list of routes whose end is not known ends in `and routes that are not known`, a value that may be a router in what it is instead.

use crate::project::routes::{DEEPEST, shown};
use crate::project::served::{Served, is_app, label_of, place_of};
use crate::project::symbols::Symbol;
use crate::project::values::machine::{Machine, Raise};
use crate::project::values::operations::places_of;
use crate::project::values::value::{ObjectId, Value};
use crate::project::world::{CodePlace, ModuleKind};

/// Served apps first, then the others that the project's own code has made.
pub fn outline(machine: &mut Machine<'_>, served: &[Served]) -> String {
    let mut out = String::new();
    for app in served {
        let said_by = app
            .said_by
            .map(|place| format!(", says {}", spell(machine, place)));
        let note = format!("served{}", said_by.unwrap_or_default());
        app_of(machine, app.app, &app.label, &note, &mut out);
    }
    let others: Vec<ObjectId> = machine
        .heap
        .ids()
        .filter(|id| is_app(machine, *id) && served.iter().all(|known| known.app != *id))
        .filter(|id| {
            place_of(machine, *id)
                .is_some_and(|place| machine.world.kind(place.module) == ModuleKind::App)
        })
        .collect();
    for app in others {
        let label = label_of(machine, app);
        app_of(machine, app, &label, "not served by itself", &mut out);
    }
    if out.is_empty() {
        out.push_str("no app\n");
    }
    out
}

fn app_of(machine: &mut Machine<'_>, app: ObjectId, label: &str, note: &str, out: &mut String) {
    let made = place_of(machine, app).map(|place| format!("  made at {}", spell(machine, place)));
    let made = made.unwrap_or_default();
    out.push_str(&format!("app {label}{made}  {note}\n"));
    let mut outline = Outline { machine, out };
    if outline.holder(&Value::Object(app), 1).is_err() {
        outline.line(1, "and what was cut off at a bound");
    }
}

fn spell(machine: &Machine<'_>, place: CodePlace) -> String {
    format!("{}:{}", machine.world.path(place.module), place.line)
}

struct Outline<'a, 'w> {
    machine: &'a mut Machine<'w>,
    out: &'a mut String,
}

impl Outline<'_, '_> {
    fn line(&mut self, depth: usize, says: &str) {
        self.out.extend(std::iter::repeat_n("  ", depth));
        self.out.push_str(says);
        self.out.push('\n');
    }

    /// What an app or a router holds.
    fn holder(&mut self, holder: &Value, depth: usize) -> Result<(), Raise> {
        if depth > DEEPEST {
            self.line(depth, "and what lies deeper than the bound");
            return Ok(());
        }
        let routes = self.attribute(holder, "routes")?;
        if routes.is_opaque() {
            let says = format!(
                "nothing that covgap can look into: {}",
                self.machine.describe(holder)
            );
            self.line(depth, &says);
            return Ok(());
        }
        let (items, is_open) = self.machine.iterate(&routes)?;
        for item in items {
            for one in item.alternatives().to_vec() {
                match one {
                    Value::Object(route) => self.route(route, depth)?,
                    other => {
                        let says = format!("not known: {}", self.machine.describe(&other));
                        self.line(depth, &says);
                    }
                }
            }
        }
        if is_open {
            self.line(depth, "and routes that are not known");
        }
        Ok(())
    }

    fn route(&mut self, route: ObjectId, depth: usize) -> Result<(), Raise> {
        let value = Value::Object(route);
        let kind = self.attribute(&value, "covgap_route")?;
        let path = self.attribute(&value, "path")?;
        let path = self.spellings(&path)?.join(" or ");
        let at = self.places(route);
        let remark = self.remark(route);
        match kind.literal() {
            Some(kind @ ("include" | "mount")) => {
                let path = if path.is_empty() { "\"\"" } else { &path };
                self.line(depth, &format!("{kind} {path}{at}{remark}"));
                let child = self.attribute(&value, "app")?;
                for one in child.alternatives().to_vec() {
                    self.holder(&one, depth + 1)?;
                }
            }
            Some("websocket") => {
                let handler = self.handler(&value)?;
                self.line(depth, &format!("WS {path} -> {handler}{at}{remark}"));
            }
            Some("http") => {
                let methods = self.attribute(&value, "methods")?;
                let (methods, _) = self.machine.iterate(&methods)?;
                let mut spelled = Vec::new();
                for method in &methods {
                    spelled.extend(self.spellings(method)?);
                }
                let methods = if spelled.is_empty() {
                    "ANY".to_owned()
                } else {
                    spelled.join(",")
                };
                let handler = self.handler(&value)?;
                self.line(depth, &format!("{methods} {path} -> {handler}{at}{remark}"));
            }
            Some(_) | None => {
                let says = format!("not known: {}", self.machine.describe(&value));
                self.line(depth, &format!("{says}{at}"));
            }
        }
        Ok(())
    }

    fn attribute(&mut self, value: &Value, name: &str) -> Result<Value, Raise> {
        let name = self.machine.symbol(name);
        self.machine.attribute(value, name)
    }

    fn spellings(&mut self, value: &Value) -> Result<Vec<String>, Raise> {
        let texts = self.machine.spellings(value)?;
        Ok(texts.iter().map(|text| shown(text)).collect())
    }

    fn handler(&mut self, route: &Value) -> Result<String, Raise> {
        let endpoint = self.attribute(route, "endpoint")?;
        Ok(match self.machine.handler_of(&endpoint, 0) {
            Some(handler) => format!(
                "{}:{} {}",
                self.machine.world.path(handler.module),
                handler.line,
                handler.name
            ),
            None => format!("outside the project: {}", self.machine.describe(&endpoint)),
        })
    }

    /// Where it was registered, innermost first.
    fn places(&self, route: ObjectId) -> String {
        let name = self.machine.symbol("covgap_places");
        let places = match self.machine.heap.instance(route) {
            Some(instance) => places_of(&instance.attributes, name),
            None => Vec::new(),
        };
        let spelled: Vec<String> = places
            .iter()
            .filter(|place| self.machine.world.kind(place.module) != ModuleKind::Test)
            .take(4)
            .map(|place| spell(self.machine, *place))
            .collect();
        if spelled.is_empty() {
            return String::new();
        }
        format!("  at {}", spelled.join(", "))
    }

    fn remark(&self, route: ObjectId) -> &'static str {
        let name: Symbol = self.machine.symbol("covgap_conditional");
        let is_conditional = self
            .machine
            .heap
            .instance(route)
            .is_some_and(|instance| instance.attributes.get(name) == Some(&Value::Bool(true)));
        if is_conditional { "  if" } else { "" }
    }
}
