//! Items and iteration: subscripts, slices, loops over values, and contexts.
//!
//! `env["client"]` looks the key up; `for path in paths` gives the known elements, and says whether there may be others.

use crate::project::symbols::Symbol;
use crate::project::values::calls::Args;
use crate::project::values::heap::{
    DictObject, LONGEST_REGISTRY, ListKind, ListObject, ModuleState, Object,
};
use crate::project::values::machine::{Eval, Machine, Raise};
use crate::project::values::value::{HOLE, ObjectId, Reason, Value};

/// Most values that an iterator of the project's own is asked for.
const MOST_GIVEN: usize = 24;

impl<'w> Machine<'w> {
    /// The list, dict or text behind an instance of a subclass of it.
    pub fn payload(&self, value: &Value) -> Value {
        if let Value::Object(object) = value
            && let Some(instance) = self.heap.instance(*object)
            && let Some(payload) = &instance.payload
        {
            return payload.clone();
        }
        value.clone()
    }

    pub fn item(&mut self, object: &Value, index: &Value) -> Eval {
        match object {
            Value::Union(values) => {
                let values = values.clone();
                return self.call_each(&values, |machine, one| {
                    if *one == Value::None {
                        Ok(Value::Unbound)
                    } else {
                        machine.item(one, index)
                    }
                });
            }
            Value::Tuple(items) => {
                let items = items.clone();
                let items = ListObject {
                    items: items.to_vec(),
                    ..ListObject::default()
                };
                return Ok(self.pick(&items, index));
            }
            Value::Text(text) => {
                return Ok(match index {
                    Value::Int(_) if text.contains(HOLE) => Value::hole(),
                    Value::Int(position) => {
                        let count = text.chars().count() as i64;
                        let position = if *position < 0 {
                            count + position
                        } else {
                            *position
                        };
                        match text.chars().nth(position.max(0) as usize) {
                            Some(c) => Value::text(&c.to_string()),
                            None => Value::hole(),
                        }
                    }
                    _ => Value::hole(),
                });
            }
            Value::Native(_) => return Ok(self.alias(object.clone(), index)),
            Value::External(_) => return Ok(object.clone()),
            Value::Unknown(reason) => return Ok(Value::Unknown(*reason)),
            _ => {}
        }
        let Value::Object(id) = object else {
            return Ok(Value::Unknown(Reason::Construct));
        };
        match self.heap.get(*id) {
            Object::List(list) => Ok(self.pick(list, index)),
            Object::Dict(dict) => Ok(self
                .dict_get(dict, index)
                .unwrap_or(Value::Unknown(Reason::Runtime))),
            Object::Instance(instance) => {
                let (class, payload) = (instance.class, instance.payload.clone());
                if let Some((function, _)) = self.class_attribute(class, Symbol::GETITEM) {
                    return self.call_bound(object, &function, Args::of([index.clone()]));
                }
                let Some(payload) = payload else {
                    return Ok(Value::Unknown(Reason::Library));
                };
                if let Some(missing) = self.missing(class, &payload, index) {
                    return self.call_bound(object, &missing, Args::of([index.clone()]));
                }
                self.item(&payload, index)
            }
            Object::Class(_) => {
                if let Some((function, _)) = self.class_attribute(*id, Symbol::CLASS_GETITEM) {
                    return self.call_bound(object, &function, Args::of([index.clone()]));
                }
                if let Some(name) = index.literal()
                    && let Some((found, _)) =
                        self.class_attribute(*id, self.world.symbols.intern(name))
                    && self.is_enum_class(*id)
                {
                    return Ok(found);
                }
                Ok(self.alias(object.clone(), index))
            }
            Object::Alias { origin, .. } => {
                let origin = origin.clone();
                Ok(self.alias(origin, index))
            }
            _ => Ok(Value::Unknown(Reason::Construct)),
        }
    }

    /// `__missing__` of a subclass of `dict` that surely has no such key.
    fn missing(&self, class: ObjectId, payload: &Value, key: &Value) -> Option<Value> {
        let (missing, _) = self.class_attribute(class, self.symbol("__missing__"))?;
        let Value::Object(id) = payload else {
            return None;
        };
        let Object::Dict(dict) = self.heap.get(*id) else {
            return None;
        };
        let mut keys = dict.items.iter();
        let is_absent = keys.all(|(known, _)| self.equal(known, key) == Some(false));
        (is_absent && !dict.is_open).then_some(missing)
    }

    pub(super) fn alias(&mut self, origin: Value, index: &Value) -> Value {
        let arguments = match index {
            Value::Tuple(items) => items.to_vec(),
            other => vec![other.clone()],
        };
        Value::Object(self.heap.add(Object::Alias { origin, arguments }))
    }

    pub(super) fn pick(&self, list: &ListObject, index: &Value) -> Value {
        let items = &list.items;
        let mut result = Value::Unbound;
        let index = match self.payload(index) {
            Value::Bool(truth) => Value::Int(i64::from(truth)),
            index => index,
        };
        let may_be = match index {
            // Where elements before it are missing, it is a later one.
            Value::Int(position) if position >= 0 => {
                let position = usize::try_from(position).unwrap_or(usize::MAX);
                let last = if position < list.sure() {
                    position.saturating_add(1)
                } else {
                    items.len()
                };
                items.get(position..last).unwrap_or_default()
            }
            Value::Int(_) if list.is_open => &[],
            Value::Int(position) => {
                let from_end = usize::try_from(position.unsigned_abs()).unwrap_or(usize::MAX);
                let first = list.sure().saturating_sub(from_end);
                match (items.len() + 1).checked_sub(from_end) {
                    Some(last) => items.get(first..last).unwrap_or_default(),
                    None => &[],
                }
            }
            _ => {
                if list.is_open {
                    result = Value::Unknown(Reason::Runtime);
                }
                items
            }
        };
        for item in may_be {
            result = result.or(item.clone());
            if result == Value::Unknown(Reason::Bound) {
                break;
            }
        }
        if result == Value::Unbound {
            Value::Unknown(Reason::Runtime)
        } else {
            result
        }
    }

    pub fn slice(&mut self, object: &Value, bounds: &[Value]) -> Eval {
        let (items, text) = match self.payload(object) {
            Value::Tuple(items) => (items.to_vec(), None),
            Value::Text(text) if !text.contains(HOLE) => (Vec::new(), Some(text)),
            Value::Text(text) => {
                // A prefix cut off a text with holes keeps what follows, if the cut lies before the first hole.
                if let (Value::Int(from), Value::None) = (&bounds[0], &bounds[1])
                    && *from >= 0
                    && text.find(HOLE).is_some_and(|hole| *from as usize <= hole)
                    && text.is_char_boundary(*from as usize)
                {
                    return Ok(Value::text(&text[*from as usize..]));
                }
                return Ok(Value::hole());
            }
            Value::Object(id) => match self.heap.list(id) {
                Some(list) if list.is_exact() => (list.items.clone(), None),
                Some(list) => {
                    let mut list = list.clone();
                    list.is_open = true;
                    list.doubtful = list.items.len();
                    return Ok(self.add_list(list));
                }
                None => return Ok(Value::Unknown(Reason::Construct)),
            },
            Value::Unknown(reason) => return Ok(Value::Unknown(reason)),
            Value::External(path) => return Ok(Value::External(path)),
            _ => return Ok(Value::Unknown(Reason::Construct)),
        };
        let count = text
            .as_ref()
            .map_or(items.len(), |text| text.chars().count()) as i64;
        let bound = |value: &Value, absent: i64| match value {
            Value::None => Some(absent),
            Value::Int(number) => Some(if *number < 0 {
                (count + number).max(0)
            } else {
                (*number).min(count)
            }),
            _ => None,
        };
        let step = match &bounds[2] {
            Value::None => 1,
            Value::Int(step) if *step != 0 => *step,
            _ => return Ok(Value::Unknown(Reason::Runtime)),
        };
        let (Some(from), Some(to)) = (bound(&bounds[0], 0), bound(&bounds[1], count)) else {
            return Ok(if text.is_some() {
                Value::hole()
            } else {
                self.new_list(items, true)
            });
        };
        let mut positions: Vec<usize> = (from..to.max(from))
            .map(|position| position as usize)
            .collect();
        if step < 0 {
            positions.reverse();
        }
        let positions = positions.into_iter().step_by(step.unsigned_abs() as usize);
        Ok(match text {
            Some(text) => {
                let chars: Vec<char> = text.chars().collect();
                Value::text(
                    &positions
                        .map(|position| chars[position])
                        .collect::<String>(),
                )
            }
            None => {
                let items = positions.map(|position| items[position].clone()).collect();
                if matches!(object, Value::Tuple(_)) {
                    Value::tuple(items)
                } else {
                    self.new_list(items, false)
                }
            }
        })
    }

    pub fn set_item(&mut self, object: &Value, index: Value, value: Value) -> Result<(), Raise> {
        let Value::Object(id) = object else {
            return Ok(());
        };
        match self.heap.get(*id) {
            Object::Instance(instance) => {
                let (class, payload) = (instance.class, instance.payload.clone());
                if let Some((function, _)) = self.class_attribute(class, Symbol::SETITEM) {
                    self.call_bound(object, &function, Args::of([index, value]))?;
                } else if let Some(payload) = payload {
                    self.set_item(&payload, index, value)?;
                }
            }
            Object::Dict(_) => {
                let weak = self.is_weak(*id);
                let Object::Dict(dict) = self.heap.get_mut(*id) else {
                    return Ok(());
                };
                // Taken out while its keys are compared, which may look at any other object.
                let mut dict = std::mem::take(dict);
                let known = dict.items.len();
                if weak && let Some(before) = self.dict_get(&dict, &index) {
                    self.dict_put(&mut dict, index, before.or(value));
                } else {
                    self.dict_put(&mut dict, index, value);
                }
                if known >= LONGEST_REGISTRY && dict.items.len() > known {
                    dict.items.truncate(known);
                    dict.is_open = true;
                } else if weak {
                    dict.doubtful += dict.items.len() - known;
                }
                *self.heap.get_mut(*id) = Object::Dict(dict);
            }
            Object::List(_) => {
                if let Object::List(list) = self.heap.get_mut(*id) {
                    match index {
                        Value::Int(position) => {
                            let position = if position < 0 {
                                list.items.len() as i64 + position
                            } else {
                                position
                            };
                            if let Some(slot) = usize::try_from(position)
                                .ok()
                                .and_then(|position| list.items.get_mut(position))
                            {
                                *slot = value;
                            }
                        }
                        _ => {
                            list.items.push(value);
                            list.is_open = true;
                        }
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    pub fn delete_item(&mut self, object: &Value, index: &Value) -> Result<(), Raise> {
        let Value::Object(id) = object else {
            return Ok(());
        };
        if let Object::Instance(instance) = self.heap.get(*id) {
            let (class, payload) = (instance.class, instance.payload.clone());
            if let Some((function, _)) = self.class_attribute(class, Symbol::DELITEM) {
                self.call_bound(object, &function, Args::of([index.clone()]))?;
            } else if let Some(payload) = payload {
                self.delete_item(&payload, index)?;
            }
            return Ok(());
        }
        let is_weak = self.is_weak(*id);
        if let Object::List(list) = self.heap.get(*id) {
            let count = list.items.len() as i64;
            let position = match self.payload(index) {
                Value::Int(number) if number < 0 => usize::try_from(count + number).ok(),
                Value::Int(number) => usize::try_from(number).ok(),
                _ => None,
            };
            if let Object::List(list) = self.heap.get_mut(*id) {
                match position {
                    Some(position) if position < list.items.len() => {
                        list.remove(position, !is_weak);
                    }
                    // Which of them is gone, nobody knows.
                    _ => list.doubtful = list.items.len(),
                }
            }
            return Ok(());
        }
        if let Object::Dict(dict) = self.heap.get(*id) {
            let mut entries = dict.items.iter();
            let found = entries.position(|(key, _)| self.equal(key, index) == Some(true));
            if let Some(position) = found
                && let Object::Dict(dict) = self.heap.get_mut(*id)
            {
                if is_weak {
                    dict.doubtful = (dict.doubtful + 1).min(dict.items.len());
                } else {
                    dict.items.remove(position);
                    dict.doubtful = dict.doubtful.min(dict.items.len());
                }
            }
        }
        Ok(())
    }

    /// The elements that iterating gives, and whether there may be others.
    pub fn iterate(&mut self, value: &Value) -> Result<(Vec<Value>, bool), Raise> {
        Ok(match value {
            Value::Tuple(items) => (items.to_vec(), false),
            Value::Text(text) if !text.contains(HOLE) => (
                text.chars()
                    .take(200)
                    .map(|c| Value::text(&c.to_string()))
                    .collect(),
                text.len() > 200,
            ),
            Value::Union(values) => {
                let mut items = Vec::new();
                for value in values.clone().iter() {
                    items.extend(self.iterate(value)?.0);
                }
                items.truncate(200);
                (items, true)
            }
            Value::Object(id) => match self.heap.get(*id) {
                Object::List(list) => (list.items.clone(), list.is_open),
                Object::Dict(dict) => (
                    dict.items.iter().map(|(key, _)| key.clone()).collect(),
                    dict.is_open,
                ),
                Object::Instance(instance) => {
                    let (class, payload) = (instance.class, instance.payload.clone());
                    if let Some((function, _)) = self
                        .class_attribute(class, Symbol::ITER)
                        .or_else(|| self.class_attribute(class, Symbol::AITER))
                    {
                        let result = self.call_bound(value, &function, Args::default())?;
                        if result == *value {
                            self.each_next(value, class)?
                        } else {
                            self.iterate(&result)?
                        }
                    } else if let Some(payload) = payload {
                        self.iterate(&payload)?
                    } else {
                        (Vec::new(), true)
                    }
                }
                Object::Class(_) => self.enum_members(*id),
                _ => (Vec::new(), true),
            },
            _ => (Vec::new(), true),
        })
    }

    /// What an instance that is its own iterator gives, until it raises.
    fn each_next(&mut self, value: &Value, class: ObjectId) -> Result<(Vec<Value>, bool), Raise> {
        let function = self
            .class_attribute(class, Symbol::NEXT)
            .or_else(|| self.class_attribute(class, Symbol::ANEXT));
        let mut items = Vec::new();
        let Some((function, _)) = function else {
            return Ok((items, true));
        };
        let mark = self.pending.len();
        let mut is_open = true;
        while items.len() < MOST_GIVEN {
            match self.call_bound(value, &function, Args::default()) {
                Ok(Value::Unknown(_)) => break,
                Ok(item) => items.push(item),
                Err(Raise::Exception(raised)) if self.ends_iteration(&raised.exception) => {
                    is_open = self.pending.len() > mark;
                    break;
                }
                Err(raise) => return Err(raise),
            }
        }
        // That it may be at its end is no error of whoever asks.
        let mut since = self.pending.split_off(mark.min(self.pending.len()));
        since.retain(|raised| !self.ends_iteration(&raised.exception));
        self.pending.extend(since);
        Ok((items, is_open))
    }

    fn ends_iteration(&self, exception: &Value) -> bool {
        self.is_marked(exception, "covgap_ends_iteration")
    }

    /// What an element that is not known looks like.
    pub fn unknown_item(&mut self, iterable: &Value) -> Value {
        match iterable {
            Value::Unknown(reason) => Value::Unknown(*reason),
            Value::External(path) => self.external_path(*path, Symbol::ELEMENT),
            Value::Text(_) => Value::hole(),
            Value::Object(id) => match self.heap.get(*id) {
                Object::Alias { arguments, .. } => arguments
                    .first()
                    .cloned()
                    .unwrap_or(Value::Unknown(Reason::Runtime)),
                _ => Value::Unknown(Reason::Runtime),
            },
            _ => Value::Unknown(Reason::Runtime),
        }
    }

    pub fn enum_members(&self, class: ObjectId) -> (Vec<Value>, bool) {
        let Some(object) = self.heap.class(class) else {
            return (Vec::new(), true);
        };
        let members: Vec<Value> = object
            .names
            .entries()
            .iter()
            .filter(|(_, value)| matches!(value, Value::Object(id) if self.heap.instance(*id).is_some_and(|instance| instance.class == class)))
            .map(|(_, value)| value.clone())
            .collect();
        let is_open = members.is_empty();
        (members, is_open)
    }

    /// `Color.__members__`
    pub(super) fn members_by_name(&mut self, class: ObjectId) -> Value {
        let (members, _) = self.enum_members(class);
        let names = self.heap.class(class).map(|found| found.names.entries());
        let named = names.unwrap_or_default().iter();
        let named = named.filter(|(_, value)| members.contains(value));
        let text = |name: Symbol| Value::Text(self.world.symbols.text(name));
        let items = named.map(|(name, value)| (text(*name), value.clone()));
        let items = items.collect();
        self.new_dict(items)
    }

    pub(super) fn is_enum_class(&self, class: ObjectId) -> bool {
        !self.enum_members(class).1
    }

    pub fn dict_get(&self, dict: &DictObject, key: &Value) -> Option<Value> {
        let mut may = Value::Unbound;
        for (known, value) in dict.items.iter().rev() {
            match self.equal(known, key) {
                Some(true) => {
                    return Some(if may == Value::Unbound {
                        value.clone()
                    } else {
                        may.or(value.clone())
                    });
                }
                Some(false) => {}
                None => may = may.or(value.clone()),
            }
        }
        if may != Value::Unbound {
            return Some(may.or(Value::Unknown(Reason::Runtime)));
        }
        if dict.is_open {
            Some(Value::Unknown(Reason::Runtime))
        } else {
            None
        }
    }

    pub fn dict_put(&self, dict: &mut DictObject, key: Value, value: Value) {
        if dict.items.len() < 64 || matches!(key, Value::Text(_)) {
            for (known, slot) in &mut dict.items {
                let same = match (&*known, &key) {
                    (Value::Text(one), Value::Text(two)) => one == two && !one.contains(HOLE),
                    (one, two) => self.equal(one, two) == Some(true),
                };
                if same {
                    *slot = value;
                    return;
                }
            }
        }
        // Keys that look alike without being known may be one key or several: one entry stands for all of them, so that a
        // registry that is filled again and again does not grow without end.
        let looks_alike = |known: &Value| match (known, &key) {
            (Value::Unknown(_), Value::Unknown(_)) | (Value::Union(_), Value::Union(_)) => true,
            (Value::Text(one), Value::Text(two)) => one == two,
            (one, two) => key.is_opaque() && one == two,
        };
        if let Some((known, slot)) = dict.items.iter_mut().find(|(known, _)| looks_alike(known)) {
            if *known != key {
                *known = std::mem::replace(known, Value::Unbound).or(key);
            }
            if *slot != value {
                *slot = std::mem::replace(slot, Value::Unbound).or(value);
            }
            dict.is_open = true;
            return;
        }
        if key.is_opaque() {
            dict.is_open = true;
        }
        dict.items.push((key, value));
    }

    pub fn dict_merge(&mut self, dict: &mut DictObject, other: &Value) {
        match self.payload(other) {
            Value::Object(id) => match self.heap.get(id) {
                Object::Dict(more) => {
                    let more = more.clone();
                    dict.is_open |= more.is_open;
                    let known = dict.items.len();
                    for (key, value) in more.items {
                        self.dict_put(dict, key, value);
                    }
                    dict.doubtful += more.doubtful.min(dict.items.len() - known);
                }
                Object::List(list) => {
                    let list = list.clone();
                    dict.is_open |= list.is_open || list.doubtful > 0;
                    for pair in list.items {
                        if let Ok((items, false)) = self.iterate(&pair)
                            && let [key, value] = &items[..]
                        {
                            self.dict_put(dict, key.clone(), value.clone());
                        }
                    }
                }
                _ => dict.is_open = true,
            },
            Value::None => {}
            _ => dict.is_open = true,
        }
    }

    // ---- contexts -------------------------------------------------------------------------------------------------------

    pub fn enter_context(&mut self, context: &Value) -> Eval {
        match context {
            Value::Union(values) => {
                let values = values.clone();
                self.call_each(&values, |machine, one| {
                    if *one == Value::None {
                        Ok(Value::Unbound)
                    } else {
                        machine.enter_context(one)
                    }
                })
            }
            Value::Object(id) => match self.heap.get(*id) {
                Object::Instance(instance) => {
                    let class = instance.class;
                    // Of a class that has both, an `async def` most likely means the asynchronous one.
                    let names = if self.is_in_async() {
                        [Symbol::AENTER, Symbol::ENTER]
                    } else {
                        [Symbol::ENTER, Symbol::AENTER]
                    };
                    for name in names {
                        if let Some((function, _)) = self.class_attribute(class, name) {
                            return self.call_bound(context, &function, Args::default());
                        }
                    }
                    Ok(context.clone())
                }
                Object::List(list) if list.kind == ListKind::Iterator => Ok(list
                    .items
                    .first()
                    .cloned()
                    .unwrap_or(Value::Unknown(Reason::Runtime))),
                _ => Ok(context.clone()),
            },
            other => Ok(other.clone()),
        }
    }

    fn is_in_async(&self) -> bool {
        self.stack.last().is_some_and(|activation| {
            let unit = self.world.code(activation.module, activation.function);
            unit.is_some_and(|unit| unit.facts.function(activation.function).is_async)
        })
    }

    /// Runs the exit; does it swallow the exception?
    pub fn exit_context(
        &mut self,
        context: &Value,
        exception: Option<&Value>,
    ) -> Result<Option<bool>, Raise> {
        let Value::Object(id) = context else {
            return Ok(None);
        };
        let Some(instance) = self.heap.instance(*id) else {
            return Ok(None);
        };
        let class = instance.class;
        for name in [Symbol::EXIT, Symbol::AEXIT] {
            if let Some((function, _)) = self.class_attribute(class, name) {
                let (kind, value) = match exception {
                    Some(exception) => (self.class_value(exception), exception.clone()),
                    None => (Value::None, Value::None),
                };
                let result =
                    self.call_bound(context, &function, Args::of([kind, value, Value::None]))?;
                return Ok(match result {
                    Value::Bool(truth) => Some(truth),
                    _ => None,
                });
            }
        }
        Ok(None)
    }

    /// Does the context swallow exceptions, asked without one?
    pub fn swallows(&mut self, context: &Value) -> Result<bool, Raise> {
        let Value::Object(id) = context else {
            return Ok(false);
        };
        let Some(instance) = self.heap.instance(*id) else {
            return Ok(false);
        };
        let class = instance.class;
        let name = self.symbol("covgap_swallows");
        Ok(matches!(
            self.class_attribute(class, name),
            Some((Value::Bool(true), _))
        ))
    }

    pub fn module_state(&self, id: ObjectId) -> Option<&ModuleState> {
        match self.heap.get(id) {
            Object::Module(module) => Some(&module.state),
            _ => None,
        }
    }

    pub fn list_of(&mut self, items: Vec<Value>, kind: ListKind) -> Value {
        self.add_list(ListObject {
            items,
            kind,
            ..ListObject::default()
        })
    }
}
