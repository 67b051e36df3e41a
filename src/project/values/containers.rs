//! Containers: the methods of lists, sets, tuples, iterators and dicts.
//!
//! `routes.append(route)`, `settings.get("prefix", "/api")`, `handlers.setdefault(name, [])`.

use crate::facts::program::BinaryOperator;
use crate::project::symbols::Symbol;
use crate::project::values::calls::Args;
use crate::project::values::heap::{DictObject, ListKind, Object};
use crate::project::values::machine::{Eval, Machine};
use crate::project::values::value::{ObjectId, Reason, Value};

impl<'w> Machine<'w> {
    pub fn call_list_method(&mut self, id: ObjectId, name: Symbol, args: Args) -> Eval {
        let spelled = self.spelled(name);
        let first = args.positional.first().cloned();
        let Some(list) = self.heap.list(id) else {
            return Ok(Value::Unknown(Reason::Construct));
        };
        let kind = list.kind;
        Ok(match (&*spelled, first) {
            ("append" | "add" | "put" | "put_nowait" | "appendleft", Some(value)) => {
                let present = kind == ListKind::Set && list.items.contains(&value);
                let front = &*spelled == "appendleft";
                let is_weak = self.is_weak(id);
                if !present && let Object::List(list) = self.heap.get_mut(id) {
                    list.doubtful += usize::from(is_weak);
                    if front {
                        list.items.insert(0, value)
                    } else {
                        list.items.push(value)
                    }
                }
                Value::None
            }
            ("insert", Some(position)) => {
                let value = args
                    .positional
                    .get(1)
                    .cloned()
                    .unwrap_or(Value::Unknown(Reason::Parameter));
                let is_weak = self.is_weak(id);
                if let Object::List(list) = self.heap.get_mut(id) {
                    list.doubtful += usize::from(is_weak);
                    let at = match position {
                        Value::Int(number) if number >= 0 => {
                            (number as usize).min(list.items.len())
                        }
                        _ => list.items.len(),
                    };
                    list.items.insert(at, value);
                }
                Value::None
            }
            ("extend" | "update" | "__init__", Some(values)) => {
                self.extend_list(id, &values)?;
                Value::None
            }
            ("remove" | "discard", Some(value)) => {
                let equal = |wanted| {
                    let mut items = list.items.iter();
                    items.position(|item| self.equal(item, &value) == wanted)
                };
                let (found, may_be) = (equal(Some(true)), equal(None));
                let is_certain = found.is_some() && !self.is_weak(id);
                if let Some(position) = found.or(may_be)
                    && let Object::List(list) = self.heap.get_mut(id)
                {
                    list.remove(position, is_certain);
                }
                Value::None
            }
            ("clear", _) => {
                let is_weak = self.is_weak(id);
                if let Object::List(list) = self.heap.get_mut(id) {
                    if is_weak {
                        list.doubtful = list.items.len();
                    } else {
                        (list.is_open, list.doubtful) = (false, 0);
                        list.items.clear();
                    }
                }
                Value::None
            }
            ("pop" | "popleft" | "get" | "get_nowait", position) => {
                let at = match (&*spelled, position) {
                    ("pop", Some(Value::Int(number))) if number >= 0 => number as usize,
                    ("pop", _) => list.items.len().wrapping_sub(1),
                    _ => 0,
                };
                let found = match list.items.get(at) {
                    // Where the last one may be missing, it is one before it.
                    Some(_) if at >= list.sure() && &*spelled == "pop" => {
                        self.pick(list, &Value::Int(-1))
                    }
                    Some(_) => self.pick(list, &Value::Int(at as i64)),
                    None => return Ok(Value::Unknown(Reason::Runtime)),
                };
                let is_weak = self.is_weak(id);
                if let Object::List(list) = self.heap.get_mut(id) {
                    list.remove(at, !is_weak);
                }
                found
            }
            ("copy" | "__iter__" | "__aiter__", _) => {
                let list = list.clone();
                self.add_list(list)
            }
            ("reverse", _) => {
                if let Object::List(list) = self.heap.get_mut(id) {
                    list.items.reverse();
                }
                Value::None
            }
            ("sort", _) => {
                let items = list.items.clone();
                let items = self.sorted(items, &args)?;
                if let Object::List(list) = self.heap.get_mut(id) {
                    list.items = items;
                }
                Value::None
            }
            ("count", Some(status)) => {
                let claim = self.claim_of_member(&status, &Value::Object(id))?;
                claim.unwrap_or(Value::Unknown(Reason::Runtime))
            }
            ("index", Some(wanted)) if list.is_exact() => {
                let mut answers = list.items.iter().map(|item| self.equal(item, &wanted));
                let found = answers.position(|answer| answer != Some(false));
                match found {
                    Some(at) if self.equal(&list.items[at], &wanted) == Some(true) => {
                        Value::Int(at as i64)
                    }
                    _ => Value::Unknown(Reason::Runtime),
                }
            }
            ("index" | "count", _) => Value::Unknown(Reason::Runtime),
            ("union" | "difference" | "intersection" | "symmetric_difference", Some(other)) => {
                let operator = match &*spelled {
                    "union" => BinaryOperator::BitOr,
                    "difference" => BinaryOperator::Subtract,
                    "intersection" => BinaryOperator::BitAnd,
                    _ => BinaryOperator::BitXor,
                };
                let list = list.clone();
                self.set_operation(operator, list, &other)?
            }
            ("send" | "asend" | "__next__" | "__anext__", _) => list
                .items
                .first()
                .cloned()
                .unwrap_or(Value::Unknown(Reason::Runtime)),
            ("__getitem__", Some(index)) => self.item(&Value::Object(id), &index)?,
            ("__init__" | "close" | "aclose" | "throw" | "athrow", _) => Value::None,
            _ => Value::Unknown(Reason::Attribute),
        })
    }

    /// `exec(code, names)`: of code that is not read, any of the names may be what it has made of it.
    pub(super) fn executed(&mut self, names: Option<&Value>) -> Value {
        if let Some(Value::Object(id)) = names
            && let Object::Dict(dict) = self.heap.get_mut(*id)
        {
            dict.items.clear();
            (dict.is_open, dict.doubtful) = (true, 0);
        }
        Value::None
    }

    /// `dict.fromkeys(keys, value)`
    pub(super) fn dict_of_keys(&mut self, keys: &Value, value: Option<Value>) -> Eval {
        let keys = self.elements(keys)?;
        let value = value.unwrap_or(Value::None);
        let mut dict = DictObject {
            items: Vec::new(),
            is_open: !keys.is_exact(),
            doubtful: 0,
        };
        for key in keys.items {
            self.dict_put(&mut dict, key, value.clone());
        }
        Ok(Value::Object(self.heap.add(Object::Dict(dict))))
    }

    pub fn call_dict_method(&mut self, id: ObjectId, name: Symbol, args: Args) -> Eval {
        let spelled = self.spelled(name);
        let first = args.positional.first().cloned();
        let Object::Dict(dict) = self.heap.get(id) else {
            return Ok(Value::Unknown(Reason::Construct));
        };
        Ok(match (&*spelled, first) {
            ("get", Some(key)) => {
                let default = args.positional.get(1).cloned().unwrap_or(Value::None);
                match self.dict_get(dict, &key) {
                    Some(Value::Unknown(reason)) => default.or(Value::Unknown(reason)),
                    Some(value) => value,
                    None => default,
                }
            }
            ("__getitem__", Some(key)) => self.item(&Value::Object(id), &key)?,
            ("__setitem__", Some(key)) => {
                let value = args
                    .positional
                    .get(1)
                    .cloned()
                    .unwrap_or(Value::Unknown(Reason::Parameter));
                self.set_item(&Value::Object(id), key, value)?;
                Value::None
            }
            ("setdefault", Some(key)) => match self.dict_get(dict, &key) {
                Some(value) => value,
                None => {
                    let value = args.positional.get(1).cloned().unwrap_or(Value::None);
                    self.set_item(&Value::Object(id), key, value.clone())?;
                    value
                }
            },
            ("items", _) => {
                let entries = dict.items.iter();
                let items = entries
                    .map(|(key, value)| Value::tuple(vec![key.clone(), value.clone()]))
                    .collect();
                let list = dict.view(items);
                self.add_list(list)
            }
            ("keys" | "__iter__", _) => {
                let items = dict.items.iter().map(|(key, _)| key.clone()).collect();
                let list = dict.view(items);
                self.add_list(list)
            }
            ("values", _) => {
                let items = dict.items.iter().map(|(_, value)| value.clone()).collect();
                let list = dict.view(items);
                self.add_list(list)
            }
            ("copy", _) => {
                let dict = dict.clone();
                Value::Object(self.heap.add(Object::Dict(dict)))
            }
            ("update" | "__init__", other) => {
                if let Some(other) = other {
                    self.update_dict(id, &other);
                }
                for (name, value) in args.named {
                    let key = Value::Text(self.spelled(name));
                    self.set_item(&Value::Object(id), key, value)?;
                }
                Value::None
            }
            ("pop", Some(key)) => {
                let found = self.dict_get(dict, &key);
                let default = args.positional.get(1).cloned();
                self.delete_item(&Value::Object(id), &key)?;
                found.or(default).unwrap_or(Value::Unknown(Reason::Runtime))
            }
            ("clear", _) => {
                let is_weak = self.is_weak(id);
                if let Object::Dict(dict) = self.heap.get_mut(id) {
                    if is_weak {
                        dict.doubtful = dict.items.len();
                    } else {
                        *dict = DictObject::default();
                    }
                }
                Value::None
            }
            ("popitem", _) => Value::Unknown(Reason::Runtime),
            _ => Value::Unknown(Reason::Attribute),
        })
    }
}
