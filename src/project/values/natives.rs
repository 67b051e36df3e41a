//! Natives: Python's builtin functions and types, and the operations that models of libraries are written with.
//!
//! `isinstance(x, str)`, `getattr(client, method)(url)`, `zip(paths, statuses)`. A model says `covgap.request(…)` where the
//! library would send bytes; those names start with `op_` here.

use std::sync::Arc;

use crate::facts::program::{BinaryOperator, Conversion, Expr, ExprId, Stmt};
use crate::project::symbols::Symbol;
use crate::project::values::calls::Args;
use crate::project::values::heap::{DescriptorKind, DictObject, ListKind, ListObject, Object};
use crate::project::values::machine::{Eval, Machine};
use crate::project::values::value::{Callee, HOLE, Method, Reason, Value};
use crate::project::world::ModuleKind;

macro_rules! natives {
    (builtins { $($builtin:ident = $text:literal),* $(,)? } operations { $($operation:ident = $name:literal),* $(,)? }) => {
        #[allow(non_camel_case_types)]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Native { $($builtin,)* $($operation,)* }

        impl Native {
            /// A builtin of Python by its name.
            pub fn builtin(name: &str) -> Option<Native> {
                match name { $($text => Some(Native::$builtin),)* _ => None }
            }
            /// An operation of models by its name.
            pub fn operation(name: &str) -> Option<Native> {
                match name { $($name => Some(Native::$operation),)* _ => None }
            }
            /// All builtins.
            pub const BUILTINS: &[&str] = &[$($text),*];
            /// All operations of models.
            pub const OPERATIONS: &[&str] = &[$($name),*];
            /// As Python or a model spells it.
            pub fn name(self) -> &'static str {
                match self { $(Native::$builtin => $text,)* $(Native::$operation => $name,)* }
            }
        }
    };
}

natives! {
    builtins {
        str = "str", bytes = "bytes", int = "int", float = "float", bool = "bool", complex = "complex", object = "object", type_ = "type",
        list = "list", tuple = "tuple", dict = "dict", set = "set", frozenset = "frozenset", bytearray = "bytearray",
        property = "property", staticmethod = "staticmethod", classmethod = "classmethod", super_ = "super",
        len = "len", range = "range", enumerate = "enumerate", zip = "zip", sorted = "sorted", reversed = "reversed", map = "map",
        filter = "filter", isinstance = "isinstance", issubclass = "issubclass", getattr = "getattr", setattr = "setattr",
        hasattr = "hasattr", delattr = "delattr", callable = "callable", any = "any", all = "all", iter = "iter", next = "next",
        aiter = "aiter", anext = "anext", vars = "vars", dir = "dir", id = "id", repr = "repr", format = "format", min = "min",
        max = "max", sum = "sum", print = "print", locals = "locals", globals = "globals", hash = "hash", abs = "abs", round = "round",
        open = "open", chr = "chr", ord = "ord", input = "input", import_ = "__import__", eval = "eval", exec = "exec",
    }
    operations {
        op_module = "covgap", nothing = "nothing",
        op_annotated = "annotated", op_union = "union", op_iterator = "iterator", op_awaitable = "awaitable", op_generic = "generic",
        op_auto = "auto", op_type_checking = "type_checking", op_members = "make_members", op_partial = "partial", op_parameters = "parameters",
        op_annotations = "annotations", op_field_names = "field_names", op_marked = "marked", op_instance = "instance",
        op_fields = "fields", op_unknown = "unknown", op_hole = "hole", op_external = "external", op_request = "request", op_status = "status",
        op_claim = "claim", op_asserts = "asserts", op_asserts_if = "asserts_if", op_expected = "expected", op_accepted = "accepted", op_sent = "sent", op_body = "body",
        op_parse = "parse", op_is_body = "is_body", op_marks = "marks", op_handler_of = "handler_of", op_literal = "literal", op_double = "double",
        op_patch = "patch", op_unpatch = "unpatch", op_patch_item = "patch_item", op_patched = "patched", op_locate = "locate",
        op_import = "import_module", op_module_at = "module_at", op_has_module = "has_module", op_replace_module = "replace_module", op_skip = "skip", op_serve = "serve", op_answer = "answer", op_closed = "closed",
        op_registered = "registered", op_created = "created", op_version = "version", op_first = "first", op_exit = "exit", op_begin = "begin", op_resume = "resume", op_enter = "enter",
        op_split_url = "split_url", op_join_url = "join_url", op_is_function = "is_function", op_is_coroutine_function = "is_coroutine_function", op_is_class = "is_class", op_catches = "catches",
        op_is_known = "is_known", op_is_certain = "is_certain", op_payload = "payload", op_setting = "setting", op_provided = "provided", op_lifespan = "lifespan", op_copy = "copy",
        op_metadata = "metadata", op_plain_type = "plain_type", op_plain = "plain", op_is_request = "is_request", op_defines = "defines",
        op_methods_of = "methods_of", op_url_for = "url_for", op_add_mark = "add_mark", op_fixture_value = "fixture_value", op_asking = "asking", op_attempt = "attempt", op_attempt_briefly = "attempt_briefly", op_attempt_in_part = "attempt_in_part", op_in_part = "in_part", op_entry_points = "entry_points", op_placed = "placed",
        op_stand_in = "stand_in", op_from_keys = "from_keys", op_sealed = "sealed", op_unsealed = "unsealed", op_encoded = "encoded", op_decoded = "decoded", op_folder = "folder", op_variables = "variables", op_search = "search", op_is_handling = "is_handling", op_set_plain = "set_plain",
        op_new_class = "new_class", op_made = "made", op_file_text = "file_text", op_data = "data",
    }
}

impl Native {
    /// Operations that do more than look at objects and change them: what they do depends on, or becomes part of, what the test has
    /// done so far.
    pub fn acts_on_the_run(self) -> bool {
        use Native as N;
        matches!(
            self,
            N::op_request
                | N::op_claim
                | N::op_sent
                | N::op_expected
                | N::op_accepted
                | N::op_double
                | N::op_stand_in
                | N::op_patch
                | N::op_unpatch
                | N::op_patch_item
                | N::op_skip
                | N::op_serve
                | N::op_registered
                | N::op_created
                | N::op_placed
                | N::op_lifespan
                | N::op_import
                | N::op_module_at
                | N::op_fixture_value
                | N::op_asking
                | N::op_url_for
        )
    }

    pub fn is_type(self) -> bool {
        use Native as N;
        matches!(
            self,
            N::str
                | N::bytes
                | N::int
                | N::float
                | N::bool
                | N::complex
                | N::object
                | N::type_
                | N::list
                | N::tuple
                | N::dict
                | N::set
                | N::frozenset
                | N::bytearray
                | N::property
                | N::staticmethod
                | N::classmethod
                | N::op_annotated
                | N::op_union
                | N::op_literal
                | N::op_iterator
                | N::op_awaitable
                | N::op_generic
        )
    }
}

impl<'w> Machine<'w> {
    pub fn native_attribute(&mut self, native: Native, name: Symbol) -> Value {
        if name == Symbol::DICT && native != Native::op_module {
            return self.new_dict(Vec::new());
        }
        if native == Native::op_module {
            return match self.world.natives.operation(name) {
                Some(operation) => Value::Native(operation),
                None => Value::Unknown(Reason::Construct),
            };
        }
        match (native, self.spelling(name)) {
            (Native::type_, "__new__") => Value::Native(Native::op_new_class),
            (Native::type_, "__init__") => Value::Native(Native::nothing),
            (Native::type_, "__call__") => Value::Native(Native::op_made),
            (_, "__name__" | "__qualname__") => Value::text(native.name()),
            (Native::object, "__init__" | "__init_subclass__") => Value::Native(Native::nothing),
            (Native::object, "__setattr__") => Value::Native(Native::op_set_plain),
            (Native::object, "__getattribute__") => Value::Native(Native::getattr),
            (Native::object, "__delattr__") => Value::Native(Native::delattr),
            (Native::object, "__new__") => Value::Native(Native::op_plain),
            (Native::dict, "fromkeys") => Value::Native(Native::op_from_keys),
            _ => Value::Method(Arc::new(Method {
                receiver: Value::Native(native),
                function: Callee::Builtin(name),
            })),
        }
    }

    /// What `super().name` gives when the next class is a builtin.
    pub fn native_super(
        &mut self,
        native: Native,
        receiver: &Value,
        name: Symbol,
    ) -> Option<Value> {
        let fills_itself = matches!(native, Native::dict | Native::list | Native::set);
        if name == Symbol::INIT && !fills_itself || name == Symbol::INIT_SUBCLASS {
            return Some(Value::Native(Native::nothing));
        }
        if name == Symbol::NEW {
            return Some(Value::Native(Native::op_plain));
        }
        if native == Native::object {
            return None;
        }
        let payload = self.payload(receiver);
        Some(Value::Method(Arc::new(Method {
            receiver: payload,
            function: Callee::Builtin(name),
        })))
    }

    pub fn call_native(&mut self, native: Native, args: Args) -> Eval {
        use Native as N;
        let first = args.positional.first().cloned();
        let second = args.positional.get(1).cloned();
        if let Some(value) = &first
            && let Some(result) = self.special_of_builtin(native, value)?
        {
            return Ok(result);
        }
        Ok(match (native, first) {
            (N::str, None) => Value::text(""),
            (N::format, Some(value)) => {
                let specification = second.unwrap_or_else(|| Value::text(""));
                let texts = match specification.literal() {
                    Some(specification) => self.formats(&value, Conversion::None, specification)?,
                    None => vec![HOLE.to_string()],
                };
                crate::project::values::expressions::alternatives(texts)
            }
            (N::repr, Some(value)) => self.represented(&value)?,
            (N::str | N::bytes, Some(value)) => {
                let texts = self.spellings(&value)?;
                crate::project::values::expressions::alternatives(texts)
            }
            (N::int, None) => Value::Int(0),
            (N::round | N::abs | N::int | N::float, Some(value)) => {
                self.number_of(native, &value, second.as_ref())?
            }
            (N::chr, Some(Value::Int(code))) => {
                let letter = u32::try_from(code).ok().and_then(char::from_u32);
                letter.map_or_else(Value::hole, |letter| {
                    Value::text(letter.encode_utf8(&mut [0; 4]))
                })
            }
            (N::ord, Some(Value::Text(text))) => {
                let mut letters = text.chars().filter(|letter| *letter != HOLE);
                match (letters.next(), letters.next()) {
                    (Some(letter), None) if !text.contains(HOLE) => Value::Int(letter as i64),
                    _ => Value::Unknown(Reason::Runtime),
                }
            }
            (N::open, Some(path)) => self.opened(&path, args)?,
            (N::repr | N::chr | N::input, _) => Value::hole(),
            (N::bool, Some(value)) => match self.truth(&value)? {
                Some(truth) => Value::Bool(truth),
                None => Value::Unknown(Reason::Runtime),
            },
            (
                N::list | N::tuple | N::set | N::frozenset | N::sorted | N::iter | N::aiter,
                first,
            ) => {
                let mut list = match &first {
                    Some(value) => self.elements(value)?,
                    None => ListObject::default(),
                };
                match native {
                    N::tuple if list.is_exact() => return Ok(Value::tuple(list.items)),
                    N::set | N::frozenset => list.kind = ListKind::Set,
                    N::sorted => list.items = self.sorted(list.items, &args)?,
                    _ => {}
                }
                self.add_list(list)
            }
            (N::reversed, Some(value)) => {
                let mut list = self.elements(&value)?;
                list.items.reverse();
                self.add_list(list)
            }
            // A body as a dict is that body.
            (N::dict, Some(body @ Value::Unknown(Reason::Answer(_)))) if args.named.is_empty() => {
                body
            }
            (N::dict, first) => {
                let mut dict = DictObject {
                    items: Vec::new(),
                    is_open: args.is_open,
                    doubtful: 0,
                };
                if let Some(value) = first {
                    self.dict_merge(&mut dict, &value);
                }
                for (name, value) in args.named {
                    let key = Value::Text(self.spelled(name));
                    self.dict_put(&mut dict, key, value);
                }
                Value::Object(self.heap.add(Object::Dict(dict)))
            }
            (N::type_, Some(value)) if args.positional.len() == 1 => {
                let alternatives = value.alternatives().to_vec();
                let mut result = Value::Unbound;
                for one in &alternatives {
                    result = result.or(self.class_value(one));
                }
                result
            }
            (N::type_, _) => self.class_of_parts(None, args)?,
            (N::property, Some(function)) => self.property(function, second),
            (N::staticmethod, Some(function)) => self.descriptor(DescriptorKind::Static, function),
            (N::classmethod, Some(function)) => self.descriptor(DescriptorKind::Class, function),
            (N::super_, Some(Value::Object(class))) => match second {
                Some(receiver) => Value::Super(Arc::new((class, receiver))),
                None => Value::Unknown(Reason::Construct),
            },
            (N::len, Some(value)) => {
                if let Value::Text(text) = self.payload(&value) {
                    return Ok(if text.contains(HOLE) {
                        Value::Unknown(Reason::Runtime)
                    } else {
                        Value::Int(text.chars().count() as i64)
                    });
                }
                let list = self.elements(&value)?;
                if list.is_exact() {
                    Value::Int(list.items.len() as i64)
                } else {
                    Value::Unknown(Reason::Runtime)
                }
            }
            (N::range, Some(first)) => {
                let bounds: Vec<Option<i64>> = args
                    .positional
                    .iter()
                    .map(|value| {
                        if let Value::Int(number) = self.payload(value) {
                            Some(number)
                        } else {
                            None
                        }
                    })
                    .collect();
                let _ = first;
                let (from, to, step) = match bounds[..] {
                    [Some(to)] => (0, to, 1),
                    [Some(from), Some(to)] => (from, to, 1),
                    [Some(from), Some(to), Some(step)] if step != 0 => (from, to, step),
                    _ => {
                        return Ok(Value::Object(self.heap.add(Object::List(ListObject {
                            items: Vec::new(),
                            is_open: true,
                            doubtful: 0,
                            kind: ListKind::List,
                        }))));
                    }
                };
                let mut items = Vec::new();
                let mut at = from;
                // Long ranges repeat the same work with another number: a few turns say as much.
                while items.len() < 12 && (step > 0 && at < to || step < 0 && at > to) {
                    items.push(Value::Int(at));
                    at += step;
                }
                let is_cut = step > 0 && at < to || step < 0 && at > to;
                self.new_list(items, is_cut)
            }
            (N::enumerate, Some(value)) => {
                let (items, is_open) = self.iterate(&value)?;
                let items = items
                    .into_iter()
                    .enumerate()
                    .map(|(position, item)| Value::tuple(vec![Value::Int(position as i64), item]))
                    .collect();
                self.new_list(items, is_open)
            }
            (N::zip, Some(_)) => {
                let mut columns = Vec::new();
                let mut is_open = false;
                for value in &args.positional {
                    let (items, open) = self.iterate(value)?;
                    if open && items.is_empty() {
                        is_open = true;
                    } else {
                        columns.push(items);
                    }
                }
                if is_open {
                    return Ok(Value::Unknown(Reason::Runtime));
                }
                let rows = columns.iter().map(Vec::len).min().unwrap_or(0);
                let items = (0..rows)
                    .map(|row| {
                        Value::tuple(columns.iter().map(|column| column[row].clone()).collect())
                    })
                    .collect();
                self.new_list(items, false)
            }
            (N::map, Some(function)) => {
                let Some(values) = second else {
                    return Ok(Value::Unknown(Reason::Construct));
                };
                let mut list = self.elements(&values)?;
                for item in &mut list.items {
                    let of = std::mem::replace(item, Value::None);
                    *item = self.call(&function, Args::of([of]))?;
                }
                self.add_list(list)
            }
            (N::filter, Some(function)) => {
                let Some(values) = second else {
                    return Ok(Value::Unknown(Reason::Construct));
                };
                let mut list = self.elements(&values)?;
                let mut kept = Vec::new();
                for item in std::mem::take(&mut list.items) {
                    let keep = if function == Value::None {
                        item.clone()
                    } else {
                        self.call(&function, Args::of([item.clone()]))?
                    };
                    match self.truth(&keep)? {
                        Some(true) => kept.push(item),
                        Some(false) => {}
                        None => {
                            kept.push(item);
                            list.doubtful += 1;
                        }
                    }
                }
                list.doubtful = list.doubtful.min(kept.len());
                list.items = kept;
                self.add_list(list)
            }
            (N::isinstance, Some(value)) => match second {
                Some(class) => known(self.is_instance(&value, &class)),
                None => Value::Unknown(Reason::Construct),
            },
            (N::issubclass, Some(value)) => match second {
                Some(class) => known(self.is_subclass(&value, &class)),
                None => Value::Unknown(Reason::Construct),
            },
            (N::getattr, Some(object)) => {
                let Some(name) = second else {
                    return Ok(Value::Unknown(Reason::Construct));
                };
                let default = args.positional.get(2).cloned();
                let mut result = Value::Unbound;
                for name in name.alternatives() {
                    let Some(name) = name.literal() else {
                        result = result.or(Value::Unknown(Reason::Runtime));
                        continue;
                    };
                    let symbol = self.symbol(name);
                    let value = match (&default, self.has_attribute(&object, symbol)) {
                        (Some(default), Some(false)) => default.clone(),
                        (Some(default), None) => match self.attribute(&object, symbol)? {
                            Value::Unknown(reason) => default.clone().or(Value::Unknown(reason)),
                            value => value,
                        },
                        _ => self.attribute(&object, symbol)?,
                    };
                    result = result.or(value);
                }
                result
            }
            (N::hasattr, Some(object)) => match second
                .as_ref()
                .and_then(|name| name.literal().map(|name| self.world.symbols.intern(name)))
            {
                Some(name) => known(self.has_attribute(&object, name)),
                None => Value::Unknown(Reason::Runtime),
            },
            (N::setattr, Some(object)) => {
                if let (Some(name), Some(value)) = (
                    second.as_ref().and_then(|name| {
                        name.literal().map(|name| self.world.symbols.intern(name))
                    }),
                    args.positional.get(2),
                ) {
                    self.set_attribute(&object, name, value.clone())?;
                }
                Value::None
            }
            (N::callable, Some(value)) => match &value {
                Value::Unknown(_) | Value::External(_) | Value::Union(_) => {
                    Value::Unknown(Reason::Runtime)
                }
                Value::Object(object) => match self.heap.get(*object) {
                    Object::Function(_) | Object::Class(_) | Object::Partial { .. } => {
                        Value::Bool(true)
                    }
                    Object::Instance(instance) => {
                        Value::Bool(self.class_attribute(instance.class, Symbol::CALL).is_some())
                    }
                    _ => Value::Bool(false),
                },
                Value::Method(_) | Value::Native(_) => Value::Bool(true),
                _ => Value::Bool(false),
            },
            (N::any | N::all, Some(value)) => {
                let list = self.elements(&value)?;
                let decides = native == N::any;
                let mut result = if list.is_open { None } else { Some(!decides) };
                let mut claims = Vec::new();
                for (position, item) in list.items.iter().enumerate() {
                    if matches!(item, Value::Claim(_)) {
                        // `all(r.status_code == 200 for r in responses)`: each of them.
                        if native == N::all {
                            self.claim(item);
                        }
                        claims.push(item.clone());
                        result = None;
                        continue;
                    }
                    match self.truth(item)? {
                        Some(truth) if truth != decides => {}
                        Some(_) if position < list.sure() => return Ok(Value::Bool(decides)),
                        _ => result = None,
                    }
                }
                match self.claim_of_some(&claims) {
                    Some(claim) if decides => claim,
                    _ => known(result),
                }
            }
            (N::next | N::anext, Some(value)) => {
                let default = second;
                if let Value::Object(object) = &value {
                    if let Some(list) = self.heap.list(*object)
                        && list.kind == ListKind::Iterator
                    {
                        // The first that is there: up to the first that surely is.
                        let may_be = list.items.iter().take(list.doubtful + 1).cloned();
                        let found = may_be.fold(Value::Unbound, Value::or);
                        let may_be_none = list.sure() == 0;
                        let is_weak = self.is_weak(*object);
                        if found != Value::Unbound
                            && let Object::List(list) = self.heap.get_mut(*object)
                        {
                            list.remove(0, !is_weak);
                        }
                        return Ok(match (found, default) {
                            (Value::Unbound, default) => {
                                default.unwrap_or(Value::Unknown(Reason::Runtime))
                            }
                            (found, Some(default)) if may_be_none => found.or(default),
                            (found, _) => found,
                        });
                    }
                    if let Some(instance) = self.heap.instance(*object) {
                        let class = instance.class;
                        if let Some((function, _)) = self.class_attribute(class, Symbol::NEXT) {
                            return self.call_bound(&value, &function, Args::default());
                        }
                    }
                }
                let (items, _) = self.iterate(&value)?;
                items
                    .first()
                    .cloned()
                    .or(default)
                    .unwrap_or(Value::Unknown(Reason::Runtime))
            }
            (N::vars, Some(value)) => self.attribute(&value, Symbol::DICT)?,
            (N::dir, Some(value)) => self.names_of(&value),
            (N::sum, Some(value)) => {
                let list = self.elements(&value)?;
                if let Some(claim) = self.claim_of_some(&list.items) {
                    return Ok(claim);
                }
                let start = args.positional.get(1).cloned().unwrap_or(Value::Int(0));
                if let Value::Object(_) | Value::Tuple(_) = start {
                    let mut total = start;
                    for item in &list.items {
                        total = self.binary(BinaryOperator::Add, &total, item)?;
                    }
                    return Ok(total);
                }
                if !list.is_exact() {
                    return Ok(Value::Unknown(Reason::Runtime));
                }
                let mut total = start;
                for item in &list.items {
                    total = self.binary(BinaryOperator::Add, &total, item)?;
                }
                total
            }
            (N::min | N::max, Some(value)) => {
                let list = match args.positional.len() {
                    1 => self.elements(&value)?,
                    _ => ListObject {
                        items: args.positional.to_vec(),
                        ..ListObject::default()
                    },
                };
                let is_exact = list.is_exact();
                let found = match list.items.is_empty() {
                    true => args.keyword(self.symbol("default")),
                    false => {
                        let key = args.keyword(self.symbol("key"));
                        Some(self.extreme(native, list.items, key)?)
                    }
                };
                match found {
                    Some(found) if is_exact => found,
                    Some(found) => found.or(Value::Unknown(Reason::Runtime)),
                    None => Value::Unknown(Reason::Runtime),
                }
            }
            (N::import_, Some(value)) => self.import_value(&value)?,
            (N::exec, Some(_)) => self.executed(second.as_ref()),
            (N::print | N::delattr | N::nothing, _) => Value::None,
            (N::object, _) => Value::Unknown(Reason::Construct),
            (N::op_generic, Some(value)) => value,
            (N::op_from_keys, Some(keys)) => self.dict_of_keys(&keys, second)?,
            (native, first) => return self.call_operation(native, first, args),
        })
    }

    /// Does the object have the attribute? `_marks` is the project's own mark, which nothing of a library bears.
    pub fn has_attribute(&mut self, object: &Value, name: Symbol) -> Option<bool> {
        if let Value::Union(values) = object {
            let mut answers = values.iter().map(|one| self.has_attribute(one, name));
            let first = answers.next().flatten();
            return first.filter(|_| answers.all(|answer| answer == first));
        }
        let known = self.has_known_attribute(object, name);
        if known.is_some() {
            return known;
        }
        let spelled = self.spelled(name);
        let is_private = spelled.starts_with('_') && !spelled.starts_with("__");
        let is_mark = is_private && self.is_of_a_library(object);
        (is_mark && (!self.is_own_class(object) || self.is_set_here(&spelled))).then_some(false)
    }

    /// A class of the project, or an instance of one: its base, which nobody has read, may give it what it likes.
    fn is_own_class(&self, object: &Value) -> bool {
        let Value::Object(id) = object else {
            return false;
        };
        let instance = self.heap.instance(*id);
        let class = instance.map_or(*id, |instance| instance.class);
        self.kind_of_class(class)
            .is_some_and(|kind| kind != ModuleKind::Model)
    }

    /// Does the file whose code asks put this attribute on something?
    fn is_set_here(&self, name: &str) -> bool {
        let asking = self.stack.last();
        let unit = asking.and_then(|asking| self.world.loaded(asking.module));
        unit.is_some_and(|unit| {
            let facts = &unit.facts;
            let is_it = |target: &ExprId| {
                matches!(facts.expr(*target), Expr::Attribute { name: set, .. } if facts.name(set) == name)
            };
            facts.stmts.iter().any(|statement| match statement {
                Stmt::Assign { targets, .. } => facts.expr_list(*targets).iter().any(is_it),
                _ => false,
            })
        })
    }

    /// Is it, or may something of it be, out of a library, and nothing that wraps the project's own?
    fn is_of_a_library(&self, object: &Value) -> bool {
        match object {
            Value::External(path) => !self.spelled(*path).contains("()"),
            Value::Native(_) | Value::Text(_) | Value::Tuple(_) | Value::Ellipsis => true,
            Value::Object(id) => match self.heap.get(*id) {
                Object::Class(_) | Object::List(_) | Object::Dict(_) | Object::Alias { .. } => true,
                Object::Instance(instance) => {
                    let computed = self.class_attribute(instance.class, Symbol::GETATTR);
                    !instance.is_opaque && computed.is_none()
                }
                _ => false,
            },
            _ => false,
        }
    }

    fn has_known_attribute(&mut self, object: &Value, name: Symbol) -> Option<bool> {
        match object {
            Value::Object(id) => match self.heap.get(*id) {
                Object::Instance(instance) => {
                    if instance.attributes.get(name).is_some()
                        || matches!(name, Symbol::DICT | Symbol::CLASS)
                    {
                        return Some(true);
                    }
                    let (class, is_opaque) = (instance.class, instance.is_opaque);
                    if self.class_attribute(class, name).is_some() {
                        return Some(true);
                    }
                    if is_opaque
                        || self.has_foreign_base(class)
                        || self.class_attribute(class, Symbol::GETATTR).is_some()
                    {
                        None
                    } else {
                        Some(false)
                    }
                }
                Object::Class(_) => {
                    if self.class_attribute(*id, name).is_some()
                        || matches!(
                            name,
                            Symbol::NAME
                                | Symbol::MRO
                                | Symbol::DICT
                                | Symbol::MODULE
                                | Symbol::QUALNAME
                        )
                    {
                        return Some(true);
                    }
                    if self.has_foreign_base(*id) {
                        None
                    } else {
                        Some(false)
                    }
                }
                Object::Module(module) => {
                    if module.names.contains_key(&name) {
                        return Some(true);
                    }
                    None
                }
                Object::Function(function) => Some(
                    function.attributes.get(name).is_some()
                        || matches!(
                            name,
                            Symbol::NAME
                                | Symbol::QUALNAME
                                | Symbol::MODULE
                                | Symbol::DICT
                                | Symbol::CALL
                        ),
                ),
                Object::Descriptor { function, .. } => {
                    let function = function.clone();
                    self.has_known_attribute(&function, name)
                }
                Object::List(_)
                | Object::Dict(_)
                | Object::Frame(_)
                | Object::Alias { .. }
                | Object::Partial { .. } => None,
            },
            Value::None | Value::Int(_) | Value::Float(_) | Value::Bool(_) => Some(false),
            Value::Method(method) => match method.function {
                Callee::Function(function) => {
                    self.has_known_attribute(&Value::Object(function), name)
                }
                Callee::Builtin(_) => None,
            },
            Value::Text(_) => Some(crate::project::values::texts::is_method(
                &self.spelled(name),
            )),
            _ => None,
        }
    }

    fn names_of(&mut self, value: &Value) -> Value {
        let mut names: Vec<Symbol> = Vec::new();
        let mut add = |entries: &[(Symbol, Value)]| {
            for (name, _) in entries {
                if !names.contains(name) {
                    names.push(*name);
                }
            }
        };
        if let Value::Object(id) = value {
            let class = match self.heap.get(*id) {
                Object::Instance(instance) => {
                    add(instance.attributes.entries());
                    Some(instance.class)
                }
                Object::Class(_) => Some(*id),
                Object::Module(module) => {
                    let items = module
                        .names
                        .order()
                        .iter()
                        .map(|name| Value::Text(self.world.symbols.text(*name)))
                        .collect();
                    return self.new_list(items, false);
                }
                _ => None,
            };
            if let Some(class) = class.and_then(|class| self.heap.class(class)) {
                for one in &class.mro {
                    if let Value::Object(parent) = one
                        && let Some(parent) = self.heap.class(*parent)
                    {
                        add(parent.names.entries());
                    }
                }
            }
        }
        if names.is_empty() {
            return Value::Unknown(Reason::Runtime);
        }
        let mut texts: Vec<Arc<str>> = names.into_iter().map(|name| self.spelled(name)).collect();
        texts.sort();
        self.new_list(texts.into_iter().map(Value::Text).collect(), false)
    }
}

pub fn known(truth: Option<bool>) -> Value {
    match truth {
        Some(truth) => Value::Bool(truth),
        None => Value::Unknown(Reason::Runtime),
    }
}
