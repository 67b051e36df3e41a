//! Calls, constructors and methods of scripts.
//!
//! `new Api("/v1").list()` runs the constructor and the method with what they are given, as Python's `Api("/v1").list()` does.

use std::rc::Rc;

use super::effects::Edge;
use super::machine::{DEEPEST, DEEPEST_NESTING, Frame, Machine};
use super::value::{
    ClassIndex, Closure, FunctionKey, Hole, Object, ObjectId, Scope, ScriptId, Value,
};
use crate::facts::script::program::{ClassMemberKind, Expr, ExprId, Name, Pattern};

type Site = Option<(ScriptId, ExprId)>;

impl Machine<'_> {
    pub fn call_expression(
        &mut self,
        id: ExprId,
        callee: ExprId,
        arguments: &[ExprId],
        scope: &Scope,
    ) -> Value {
        let script = self.current_script();
        let Some(program) = self.scripts.script(script) else {
            return Value::Unknown(Hole::Other);
        };
        if let Expr::Super = program.expr(callee) {
            let arguments = self.arguments(arguments, scope);
            self.call_super(arguments, Some((script, id)));
            return Value::Undefined;
        }
        let function = self.expression(callee, scope);
        let arguments = self.arguments(arguments, scope);
        self.call(&function, arguments, Some((script, id)))
    }

    /// Calls whatever can be called. What a library calls back is a step, too, and goes one deeper.
    pub fn call(&mut self, callee: &Value, arguments: Vec<Value>, site: Site) -> Value {
        if !self.step() || self.nesting > DEEPEST_NESTING {
            return Value::Unknown(Hole::Other);
        }
        self.nesting += 1;
        let value = self.call_at(callee, arguments, site);
        self.nesting -= 1;
        value
    }

    fn call_at(&mut self, callee: &Value, arguments: Vec<Value>, site: Site) -> Value {
        match callee {
            Value::Function(closure) => self.call_closure(closure, arguments, site, None),
            Value::Native(native) => {
                let native = native.clone();
                self.call_native(&native.name, &native.receiver, arguments, site)
            }
            Value::OneOf(values) => {
                let values = values.clone();
                self.undecided += 1;
                let results = values
                    .iter()
                    .map(|value| self.call(value, arguments.clone(), site))
                    .collect();
                self.undecided -= 1;
                Value::one_of(results)
            }
            Value::Object(id) => match self.object(*id).and_then(|o| o.field("covgap_call")) {
                Some(inner) => {
                    let inner = inner.clone();
                    self.call(&inner, arguments, site)
                }
                None => Value::Unknown(Hole::Other),
            },
            Value::External(name, is_own) => {
                let (name, is_own) = (name.clone(), *is_own);
                self.call_external(&name, is_own, &arguments, site);
                Value::External(format!("{name}()").into(), is_own)
            }
            Value::Unknown(hole) => Value::Unknown(*hole),
            _ => Value::Unknown(Hole::Other),
        }
    }

    /// Runs a function. `this` is what it is called on, when that is not what it is bound to.
    pub fn call_closure(
        &mut self,
        closure: &Rc<Closure>,
        arguments: Vec<Value>,
        site: Site,
        this: Option<Value>,
    ) -> Value {
        let key = closure.key;
        if let Some(caller) = self.current_function()
            && !self.scripts.is_model(key.script)
        {
            let at = site.filter(|(script, _)| *script == caller.script);
            self.effects
                .edge_at(caller, Edge::Function(key), at.map(|(_, expr)| expr));
        }
        let again = self
            .frames
            .iter()
            .filter(|frame| frame.function == Some(key))
            .count();
        if self.frames.len() >= DEEPEST || again >= 2 || !self.step() {
            return Value::Unknown(Hole::Other);
        }
        let Some(function) = self
            .scripts
            .script(key.script)
            .and_then(|script| script.function(key.function))
        else {
            return Value::Unknown(Hole::Other);
        };
        let scope = Scope::new(Some(&closure.scope));
        let is_model = self.scripts.is_model(key.script);
        self.frames.push(Frame {
            script: key.script,
            function: Some(key),
            // A model calls back in the name of whoever called it.
            site,
            this: this.unwrap_or_else(|| closure.this.clone()),
            home: closure.home,
            returned: Vec::new(),
        });
        let undecided = std::mem::take(&mut self.undecided);
        if !function.is_arrow && !is_model {
            let all = self.list(arguments.clone());
            scope.declare(&Name::from("arguments"), all);
        }
        for (position, parameter) in function.parameters.iter().enumerate() {
            let value = match &parameter.pattern {
                Pattern::Rest(_) => {
                    let rest = arguments.get(position..).unwrap_or_default().to_vec();
                    self.list(rest)
                }
                _ => arguments.get(position).cloned().unwrap_or(Value::Undefined),
            };
            self.bind(&parameter.pattern, value, &scope, true);
            if parameter.is_field
                && let Some(name) = name_of(&parameter.pattern)
                && let Some(value) = scope.find(name)
            {
                let this = self.frames.last().map(|frame| frame.this.clone());
                self.set_member(&this.unwrap_or(Value::Undefined), name, value);
            }
        }
        self.statements(&function.body, &scope);
        self.undecided = undecided;
        let returned = self.frames.pop().map(|frame| frame.returned);
        let returned = returned.unwrap_or_default();
        // Of several ways out, one that gives something says more.
        let some: Vec<Value> = returned
            .iter()
            .filter(|value| !matches!(value, Value::Undefined | Value::Null))
            .cloned()
            .collect();
        if some.is_empty() {
            Value::one_of(returned)
        } else {
            Value::one_of(some)
        }
    }

    pub fn new_of(&mut self, callee: &Value, arguments: Vec<Value>, site: Site) -> Value {
        match callee {
            Value::Class(class) => match self.construct(*class, Some(arguments), site) {
                Some(id) => Value::Object(id),
                None => Value::Unknown(Hole::Other),
            },
            Value::Function(closure) => {
                let this = self.add_object(Object {
                    is_open: true,
                    ..Object::default()
                });
                let closure = closure.clone();
                let made = self.call_closure(&closure, arguments, site, Some(Value::Object(this)));
                match made {
                    Value::Object(_) => made,
                    _ => Value::Object(this),
                }
            }
            Value::OneOf(values) => {
                let values = values.clone();
                let made = values
                    .iter()
                    .map(|value| self.new_of(value, arguments.clone(), site))
                    .collect();
                Value::one_of(made)
            }
            Value::External(name, is_own) => Value::External(format!("{name}()").into(), *is_own),
            Value::Native(_) => self.call(callee, arguments, site),
            _ => Value::Unknown(Hole::Other),
        }
    }

    /// Makes an instance; without arguments its constructor is given unknown ones.
    pub fn construct(
        &mut self,
        class: ClassIndex,
        arguments: Option<Vec<Value>>,
        site: Site,
    ) -> Option<ObjectId> {
        if self.frames.len() >= DEEPEST {
            return None;
        }
        let id = self.add_object(Object {
            class: Some(class),
            ..Object::default()
        });
        let arguments = arguments.unwrap_or_else(|| vec![Value::Unknown(Hole::Parameter); 12]);
        self.initialize(class, id, arguments, site, 0);
        Some(id)
    }

    fn initialize(
        &mut self,
        class: ClassIndex,
        id: ObjectId,
        arguments: Vec<Value>,
        site: Site,
        depth: usize,
    ) {
        let Some(value) = self.classes.get(class.0 as usize) else {
            return;
        };
        if depth > DEEPEST {
            return;
        }
        let base = value.base.clone();
        let this = Value::Object(id);
        let constructor = self.own_method(class, "constructor", &this);
        match (&base, constructor) {
            (Value::Undefined, constructor) => {
                self.fields(class, id);
                if let Some(constructor) = constructor {
                    self.call_closure(&constructor, arguments, site, None);
                }
            }
            (_, Some(constructor)) => {
                self.call_closure(&constructor, arguments, site, None);
            }
            (Value::Class(base), None) => {
                let base = *base;
                self.initialize(base, id, arguments, site, depth + 1);
                self.fields(class, id);
            }
            (_, None) => {
                self.open(id);
                self.fields(class, id);
            }
        }
    }

    fn open(&mut self, id: ObjectId) {
        if let Some(object) = self.objects.get_mut(id.0 as usize) {
            object.is_open = true;
        }
    }

    fn call_super(&mut self, arguments: Vec<Value>, site: Site) {
        let Some(frame) = self.frames.last() else {
            return;
        };
        let (Some(home), Value::Object(this)) = (frame.home, frame.this.clone()) else {
            return;
        };
        let base = self
            .classes
            .get(home.0 as usize)
            .map(|class| class.base.clone());
        let depth = self.frames.len();
        match base {
            Some(Value::Class(base)) => self.initialize(base, this, arguments, site, depth),
            _ => self.open(this),
        }
        self.fields(home, this);
    }

    /// Runs the initializers of a class's own fields.
    fn fields(&mut self, class: ClassIndex, id: ObjectId) {
        let Some(value) = self.classes.get(class.0 as usize) else {
            return;
        };
        let (script, scope) = (value.script, value.scope.clone());
        let Some(facts) = self
            .scripts
            .script(script)
            .and_then(|script| script.class(value.class))
        else {
            return;
        };
        self.frames.push(Frame {
            script,
            function: None,
            site: None,
            this: Value::Object(id),
            home: Some(class),
            returned: Vec::new(),
        });
        let undecided = std::mem::take(&mut self.undecided);
        for member in facts.members.iter().filter(|member| !member.is_static) {
            if let ClassMemberKind::Field(Some(value)) = &member.kind {
                let value = self.expression(*value, &scope);
                if let Some(object) = self.objects.get_mut(id.0 as usize) {
                    object.set(&member.name, value, false);
                }
            }
        }
        self.undecided = undecided;
        self.frames.pop();
    }

    /// The names of a class's own methods.
    pub fn method_names(&self, class: ClassIndex) -> Vec<Name> {
        let Some(value) = self.classes.get(class.0 as usize) else {
            return Vec::new();
        };
        let facts = self
            .scripts
            .script(value.script)
            .and_then(|script| script.class(value.class));
        let members = facts.map(|facts| facts.members.as_slice());
        members
            .unwrap_or_default()
            .iter()
            .filter(|member| !member.is_static && !matches!(member.kind, ClassMemberKind::Field(_)))
            .map(|member| member.name.clone())
            .collect()
    }

    fn own_method(&self, class: ClassIndex, name: &str, this: &Value) -> Option<Rc<Closure>> {
        self.own_member(class, name, this).map(|(method, _)| method)
    }

    fn own_member(
        &self,
        class: ClassIndex,
        name: &str,
        this: &Value,
    ) -> Option<(Rc<Closure>, bool)> {
        let value = self.classes.get(class.0 as usize)?;
        let facts = self
            .scripts
            .script(value.script)
            .and_then(|script| script.class(value.class))?;
        // An overloaded method has one body.
        let member = facts
            .members
            .iter()
            .rfind(|member| !member.is_static && &*member.name == name)?;
        let (function, is_getter) = match &member.kind {
            ClassMemberKind::Method(function) => (*function, false),
            ClassMemberKind::Getter(function) => (*function, true),
            ClassMemberKind::Field(_) | ClassMemberKind::Block(_) => return None,
        };
        let closure = Rc::new(Closure {
            key: FunctionKey {
                script: value.script,
                function,
            },
            scope: value.scope.clone(),
            this: this.clone(),
            home: Some(class),
        });
        Some((closure, is_getter))
    }

    /// A method or getter of a class or one of its bases.
    pub fn method(
        &self,
        class: ClassIndex,
        name: &str,
        this: &Value,
    ) -> Option<(Rc<Closure>, bool)> {
        let mut current = class;
        for _ in 0..DEEPEST {
            if let Some(found) = self.own_member(current, name, this) {
                return Some(found);
            }
            match &self.classes.get(current.0 as usize)?.base {
                Value::Class(base) => current = *base,
                _ => return None,
            }
        }
        None
    }

    /// Has the class a base that is not known?
    pub fn has_unknown_base(&self, class: ClassIndex) -> bool {
        let mut current = class;
        for _ in 0..DEEPEST {
            match self
                .classes
                .get(current.0 as usize)
                .map(|class| &class.base)
            {
                Some(Value::Class(base)) => current = *base,
                Some(Value::Undefined) | None => return false,
                Some(_) => return true,
            }
        }
        true
    }

    pub fn super_member(&mut self, name: &Name) -> Value {
        let Some(frame) = self.frames.last() else {
            return Value::Undefined;
        };
        let (Some(home), this) = (frame.home, frame.this.clone()) else {
            return Value::Unknown(Hole::Other);
        };
        match self.classes.get(home.0 as usize).map(|class| &class.base) {
            Some(Value::Class(base)) => match self.method(*base, name, &this) {
                Some((closure, false)) => Value::Function(closure),
                Some((closure, true)) => self.call_closure(&closure, Vec::new(), None, None),
                None => Value::Unknown(Hole::Other),
            },
            _ => Value::Unknown(Hole::Other),
        }
    }
}

fn name_of(pattern: &Pattern) -> Option<&Name> {
    match pattern {
        Pattern::Name(name) => Some(name),
        Pattern::Default(inner, _) => name_of(inner),
        _ => None,
    }
}
