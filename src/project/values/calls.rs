//! Calls: binds arguments to parameters, runs the body, and notes when a test calls the project's own code directly.
//!
//! `create_user(client, name="x")` from a test helper runs the helper with these values, so that the request it sends is read
//! as if it stood in the test.

use std::sync::Arc;

use smallvec::SmallVec;

use crate::facts::program::{Function, FunctionId, ParameterKind};
use crate::project::symbols::Symbol;
use crate::project::values::heap::{
    DescriptorKind, DictObject, FrameObject, ListKind, ListObject, Object,
};
use crate::project::values::log::{Call, CallSite, Callee as Called};
use crate::project::values::machine::{
    Activation, DEEPEST, Eval, Flow, Frame, Locals, MOST_RECURSION, Machine, Raise,
};
use crate::project::values::room::{Bound, Room};
use crate::project::values::suspended::Suspension;
use crate::project::values::value::{Callee, Method, ObjectId, Reason, Value};
use crate::project::world::{ModuleId, ModuleKind};

/// Steps that one call from a module's body may take; the module goes on without its result.
const STEPS_OF_A_CALL_BY_A_MODULE: u64 = 100_000;

/// The arguments of a call.
#[derive(Debug, Default, Clone)]
pub struct Args {
    pub positional: SmallVec<[Value; 4]>,
    pub named: SmallVec<[(Symbol, Value); 4]>,
    /// There may be others: `*unknown` or `**unknown`.
    pub is_open: bool,
}

impl Args {
    pub fn of(values: impl IntoIterator<Item = Value>) -> Args {
        Args {
            positional: values.into_iter().collect(),
            ..Args::default()
        }
    }

    /// The argument of this keyword.
    pub fn keyword(&self, name: Symbol) -> Option<Value> {
        let mut named = self.named.iter();
        let found = named.find(|(known, _)| *known == name);
        found.map(|(_, value)| value.clone())
    }

    pub fn take(&self, position: usize, name: Symbol) -> Option<Value> {
        let positional = self.positional.get(position).cloned();
        positional.or_else(|| self.keyword(name))
    }
}

impl<'w> Machine<'w> {
    pub fn call(&mut self, callee: &Value, args: Args) -> Eval {
        match callee {
            Value::Object(object) => self.call_object(*object, args),
            Value::Method(method) => {
                let method = method.clone();
                match &method.function {
                    Callee::Function(function) => {
                        self.call_function(*function, Some(method.receiver.clone()), args)
                    }
                    Callee::Builtin(name) => self.call_builtin(&method.receiver, *name, args),
                }
            }
            Value::Native(native) => {
                if self.notes_blocking {
                    self.builtin_may_block(native.name(), &args);
                }
                self.call_native(*native, args)
            }
            Value::External(path) => self.call_external(*path, &args),
            Value::Union(values) => {
                let values = values.clone();
                self.call_each(&values, |machine, one| {
                    if *one == Value::None {
                        Ok(Value::Unbound)
                    } else {
                        machine.call(one, args.clone())
                    }
                })
            }
            Value::Unknown(reason) => {
                self.strange_calls += 1;
                Ok(Value::Unknown(*reason))
            }
            _ => {
                self.strange_calls += 1;
                Ok(Value::Unknown(Reason::Construct))
            }
        }
    }

    /// Joins what the alternatives give, each of which only may happen.
    pub fn call_each(
        &mut self,
        values: &[Value],
        mut work: impl FnMut(&mut Self, &Value) -> Eval,
    ) -> Eval {
        let mark = self.enter_undecided();
        let mut result = Value::Unbound;
        let mut failure = None;
        for value in values {
            match work(self, value) {
                Ok(value) => result = result.or(value),
                Err(Raise::Exception(raised)) => {
                    failure = Some((*raised).clone());
                    self.may_raise(*raised);
                }
                Err(Raise::Exhausted) => {
                    self.leave_undecided(mark);
                    return Err(Raise::Exhausted);
                }
            }
        }
        self.leave_undecided(mark);
        match (result, failure) {
            (Value::Unbound, Some(raised)) => Err(Raise::Exception(Box::new(raised))),
            (Value::Unbound, None) => Ok(Value::Unknown(Reason::Runtime)),
            (result, _) => Ok(result),
        }
    }

    fn call_object(&mut self, object: ObjectId, args: Args) -> Eval {
        match self.heap.get(object) {
            Object::Function(_) => self.call_function(object, None, args),
            Object::Class(_) => self.instantiate(object, args),
            Object::Instance(instance) => {
                let class = instance.class;
                match self.class_attribute(class, Symbol::CALL) {
                    Some((function, _)) => self.call_bound(&Value::Object(object), &function, args),
                    None => Ok(Value::Unknown(Reason::Library)),
                }
            }
            Object::Partial {
                function,
                positional,
                named,
            } => {
                let function = function.clone();
                let mut all = Args {
                    positional: positional.iter().cloned().collect(),
                    named: args.named.clone(),
                    is_open: args.is_open,
                };
                all.positional.extend(args.positional);
                for (name, value) in named.clone() {
                    if !all.named.iter().any(|(known, _)| *known == name) {
                        all.named.push((name, value));
                    }
                }
                self.call(&function, all)
            }
            Object::Descriptor { function, .. } => {
                let function = function.clone();
                self.call(&function, args)
            }
            Object::Alias { origin, .. } => {
                let origin = origin.clone();
                self.call(&origin, args)
            }
            Object::List(_) | Object::Dict(_) | Object::Module(_) | Object::Frame(_) => {
                Ok(Value::Unknown(Reason::Construct))
            }
        }
    }

    /// `receiver.name(args)`.
    pub fn call_attribute(&mut self, receiver: &Value, name: Symbol, args: Args) -> Eval {
        match receiver {
            Value::Union(values) => {
                let values = values.clone();
                self.call_each(&values, |machine, one| {
                    if matches!(one, Value::None) {
                        Ok(Value::Unbound)
                    } else {
                        machine.call_attribute(one, name, args.clone())
                    }
                })
            }
            Value::Object(object) => {
                let object = *object;
                match self.heap.get(object) {
                    Object::Instance(instance) => {
                        if instance.attributes.get(name).is_none() {
                            let class = instance.class;
                            let payload = instance.payload.clone();
                            match self.class_attribute(class, name) {
                                Some((Value::Object(function), _))
                                    if matches!(self.heap.get(function), Object::Function(_)) =>
                                {
                                    return self.call_function(
                                        function,
                                        Some(receiver.clone()),
                                        args,
                                    );
                                }
                                Some(_) => {}
                                None => {
                                    if let Some(payload) = payload {
                                        return self.call_attribute(&payload, name, args);
                                    }
                                }
                            }
                        }
                        let callee = self.attribute(receiver, name)?;
                        if callee.is_unknown() {
                            self.note_unresolved(&callee, name, &args);
                        }
                        self.call(&callee, args)
                    }
                    Object::List(_) => self.call_list_method(object, name, args),
                    Object::Dict(_) => self.call_dict_method(object, name, args),
                    _ => {
                        let callee = self.attribute(receiver, name)?;
                        self.call(&callee, args)
                    }
                }
            }
            Value::Text(text) => {
                let text = text.clone();
                self.call_text_method(&text, name, args)
            }
            Value::Tuple(items) => {
                let items = items.to_vec();
                let list = self.heap.add(Object::List(ListObject {
                    items,
                    ..ListObject::default()
                }));
                self.call_list_method(list, name, args)
            }
            Value::Unknown(_) => {
                self.strange_calls += 1;
                self.note_unresolved(receiver, name, &args);
                Ok(receiver.clone())
            }
            _ => {
                let callee = self.attribute(receiver, name)?;
                self.call(&callee, args)
            }
        }
    }

    /// A method of a builtin type, or of an object that only Python itself gives methods.
    fn call_builtin(&mut self, receiver: &Value, name: Symbol, mut args: Args) -> Eval {
        match receiver {
            Value::Text(_) | Value::Tuple(_) => self.call_attribute(receiver, name, args),
            // `str.upper(text)`
            Value::Native(_)
                if !args.positional.is_empty()
                    && !matches!(args.positional[0], Value::Native(_)) =>
            {
                let first = args.positional.remove(0);
                match first {
                    Value::Text(_) | Value::Tuple(_) | Value::Object(_)
                        if !self.is_class(&first) =>
                    {
                        self.call_attribute(&first, name, args)
                    }
                    _ => Ok(Value::Unknown(Reason::Construct)),
                }
            }
            Value::Object(object) => match self.heap.get(*object) {
                Object::List(_) => self.call_list_method(*object, name, args),
                Object::Dict(_) => self.call_dict_method(*object, name, args),
                Object::Class(class) if name == Symbol::SUBCLASSES => {
                    let subclasses = self.heap.list(class.subclasses);
                    let items = subclasses.map(|list| list.items.clone());
                    Ok(self.new_list(items.unwrap_or_default(), false))
                }
                Object::Class(class) if name == Symbol::MRO_METHOD => {
                    let items = class.mro.clone();
                    Ok(self.new_list(items, false))
                }
                Object::Descriptor { function, .. } if self.spelling(name) == "setter" => {
                    let getter = function.clone();
                    Ok(self.property(getter, args.positional.into_iter().next()))
                }
                // `@name.deleter` leaves the property as it is.
                Object::Descriptor { .. } => Ok(receiver.clone()),
                _ => Ok(Value::Unknown(Reason::Construct)),
            },
            _ => Ok(Value::Unknown(Reason::Construct)),
        }
    }

    /// Calls a class attribute as a method of `receiver`.
    pub fn call_bound(&mut self, receiver: &Value, function: &Value, args: Args) -> Eval {
        match function {
            Value::Object(object) => match self.heap.get(*object) {
                Object::Function(_) => self.call_function(*object, Some(receiver.clone()), args),
                Object::Descriptor { kind, function } => {
                    let (kind, function) = (*kind, function.clone());
                    match kind {
                        DescriptorKind::Static => self.call(&function, args),
                        DescriptorKind::Class => {
                            let class = self.class_value(receiver);
                            self.call_bound(&class, &function, args)
                        }
                        DescriptorKind::Property => {
                            let value = self.call_bound(receiver, &function, Args::default())?;
                            self.call(&value, args)
                        }
                    }
                }
                Object::Partial { .. } => self.call(function, args),
                _ => self.call(function, args),
            },
            other => self.call(other, args),
        }
    }

    /// Runs a function of the project or of a model.
    pub fn call_function(&mut self, object: ObjectId, receiver: Option<Value>, args: Args) -> Eval {
        self.step()?;
        let Object::Function(function) = self.heap.get(object) else {
            return Ok(Value::Unknown(Reason::Construct));
        };
        if let Some(Value::Object(kept)) = function.attributes.get(Symbol::KEPT) {
            return self.call_kept(object, *kept, receiver, args);
        }
        self.call_anew(object, receiver, args)
    }

    /// Runs a function, whatever it gave before.
    pub(super) fn call_anew(
        &mut self,
        object: ObjectId,
        receiver: Option<Value>,
        args: Args,
    ) -> Eval {
        let Object::Function(function) = self.heap.get(object) else {
            return Ok(Value::Unknown(Reason::Construct));
        };
        let (module, number) = (function.module, function.function);
        let (closure, class) = (function.closure, function.class);
        let Some(unit) = self.world.code(module, number) else {
            return Ok(Value::Unknown(Reason::Import));
        };
        let kind = unit.kind;
        let caller = self.stack.last().map(|activation| activation.kind);
        let facts = unit.facts.function(number);
        // `def create(*args): return create_with(db, *args)`: a coroutine runs where it is awaited, and its caller is who awaits it.
        let is_awaited_by_caller =
            std::mem::take(&mut self.is_handed_on) && facts.is_async && !facts.is_generator;
        let caller_before = self.stack.iter().rev().nth(1);
        let is_direct = kind == ModuleKind::App
            && (caller == Some(ModuleKind::Test)
                || is_awaited_by_caller
                    && caller_before.is_some_and(|before| before.kind == ModuleKind::Test));
        if is_direct && &*unit.facts.names[facts.name.0 as usize] != "<lambda>" {
            self.note_call(module, number, receiver.as_ref());
        }
        if self.notes_blocking && kind == ModuleKind::Model {
            self.model_may_block(unit, number, receiver.as_ref(), &args);
        }
        if self.notes_calls {
            self.note_call_site(object, unit, number);
        }
        if kind == ModuleKind::App && self.watched.contains(&(module, number)) {
            self.spoil_summaries();
            if !self.log.ran.contains(&(module, number)) {
                self.log.ran.push((module, number));
            }
        }
        let below = self.importing.last().copied().unwrap_or(0);
        if self.stack.len().saturating_sub(below) >= DEEPEST {
            self.bound_reached += 1;
            self.spoil_summaries();
            return Ok(Value::Unknown(Reason::Bound));
        }
        let most = most_recursion(kind, facts);
        let same: SmallVec<[usize; MOST_RECURSION]> = self
            .stack
            .iter()
            .enumerate()
            .rev()
            .filter(|(_, activation)| activation.module == module && activation.function == number)
            .map(|(position, _)| position)
            .take(most)
            .collect();
        if same.len() == most {
            self.note_most_recursion((module, number), most);
            return Ok(Value::Unknown(Reason::Bound));
        }
        // A call inside itself that is told nothing finds out nothing: `copy(item) for item in something_unknown`.
        if let Some(position) = same.first()
            && args.tells_nothing()
        {
            self.heap.touched().spoil(position + 1);
            return Ok(Value::Unknown(Reason::Runtime));
        }
        if kind != ModuleKind::Model
            && let Some(visited) = &mut self.visited
        {
            visited.insert((module, number));
        }
        let values = self.bind(object, unit, number, receiver, args)?;
        let run = |machine: &mut Self| {
            machine.summarized(
                (module, number),
                closure,
                class,
                is_direct,
                values,
                |machine, values| machine.run_function(object, unit, number, is_direct, values),
            )
        };
        let is_asked = self.visited.is_some() || self.doubts_types;
        if kind != ModuleKind::App || !is_asked || !self.calls_for_a_handler() {
            return run(self);
        }
        // All of a handler is asked how it fails: what it calls takes no more than a share of what is left, so that its
        // statements after a costly one are seen, too.
        let is_handler = self.exploring.handler == Some((module, number));
        let share = if self.exploring.is_brief && !is_handler {
            Bound::share(1, 4)
        } else {
            Bound::share(7, 8)
        };
        let result = self.bounded(share, run);
        if is_handler && matches!(result, Ok(Value::Unknown(Reason::Bound))) {
            self.exploring.is_cut_off = true;
            self.spoil_summaries();
        }
        result
    }

    /// Runs the body of a function whose locals are bound.
    fn run_function(
        &mut self,
        object: ObjectId,
        unit: &'w crate::project::world::Unit,
        number: FunctionId,
        is_direct: bool,
        values: Vec<Value>,
    ) -> Eval {
        let Object::Function(function) = self.heap.get(object) else {
            return Ok(Value::Unknown(Reason::Construct));
        };
        let (module, kind) = (unit.id, unit.kind);
        let (closure, class) = (function.closure, function.class);
        let facts = unit.facts.function(number);
        let locals = if facts.is_captured {
            Locals::Shared(self.heap.add(Object::Frame(FrameObject {
                module,
                function: number,
                values,
                closure,
                class,
            })))
        } else {
            Locals::Own(values)
        };
        let mut frame = Frame {
            is_fixture: std::mem::take(&mut self.begins_fixture),
            suspension: match std::mem::take(&mut self.suspends) && facts.is_generator {
                true => Suspension::AtYield {
                    undecided: self.undecided,
                },
                false => Suspension::Never,
            },
            ..Frame::new(unit, number, locals, closure, class)
        };
        self.stack.push(Activation {
            module,
            function: number,
            kind,
            line: facts.line,
        });
        let (body, is_generator, depth) = (facts.body, facts.is_generator, self.stack.len());
        let flow = if is_direct {
            self.exec_called_by_a_test(&mut frame, body, is_generator)
        } else if depth > 1 && self.stack[depth - 2].function == FunctionId(0) && !self.forgives {
            let done = self.exec_at_most(&mut frame, body, STEPS_OF_A_CALL_BY_A_MODULE);
            self.stack.truncate(depth);
            done?
        } else {
            self.exec_body(&mut frame, body)
        };
        self.stack.pop();
        let flow = match flow {
            // Some way through the body has returned or yielded before: the end of the others only may happen.
            Err(Raise::Exception(raised))
                if if is_generator {
                    !frame.yielded.is_empty()
                } else {
                    frame.returned.is_some()
                } =>
            {
                self.claim_returns(&frame.expected, &raised);
                self.may_raise(*raised);
                Ok(Flow::Return)
            }
            other => other,
        };
        if let Err(Raise::Exhausted) = flow
            && is_generator
            && !frame.yielded.is_empty()
        {
            // A generator is cut off, and what it has yielded counts: with more steps, more of it would run.
            self.room = self.room.and(Room::exactly(self.limit));
        }
        match flow {
            Err(raise) if !is_generator || frame.yielded.is_empty() => Err(raise),
            _ if is_generator => {
                let items = std::mem::take(&mut frame.yielded);
                let yielded = self.add_list(ListObject {
                    is_open: items.is_empty(),
                    items,
                    doubtful: 0,
                    kind: ListKind::Iterator,
                });
                Ok(self.with_suspension(frame, yielded))
            }
            Ok(Flow::Return) => {
                self.typed_result(unit, number, object, frame.returned.unwrap_or(Value::None))
            }
            Ok(_) => {
                let value = match frame.returned {
                    Some(value) => value.or(Value::None),
                    None => Value::None,
                };
                self.typed_result(unit, number, object, value)
            }
            Err(raise) => Err(raise),
        }
    }

    /// An unknown result of a function with a declared type is an instance of that type; one that may be something else, too, is it
    /// or an instance.
    fn typed_result(
        &mut self,
        unit: &'w crate::project::world::Unit,
        number: FunctionId,
        object: ObjectId,
        value: Value,
    ) -> Eval {
        // An answer to a request tells more than its type.
        let is_untold = |value: &Value| {
            value.is_opaque() && !matches!(value, Value::Unknown(Reason::Answer(_)))
        };
        if !value.alternatives().iter().any(is_untold) || unit.kind == ModuleKind::Model {
            return Ok(value);
        }
        let Some(returns) = unit.facts.function(number).returns else {
            return Ok(value);
        };
        let Object::Function(function) = self.heap.get(object) else {
            return Ok(value);
        };
        let closure = function.closure;
        let instance = self.instance_of_annotation(unit, returns, closure)?;
        if instance.is_unknown() {
            return Ok(value);
        }
        let mut result = Value::Unbound;
        for one in value.alternatives() {
            let told = if is_untold(one) { &instance } else { one };
            result = result.or(told.clone());
        }
        Ok(result)
    }

    /// Which function of the project calls this one, be it through a library, or which calls one of a library.
    fn note_call_site(
        &mut self,
        object: ObjectId,
        unit: &'w crate::project::world::Unit,
        number: FunctionId,
    ) {
        let is_direct = self
            .stack
            .last()
            .is_some_and(|activation| activation.kind == ModuleKind::App);
        let callee = match self.code_of(&Value::Object(object)) {
            Some((module, function)) => Called::Own(module, function),
            None if is_direct && unit.kind == ModuleKind::Model => {
                let qualified = unit.facts.name(unit.facts.function(number).qualified_name);
                Called::Library(Arc::from(format!("{}.{qualified}", unit.name)))
            }
            None => return,
        };
        self.note_callee(callee);
    }

    pub(super) fn note_callee(&mut self, callee: Called) {
        if let Some(caller) = self.own_activation() {
            self.call_sites.insert(CallSite {
                module: caller.module,
                function: caller.function,
                line: caller.line,
                callee,
            });
        }
    }

    fn note_call(&mut self, module: ModuleId, function: FunctionId, receiver: Option<&Value>) {
        let class = match receiver {
            Some(Value::Object(object)) => {
                self.heap.instance(*object).map(|instance| instance.class)
            }
            _ => None,
        };
        let from = self.own_place();
        let call = Call {
            module,
            function,
            from,
            class,
        };
        self.log.note_call(call);
    }

    fn bind(
        &mut self,
        object: ObjectId,
        unit: &'w crate::project::world::Unit,
        number: FunctionId,
        receiver: Option<Value>,
        args: Args,
    ) -> Result<Vec<Value>, Raise> {
        let facts = unit.facts.function(number);
        let parameters = unit.facts.parameter_list(facts.parameters);
        let is_given_more = std::mem::take(&mut self.is_given_more) || args.is_open;
        let mut values = vec![Value::Unbound; facts.locals.len()];
        let mut positional = receiver.into_iter().chain(args.positional);
        let mut named = args.named;
        let mut default = 0;
        for (slot, parameter) in parameters.iter().enumerate() {
            let symbol = unit.symbol(parameter.name);
            let value = match parameter.kind {
                ParameterKind::Star => {
                    let rest: Vec<Value> = positional.by_ref().collect();
                    Some(if is_given_more {
                        Value::Object(self.heap.add(Object::List(ListObject {
                            items: rest,
                            is_open: true,
                            doubtful: 0,
                            kind: ListKind::List,
                        })))
                    } else {
                        Value::tuple(rest)
                    })
                }
                ParameterKind::DoubleStar => {
                    let items = named
                        .drain(..)
                        .map(|(name, value)| (Value::Text(self.world.symbols.text(name)), value))
                        .collect();
                    Some(Value::Object(self.heap.add(Object::Dict(DictObject {
                        items,
                        is_open: is_given_more,
                        doubtful: 0,
                    }))))
                }
                ParameterKind::PositionalOnly => positional.next(),
                ParameterKind::Positional => {
                    positional.next().or_else(|| take_named(&mut named, symbol))
                }
                ParameterKind::KeywordOnly => take_named(&mut named, symbol),
            };
            let value = match (value, parameter.default) {
                (Some(value), Some(_)) => {
                    default += 1;
                    value
                }
                (Some(value), None) => value,
                (None, Some(_)) => {
                    default += 1;
                    match self.heap.get(object) {
                        Object::Function(function) => {
                            let value = function
                                .defaults
                                .get(default - 1)
                                .cloned()
                                .unwrap_or(Value::Unknown(Reason::Parameter));
                            if args.is_open {
                                value.or(Value::Unknown(Reason::Parameter))
                            } else {
                                value
                            }
                        }
                        _ => Value::Unknown(Reason::Parameter),
                    }
                }
                (None, None) => match parameter.annotation {
                    Some(annotation) if unit.kind != ModuleKind::Model => {
                        let closure = match self.heap.get(object) {
                            Object::Function(function) => function.closure,
                            _ => None,
                        };
                        match self.instance_of_annotation(unit, annotation, closure)? {
                            Value::Unknown(_) => Value::Unknown(Reason::Parameter),
                            value => value,
                        }
                    }
                    _ => Value::Unknown(Reason::Parameter),
                },
            };
            values[slot] = value;
        }
        Ok(values)
    }

    pub fn bound_method(&self, receiver: Value, function: ObjectId) -> Value {
        Value::Method(Arc::new(Method {
            receiver,
            function: Callee::Function(function),
        }))
    }

    /// What awaiting a value gives: coroutines have already run.
    pub fn awaited(&mut self, value: Value) -> Eval {
        if let Value::Object(object) = &value
            && let Some(instance) = self.heap.instance(*object)
        {
            let class = instance.class;
            if let Some((function, _)) = self.class_attribute(class, Symbol::AWAIT) {
                let result = self.call_bound(&value, &function, Args::default())?;
                // `__await__` of a model gives the result itself; of the project, an iterator that nobody sees.
                return Ok(match &result {
                    Value::Object(object)
                        if self
                            .heap
                            .list(*object)
                            .is_some_and(|list| list.kind == ListKind::Iterator) =>
                    {
                        Value::Unknown(Reason::Runtime)
                    }
                    _ => result,
                });
            }
        }
        Ok(value)
    }
}

/// Models recurse as deep as what they describe: dependencies of dependencies. Wrappers stand on each other, too.
pub(super) fn most_recursion(kind: ModuleKind, function: &Function) -> usize {
    match kind {
        ModuleKind::App | ModuleKind::Test if !function.may_nest => MOST_RECURSION,
        _ => MOST_RECURSION * 4,
    }
}

fn take_named(named: &mut SmallVec<[(Symbol, Value); 4]>, symbol: Symbol) -> Option<Value> {
    let position = named.iter().position(|(name, _)| *name == symbol)?;
    Some(named.remove(position).1)
}
