//! Members of values: fields, methods, items, and what texts and lists can do.
//!
//! `"/api/".concat("items")` and `["api", "items"].join("/")` are texts, as Python's `"/".join(["api", "items"])` is.

use std::rc::Rc;
use std::sync::Arc;

use super::machine::Machine;
use super::value::ScriptId;
use super::value::{Hole, NativeValue, Object, Value, is_hole};
use crate::facts::script::program::{ExprId, Name};

/// Items of a list over which a callback runs.
const MOST_ITEMS: usize = 64;

/// What a text can do, as far as an address is made with it.
const TEXT_METHODS: [&str; 24] = [
    "toString",
    "valueOf",
    "trim",
    "trimStart",
    "trimEnd",
    "toLowerCase",
    "toUpperCase",
    "concat",
    "startsWith",
    "endsWith",
    "includes",
    "slice",
    "substring",
    "substr",
    "split",
    "replace",
    "replaceAll",
    "normalize",
    "padStart",
    "charAt",
    "match",
    "toLocaleLowerCase",
    "toLocaleUpperCase",
    "indexOf",
];

impl Machine<'_> {
    pub fn native(&self, name: &str, receiver: Value) -> Value {
        Value::Native(Rc::new(NativeValue {
            name: Name::from(name),
            receiver,
        }))
    }

    pub fn member(&mut self, object: &Value, name: &Name) -> Value {
        match object {
            Value::Object(id) => self.object_member(*id, name),
            Value::Unknown(hole) => Value::Unknown(*hole),
            Value::External(path, is_own) => {
                Value::External(Arc::from(format!("{path}.{name}")), *is_own)
            }
            Value::Module(module) => match self.export(*module, name) {
                Some(value) => value,
                // `import("./api").then(...)`
                None if &**name == "then" => self.native("then", object.clone()),
                None => Value::Unknown(Hole::Other),
            },
            Value::Class(class) => {
                let mut current = *class;
                for _ in 0..super::machine::DEEPEST {
                    let Some(value) = self.classes.get(current.0 as usize) else {
                        break;
                    };
                    let (statics, base) = (value.statics, value.base.clone());
                    if self.has_member(statics, name) {
                        return self.object_member(statics, name);
                    }
                    match base {
                        Value::Class(base) => current = base,
                        _ => break,
                    }
                }
                Value::Unknown(Hole::Other)
            }
            Value::OneOf(values) => {
                let values = values.clone();
                let members = values
                    .iter()
                    .filter(|value| !matches!(value, Value::Undefined | Value::Null))
                    .map(|value| self.member(value, name))
                    .collect();
                Value::one_of(members)
            }
            Value::Context(context) if &**name == "Provider" => Value::Provider(*context),
            Value::Text(_) | Value::Function(_) | Value::Native(_) | Value::Regex(_) => {
                if let Value::Native(native) = object
                    && &*native.name == "covgap"
                {
                    return self.native(&format!("covgap.{name}"), Value::Undefined);
                }
                let is_method = match object {
                    Value::Text(_) => TEXT_METHODS.contains(&&**name),
                    Value::Function(_) => matches!(&**name, "bind" | "call" | "apply"),
                    _ => true,
                };
                if is_method {
                    self.native(name, object.clone())
                } else {
                    Value::Undefined
                }
            }
            Value::Undefined | Value::Null => Value::Undefined,
            _ => Value::Unknown(Hole::Other),
        }
    }

    fn has_member(&self, id: super::value::ObjectId, name: &str) -> bool {
        self.object(id).is_some_and(|object| {
            object.field(name).is_some() || object.getters.iter().any(|(known, _)| &**known == name)
        })
    }

    fn object_member(&mut self, id: super::value::ObjectId, name: &Name) -> Value {
        let this = Value::Object(id);
        let Some(object) = self.object(id) else {
            return Value::Unknown(Hole::Other);
        };
        if let Some(value) = object.field(name) {
            return value.clone();
        }
        if let Some((_, getter)) = object.getters.iter().find(|(known, _)| known == name) {
            let getter = getter.clone();
            return self.call_closure(&getter, Vec::new(), None, None);
        }
        let (class, is_open, is_list) = (object.class, object.is_open, object.items.is_some());
        if let Some(class) = class {
            return match self.method(class, name, &this) {
                Some((closure, false)) => Value::Function(closure),
                Some((closure, true)) => self.call_closure(&closure, Vec::new(), None, None),
                None => Value::Unknown(Hole::Other),
            };
        }
        if is_list {
            return self.native(name, this);
        }
        if is_open || matches!(&**name, "then" | "catch" | "finally") {
            return if matches!(&**name, "then" | "catch" | "finally") {
                self.native(name, this)
            } else {
                Value::Unknown(Hole::Other)
            };
        }
        Value::Undefined
    }

    pub fn item(&mut self, object: &Value, index: &Value) -> Value {
        match (object, index) {
            (_, index) if index.literal().is_some() => {
                let name = Arc::from(index.literal().unwrap_or_default());
                self.member(object, &name)
            }
            (Value::Object(id), Value::Number(number)) => {
                let items = self.object(*id).and_then(|object| object.items.as_ref());
                match (items, number.parse::<usize>()) {
                    (Some(items), Ok(position)) => {
                        items.get(position).cloned().unwrap_or(Value::Undefined)
                    }
                    _ => self.member(object, number),
                }
            }
            // One of its values.
            (Value::Object(id), _) => {
                let Some(found) = self.object(*id) else {
                    return Value::Unknown(Hole::Other);
                };
                let mut values: Vec<Value> = found
                    .fields
                    .iter()
                    .map(|(_, value)| value.clone())
                    .collect();
                if values.is_empty() || found.is_open || values.len() > 40 {
                    return Value::Unknown(Hole::Other);
                }
                values.truncate(MOST_ITEMS);
                Value::one_of(values)
            }
            (Value::Unknown(hole), _) => Value::Unknown(*hole),
            _ => Value::Unknown(Hole::Other),
        }
    }

    /// A method of a text, a list, a function or a promise.
    pub fn call_method(
        &mut self,
        name: &str,
        receiver: &Value,
        arguments: Vec<Value>,
        site: Option<(ScriptId, ExprId)>,
    ) -> Value {
        match receiver {
            Value::Text(text) => self.text_method(name, &text.clone(), &arguments),
            Value::Object(id) => {
                let items = self.object(*id).and_then(|object| object.items.clone());
                match items {
                    Some(items) => self.list_method(name, *id, items, arguments, site),
                    None => self.promise_method(name, receiver, arguments, site),
                }
            }
            Value::Function(closure) => match name {
                "bind" => receiver.clone(),
                "call" => {
                    let mut arguments = arguments.into_iter();
                    let this = arguments.next();
                    self.call_closure(&closure.clone(), arguments.collect(), site, this)
                }
                "apply" => {
                    let this = arguments.first().cloned();
                    let rest = match arguments.get(1) {
                        Some(Value::Object(id)) => {
                            self.object(*id).and_then(|object| object.items.clone())
                        }
                        _ => None,
                    };
                    self.call_closure(&closure.clone(), rest.unwrap_or_default(), site, this)
                }
                _ => Value::Unknown(Hole::Other),
            },
            Value::Module(_) => self.promise_method(name, receiver, arguments, site),
            _ => Value::Unknown(Hole::Other),
        }
    }

    /// `promise.then(f)`: a promise is what it resolves to.
    fn promise_method(
        &mut self,
        name: &str,
        receiver: &Value,
        arguments: Vec<Value>,
        site: Option<(ScriptId, ExprId)>,
    ) -> Value {
        match (name, arguments.first()) {
            ("then", Some(callback @ Value::Function(_))) => {
                let callback = callback.clone();
                self.call(&callback, vec![receiver.clone()], site)
            }
            ("then" | "catch" | "finally", _) => receiver.clone(),
            _ => Value::Unknown(Hole::Other),
        }
    }

    fn text_method(&mut self, name: &str, text: &Arc<str>, arguments: &[Value]) -> Value {
        let first = arguments.first();
        let literal = first.and_then(Value::literal);
        match (name, literal) {
            ("toString" | "valueOf" | "trim" | "toLowerCase" | "normalize", _)
                if text.contains(is_hole) =>
            {
                Value::Text(text.clone())
            }
            ("toString" | "valueOf", _) => Value::Text(text.clone()),
            ("trim", _) => Value::text(text.trim()),
            ("toLowerCase" | "toLocaleLowerCase", _) => Value::text(text.to_lowercase()),
            ("toUpperCase" | "toLocaleUpperCase", _) => Value::text(text.to_uppercase()),
            ("concat", _) => {
                let mut value = Value::Text(text.clone());
                for argument in arguments {
                    value = self.add(&value, argument);
                }
                value
            }
            ("startsWith", Some(prefix)) => {
                let begins_unknown = text.chars().next().is_some_and(is_hole);
                if text.starts_with(prefix) {
                    Value::Bool(true)
                } else if begins_unknown || prefix.starts_with(text.trim_end_matches(is_hole)) {
                    Value::Unknown(Hole::Other)
                } else {
                    Value::Bool(false)
                }
            }
            ("endsWith", Some(suffix)) => {
                if text.ends_with(suffix) {
                    Value::Bool(true)
                } else if text.chars().next_back().is_some_and(is_hole) {
                    Value::Unknown(Hole::Other)
                } else {
                    Value::Bool(false)
                }
            }
            ("includes", Some(part)) => {
                if text.contains(part) {
                    Value::Bool(true)
                } else if text.contains(is_hole) {
                    Value::Unknown(Hole::Other)
                } else {
                    Value::Bool(false)
                }
            }
            ("slice" | "substring" | "substr", _) => match (first, arguments.len()) {
                (Some(Value::Number(from)), 1) => match from.parse::<usize>() {
                    Ok(from) => Value::text(text.chars().skip(from).collect::<String>()),
                    Err(_) => Value::Unknown(Hole::Other),
                },
                (Some(Value::Number(from)), 2) if &**from == "0" => Value::Text(text.clone()),
                _ => Value::Unknown(Hole::Other),
            },
            ("split", Some(separator)) if !separator.is_empty() => {
                let parts = text.split(separator).map(Value::text).collect();
                self.list(parts)
            }
            ("replace" | "replaceAll", _) => self.replace(name, text, arguments),
            ("length", _) => Value::Unknown(Hole::Other),
            _ => Value::Unknown(Hole::Other),
        }
    }

    fn replace(&mut self, name: &str, text: &Arc<str>, arguments: &[Value]) -> Value {
        let new = arguments.get(1).cloned().unwrap_or(Value::Undefined);
        let new: Arc<str> = match &new {
            Value::Function(_) => Arc::from(super::value::PARAMETER.to_string()),
            value => value.spelled(),
        };
        match arguments.first() {
            Some(Value::Regex(pattern)) => match super::patterns::replace(pattern, text, &new) {
                Some(replaced) => Value::text(replaced),
                // What is replaced is not known; that it is a small part of the text is.
                None => Value::Text(text.clone()),
            },
            Some(old) => match old.literal() {
                Some(old) if name == "replaceAll" => Value::text(text.replace(old, &new)),
                Some(old) => Value::text(text.replacen(old, &new, 1)),
                None => Value::Text(text.clone()),
            },
            None => Value::Text(text.clone()),
        }
    }

    fn list_method(
        &mut self,
        name: &str,
        id: super::value::ObjectId,
        items: Vec<Value>,
        arguments: Vec<Value>,
        site: Option<(ScriptId, ExprId)>,
    ) -> Value {
        let callback = arguments.first().cloned();
        match name {
            "join" => {
                let separator = callback.map_or_else(|| Arc::from(","), |value| value.spelled());
                let mut value = Value::text("");
                for (position, item) in items.iter().enumerate() {
                    if position > 0 {
                        value = self.add(&value, &Value::Text(separator.clone()));
                    }
                    value = self.add(&value, item);
                }
                value
            }
            "map" | "flatMap" | "forEach" => {
                let Some(callback) = callback else {
                    return Value::Unknown(Hole::Other);
                };
                self.undecided += 1;
                let mut results = Vec::new();
                for item in items.into_iter().take(MOST_ITEMS) {
                    let arguments = vec![item, Value::Unknown(Hole::Other)];
                    results.push(self.call(&callback, arguments, site));
                }
                self.undecided -= 1;
                self.list(results)
            }
            "filter" | "slice" | "reverse" | "sort" | "flat" | "toSorted" => Value::Object(id),
            "find" | "pop" | "shift" | "at" => Value::one_of(items),
            "concat" => {
                let mut all = items;
                for argument in arguments {
                    match &argument {
                        Value::Object(other) => {
                            let more = self.object(*other).and_then(|object| object.items.clone());
                            match more {
                                Some(more) => all.extend(more),
                                None => all.push(argument),
                            }
                        }
                        _ => all.push(argument),
                    }
                }
                self.list(all)
            }
            "push" | "unshift" => {
                if let Some(object) = self.objects.get_mut(id.0 as usize)
                    && let Some(items) = &mut object.items
                    && items.len() < 10_000
                {
                    items.extend(arguments);
                }
                Value::Unknown(Hole::Other)
            }
            "then" => match callback {
                Some(callback) => self.call(&callback, vec![Value::Object(id)], site),
                None => Value::Object(id),
            },
            "catch" | "finally" => Value::Object(id),
            _ => Value::Unknown(Hole::Other),
        }
    }

    /// The fields of an object as pairs, in order.
    pub fn entries_of(&self, value: &Value) -> Option<Vec<(Name, Value)>> {
        let Value::Object(id) = value else {
            return None;
        };
        let object: &Object = self.object(*id)?;
        (!object.is_open).then(|| object.fields.clone())
    }
}
