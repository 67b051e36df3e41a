//! Operations: what models of libraries are written with, beside Python itself.
//!
//! The model of a client ends in `covgap.request("http", app, "GET", url, …)`, which notes the request that the test sends and
//! gives it a number; `covgap.status(number)` is the status of its answer, about which a test can then claim something.

use std::sync::Arc;

use crate::project::symbols::Symbol;
use crate::project::values::calls::Args;
use crate::project::values::heap::{Names, Object};
use crate::project::values::log::{Answer, DoubleSeen, Effect, Skip};
use crate::project::values::machine::{Activation, Eval, Machine, Raise};
use crate::project::values::natives::{Native, known};
use crate::project::values::room::Bound;
use crate::project::values::sealed::is_memory;
use crate::project::values::urls::{join_url, split_url};
use crate::project::values::value::{Callee, HOLE, ObjectId, Reason, Value};
use crate::project::world::{CodePlace, ModuleId, ModuleKind, absolute};

/// What is granted for each route that is registered: an app of many routes takes longer to make than one of few.
const STEPS_FOR_A_ROUTE: u64 = 400;
/// What is granted to a function of the project that makes an application: what it asks first, as its settings, is not the test's.
const STEPS_FOR_AN_APP: u64 = 100_000;
/// Steps that an application's start may take.
pub(super) const STEPS_OF_A_START: u64 = 300_000;
/// Steps that it may take in production, once, if all routes come from there: everything that is initialized runs before them.
const STEPS_OF_A_BARE_START: u64 = 4_000_000;

/// What is tried briefly, one after the other, leaves steps for what it is tried for: fifteen leave more than a third.
const BRIEFLY: Bound = Bound::share(1, 16);

impl<'w> Machine<'w> {
    /// The call's result; an exception that comes out of it ends nothing else, but is one of those that may be raised.
    fn attempt(&mut self, callee: &Value, args: Args) -> Eval {
        match self.call(callee, args) {
            Err(Raise::Exception(raised)) => {
                self.may_raise(*raised);
                Ok(Value::Unknown(Reason::Raised))
            }
            other => other,
        }
    }

    pub fn call_operation(&mut self, native: Native, first: Option<Value>, args: Args) -> Eval {
        use Native as N;
        let at = |position: usize| {
            args.positional
                .get(position)
                .cloned()
                .unwrap_or(Value::None)
        };
        let first = first.unwrap_or(Value::None);
        self.spoil_for(native);
        Ok(match native {
            N::op_unknown => Value::Unknown(match first.literal() {
                Some("library") => Reason::Library,
                Some("run-time-value") => Reason::Runtime,
                Some("double") => Reason::Double,
                Some("attribute") => Reason::Attribute,
                _ => Reason::Parameter,
            }),
            N::op_hole => Value::hole(),
            N::op_auto => Value::Native(N::op_auto),
            N::op_external => match first.literal() {
                Some(path) => Value::External(self.symbol(path)),
                None => Value::Unknown(Reason::Library),
            },
            N::op_members => {
                if let Value::Object(class) = first {
                    self.make_members(class);
                }
                Value::None
            }
            N::op_partial => {
                let (positional, _) = self.iterate(&at(1))?;
                let mut named = Vec::new();
                if let Value::Object(id) = at(2)
                    && let Object::Dict(dict) = self.heap.get(id)
                {
                    for (key, value) in dict.items.clone() {
                        if let Some(key) = key.literal() {
                            named.push((self.symbol(key), value));
                        }
                    }
                }
                if first.is_opaque() {
                    return Ok(first);
                }
                Value::Object(self.heap.add(Object::Partial {
                    function: first,
                    positional,
                    named,
                }))
            }
            N::op_parameters => {
                let parameters = self.parameters_of(&first)?;
                let rows = parameters
                    .into_iter()
                    .map(|parameter| {
                        let unknown = Value::Unknown(Reason::Parameter);
                        Value::tuple(vec![
                            Value::Text(self.world.symbols.text(parameter.name)),
                            parameter.annotation.unwrap_or(unknown.clone()),
                            parameter.default.unwrap_or(unknown),
                            Value::Int(parameter.kind as i64),
                        ])
                    })
                    .collect();
                self.new_list(rows, false)
            }
            N::op_annotations => self.annotated_names_of(&first)?,
            N::op_field_names => self.field_names_of(&first),
            N::op_marked => self.marked_names_of(&first, &at(1)),
            N::op_instance => self.instance_of(&first)?,
            N::op_fields => {
                self.fill_fields(&first, &at(1), &at(2))?;
                Value::None
            }
            N::op_copy => self.copy(&first, &at(1)),
            N::op_made => self.made_of(&first, args)?,
            N::op_file_text => self.file_text(&first)?,
            N::op_data => self.data(&first, &at(1)),
            N::op_new_class => self.new_class(args)?,
            N::op_set_plain => self.set_plain(&first, &at(1), at(2)),
            N::op_is_known => Value::Bool(!first.is_unknown()),
            // One value, and all is known of what it is.
            N::op_is_certain => Value::Bool(!matches!(
                first,
                Value::Unknown(_) | Value::External(_) | Value::Union(_)
            )),
            N::op_is_handling => Value::Bool(self.is_handling()),
            N::op_payload => self.payload(&first),
            N::op_is_coroutine_function => known(self.is_coroutine_function(&first)),
            N::op_catches => Value::Bool(self.catches(&first)),
            N::op_is_function => known(match &first {
                Value::Object(id) => Some(matches!(
                    self.heap.get(*id),
                    Object::Function(_) | Object::Partial { .. }
                )),
                Value::Method(_) => Some(true),
                Value::Native(native) => Some(!native.is_type()),
                Value::Unknown(_) | Value::External(_) | Value::Union(_) => None,
                _ => Some(false),
            }),
            N::op_is_class => known(match &first {
                Value::Unknown(_) | Value::External(_) | Value::Union(_) => None,
                other => Some(self.is_class(other)),
            }),
            N::op_defines => known(match (&first, at(1).literal()) {
                (Value::Object(class), Some(name)) => {
                    let name = self.world.symbols.intern(name);
                    self.heap
                        .class(*class)
                        .map(|class| class.names.get(name).is_some())
                }
                _ => None,
            }),
            N::op_first => match &first {
                Value::Object(id)
                    if self.heap.list(*id).is_some_and(|list| {
                        list.kind == crate::project::values::heap::ListKind::Iterator
                    }) =>
                {
                    let (items, _) = self.iterate(&first)?;
                    let mut result = Value::Unbound;
                    for item in items {
                        result = result.or(item);
                    }
                    if result == Value::Unbound {
                        Value::Unknown(Reason::Runtime)
                    } else {
                        result
                    }
                }
                other => other.clone(),
            },
            N::op_enter => self.enter_context(&first)?,
            N::op_exit => {
                self.exit_context(&first, None)?;
                Value::None
            }
            N::op_begin => self.begin(&first, &at(1), &at(2))?,
            N::op_resume => self.resume(&first, &at(1))?,
            N::op_setting => Value::Unknown(Reason::Runtime),
            N::op_import => {
                let package = at(1);
                match (first.alternatives().len(), package.literal()) {
                    (1, Some(package)) => match first.literal() {
                        Some(name) if name.starts_with('.') => {
                            let level = name.chars().take_while(|c| *c == '.').count();
                            let mut parts: Vec<&str> = package.split('.').collect();
                            parts.truncate((parts.len() + 1).saturating_sub(level));
                            let rest = name.trim_start_matches('.');
                            if !rest.is_empty() {
                                parts.push(rest);
                            }
                            self.import_value(&Value::text(&parts.join(".")))?
                        }
                        _ => self.import_value(&first)?,
                    },
                    _ => self.import_value(&first)?,
                }
            }
            N::op_module_at => self.module_at(&first)?,
            N::op_has_module => self.has_module(&first),
            N::op_replace_module => {
                self.replace_module(&first, &at(1));
                Value::None
            }
            N::op_locate => self.locate(&first)?,
            N::op_split_url => {
                let text = match self.payload(&first) {
                    Value::Text(text) => text,
                    // A part of an answer's URL is a part of the answer.
                    part @ Value::Unknown(Reason::Answer(_)) => {
                        return Ok(Value::tuple(vec![part; 5]));
                    }
                    _ => {
                        return Ok(Value::tuple(vec![
                            Value::hole(),
                            Value::hole(),
                            Value::hole(),
                            Value::hole(),
                            Value::hole(),
                        ]));
                    }
                };
                let (scheme, host, path, query) = split_url(&text);
                Value::tuple(vec![
                    Value::text(scheme),
                    Value::text(host),
                    Value::text(path),
                    Value::text(query),
                    Value::text(""),
                ])
            }
            N::op_join_url => {
                let bases = self.spellings(&first)?;
                let urls = self.spellings(&at(1))?;
                let mut result = Value::Unbound;
                for base in &bases {
                    for url in &urls {
                        result = result.or(Value::text(&join_url(base, url)));
                    }
                }
                result
            }
            N::op_request => self.note_request(&args)?,
            N::op_asserts => {
                self.log.asserts += 1;
                Value::None
            }
            N::op_asserts_if => {
                if first
                    .literal()
                    .is_some_and(|name| name.starts_with("assert_"))
                {
                    self.log.asserts += 1;
                }
                Value::None
            }
            N::op_double => {
                let place = self.own_place();
                let rule = at(1)
                    .literal()
                    .map_or_else(|| Arc::from("double"), Arc::from);
                let function = self.replaced_code(&first);
                let replaces = self.describe(&first);
                let given = self.given_by(&at(2))?;
                let by = self.replaced_code(&given);
                self.log.doubles.push(DoubleSeen {
                    replaces,
                    how: rule,
                    place,
                    function,
                    library: self.library_of(&first),
                    by,
                    by_library: self.library_of(&given),
                });
                Value::None
            }
            N::op_stand_in => {
                if let Some(path) = first.literal() {
                    self.note_stand_in(path);
                }
                Value::None
            }
            N::op_provided => {
                self.note_import_of(ModuleKind::App);
                first
            }
            N::op_patch => {
                self.note_import_of(ModuleKind::Test);
                self.patch(&first, &at(1), at(2), &at(3))?;
                Value::None
            }
            N::op_unpatch => {
                self.unpatch(&first, &at(1))?;
                Value::None
            }
            N::op_patch_item => {
                self.log.effects.push(Effect::Item {
                    object: first.clone(),
                    key: at(1),
                    value: at(2),
                });
                self.set_item(&first, at(1), at(2))?;
                Value::None
            }
            N::op_patched => {
                if let Value::Object(id) = &first {
                    let name = self.symbol("covgap_patches");
                    let before = match self.heap.get(*id) {
                        Object::Function(function) => function.attributes.get(name).cloned(),
                        Object::Class(class) => class.names.get(name).cloned(),
                        _ => None,
                    };
                    let mut patches = match &before {
                        Some(value) => self.iterate(value)?.0,
                        None => Vec::new(),
                    };
                    patches.push(Value::tuple(vec![at(1), at(2)]));
                    self.write_attribute(*id, name, Value::tuple(patches), false);
                }
                first
            }
            N::op_add_mark => {
                if let Value::Object(id) = &first {
                    let name = self.symbol("pytestmark");
                    let before = match self.heap.get(*id) {
                        Object::Function(function) => function.attributes.get(name).cloned(),
                        Object::Class(class) => class.names.get(name).cloned(),
                        _ => None,
                    };
                    let mut marks = match &before {
                        Some(value) => self.iterate(value)?.0,
                        None => Vec::new(),
                    };
                    marks.push(at(1));
                    self.write_attribute(*id, name, Value::tuple(marks), false);
                }
                Value::None
            }
            N::op_skip => {
                let skip = Skip {
                    place: self.own_place(),
                    reason: self.describe(&first),
                    is_certain: self.undecided == 0,
                };
                self.log.skips.push(skip);
                Value::None
            }
            N::op_serve => {
                let place = self.own_place();
                let factory = at(1) == Value::Bool(true);
                let app = if factory && first.literal().is_none() {
                    self.call(&first, Args::default())?
                } else {
                    first
                };
                if let Value::Object(app) = app {
                    self.note_start(app);
                }
                self.log.served.push((app, place));
                Value::None
            }
            N::op_answer => {
                let status = match self.payload(&first) {
                    Value::Int(number) => u16::try_from(number).ok(),
                    _ => None,
                };
                if status.is_none_or(|status| status >= 400) {
                    let answer = Answer {
                        place: self.own_place(),
                        status,
                        is_close: false,
                    };
                    if status.is_some() && !self.log.answers.contains(&answer) {
                        self.log.answers.push(answer);
                    }
                }
                Value::None
            }
            N::op_closed => {
                let status = match self.payload(&first) {
                    Value::Int(number) => u16::try_from(number).ok(),
                    _ => None,
                };
                let answer = Answer {
                    place: self.own_place(),
                    status,
                    is_close: true,
                };
                if status != Some(1000) && !self.log.answers.contains(&answer) {
                    self.log.answers.push(answer);
                }
                Value::None
            }
            N::op_registered | N::op_created | N::op_placed => {
                if native != N::op_placed {
                    self.route_changes += 1;
                    self.grant_for_routes(STEPS_FOR_A_ROUTE);
                }
                let is_own = |activation: &Activation| activation.kind == ModuleKind::App;
                if native == N::op_created && self.stack.iter().any(is_own) {
                    self.grant_for_routes(STEPS_FOR_AN_APP);
                }
                if let Value::Object(id) = first {
                    let trail = self.trail();
                    let places = trail
                        .iter()
                        .rev()
                        .map(|place| {
                            Value::tuple(vec![
                                Value::Int(i64::from(place.module.0)),
                                Value::Int(i64::from(place.line)),
                            ])
                        })
                        .collect();
                    let (place_name, conditional) = (
                        self.symbol("covgap_places"),
                        self.symbol("covgap_conditional"),
                    );
                    self.write_attribute(id, place_name, Value::tuple(places), false);
                    let is_conditional = Value::Bool(self.undecided > self.doubted);
                    self.write_attribute(id, conditional, is_conditional, false);
                }
                Value::None
            }
            N::op_version => match first.literal().and_then(|name| self.world.version(name)) {
                Some(version) => Value::tuple(version.into_iter().map(Value::Int).collect()),
                None => at(1),
            },
            N::op_lifespan => {
                self.begin_lifespan(&first)?;
                Value::None
            }
            N::op_metadata => match &first {
                Value::Object(id) => match self.heap.get(*id) {
                    Object::Alias {
                        origin: Value::Native(Native::op_annotated),
                        arguments,
                    } => Value::tuple(arguments[1.min(arguments.len())..].to_vec()),
                    _ => Value::tuple(Vec::new()),
                },
                _ => Value::tuple(Vec::new()),
            },
            N::op_plain_type => match &first {
                Value::Object(id) => match self.heap.get(*id) {
                    Object::Alias {
                        origin: Value::Native(Native::op_annotated),
                        arguments,
                    } => arguments.first().cloned().unwrap_or(Value::None),
                    Object::Alias { origin, .. } => origin.clone(),
                    _ => first,
                },
                _ => first,
            },
            N::op_plain => match &first {
                // `object.__new__(cls)`
                Value::Object(class) if matches!(self.heap.get(*class), Object::Class(_)) => {
                    let rest = Args {
                        positional: args.positional.iter().skip(1).cloned().collect(),
                        ..Args::default()
                    };
                    self.new_instance(*class, &rest)
                }
                _ => Value::Unknown(Reason::Construct),
            },
            N::op_methods_of => {
                let mut methods = Vec::new();
                if let Value::Object(id) = &first
                    && matches!(self.heap.get(*id), Object::Class(_))
                {
                    for method in ["get", "head", "post", "put", "patch", "delete", "options"] {
                        let name = self.symbol(method);
                        if self.class_attribute(*id, name).is_some() {
                            methods.push(Value::text(&method.to_uppercase()));
                        }
                    }
                }
                if methods.is_empty() {
                    methods.push(Value::text("GET"));
                }
                self.new_list(methods, false)
            }
            N::op_attempt | N::op_attempt_briefly | N::op_attempt_in_part | N::op_in_part => {
                let mut rest = args.clone();
                rest.positional.remove(0);
                let run = |machine: &mut Self| match native {
                    N::op_in_part => machine.call(&first, rest),
                    _ => machine.attempt(&first, rest),
                };
                match native {
                    N::op_attempt => run(self)?,
                    N::op_attempt_briefly => self.bounded(BRIEFLY, run)?,
                    _ if self.exploring.is_brief => self.bounded(Bound::share(1, 4), run)?,
                    _ => self.bounded(Bound::share(1, 2), run)?,
                }
            }
            N::op_fixture_value => {
                let fixtures = self.fixtures.clone();
                let mut result = Value::Unbound;
                for name in first.alternatives() {
                    let value = match (name.literal(), &fixtures) {
                        (Some(name), Some(fixtures)) => fixtures.value(self, name)?,
                        _ => Value::Unknown(Reason::Runtime),
                    };
                    result = result.or(value);
                }
                result
            }
            N::op_asking => match (first.literal(), &self.fixtures.clone()) {
                (Some(part), Some(fixtures)) => fixtures.asking(self, part),
                _ => Value::Unknown(Reason::Runtime),
            },
            N::op_entry_points => {
                let points = &self.world.sources.entry_points;
                let row = |point: &crate::source::EntryPoint| {
                    Value::tuple(vec![
                        Value::text(&point.group),
                        Value::text(&point.name),
                        Value::text(&point.target),
                    ])
                };
                Value::tuple(points.iter().map(row).collect())
            }
            N::op_folder => {
                let own = self.own_activation().map(|asking| asking.module);
                let names = match (own, first.literal()) {
                    (Some(importer), Some(path)) => self.world.folder(importer, path),
                    _ => None,
                };
                match names {
                    Some(names) => {
                        Value::tuple(names.iter().map(|name| Value::text(name)).collect())
                    }
                    None => Value::None,
                }
            }
            N::op_variables => {
                // Of a class it is the file that counts, and whoever makes an object of it finds the same.
                let asking = match at(1) {
                    Value::Object(class) => self.heap.class(class).map(|class| class.module),
                    _ => self.own_activation().map(|asking| asking.module),
                };
                let asked = asking.zip(first.literal());
                let variables =
                    asked.and_then(|(importer, path)| self.world.variables(importer, path));
                if variables.is_some() {
                    self.spoil_summaries();
                    self.note_import_of(ModuleKind::App);
                }
                match variables.filter(|_| !self.is_live).as_deref() {
                    Some(variables) => {
                        let items = variables.iter().map(|(name, value)| {
                            // `${HOST}` is another variable.
                            let value = match value.contains("${") {
                                true => Value::Unknown(Reason::Runtime),
                                false => Value::text(value),
                            };
                            (Value::text(name), value)
                        });
                        self.new_dict(items.collect())
                    }
                    None => Value::None,
                }
            }
            N::op_url_for => self.url_for(&first, &at(1), &at(2))?,
            other => return self.call_answer_operation(other, &first, &at(1), &at(2)),
        })
    }

    /// Imports what a text names; several texts, several modules.
    pub fn import_value(&mut self, name: &Value) -> Eval {
        let importer = match self.own_activation() {
            Some(activation) => activation.module,
            None => return Ok(Value::Unknown(Reason::Import)),
        };
        let mut result = Value::Unbound;
        for one in name.alternatives().to_vec() {
            let value = match one.literal() {
                Some(path) if path.starts_with('.') => match self.world.named(importer) {
                    Some(unit) => {
                        let level = path.chars().take_while(|c| *c == '.').count() as u32;
                        let rest = path.trim_start_matches('.');
                        let path = absolute(unit, level, (!rest.is_empty()).then_some(rest));
                        self.import_path(importer, &path)?
                    }
                    None => Value::Unknown(Reason::Import),
                },
                Some(path) => self.import_path(importer, path)?,
                None => Value::Unknown(Reason::Runtime),
            };
            self.note_named_import(importer, &value);
            result = result.or(value);
        }
        Ok(result)
    }

    pub(super) fn patch(
        &mut self,
        target: &Value,
        name: &Value,
        value: Value,
        rule: &Value,
    ) -> Result<(), Raise> {
        let (object, attribute) = if *target == Value::None {
            let Some(path) = name.literal() else {
                return Ok(());
            };
            let Some((parent, attribute)) = path.rsplit_once('.') else {
                return Ok(());
            };
            let (parent, attribute) = (parent.to_string(), attribute.to_string());
            (self.locate(&Value::text(&parent))?, attribute)
        } else {
            let Some(attribute) = name.literal() else {
                return Ok(());
            };
            (target.clone(), attribute.to_string())
        };
        let symbol = self.symbol(&attribute);
        let before = self.attribute(&object, symbol)?;
        let function = self.replaced_code(&before);
        let by = self.replaced_code(&value);
        let mut spelled = self.describe(&object);
        if &*spelled == "?"
            && *target == Value::None
            && let Some((parent, _)) = name.literal().and_then(|path| path.rsplit_once('.'))
        {
            spelled = Arc::from(parent);
        }
        let how = rule.literal().map_or_else(|| Arc::from("patch"), Arc::from);
        let place = self.own_place();
        self.log.doubles.push(DoubleSeen {
            replaces: Arc::from(format!("{spelled}.{attribute}")),
            how,
            place,
            function,
            library: self.library_of(&before),
            by,
            by_library: self.library_of(&value),
        });
        if let Value::Object(id) = object {
            self.write_attribute(id, symbol, value.clone(), false);
            self.log.effects.push(Effect::Attribute {
                object: Value::Object(id),
                name: symbol,
                value,
                before,
            });
        }
        Ok(())
    }

    pub(super) fn unpatch(&mut self, target: &Value, name: &Value) -> Result<(), Raise> {
        let Some(path) = name.literal() else {
            return Ok(());
        };
        let attribute = self.symbol(path.rsplit('.').next().unwrap_or(path));
        let _ = target;
        let Some(position) = self.log.effects.iter().rposition(
            |effect| matches!(effect, Effect::Attribute { name, .. } if *name == attribute),
        ) else {
            return Ok(());
        };
        let Effect::Attribute {
            object: Value::Object(id),
            before,
            ..
        } = self.log.effects.remove(position)
        else {
            return Ok(());
        };
        self.write_attribute(id, attribute, before, false);
        Ok(())
    }

    /// Takes patched attributes back, last first.
    pub fn undo(&mut self, effects: &[Effect]) {
        for effect in effects.iter().rev() {
            if let Effect::Attribute {
                object: Value::Object(id),
                name,
                before,
                ..
            } = effect
            {
                self.write_attribute(*id, *name, before.clone(), false);
            }
        }
    }

    /// Starts an application as production does, unless that has been done. One without routes gets them now, and may take its
    /// time.
    pub fn start_once(&mut self, app: ObjectId, routes: usize) {
        if !self.started.contains(&app) {
            self.started.push(app);
            let steps = if routes == 0 {
                STEPS_OF_A_BARE_START
            } else {
                STEPS_OF_A_START
            };
            (self.notes_calls, self.notes_blocking) = (true, true);
            let _ = self.start(app, steps);
            (self.notes_calls, self.notes_blocking) = (false, false);
        }
    }

    /// The test starts the application: its hooks run, whether or not they can be followed.
    pub(super) fn note_start(&mut self, app: ObjectId) {
        if self.watched.is_empty() {
            return;
        }
        for hook in crate::project::served::hooks_of(self, app) {
            if self.watched.contains(&hook) && !self.log.ran.contains(&hook) {
                self.log.ran.push(hook);
            }
        }
    }

    /// Runs what an application runs at its start; routes that it adds then are routes.
    pub(super) fn start(&mut self, app: ObjectId, steps: u64) -> Result<(), Raise> {
        let name = self.symbol("covgap_start");
        let calls = self.log.calls.len();
        let value = Value::Object(app);
        let run = |machine: &mut Self| machine.call_attribute(&value, name, Args::default());
        // With enough steps for everything, no statement needs a bound of its own.
        let result = if steps > STEPS_OF_A_START {
            self.bounded(steps, run)
        } else {
            self.forgiving(steps, run)
        };
        self.log.calls.truncate(calls);
        match result {
            Err(Raise::Exhausted) => Err(Raise::Exhausted),
            Ok(_) | Err(Raise::Exception(_)) => Ok(()),
        }
    }

    /// A name for messages.
    pub fn describe(&self, value: &Value) -> Arc<str> {
        match value {
            Value::Text(text) => text.replace(HOLE, "{}").replace(is_memory, "").into(),
            Value::External(path) => self.spelled(*path),
            Value::Object(id) => match self.heap.get(*id) {
                Object::Module(module) => self
                    .world
                    .named(module.module)
                    .map_or_else(|| Arc::from("module"), |unit| Arc::from(&*unit.name)),
                Object::Class(class) => self.spelled(class.name),
                Object::Function(function) => match self.world.named(function.module) {
                    Some(unit) => Arc::from(
                        unit.facts
                            .name(unit.facts.function(function.function).qualified_name),
                    ),
                    None => Arc::from("function"),
                },
                Object::Instance(instance) => match self.heap.class(instance.class) {
                    Some(class) => self.spelled(class.name),
                    None => Arc::from("object"),
                },
                _ => Arc::from("object"),
            },
            Value::Method(method) => match &method.function {
                Callee::Function(function) => self.describe(&Value::Object(*function)),
                Callee::Builtin(name) => self.spelled(*name),
            },
            Value::Native(native) => Arc::from(native.name()),
            _ => Arc::from("?"),
        }
    }
}

/// Names of an object that models set for the analysis itself.
pub fn places_of(names: &Names, symbol: Symbol) -> Vec<CodePlace> {
    let Some(Value::Tuple(places)) = names.get(symbol) else {
        return Vec::new();
    };
    places
        .iter()
        .filter_map(|place| match place {
            Value::Tuple(pair) => match &pair[..] {
                [Value::Int(module), Value::Int(line)] => Some(CodePlace {
                    module: ModuleId(*module as u32),
                    line: *line as u32,
                }),
                _ => None,
            },
            _ => None,
        })
        .collect()
}
