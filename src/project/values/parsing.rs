//! Parsing: what a framework makes of the parts of a request, by the declared type of a parameter.
//!
//! `{"name": "nail", "size": {"width": 3}}` for a parameter `item: Item` is an `Item` whose `size.width` is 3; what is not sent has
//! its default. Nothing is checked: a part that does not fit its type is only known by the type.

use super::classes::ParameterSeen;
use crate::facts::program::ParameterKind;
use crate::project::symbols::Symbol;
use crate::project::values::calls::Args;
use crate::project::values::heap::{DictObject, ListKind, ListObject, Object};
use crate::project::values::machine::{Eval, Machine, Raise};
use crate::project::values::natives::Native;
use crate::project::values::numbers::Float;
use crate::project::values::value::{HOLE, ObjectId, Reason, Value};
use crate::project::world::ModuleKind;

const DEEPEST: usize = 8;

impl<'w> Machine<'w> {
    /// A value of the type, made from what was sent.
    pub fn parse(&mut self, annotation: &Value, value: &Value, depth: usize) -> Eval {
        if depth > DEEPEST || value.is_opaque() {
            return self.instance_of(annotation);
        }
        if let Value::Union(values) = value {
            let mut all = Value::Unbound;
            for one in values.iter() {
                all = all.or(self.parse(annotation, one, depth + 1)?);
            }
            return Ok(all);
        }
        match annotation {
            Value::Native(native) => self.parse_builtin(*native, value),
            Value::Union(options) => self.parse_option(&options.clone(), value, depth),
            Value::Object(id) => match self.heap.get(*id) {
                Object::Alias { origin, arguments } => {
                    let (origin, arguments) = (origin.clone(), arguments.clone());
                    self.parse_alias(annotation, &origin, &arguments, value, depth)
                }
                Object::Class(_) => self.parse_class(*id, value, depth),
                _ => self.instance_of(annotation),
            },
            Value::Unknown(_) => Ok(value.clone()),
            _ => self.instance_of(annotation),
        }
    }

    fn parse_builtin(&mut self, native: Native, value: &Value) -> Eval {
        let text = value.literal().map(str::to_lowercase);
        let parsed = match (native, value, text.as_deref()) {
            (Native::int, Value::Int(_), _)
            | (Native::str, Value::Text(_), _)
            | (Native::bool, Value::Bool(_), _)
            | (Native::object, _, _) => Some(value.clone()),
            (Native::int, _, Some(text)) => text.parse().ok().map(Value::Int),
            (Native::float, Value::Float(_), _) => Some(value.clone()),
            (Native::float, Value::Int(number), _) => {
                Some(Value::Float(Float::new(*number as f64)))
            }
            (Native::float, _, Some(text)) => text
                .parse()
                .ok()
                .map(|number| Value::Float(Float::new(number))),
            (Native::int, Value::Float(number), _) if number.get().fract() == 0.0 => {
                Some(Value::Int(number.get() as i64))
            }
            (Native::bool, _, Some("true" | "1" | "yes" | "on" | "t" | "y")) => {
                Some(Value::Bool(true))
            }
            (Native::bool, _, Some("false" | "0" | "no" | "off" | "f" | "n")) => {
                Some(Value::Bool(false))
            }
            (Native::dict, Value::Object(id), _) => {
                matches!(self.heap.get(*id), Object::Dict(_)).then(|| value.clone())
            }
            (Native::list, Value::Object(id), _) => self.heap.list(*id).map(|_| value.clone()),
            _ => None,
        };
        match parsed {
            Some(parsed) => Ok(parsed),
            None => self.instance_of(&Value::Native(native)),
        }
    }

    fn parse_alias(
        &mut self,
        annotation: &Value,
        origin: &Value,
        arguments: &[Value],
        value: &Value,
        depth: usize,
    ) -> Eval {
        match (origin, arguments) {
            (Value::Native(Native::op_annotated), [first, ..]) => {
                self.parse(first, value, depth + 1)
            }
            (Value::Native(Native::op_union), options) => self.parse_option(options, value, depth),
            (Value::Native(Native::op_literal), options) => Ok(options
                .iter()
                .find(|option| self.equal(option, value) == Some(true))
                .cloned()
                .unwrap_or(self.instance_of(annotation)?)),
            (
                Value::Native(Native::list | Native::set | Native::frozenset | Native::op_iterator),
                [item, ..],
            ) => {
                let known = match value {
                    Value::Object(id) => self
                        .heap
                        .list(*id)
                        .map(|list| (list.items.clone(), list.is_open)),
                    Value::Tuple(items) => Some((items.to_vec(), false)),
                    _ => None,
                };
                let Some((items, is_open)) = known else {
                    return self.instance_of(annotation);
                };
                let mut parsed = Vec::with_capacity(items.len());
                for one in items {
                    parsed.push(self.parse(item, &one, depth + 1)?);
                }
                Ok(Value::Object(self.heap.add(Object::List(ListObject {
                    items: parsed,
                    is_open,
                    doubtful: 0,
                    kind: ListKind::List,
                }))))
            }
            (Value::Native(Native::dict), [_, item, ..]) => {
                let Some(sent) = self.sent_mapping(value) else {
                    return self.instance_of(annotation);
                };
                let mut parsed = DictObject {
                    items: Vec::with_capacity(sent.items.len()),
                    is_open: sent.is_open,
                    doubtful: 0,
                };
                for (key, one) in sent.items {
                    let one = self.parse(item, &one, depth + 1)?;
                    parsed.items.push((key, one));
                }
                Ok(Value::Object(self.heap.add(Object::Dict(parsed))))
            }
            (Value::Object(_), _) => self.parse(origin, value, depth + 1),
            _ => self.instance_of(annotation),
        }
    }

    /// The first of several types that the value may be of.
    fn parse_option(&mut self, options: &[Value], value: &Value, depth: usize) -> Eval {
        if *value == Value::None {
            return Ok(Value::None);
        }
        let mut types = options.iter().filter(|option| **option != Value::None);
        if let (Some(only), None) = (types.next(), types.next()) {
            return self.parse(only, value, depth + 1);
        }
        let mut may = Value::Unbound;
        for option in options {
            if *option == Value::None {
                continue;
            }
            match self.suits(option, value, depth)? {
                Some(false) => {}
                Some(true) if may == Value::Unbound => return self.parse(option, value, depth + 1),
                _ => may = may.or(self.parse(option, value, depth + 1)?),
            }
        }
        if may == Value::Unbound {
            self.instance_of(&Value::Union(std::sync::Arc::new(options.to_vec())))
        } else {
            Ok(may)
        }
    }

    /// May a sent value be of this type? Models are told apart by the literals that they demand.
    fn suits(
        &mut self,
        option: &Value,
        value: &Value,
        depth: usize,
    ) -> Result<Option<bool>, Raise> {
        if depth > DEEPEST {
            return Ok(None);
        }
        Ok(match option {
            Value::Native(Native::str) => Some(matches!(value, Value::Text(_))),
            Value::Native(Native::int) => match value {
                Value::Int(_) => Some(true),
                Value::Text(text) if !text.contains(HOLE) => Some(text.parse::<i64>().is_ok()),
                Value::Text(_) => None,
                _ => Some(false),
            },
            Value::Native(Native::float) => match value {
                Value::Int(_) | Value::Float(_) => Some(true),
                Value::Text(text) if !text.contains(HOLE) => Some(text.parse::<f64>().is_ok()),
                Value::Text(_) => None,
                _ => Some(false),
            },
            Value::Native(Native::bool) => Some(matches!(value, Value::Bool(_))),
            Value::Object(id) => match self.heap.get(*id) {
                Object::Alias { origin, arguments } => {
                    let (origin, arguments) = (origin.clone(), arguments.clone());
                    match (&origin, &arguments[..]) {
                        (Value::Native(Native::op_annotated), [first, ..]) => {
                            self.suits(first, value, depth + 1)?
                        }
                        (Value::Native(Native::op_literal), options) => {
                            self.any_equal(options, value, false)
                        }
                        (Value::Native(Native::op_union), options) => {
                            let mut found = Some(false);
                            for option in options {
                                match self.suits(option, value, depth + 1)? {
                                    Some(true) => return Ok(Some(true)),
                                    Some(false) => {}
                                    None => found = None,
                                }
                            }
                            found
                        }
                        (Value::Native(Native::list), _) => Some(
                            matches!(value, Value::Object(id) if self.heap.list(*id).is_some()),
                        ),
                        (Value::Object(_), _) => self.suits(&origin, value, depth + 1)?,
                        _ => None,
                    }
                }
                Object::Class(_) if self.is_parsed(*id) => match self.sent_mapping(value) {
                    Some(sent) => self.suits_model(*id, &sent, depth)?,
                    None => Some(false),
                },
                _ => None,
            },
            _ => None,
        })
    }

    fn suits_model(
        &mut self,
        class: ObjectId,
        sent: &DictObject,
        depth: usize,
    ) -> Result<Option<bool>, Raise> {
        let mut told_apart = false;
        for (name, annotation) in self.model_fields(class)? {
            let is_literal = matches!(&annotation, Value::Object(id) if matches!(
                self.heap.get(*id),
                Object::Alias { origin: Value::Native(Native::op_literal), .. }
            ));
            if !is_literal {
                continue;
            }
            if let Some(value) = self.sent_field(sent, name) {
                match self.suits(&annotation, &value, depth + 1)? {
                    Some(false) => return Ok(Some(false)),
                    Some(true) => told_apart = true,
                    None => {}
                }
            }
        }
        Ok(told_apart.then_some(true))
    }

    fn parse_class(&mut self, class: ObjectId, value: &Value, depth: usize) -> Eval {
        if self.is_enum_class(class) && matches!(value, Value::Text(_) | Value::Int(_)) {
            return Ok(self.enum_member(class, Some(value)));
        }
        if self.is_instance(value, &Value::Object(class)) == Some(true) {
            return Ok(value.clone());
        }
        // A model of what is written as a text says whether a text is one.
        let reads = self.symbol("covgap_reads");
        if value.literal().is_some() && self.class_attribute(class, reads).is_some() {
            return match self.call(&Value::Object(class), Args::of([value.clone()])) {
                Err(Raise::Exception(_)) => self.instance_of(&Value::Object(class)),
                read => read,
            };
        }
        if !self.is_parsed(class) {
            return self.instance_of(&Value::Object(class));
        }
        let Some(sent) = self.sent_mapping(value) else {
            return self.instance_of(&Value::Object(class));
        };
        let made = self.new_instance(class, &Args::default());
        let Value::Object(id) = made else {
            return Ok(made);
        };
        for (name, annotation) in self.model_fields(class)? {
            let field = match self.sent_field(&sent, name) {
                Some(value) => self.parse(&annotation, &value, depth + 1)?,
                None if sent.is_open => self.instance_of(&annotation)?,
                None => match self.default_of(class, name)? {
                    Some(default) => default,
                    None => self.instance_of(&annotation)?,
                },
            };
            self.write_attribute(id, name, field, false);
        }
        self.note_given(id, class, &sent);
        Ok(made)
    }

    /// Models tell which of their fields were given.
    fn note_given(&mut self, model: ObjectId, class: ObjectId, sent: &DictObject) {
        let told = self.symbol("covgap_given");
        if self.class_attribute(class, told).is_none() {
            return;
        }
        let names = sent.items.iter().map(|(name, _)| name.clone()).collect();
        let names = self.new_list(names, sent.is_open);
        self.write_attribute(model, told, names, false);
    }

    /// The parameters of a constructor that is made of a model's fields; None: it is no model, or has a constructor of its own.
    pub(super) fn parameters_of_model(
        &mut self,
        class: ObjectId,
    ) -> Result<Option<Vec<ParameterSeen>>, Raise> {
        let constructor = self.class_attribute(class, Symbol::INIT);
        let is_own = constructor
            .and_then(|(constructor, _)| self.code_of(&constructor))
            .is_some_and(|(module, _)| self.world.kind(module) != ModuleKind::Model);
        if is_own || !self.is_parsed(class) {
            return Ok(None);
        }
        let mut parameters = Vec::new();
        for (name, annotation) in self.model_fields(class)? {
            parameters.push(ParameterSeen {
                name,
                annotation: Some(annotation),
                default: self.default_of(class, name)?,
                kind: ParameterKind::KeywordOnly,
            });
        }
        Ok(Some(parameters))
    }

    /// The parameters of a callable, or the fields of a model: pairs of a name and a type. What their defaults are, which for fields
    /// may be a long story (`default_factory=ServerSettings`), is not looked at.
    pub(super) fn annotated_names_of(&mut self, callee: &Value) -> Eval {
        let unknown = Value::Unknown(Reason::Parameter);
        let pairs: Vec<(Symbol, Value)> = match callee {
            Value::Object(class) if self.is_parsed(*class) => self.model_fields(*class)?,
            _ => {
                let parameters = self.parameters_of(callee)?.into_iter();
                let annotated =
                    parameters.map(|one| (one.name, one.annotation.unwrap_or(unknown.clone())));
                let returned = self.returned_by(callee)?;
                annotated.chain(returned).collect()
            }
        };
        let pairs = pairs.into_iter().map(|(name, annotation)| {
            Value::tuple(vec![Value::Text(self.world.symbols.text(name)), annotation])
        });
        let pairs = pairs.collect();
        Ok(self.new_list(pairs, false))
    }

    /// What a function says that it returns, under the name that Python gives it among the annotations.
    fn returned_by(&mut self, callee: &Value) -> Result<Option<(Symbol, Value)>, Raise> {
        let Value::Object(object) = callee else {
            return Ok(None);
        };
        let Object::Function(function) = self.heap.get(*object) else {
            return Ok(None);
        };
        let (module, number, closure) = (function.module, function.function, function.closure);
        let Some(unit) = self.world.code(module, number) else {
            return Ok(None);
        };
        let Some(returns) = unit.facts.function(number).returns else {
            return Ok(None);
        };
        let annotation = self.annotation(unit, returns, closure)?;
        Ok(Some((self.symbol("return"), annotation)))
    }

    /// The fields of a model with their types, those of base classes first.
    pub(super) fn model_fields(&mut self, class: ObjectId) -> Result<Vec<(Symbol, Value)>, Raise> {
        let Some(found) = self.heap.class(class) else {
            return Ok(Vec::new());
        };
        let mut fields: Vec<(Symbol, Value)> = Vec::new();
        for parent in found.mro.clone().into_iter().rev() {
            let Value::Object(parent) = parent else {
                continue;
            };
            let Some(parent) = self.heap.class(parent) else {
                continue;
            };
            let (closure, own) = (parent.closure, parent.fields.clone());
            for (name, place) in own {
                let Some(unit) = self.world.named(place.module) else {
                    continue;
                };
                if self.is_of_the_class(place) {
                    continue;
                }
                let annotation = self.annotation(unit, place.expr, closure)?;
                match fields.iter_mut().find(|(known, _)| *known == name) {
                    Some((_, known)) => *known = annotation,
                    None => fields.push((name, annotation)),
                }
            }
        }
        Ok(fields)
    }

    fn sent_mapping(&self, value: &Value) -> Option<DictObject> {
        match self.payload(value) {
            Value::Object(id) => match self.heap.get(id) {
                Object::Dict(dict) => Some(dict.clone()),
                _ => None,
            },
            _ => None,
        }
    }

    /// Aliases differ from names in case and underscores: `groupToken` is `group_token`.
    fn sent_field(&self, sent: &DictObject, name: Symbol) -> Option<Value> {
        let plain = |text: &str| text.replace(['_', '-'], "").to_lowercase();
        let wanted = self.spelled(name);
        let exact = sent
            .items
            .iter()
            .find(|(key, _)| key.literal() == Some(&*wanted));
        exact
            .or_else(|| {
                sent.items.iter().find(|(key, _)| {
                    key.literal()
                        .is_some_and(|key| plain(key) == plain(&wanted))
                })
            })
            .map(|(_, value)| value.clone())
    }

    pub(super) fn is_parsed(&self, class: ObjectId) -> bool {
        self.class_attribute(class, self.symbol("covgap_parsed"))
            .is_some()
    }

    /// Is a parameter of this type the body of the request?
    pub fn is_body(&self, annotation: &Value, depth: usize) -> bool {
        if depth > DEEPEST {
            return false;
        }
        match annotation {
            Value::Native(Native::dict) => true,
            Value::Union(options) => options.iter().any(|one| self.is_body(one, depth + 1)),
            Value::Object(id) => match self.heap.get(*id) {
                Object::Alias { origin, arguments } => match origin {
                    Value::Native(Native::op_annotated | Native::list) => arguments
                        .first()
                        .is_some_and(|first| self.is_body(first, depth + 1)),
                    Value::Native(Native::op_union) => {
                        arguments.iter().any(|one| self.is_body(one, depth + 1))
                    }
                    other => self.is_body(other, depth + 1),
                },
                Object::Class(_) => self.is_parsed(*id),
                _ => false,
            },
            _ => false,
        }
    }
}
