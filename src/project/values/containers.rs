//! Containers: the methods of lists, sets, tuples, iterators and dicts.
//!
//! `routes.append(route)`, `settings.get("prefix", "/api")`, `handlers.setdefault(name, [])`.

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
                if !present && let Object::List(list) = self.heap.get_mut(id) {
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
                if let Object::List(list) = self.heap.get_mut(id) {
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
                let (items, is_open) = self.iterate(&values)?;
                if let Object::List(list) = self.heap.get_mut(id) {
                    list.extend(items, is_open);
                }
                Value::None
            }
            ("remove" | "discard", Some(value)) => {
                if self.undecided == 0 {
                    let keep: Vec<Value> = list
                        .items
                        .iter()
                        .filter(|item| self.equal(item, &value) != Some(true))
                        .cloned()
                        .collect();
                    if let Object::List(list) = self.heap.get_mut(id) {
                        list.items = keep;
                    }
                }
                Value::None
            }
            ("clear", _) => {
                if self.undecided == 0
                    && let Object::List(list) = self.heap.get_mut(id)
                {
                    list.items.clear();
                    list.is_open = false;
                }
                Value::None
            }
            ("pop" | "popleft" | "get" | "get_nowait", position) => {
                let at = match (&*spelled, position) {
                    ("pop", Some(Value::Int(number))) if number >= 0 => number as usize,
                    ("pop", _) => list.items.len().wrapping_sub(1),
                    _ => 0,
                };
                let found = list.items.get(at).cloned();
                if self.undecided == 0
                    && found.is_some()
                    && let Object::List(list) = self.heap.get_mut(id)
                {
                    list.items.remove(at);
                }
                found.unwrap_or(Value::Unknown(Reason::Runtime))
            }
            ("copy" | "__iter__" | "__aiter__", _) => {
                let list = list.clone();
                Value::Object(self.heap.add(Object::List(list)))
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
            ("index" | "count", _) => Value::Unknown(Reason::Runtime),
            ("union", Some(other)) => {
                let mut list = list.clone();
                let (items, is_open) = self.iterate(&other)?;
                for item in items {
                    if !list.items.contains(&item) {
                        list.items.push(item);
                    }
                }
                list.is_open |= is_open;
                Value::Object(self.heap.add(Object::List(list)))
            }
            ("difference" | "intersection" | "symmetric_difference", _) => {
                let mut list = list.clone();
                list.is_open = true;
                Value::Object(self.heap.add(Object::List(list)))
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
                let (items, is_open) = (
                    dict.items
                        .iter()
                        .map(|(key, value)| Value::tuple(vec![key.clone(), value.clone()]))
                        .collect(),
                    dict.is_open,
                );
                self.new_list(items, is_open)
            }
            ("keys" | "__iter__", _) => {
                let (items, is_open) = (
                    dict.items.iter().map(|(key, _)| key.clone()).collect(),
                    dict.is_open,
                );
                self.new_list(items, is_open)
            }
            ("values", _) => {
                let (items, is_open) = (
                    dict.items.iter().map(|(_, value)| value.clone()).collect(),
                    dict.is_open,
                );
                self.new_list(items, is_open)
            }
            ("copy", _) => {
                let dict = dict.clone();
                Value::Object(self.heap.add(Object::Dict(dict)))
            }
            ("update" | "__init__", other) => {
                let mut dict: DictObject = dict.clone();
                if let Some(other) = other {
                    self.dict_merge(&mut dict, &other);
                }
                for (name, value) in args.named {
                    let key = Value::Text(self.spelled(name));
                    self.dict_put(&mut dict, key, value);
                }
                *self.heap.get_mut(id) = Object::Dict(dict);
                Value::None
            }
            ("pop", Some(key)) => {
                let found = self.dict_get(dict, &key);
                let default = args.positional.get(1).cloned();
                self.delete_item(&Value::Object(id), &key)?;
                found.or(default).unwrap_or(Value::Unknown(Reason::Runtime))
            }
            ("clear", _) => {
                if self.undecided == 0
                    && let Object::Dict(dict) = self.heap.get_mut(id)
                {
                    dict.items.clear();
                    dict.is_open = false;
                }
                Value::None
            }
            ("popitem", _) => Value::Unknown(Reason::Runtime),
            _ => Value::Unknown(Reason::Attribute),
        })
    }
}
