//! Expressions of scripts.
//!
//! `process.env.API || "/api"` is the text, or what the environment says; Python would write `os.environ.get("API") or "/api"`.

use std::rc::Rc;
use std::sync::Arc;

use super::machine::{DEEPEST_NESTING, Machine};
use super::value::{
    ClassIndex, ClassValue, Closure, FunctionKey, Hole, MOST_ALTERNATIVES, Object, Scope, Value,
};
use crate::facts::script::program::{
    ClassMemberKind, Element, Expr, ExprId, Key, Member, Operator, Part, ScriptClassId,
    ScriptFunctionId,
};

impl Machine<'_> {
    pub fn expression(&mut self, id: ExprId, scope: &Scope) -> Value {
        if !self.step() || self.nesting > DEEPEST_NESTING {
            return Value::Unknown(Hole::Other);
        }
        self.nesting += 1;
        let value = self.expression_at(id, scope);
        self.nesting -= 1;
        value
    }

    fn expression_at(&mut self, id: ExprId, scope: &Scope) -> Value {
        let script = self.current_script();
        let Some(program) = self.scripts.script(script) else {
            return Value::Unknown(Hole::Other);
        };
        match program.expr(id) {
            Expr::Text(text) => Value::text(text),
            Expr::Number(number) => Value::Number(number.clone()),
            Expr::Bool(value) => Value::Bool(*value),
            Expr::Null => Value::Null,
            Expr::Undefined => Value::Undefined,
            Expr::Regex(source) => Value::Regex(source.clone()),
            Expr::Name(name) => {
                let value = self.name(name, scope, script);
                // A component that is spoken of may be mounted by whoever hears it.
                if name.starts_with(|c: char| c.is_ascii_uppercase()) {
                    self.mount(&value, id);
                }
                value
            }
            Expr::This => self
                .frames
                .last()
                .map_or(Value::Undefined, |frame| frame.this.clone()),
            Expr::Super => Value::Unknown(Hole::Other),
            Expr::Meta => self
                .globals
                .and_then(|globals| self.export(globals, "import_meta"))
                .unwrap_or(Value::Unknown(Hole::Environment)),
            Expr::Template(parts) => self.template(parts, scope),
            Expr::Binary(operator, left, right) => self.binary(*operator, *left, *right, scope),
            Expr::Not(inner) => {
                let inner = self.expression(*inner, scope);
                match inner.truth() {
                    Some(truth) => Value::Bool(!truth),
                    None => Value::Unknown(Hole::Other),
                }
            }
            Expr::TypeOf(inner) => {
                self.expression(*inner, scope);
                Value::Unknown(Hole::Other)
            }
            Expr::Conditional(test, then, other) => {
                let test = self.expression(*test, scope);
                match test.truth() {
                    Some(true) => self.expression(*then, scope),
                    Some(false) => self.expression(*other, scope),
                    None => {
                        self.undecided += 1;
                        let then = self.expression(*then, scope);
                        let other = self.expression(*other, scope);
                        self.undecided -= 1;
                        Value::one_of(vec![then, other])
                    }
                }
            }
            Expr::Member(object, name) => {
                if matches!(program.expr(*object), Expr::Super) {
                    return self.super_member(name);
                }
                let object = self.expression(*object, scope);
                self.member(&object, name)
            }
            Expr::Index(object, index) => {
                let object = self.expression(*object, scope);
                let index = self.expression(*index, scope);
                self.item(&object, &index)
            }
            Expr::Call(callee, arguments) => self.call_expression(id, *callee, arguments, scope),
            Expr::New(callee, arguments) => {
                let callee = self.expression(*callee, scope);
                let arguments = self.arguments(arguments, scope);
                self.new_of(&callee, arguments, Some((script, id)))
            }
            Expr::ImportCall(module) => {
                let module = self.expression(*module, scope);
                match module.literal() {
                    Some(name) => {
                        let name = Arc::from(name);
                        let what = crate::facts::script::program::What::Everything;
                        self.imported(script, &name, &what)
                    }
                    None => Value::Unknown(Hole::Other),
                }
            }
            Expr::Function(function) => self.closure(*function, scope),
            Expr::Class(class) => self.make_class(*class, scope),
            Expr::Object(members) => self.object_literal(members, scope),
            Expr::Array(items) => {
                let items = self.arguments(items, scope);
                self.list(items)
            }
            Expr::Spread(inner) => self.expression(*inner, scope),
            Expr::Assign(target, value) => {
                let value = self.expression(*value, scope);
                self.bind(target, value.clone(), scope, false);
                value
            }
            Expr::Update(operator, target, value) => {
                let old = self.expression(*target, scope);
                let new = self.expression(*value, scope);
                let value = match operator {
                    Operator::Add => {
                        let sum = self.add(&old, &new);
                        if self.undecided > 0 {
                            Value::one_of(vec![old, sum])
                        } else {
                            sum
                        }
                    }
                    _ => Value::one_of(vec![new, old]),
                };
                self.assign_to(*target, value.clone(), scope);
                value
            }
            Expr::Element(element) => self.element(element, id, scope),
            Expr::Sequence(items) => {
                let mut last = Value::Undefined;
                for item in items {
                    last = self.expression(*item, scope);
                }
                last
            }
            Expr::Unknown(parts) => {
                for part in parts {
                    self.expression(*part, scope);
                }
                Value::Unknown(Hole::Other)
            }
        }
    }

    fn template(&mut self, parts: &[Part], scope: &Scope) -> Value {
        let mut texts: Vec<String> = vec![String::new()];
        for part in parts {
            let spellings = match part {
                Part::Text(text) => vec![text.clone()],
                Part::Value(value) => {
                    let value = self.expression(*value, scope);
                    self.as_text(&value)
                }
            };
            append(&mut texts, &spellings);
        }
        Value::one_of(texts.into_iter().map(Value::text).collect())
    }

    /// The spellings of a value in a text; an address object is its address.
    pub fn as_text(&mut self, value: &Value) -> Vec<Arc<str>> {
        let mut spellings: Vec<Arc<str>> = Vec::new();
        for value in value.alternatives() {
            let more = match value {
                Value::Object(id) => {
                    let shown = self.object(*id).and_then(|object| object.field("href"));
                    shown.map_or_else(|| value.spellings(), Value::spellings)
                }
                value => value.spellings(),
            };
            for spelling in more {
                if !spellings.contains(&spelling) {
                    spellings.push(spelling);
                }
            }
        }
        spellings
    }

    pub fn add(&mut self, left: &Value, right: &Value) -> Value {
        if let (Value::Number(_), Value::Number(_)) = (left, right) {
            return Value::Unknown(Hole::Other);
        }
        let mut texts: Vec<String> = vec![String::new()];
        let left = self.as_text(left);
        let right = self.as_text(right);
        append(&mut texts, &left);
        append(&mut texts, &right);
        Value::one_of(texts.into_iter().map(Value::text).collect())
    }

    fn binary(&mut self, operator: Operator, left: ExprId, right: ExprId, scope: &Scope) -> Value {
        let left = self.expression(left, scope);
        match operator {
            Operator::Or => match left.truth() {
                Some(true) => left,
                Some(false) => self.expression(right, scope),
                None => {
                    let right = self.expression(right, scope);
                    Value::one_of(prefer_known(right, left))
                }
            },
            Operator::Nullish => match &left {
                Value::Undefined | Value::Null => self.expression(right, scope),
                Value::Unknown(_) | Value::External(..) => {
                    let right = self.expression(right, scope);
                    Value::one_of(prefer_known(right, left))
                }
                Value::OneOf(values) => {
                    let known: Vec<Value> = values
                        .iter()
                        .filter(|value| !matches!(value, Value::Undefined | Value::Null))
                        .cloned()
                        .collect();
                    if known.len() == values.len() {
                        left
                    } else {
                        let right = self.expression(right, scope);
                        Value::one_of([known, vec![right]].concat())
                    }
                }
                _ => left,
            },
            Operator::And => match left.truth() {
                Some(false) => left,
                Some(true) => self.expression(right, scope),
                None => {
                    self.undecided += 1;
                    let right = self.expression(right, scope);
                    self.undecided -= 1;
                    right
                }
            },
            Operator::Add => {
                let right = self.expression(right, scope);
                self.add(&left, &right)
            }
            Operator::Equal | Operator::NotEqual => {
                let right = self.expression(right, scope);
                let same = match (left.literal(), right.literal()) {
                    (Some(one), Some(two)) => Some(one == two),
                    _ => match (&left, &right) {
                        (Value::Undefined | Value::Null, Value::Undefined | Value::Null) => {
                            Some(true)
                        }
                        (Value::Undefined | Value::Null, Value::Text(_) | Value::Object(_)) => {
                            Some(false)
                        }
                        (Value::Text(_) | Value::Object(_), Value::Undefined | Value::Null) => {
                            Some(false)
                        }
                        _ => None,
                    },
                };
                match same {
                    Some(same) => Value::Bool(same == (operator == Operator::Equal)),
                    None => Value::Unknown(Hole::Other),
                }
            }
            Operator::Other => {
                self.expression(right, scope);
                Value::Unknown(Hole::Other)
            }
        }
    }

    /// The values of arguments or items, lists spread out.
    pub fn arguments(&mut self, arguments: &[ExprId], scope: &Scope) -> Vec<Value> {
        let mut values = Vec::with_capacity(arguments.len());
        let Some(program) = self.scripts.script(self.current_script()) else {
            return values;
        };
        for argument in arguments {
            let value = self.expression(*argument, scope);
            if let Expr::Spread(_) = program.expr(*argument) {
                match &value {
                    Value::Object(id) => match self.object(*id).and_then(|o| o.items.clone()) {
                        Some(items) => values.extend(items),
                        None => values.push(Value::Unknown(Hole::Other)),
                    },
                    Value::Unknown(hole) => values.push(Value::Unknown(*hole)),
                    _ => values.push(Value::Unknown(Hole::Other)),
                }
            } else {
                values.push(value);
            }
        }
        values
    }

    fn object_literal(&mut self, members: &[Member], scope: &Scope) -> Value {
        let id = self.add_object(Object::default());
        let mut object = Object::default();
        for member in members {
            match member {
                Member::Value(key, value) => {
                    let value = self.expression(*value, scope);
                    match self.key(key, scope) {
                        Some(_) if object.is_full() => {}
                        Some(name) => object.set(&name, value, false),
                        None => object.is_open = true,
                    }
                }
                Member::Method(key, function) => {
                    let value = self.method_closure(*function, scope, Value::Object(id));
                    match self.key(key, scope) {
                        Some(_) if object.is_full() => {}
                        Some(name) => object.set(&name, Value::Function(value), false),
                        None => object.is_open = true,
                    }
                }
                Member::Getter(key, function) => {
                    let value = self.method_closure(*function, scope, Value::Object(id));
                    if let Some(name) = self.key(key, scope) {
                        object.getters.push((name, value));
                    }
                }
                Member::Spread(value) => {
                    let value = self.expression(*value, scope);
                    self.spread_into(&mut object, &value);
                }
            }
        }
        if let Some(slot) = self.objects.get_mut(id.0 as usize) {
            *slot = object;
        }
        Value::Object(id)
    }

    pub fn spread_into(&mut self, object: &mut Object, value: &Value) {
        let values = value.alternatives().to_vec();
        let is_sure = values.len() == 1;
        for value in values {
            match value {
                Value::Object(id) => {
                    let other = self.object(id).cloned().unwrap_or_default();
                    self.steps += other.fields.len();
                    for (name, value) in &other.fields {
                        object.set(name, value.clone(), !is_sure);
                    }
                    for (name, getter) in other.getters {
                        let value = self.call_closure(&getter, Vec::new(), None, None);
                        object.set(&name, value, !is_sure);
                    }
                    object.is_open |= other.is_open;
                }
                Value::Module(module) => {
                    for (name, value) in self.exports_of(module) {
                        object.set(&name, value, false);
                    }
                }
                Value::Undefined | Value::Null | Value::Bool(_) => {}
                _ => object.is_open = true,
            }
        }
    }

    pub fn exports_of(&mut self, module: super::value::ScriptId) -> Vec<(Arc<str>, Value)> {
        use crate::facts::script::program::Export;
        let Some(script) = self.scripts.script(module) else {
            return Vec::new();
        };
        let mut found = Vec::new();
        for export in &script.exports {
            let name = match export {
                Export::Local { exported, .. } | Export::From { exported, .. } => exported.clone(),
                Export::Default(_) => Arc::from("default"),
                Export::All { .. } => continue,
            };
            if let Some(value) = self.export(module, &name) {
                found.push((name, value));
            }
        }
        found
    }

    fn key(&mut self, key: &Key, scope: &Scope) -> Option<Arc<str>> {
        match key {
            Key::Name(name) => Some(name.clone()),
            Key::Computed(key) => {
                let key = self.expression(*key, scope);
                key.literal().map(Arc::from)
            }
        }
    }

    pub fn method_closure(
        &mut self,
        function: ScriptFunctionId,
        scope: &Scope,
        this: Value,
    ) -> Rc<Closure> {
        let closure = self.closure_of(function, scope, this);
        self.meet_function(&closure);
        closure
    }

    fn closure_of(&self, function: ScriptFunctionId, scope: &Scope, this: Value) -> Rc<Closure> {
        Rc::new(Closure {
            key: FunctionKey {
                script: self.current_script(),
                function,
            },
            scope: scope.clone(),
            this,
            home: None,
        })
    }

    pub fn make_class(&mut self, class: ScriptClassId, scope: &Scope) -> Value {
        let script = self.current_script();
        let Some(facts) = self.scripts.script(script).and_then(|s| s.class(class)) else {
            return Value::Unknown(Hole::Other);
        };
        let base = facts
            .base
            .map_or(Value::Undefined, |base| self.expression(base, scope));
        let statics = self.add_object(Object::default());
        let index = ClassIndex(u32::try_from(self.classes.len()).unwrap_or(u32::MAX));
        self.classes.push(ClassValue {
            script,
            class,
            scope: scope.clone(),
            base,
            statics,
        });
        if let Some(name) = &facts.name {
            scope.declare(name, Value::Class(index));
        }
        for member in facts.members.iter().filter(|member| member.is_static) {
            let value = match &member.kind {
                ClassMemberKind::Method(function) => {
                    Value::Function(self.method_closure(*function, scope, Value::Class(index)))
                }
                ClassMemberKind::Getter(function) => {
                    let getter = self.method_closure(*function, scope, Value::Class(index));
                    if let Some(object) = self.objects.get_mut(statics.0 as usize) {
                        object.getters.push((member.name.clone(), getter));
                    }
                    continue;
                }
                ClassMemberKind::Block(function) => {
                    let block = self.closure_of(*function, scope, Value::Class(index));
                    self.call_closure(&block, Vec::new(), None, None);
                    continue;
                }
                ClassMemberKind::Field(Some(value)) => self.expression(*value, scope),
                ClassMemberKind::Field(None) => Value::Unknown(Hole::Other),
            };
            if let Some(object) = self.objects.get_mut(statics.0 as usize) {
                object.set(&member.name, value, false);
            }
        }
        self.meet_class(index);
        Value::Class(index)
    }

    fn element(&mut self, element: &Element, id: ExprId, scope: &Scope) -> Value {
        let name = element
            .name
            .map_or(Value::Undefined, |name| self.expression(name, scope));
        let mut children = Vec::new();
        for (attribute, value) in &element.attributes {
            if let Some(value) = value {
                let value = self.expression(*value, scope);
                // `element={<Page />}` is below it, too.
                if matches!(value, Value::Element(_)) && &**attribute != "fallback" {
                    children.push(value);
                }
            }
        }
        for spread in &element.spreads {
            self.expression(*spread, scope);
        }
        for child in &element.children {
            children.push(self.expression(*child, scope));
        }
        // `<Context value>`, as of React 19.
        let mounted = match name {
            Value::Context(context) => Value::Provider(context),
            _ => name.clone(),
        };
        self.mount(&mounted, id);
        Value::Element(Rc::new((name, children)))
    }

    /// Assigns to a name, a member or an item.
    pub fn assign_to(&mut self, target: ExprId, value: Value, scope: &Scope) {
        let Some(program) = self.scripts.script(self.current_script()) else {
            return;
        };
        match program.expr(target) {
            Expr::Name(name) => scope.assign(name, value, self.undecided > 0),
            Expr::Member(object, name) => {
                let object = self.expression(*object, scope);
                self.set_member(&object, name, value);
            }
            Expr::Index(object, index) => {
                let object = self.expression(*object, scope);
                let index = self.expression(*index, scope);
                match index.literal() {
                    Some(name) => self.set_member(&object, &Arc::from(name), value),
                    None => {
                        if let Value::Object(id) = object
                            && let Some(object) = self.objects.get_mut(id.0 as usize)
                        {
                            object.is_open = true;
                        }
                    }
                }
            }
            _ => {}
        }
    }

    pub fn set_member(&mut self, object: &Value, name: &Arc<str>, value: Value) {
        let join = self.undecided > 0;
        for object in object.alternatives().to_vec() {
            let id = match object {
                Value::Object(id) => Some(id),
                Value::Class(class) => self
                    .classes
                    .get(class.0 as usize)
                    .map(|class| class.statics),
                _ => None,
            };
            if let Some(object) = id.and_then(|id| self.objects.get_mut(id.0 as usize)) {
                // What was not there before is not one of several.
                let join = join && !matches!(object.field(name), None | Some(Value::Undefined));
                object.set(name, value.clone(), join);
            }
        }
    }
}

/// What is known stands before what is not.
fn prefer_known(right: Value, left: Value) -> Vec<Value> {
    let known = |value: &Value| !matches!(value, Value::Undefined | Value::Null);
    [right, left].into_iter().filter(known).collect()
}

/// Each text with each spelling behind it, as far as there is room.
fn append(texts: &mut Vec<String>, spellings: &[Arc<str>]) {
    if let [only] = spellings {
        for text in texts {
            text.push_str(only);
        }
        return;
    }
    let mut longer = Vec::new();
    for spelling in spellings {
        for text in texts.iter() {
            if longer.len() < MOST_ALTERNATIVES {
                longer.push(format!("{text}{spelling}"));
            }
        }
    }
    if !longer.is_empty() {
        *texts = longer;
    }
}
