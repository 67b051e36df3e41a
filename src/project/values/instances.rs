//! Instances: how a class makes them, and what one is when only its type is known; what is an instance of what.
//!
//! `Users(db)` runs `__init__`; a parameter `users: Users` is an instance whose attributes are looked up when asked for.

use super::classes::ParameterSeen;
use crate::facts::program::{ExprId, FunctionId};
use crate::project::symbols::Symbol;
use crate::project::values::calls::Args;
use crate::project::values::heap::{
    ClassObject, DescriptorKind, DictObject, InstanceObject, ListKind, ListObject, Names, Object,
};
use crate::project::values::machine::{Eval, Frame, Locals, Machine, Raise, Scope};
use crate::project::values::natives::Native;
use crate::project::values::value::{ObjectId, Reason, Value};
use crate::project::world::{ModuleKind, Unit};

impl<'w> Machine<'w> {
    pub fn instantiate(&mut self, class: ObjectId, args: Args) -> Eval {
        match self.of_metaclass(class, Symbol::CALL) {
            Some(function) => self.call_bound(&Value::Object(class), &function, args),
            None => self.made(class, args),
        }
    }

    /// `type.__call__(class, …)`: `__new__`, then `__init__`.
    pub(super) fn made(&mut self, class: ObjectId, args: Args) -> Eval {
        if self
            .stack
            .last()
            .is_some_and(|activation| activation.kind == ModuleKind::Test)
            && let Some(found) = self.heap.class(class)
            && self.world.kind(found.module) == ModuleKind::App
        {
            let made = found.class.map(|class| (found.module, class));
            if let Some(made) = made.filter(|made| !self.log.constructed.contains(made)) {
                self.log.constructed.push(made);
            }
        }
        if self.is_enum(class) {
            // `HTTPStatus(response.status_code)` is that status.
            if let Some(status @ Value::Status(_)) = args.positional.first() {
                return Ok(status.clone());
            }
            return Ok(self.enum_member(class, args.positional.first()));
        }
        if let Some((function, owner)) = self.class_attribute(class, Symbol::NEW)
            && self.kind_of_class(owner) != Some(ModuleKind::Model)
        {
            let mut with_class = args.clone();
            with_class.positional.insert(0, Value::Object(class));
            let function = match &function {
                Value::Object(object) => match self.heap.get(*object) {
                    Object::Descriptor { function, .. } => function.clone(),
                    _ => function.clone(),
                },
                _ => function.clone(),
            };
            let made = self.call(&function, with_class)?;
            let own = matches!(&made, Value::Object(object) if self.heap.instance(*object).is_some_and(|instance| instance.class == class));
            if own {
                self.run_init(class, &made, args)?;
                return Ok(made);
            }
            if !made.is_opaque() && made != Value::None {
                let alternatives = made.alternatives().to_vec();
                for one in &alternatives {
                    if let Value::Object(object) = one
                        && self
                            .heap
                            .instance(*object)
                            .is_some_and(|instance| instance.class == class)
                    {
                        self.run_init(class, one, args.clone())?;
                    }
                }
                return Ok(made);
            }
        }
        let instance = self.new_instance(class, &args);
        self.run_init(class, &instance, args)?;
        Ok(instance)
    }

    pub fn new_instance(&mut self, class: ObjectId, args: &Args) -> Value {
        let native = self.heap.class(class).and_then(|found| {
            found.mro.iter().find_map(|one| match one {
                Value::Native(native) => Some(*native),
                _ => None,
            })
        });
        // A constructor of the class decides what its builtin is filled with.
        let fills_itself = self.class_attribute(class, Symbol::INIT).is_some();
        let payload = match native {
            Some(Native::list) => Some(match args.positional.first() {
                Some(first) if !fills_itself => {
                    let unknown = ListObject {
                        is_open: true,
                        ..ListObject::default()
                    };
                    let list = self.elements(&first.clone()).unwrap_or(unknown);
                    self.add_list(list)
                }
                _ => self.new_list(Vec::new(), false),
            }),
            Some(Native::set) => Some(self.list_of(Vec::new(), ListKind::Set)),
            Some(Native::dict) if fills_itself => Some(self.new_dict(Vec::new())),
            Some(Native::dict) => {
                let mut dict = DictObject::default();
                if let Some(first) = args.positional.first() {
                    self.dict_merge(&mut dict, &first.clone());
                }
                for (name, value) in &args.named {
                    dict.items
                        .push((Value::Text(self.world.symbols.text(*name)), value.clone()));
                }
                Some(Value::Object(self.heap.add(Object::Dict(dict))))
            }
            Some(Native::str) => match args.positional.first() {
                Some(value) => self
                    .spellings(&value.clone())
                    .ok()
                    .map(crate::project::values::expressions::alternatives),
                None => Some(Value::text("")),
            },
            Some(native @ (Native::int | Native::float)) => {
                let given = args.positional.first().cloned();
                self.number_of(native, &given.unwrap_or(Value::Int(0)), None)
                    .ok()
            }
            Some(Native::tuple) => match args.positional.first() {
                Some(value) => self
                    .iterate(&value.clone())
                    .ok()
                    .map(|(items, _)| Value::tuple(items)),
                None => Some(Value::tuple(Vec::new())),
            },
            _ => None,
        };
        Value::Object(self.heap.add(Object::Instance(InstanceObject {
            class,
            attributes: Names::default(),
            payload,
            is_opaque: false,
            is_expected: false,
        })))
    }

    pub(super) fn run_init(
        &mut self,
        class: ObjectId,
        instance: &Value,
        args: Args,
    ) -> Result<(), Raise> {
        match self.class_attribute(class, Symbol::INIT) {
            Some((function, _)) => {
                self.call_bound(instance, &function, args)?;
            }
            // A library makes the constructor: of a table's row, a document, a structure. What it is told by name, it keeps.
            None if self.has_foreign_base(class) => {
                for (name, value) in args.named {
                    self.set_attribute(instance, name, value)?;
                }
            }
            None => {}
        }
        Ok(())
    }

    /// Runs the `__init__` of an instance that was only known by its type, with arguments known by their types.
    pub fn initialize(&mut self, id: ObjectId) -> Result<(), Raise> {
        let Some(instance) = self.heap.instance(id) else {
            return Ok(());
        };
        let class = instance.class;
        if self.initializing.contains(&id) || self.initializing.len() > 6 {
            return Ok(());
        }
        if let Object::Instance(instance) = self.heap.get_mut(id) {
            instance.is_opaque = false;
        }
        let Some((function, _)) = self.class_attribute(class, Symbol::INIT) else {
            return Ok(());
        };
        self.initializing.push(id);
        let mark = self.pending.len();
        let calls = self.log.calls.len();
        let before = self.enter_undecided();
        self.weak_below = 0;
        self.is_given_more = true;
        let done = self.bounded(6_000, |machine| {
            machine.call_bound(&Value::Object(id), &function, Args::default())
        });
        self.is_given_more = false;
        self.leave_undecided(before);
        self.pending.truncate(mark);
        self.log.calls.truncate(calls);
        self.initializing.pop();
        match done {
            Err(Raise::Exhausted) => Err(Raise::Exhausted),
            Ok(_) | Err(Raise::Exception(_)) => Ok(()),
        }
    }

    /// An instance of a class of which nothing but the type is known.
    pub fn instance_of(&mut self, class: &Value) -> Eval {
        Ok(match class {
            Value::Object(object) => match self.heap.get(*object) {
                Object::Class(_) => {
                    if self.is_enum(*object) {
                        return Ok(self.enum_member(*object, None));
                    }
                    let value = self.new_instance(*object, &Args::default());
                    if let Value::Object(id) = value
                        && let Object::Instance(instance) = self.heap.get_mut(id)
                    {
                        instance.is_opaque = true;
                        instance.is_expected = true;
                        if let Some(Value::Text(_) | Value::Int(_)) = instance.payload {
                            instance.payload = Some(Value::hole());
                        }
                    }
                    if let Value::Object(id) = value {
                        let payload = self
                            .heap
                            .instance(id)
                            .and_then(|instance| instance.payload.clone());
                        if let Some(Value::Object(payload)) = payload {
                            match self.heap.get_mut(payload) {
                                Object::List(list) => list.is_open = true,
                                Object::Dict(dict) => dict.is_open = true,
                                _ => {}
                            }
                        }
                    }
                    value
                }
                Object::Alias { origin, arguments } => {
                    let (origin, arguments) = (origin.clone(), arguments.clone());
                    return self.instance_of_alias(&origin, &arguments);
                }
                _ => Value::Unknown(Reason::Parameter),
            },
            Value::Native(native) => match native {
                Native::str | Native::bytes => Value::hole(),
                Native::list | Native::set | Native::frozenset => {
                    Value::Object(self.heap.add(Object::List(ListObject {
                        items: Vec::new(),
                        is_open: true,
                        doubtful: 0,
                        kind: ListKind::List,
                    })))
                }
                Native::dict => Value::Object(self.heap.add(Object::Dict(DictObject {
                    items: Vec::new(),
                    is_open: true,
                    doubtful: 0,
                }))),
                _ => Value::Unknown(Reason::Parameter),
            },
            Value::External(path) => self.external_path(*path, Symbol::CALLED),
            Value::Union(values) => {
                let mut result = Value::Unbound;
                for one in values.clone().iter() {
                    if *one == Value::None {
                        continue;
                    }
                    let instance = self.instance_of(one)?;
                    result = result.or(instance);
                }
                if result == Value::Unbound {
                    Value::Unknown(Reason::Parameter)
                } else {
                    result
                }
            }
            Value::Tuple(values) => {
                let mut result = Value::Unbound;
                for one in values.clone().iter() {
                    let instance = self.instance_of(one)?;
                    result = result.or(instance);
                }
                if result == Value::Unbound {
                    Value::Unknown(Reason::Parameter)
                } else {
                    result
                }
            }
            Value::None => Value::None,
            Value::Text(text) => {
                // A forward reference: its name in the scope of the caller is looked up by `instance_of_annotation`.
                let _ = text;
                Value::Unknown(Reason::Parameter)
            }
            _ => Value::Unknown(Reason::Parameter),
        })
    }

    /// `Annotated[X, …]` is an `X`, `Optional[X]` an `X`, `list[X]` a list of unknown length whose elements are `X`.
    pub(super) fn instance_of_alias(&mut self, origin: &Value, arguments: &[Value]) -> Eval {
        let first = arguments
            .first()
            .cloned()
            .unwrap_or(Value::Unknown(Reason::Parameter));
        match origin {
            Value::Native(Native::op_annotated) => self.instance_of(&first),
            Value::Native(Native::op_literal) => Ok(arguments
                .iter()
                .fold(Value::Unbound, |all, one| all.or(one.clone()))),
            Value::Native(Native::op_union) => {
                let mut all = Value::Unbound;
                for argument in arguments {
                    if *argument != Value::None {
                        all = all.or(argument.clone());
                    }
                }
                self.instance_of(&all)
            }
            Value::Native(Native::op_iterator) => {
                let item = self.instance_of(&first)?;
                Ok(Value::Object(self.heap.add(Object::List(ListObject {
                    items: vec![item],
                    is_open: true,
                    doubtful: 0,
                    kind: ListKind::Iterator,
                }))))
            }
            Value::Native(Native::op_awaitable) => {
                let last = arguments
                    .last()
                    .cloned()
                    .unwrap_or(Value::Unknown(Reason::Parameter));
                self.instance_of(&last)
            }
            Value::Native(Native::list | Native::set | Native::frozenset) => {
                let item = self.instance_of(&first)?;
                Ok(Value::Object(self.heap.add(Object::List(ListObject {
                    items: vec![item],
                    is_open: true,
                    doubtful: 0,
                    kind: ListKind::List,
                }))))
            }
            Value::Native(Native::tuple) if !arguments.contains(&Value::Ellipsis) => {
                let mut items = Vec::new();
                for argument in arguments {
                    items.push(self.instance_of(argument)?);
                }
                Ok(Value::tuple(items))
            }
            Value::Native(Native::type_) => Ok(first),
            other => self.instance_of(other),
        }
    }

    /// An instance of what an annotation names, evaluated where it stands.
    pub fn instance_of_annotation(
        &mut self,
        unit: &'w Unit,
        annotation: ExprId,
        closure: Option<ObjectId>,
    ) -> Eval {
        let class = self.annotation(unit, annotation, closure)?;
        self.instance_of(&class)
    }

    /// The value of an annotation; a text is a forward reference.
    pub fn annotation(
        &mut self,
        unit: &'w Unit,
        annotation: ExprId,
        closure: Option<ObjectId>,
    ) -> Eval {
        unit.look_at_line(unit.facts.expr_line(annotation));
        // Inside a function, an annotation sees that function's locals.
        let outer = closure.and_then(|closure| match self.heap.get(closure) {
            Object::Frame(shared) => Some((shared.function, closure)),
            _ => None,
        });
        let function = outer.map_or(FunctionId(0), |(function, _)| function);
        let locals = outer.map_or(Locals::Own(Vec::new()), |(_, frame)| Locals::Shared(frame));
        let mut frame = Frame {
            scope: Scope::Class {
                names: Names::default(),
                fields: Vec::new(),
            },
            ..Frame::new(unit, function, locals, closure, None)
        };
        let value = self.eval(&mut frame, annotation)?;
        match &value {
            Value::Text(text) => {
                let text = text.clone();
                self.forward_reference(unit, &text)
            }
            _ => Ok(value),
        }
    }

    pub(super) fn forward_reference(&mut self, unit: &'w Unit, text: &str) -> Eval {
        // `"Optional[X]"`, `"X | None"`, `"list[X]"`: the innermost dotted name that is a class will do.
        let text = text
            .split('|')
            .map(str::trim)
            .find(|part| *part != "None")
            .unwrap_or(text);
        let mut inner = text;
        if let (Some(open), true) = (inner.find('['), inner.ends_with(']')) {
            let origin = &inner[..open];
            if matches!(
                origin.rsplit('.').next(),
                Some("Optional" | "Annotated" | "Awaitable")
            ) {
                inner = inner[open + 1..inner.len() - 1]
                    .split(',')
                    .next()
                    .unwrap_or("")
                    .trim();
            } else {
                inner = origin;
            }
        }
        let mut parts = inner.split('.');
        let Some(first) = parts.next() else {
            return Ok(Value::Unknown(Reason::Construct));
        };
        let symbol = self.symbol(first);
        let Some(module) = self.module_object(unit.id) else {
            return Ok(Value::Unknown(Reason::Import));
        };
        let mut value = match self.heap.get(module) {
            Object::Module(object) => object.names.get(&symbol).cloned(),
            _ => None,
        }
        .or_else(|| self.builtin(symbol))
        .unwrap_or(Value::Unknown(Reason::Import));
        for part in parts {
            let symbol = self.symbol(part);
            value = self.attribute(&value, symbol)?;
        }
        Ok(value)
    }

    // ---- what is what ---------------------------------------------------------------------------------------------------

    pub fn kind_of_class(&self, class: ObjectId) -> Option<ModuleKind> {
        self.heap
            .class(class)
            .map(|class| self.world.kind(class.module))
    }

    pub fn is_class(&self, value: &Value) -> bool {
        match value {
            Value::Object(object) => matches!(
                self.heap.get(*object),
                Object::Class(_) | Object::Alias { .. }
            ),
            Value::Native(native) => native.is_type(),
            _ => false,
        }
    }

    /// `type(value)`.
    pub fn class_value(&self, value: &Value) -> Value {
        match value {
            Value::Object(object) => match self.heap.get(*object) {
                Object::Instance(instance) => Value::Object(instance.class),
                Object::Class(_) => value.clone(),
                Object::List(list) if list.kind == ListKind::Set => Value::Native(Native::set),
                Object::List(_) => Value::Native(Native::list),
                Object::Dict(_) => Value::Native(Native::dict),
                _ => Value::Unknown(Reason::Construct),
            },
            Value::Text(_) => Value::Native(Native::str),
            Value::Int(_) => Value::Native(Native::int),
            Value::Float(_) => Value::Native(Native::float),
            Value::Bool(_) => Value::Native(Native::bool),
            Value::Tuple(_) => Value::Native(Native::tuple),
            Value::External(path) => match self.spelled(*path).strip_suffix("()") {
                Some(class) => Value::External(self.world.symbols.intern(class)),
                None => Value::Unknown(Reason::Library),
            },
            _ => Value::Unknown(Reason::Construct),
        }
    }

    pub fn is_subclass(&self, class: &Value, other: &Value) -> Option<bool> {
        match other {
            Value::Tuple(values) => return self.any_of(values, |one| self.is_subclass(class, one)),
            Value::Union(values) => return self.any_of(values, |one| self.is_subclass(class, one)),
            Value::Object(object) => match self.heap.get(*object) {
                Object::List(list) => {
                    return self.any_of(&list.items, |one| self.is_subclass(class, one));
                }
                Object::Alias { origin, .. } => return self.is_subclass(class, origin),
                _ => {}
            },
            Value::Unknown(_) => return None,
            Value::Native(Native::object) => return Some(true),
            _ => {}
        }
        if class == other {
            return Some(true);
        }
        match class {
            Value::Object(object) => match self.heap.get(*object) {
                Object::Class(found) => {
                    if found.mro.contains(other) {
                        return Some(true);
                    }
                    if found.mro.iter().any(Value::is_opaque) {
                        None
                    } else {
                        Some(false)
                    }
                }
                Object::Alias { origin, .. } => self.is_subclass(origin, other),
                _ => None,
            },
            Value::Native(Native::bool) if *other == Value::Native(Native::int) => Some(true),
            Value::Native(_) => match other {
                Value::Object(object) => match self.heap.class(*object) {
                    // An abstract class of the standard library may take builtins in.
                    Some(found) if self.world.kind(found.module) == ModuleKind::Model => None,
                    _ => Some(false),
                },
                Value::Native(_) => Some(false),
                _ => None,
            },
            _ => None,
        }
    }

    pub fn is_instance(&self, value: &Value, class: &Value) -> Option<bool> {
        match value {
            Value::Union(values) => {
                let mut result = None;
                for (position, one) in values.iter().enumerate() {
                    let answer = self.is_instance(one, class);
                    if position == 0 {
                        result = answer;
                    } else if answer != result {
                        return None;
                    }
                }
                result
            }
            Value::Unknown(_) | Value::Unbound | Value::Super(_) | Value::Claim(_) => None,
            Value::None | Value::Ellipsis => match class {
                Value::Unknown(_) => None,
                _ => Some(false),
            },
            Value::Status(_) => self.is_subclass(&Value::Native(Native::int), class),
            Value::Object(object) => match self.heap.get(*object) {
                Object::Instance(instance) => {
                    match self.is_subclass(&Value::Object(instance.class), class) {
                        Some(false) => self.conforms(instance, class),
                        answer => answer,
                    }
                }
                Object::List(list) if list.kind == ListKind::Iterator => None,
                Object::List(_) | Object::Dict(_) => {
                    self.is_subclass(&self.class_value(value), class)
                }
                Object::Class(_) => self.is_subclass(&Value::Native(Native::type_), class),
                Object::Alias { origin, .. } if self.makes_classes(origin) => {
                    self.is_subclass(&Value::Native(Native::type_), class)
                }
                _ => match class {
                    Value::Native(native) if native.is_type() => Some(false),
                    Value::Object(object)
                        if self.kind_of_class(*object) == Some(ModuleKind::App) =>
                    {
                        Some(false)
                    }
                    _ => None,
                },
            },
            Value::Text(_) | Value::Int(_) | Value::Float(_) | Value::Bool(_) | Value::Tuple(_) => {
                self.is_subclass(&self.class_value(value), class)
            }
            Value::Method(_) | Value::Native(_) => match class {
                Value::Native(native) if native.is_type() => Some(false),
                Value::Object(object) if self.kind_of_class(*object) == Some(ModuleKind::App) => {
                    Some(false)
                }
                _ => None,
            },
            Value::External(_) => {
                let own = self.class_value(value);
                if own == *class { Some(true) } else { None }
            }
        }
    }

    /// Is what the class gives for arguments in brackets a class, as a model's is, and no description of a type?
    fn makes_classes(&self, origin: &Value) -> bool {
        let mark = self.symbol("covgap_parsed");
        matches!(origin, Value::Object(id) if self.class_attribute(*id, mark).is_some())
    }

    /// Does an instance have what a protocol asks for? Of a class that is none: no. (PEP 544)
    fn conforms(&self, instance: &InstanceObject, class: &Value) -> Option<bool> {
        let protocol = match class {
            Value::Tuple(classes) => {
                return self.any_of(classes, |one| self.conforms(instance, one));
            }
            Value::Object(id) => match self.heap.class(*id) {
                Some(protocol) if self.is_structural(protocol) => protocol,
                _ => return Some(false),
            },
            _ => return Some(false),
        };
        let members = protocol.names.entries().iter().map(|(name, _)| *name);
        let mut members = members.chain(protocol.fields.iter().map(|(name, _)| *name));
        let has_all = members.all(|name| {
            instance.attributes.get(name).is_some()
                || self.class_attribute(instance.class, name).is_some()
        });
        has_all.then_some(true)
    }

    /// Is it one of the classes whose instances are known by what they have?
    fn is_structural(&self, class: &ClassObject) -> bool {
        let mark = self.symbol("covgap_structural");
        class.bases.iter().any(|base: &Value| {
            let base = match base {
                Value::Object(id) => match self.heap.get(*id) {
                    Object::Alias { origin, .. } => origin,
                    _ => base,
                },
                _ => base,
            };
            let Value::Object(id) = base else {
                return false;
            };
            let class = self.heap.class(*id);
            class.is_some_and(|class| class.names.get(mark).is_some())
        })
    }

    pub(super) fn any_of(
        &self,
        values: &[Value],
        mut ask: impl FnMut(&Value) -> Option<bool>,
    ) -> Option<bool> {
        let mut result = Some(false);
        for value in values {
            match ask(value) {
                Some(true) => return Some(true),
                Some(false) => {}
                None => result = None,
            }
        }
        result
    }

    // ---- enums ----------------------------------------------------------------------------------------------------------

    /// The parameters of a callable as the framework sees them: name, annotation, default, kind.
    pub fn parameters_of(&mut self, callee: &Value) -> Result<Vec<ParameterSeen>, Raise> {
        if let Value::Object(object) = callee
            && let Some(parameters) = self.reflected(*object)
        {
            return Ok(parameters);
        }
        match callee {
            Value::Method(method) => {
                let crate::project::values::value::Callee::Function(function) = method.function
                else {
                    return Ok(Vec::new());
                };
                let mut parameters = self.parameters_of(&Value::Object(function))?;
                if !parameters.is_empty() {
                    parameters.remove(0);
                }
                Ok(parameters)
            }
            Value::Object(object) => match self.heap.get(*object) {
                Object::Function(function) => {
                    let (module, number, closure, defaults) = (
                        function.module,
                        function.function,
                        function.closure,
                        function.defaults.clone(),
                    );
                    let class = function.class;
                    if let Some(wrapped) = function.attributes.get(Symbol::WRAPPED).cloned() {
                        return self.parameters_of(&wrapped);
                    }
                    let Some(unit) = self.world.code(module, number) else {
                        return Ok(Vec::new());
                    };
                    let facts = unit.facts.function(number);
                    let mut result: Vec<ParameterSeen> = Vec::new();
                    let mut next_default = 0;
                    for parameter in unit.facts.parameter_list(facts.parameters) {
                        let annotation = match (parameter.annotation, class) {
                            (Some(annotation), _) => {
                                Some(self.annotation(unit, annotation, closure)?)
                            }
                            // An unbound method whose first parameter a class-based view injects.
                            (None, Some(class)) if result.is_empty() => Some(Value::Object(class)),
                            (None, _) => None,
                        };
                        let default = parameter.default.map(|_| {
                            next_default += 1;
                            defaults
                                .get(next_default - 1)
                                .cloned()
                                .unwrap_or(Value::Unknown(Reason::Parameter))
                        });
                        result.push(ParameterSeen {
                            name: unit.symbol(parameter.name),
                            annotation,
                            default,
                            kind: parameter.kind,
                        });
                    }
                    Ok(result)
                }
                Object::Class(_) => {
                    let class = *object;
                    if let Some(parameters) = self.parameters_of_model(class)? {
                        return Ok(parameters);
                    }
                    match self.class_attribute(class, Symbol::INIT) {
                        Some((function, _)) => {
                            let mut parameters = self.parameters_of(&function)?;
                            if !parameters.is_empty() {
                                parameters.remove(0);
                            }
                            Ok(parameters)
                        }
                        None => Ok(Vec::new()),
                    }
                }
                Object::Instance(instance) => {
                    let class = instance.class;
                    match self.class_attribute(class, Symbol::CALL) {
                        Some((function, _)) => {
                            let mut parameters = self.parameters_of(&function)?;
                            if !parameters.is_empty() {
                                parameters.remove(0);
                            }
                            Ok(parameters)
                        }
                        None => Ok(Vec::new()),
                    }
                }
                Object::Partial {
                    function,
                    positional,
                    named,
                } => {
                    let (function, given, named) =
                        (function.clone(), positional.len(), named.clone());
                    let mut parameters = self.parameters_of(&function)?;
                    parameters.drain(..given.min(parameters.len()));
                    parameters
                        .retain(|parameter| !named.iter().any(|(name, _)| *name == parameter.name));
                    Ok(parameters)
                }
                Object::Descriptor { function, .. } => {
                    let function = function.clone();
                    self.parameters_of(&function)
                }
                _ => Ok(Vec::new()),
            },
            _ => Ok(Vec::new()),
        }
    }

    pub fn descriptor(&mut self, kind: DescriptorKind, function: Value) -> Value {
        Value::Object(self.heap.add(Object::Descriptor { kind, function }))
    }
}
