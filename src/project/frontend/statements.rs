//! Statements of scripts. A branch that is not decided is run, and what it assigns is added to what was there.
//!
//! After `if (x) { url = "/a" } else { url = "/b" }` the name `url` is one of both, as after Python's `if x: url = "/a"`.

use std::rc::Rc;
use std::sync::Arc;

use super::machine::{DEEPEST_NESTING, Machine};
use super::value::{Closure, FunctionKey, Hole, Object, Scope, Value};
use crate::facts::script::program::{ExprId, Key, Name, Pattern, ScriptFunctionId, Stmt};

/// How a list of statements ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// It goes on.
    Open,
    /// Every way ends in a return, a throw or a jump.
    Left,
}

/// Items of a list over which a loop is unrolled.
const MOST_ITEMS: usize = 64;

impl Machine<'_> {
    pub fn statements(&mut self, statements: &[Stmt], scope: &Scope) -> End {
        self.nesting += 1;
        if self.nesting > DEEPEST_NESTING {
            self.nesting -= 1;
            return End::Open;
        }
        // Functions are there before the first statement runs.
        for statement in statements {
            if let Stmt::Function(name, function) = statement {
                let value = self.closure(*function, scope);
                scope.declare(name, value);
            }
        }
        let mut end = End::Open;
        for statement in statements {
            if !self.step() {
                break;
            }
            end = self.statement(statement, scope);
            if end == End::Left {
                break;
            }
        }
        self.nesting -= 1;
        end
    }

    /// A function of the script that is being run, in a scope.
    pub fn closure(&mut self, function: ScriptFunctionId, scope: &Scope) -> Value {
        let frame = self.frames.last();
        let closure = Rc::new(Closure {
            key: FunctionKey {
                script: self.current_script(),
                function,
            },
            scope: scope.clone(),
            this: frame.map_or(Value::Undefined, |frame| frame.this.clone()),
            home: frame.and_then(|frame| frame.home),
        });
        self.meet_function(&closure);
        Value::Function(closure)
    }

    fn statement(&mut self, statement: &Stmt, scope: &Scope) -> End {
        match statement {
            Stmt::Expr(expr) => {
                self.expression(*expr, scope);
            }
            Stmt::Let(pattern, value) => {
                let value = value.map_or(Value::Undefined, |value| self.expression(value, scope));
                self.bind(pattern, value, scope, true);
            }
            Stmt::Function(..) => {}
            Stmt::Class(name, class) => {
                let value = self.make_class(*class, scope);
                scope.declare(name, value);
            }
            Stmt::Return(value) => {
                let value = value.map_or(Value::Undefined, |value| self.expression(value, scope));
                if let Some(frame) = self.frames.last_mut() {
                    frame.returned.push(value);
                }
                return End::Left;
            }
            Stmt::Throw(value) => {
                self.expression(*value, scope);
                return End::Left;
            }
            Stmt::Jump => return End::Left,
            Stmt::If(test, then, other) => {
                let test = self.expression(*test, scope);
                return match test.truth() {
                    Some(true) => self.block(then, scope),
                    Some(false) => self.block(other, scope),
                    None => {
                        self.undecided += 1;
                        let one = self.block(then, scope);
                        let two = self.block(other, scope);
                        self.undecided -= 1;
                        if one == End::Left && two == End::Left {
                            End::Left
                        } else {
                            End::Open
                        }
                    }
                };
            }
            Stmt::Block(body) => return self.block(body, scope),
            Stmt::Each(pattern, items, body) => self.each(pattern, *items, body, scope),
            Stmt::Loop(body) => {
                self.undecided += 1;
                self.block(body, scope);
                self.undecided -= 1;
            }
            Stmt::Try(body, caught, handler, last) => {
                let end = self.block(body, scope);
                self.undecided += 1;
                let inner = Scope::new(Some(scope));
                if let Some(caught) = caught {
                    self.bind(caught, Value::Unknown(Hole::Other), &inner, true);
                }
                let handled = self.statements(handler, &inner);
                self.undecided -= 1;
                let finished = self.block(last, scope);
                let all_left = end == End::Left && (handled == End::Left || handler.is_empty());
                if finished == End::Left || all_left {
                    return End::Left;
                }
            }
            Stmt::Switch(subject, cases) => return self.switch(*subject, cases, scope),
            Stmt::Enum(name, members) => {
                let mut object = Object::default();
                for (position, (key, value)) in members.iter().enumerate() {
                    let value = match value {
                        Some(value) => self.expression(*value, scope),
                        None => Value::Number(Arc::from(position.to_string())),
                    };
                    if !object.is_full() {
                        object.set(key, value, false);
                    }
                }
                let object = self.add_object(object);
                scope.declare(name, Value::Object(object));
            }
        }
        End::Open
    }

    pub fn block(&mut self, statements: &[Stmt], scope: &Scope) -> End {
        if statements.is_empty() {
            return End::Open;
        }
        let inner = Scope::new(Some(scope));
        self.statements(statements, &inner)
    }

    fn each(&mut self, pattern: &Pattern, items: ExprId, body: &[Stmt], scope: &Scope) {
        let items = self.expression(items, scope);
        let known = match &items {
            Value::Object(id) => self.object(*id).and_then(|object| object.items.clone()),
            _ => None,
        };
        let items = known.unwrap_or_else(|| vec![Value::Unknown(Hole::Other)]);
        self.undecided += 1;
        for item in items.into_iter().take(MOST_ITEMS) {
            let inner = Scope::new(Some(scope));
            self.bind(pattern, item, &inner, true);
            self.statements(body, &inner);
        }
        self.undecided -= 1;
    }

    fn switch(
        &mut self,
        subject: ExprId,
        cases: &[(Option<ExprId>, Vec<Stmt>)],
        scope: &Scope,
    ) -> End {
        let subject = self.expression(subject, scope);
        let mut decided = None;
        if let Some(subject) = subject.literal() {
            for (position, (value, _)) in cases.iter().enumerate() {
                let Some(value) = value else { continue };
                let value = self.expression(*value, scope);
                match value.literal() {
                    Some(value) if value == subject => {
                        decided = Some(position);
                        break;
                    }
                    Some(_) => {}
                    None => break,
                }
            }
        }
        let inner = Scope::new(Some(scope));
        self.undecided += 1;
        for (position, (value, body)) in cases.iter().enumerate() {
            if let Some(value) = value {
                self.expression(*value, scope);
            }
            if decided.is_none_or(|decided| decided <= position) {
                let end = self.statements(body, &inner);
                if decided.is_some() && end == End::Left {
                    break;
                }
            }
        }
        self.undecided -= 1;
        End::Open
    }

    /// Binds the names of a pattern: new ones, or those that are there.
    pub fn bind(&mut self, pattern: &Pattern, value: Value, scope: &Scope, is_new: bool) {
        self.nesting += 1;
        if self.nesting <= DEEPEST_NESTING {
            self.bind_at(pattern, value, scope, is_new);
        }
        self.nesting -= 1;
    }

    fn bind_at(&mut self, pattern: &Pattern, value: Value, scope: &Scope, is_new: bool) {
        match pattern {
            Pattern::Name(name) if is_new => scope.declare(name, value),
            Pattern::Name(name) => scope.assign(name, value, self.undecided > 0),
            Pattern::Object(entries, rest) => {
                let mut taken: Vec<Name> = Vec::new();
                for (key, inner) in entries {
                    let part = match key {
                        Key::Name(name) => {
                            taken.push(name.clone());
                            self.member(&value, name)
                        }
                        Key::Computed(key) => {
                            let key = self.expression(*key, scope);
                            self.item(&value, &key)
                        }
                    };
                    self.bind(inner, part, scope, is_new);
                }
                if let Some(rest) = rest {
                    let left = self.without(&value, &taken);
                    self.bind(&Pattern::Name(rest.clone()), left, scope, is_new);
                }
            }
            Pattern::Array(items) => {
                let known = match &value {
                    Value::Object(id) => self.object(*id).and_then(|object| object.items.clone()),
                    _ => None,
                };
                for (position, inner) in items.iter().enumerate() {
                    let Some(inner) = inner else { continue };
                    let part = match (&known, &value) {
                        (Some(items), _) if matches!(inner, Pattern::Rest(_)) => {
                            let rest = items.get(position..).unwrap_or_default().to_vec();
                            self.list(rest)
                        }
                        (Some(items), _) => {
                            items.get(position).cloned().unwrap_or(Value::Undefined)
                        }
                        (None, Value::Unknown(hole)) => Value::Unknown(*hole),
                        (None, _) => Value::Unknown(Hole::Other),
                    };
                    self.bind(inner, part, scope, is_new);
                }
            }
            Pattern::Default(inner, default) => {
                let value = match &value {
                    Value::Undefined => self.expression(*default, scope),
                    Value::Unknown(Hole::Parameter) => {
                        let default = self.expression(*default, scope);
                        Value::one_of(vec![default, value])
                    }
                    _ => value,
                };
                self.bind(inner, value, scope, is_new);
            }
            Pattern::Rest(inner) => self.bind(inner, value, scope, is_new),
            Pattern::Expr(target) => self.assign_to(*target, value, scope),
            Pattern::Nothing => {}
        }
    }

    /// An object without some of its fields.
    fn without(&mut self, value: &Value, taken: &[Name]) -> Value {
        let Value::Object(id) = value else {
            return match value {
                Value::Unknown(hole) => Value::Unknown(*hole),
                _ => Value::Unknown(Hole::Other),
            };
        };
        let mut object = self.object(*id).cloned().unwrap_or_default();
        object.fields.retain(|(name, _)| !taken.contains(name));
        Value::Object(self.add_object(object))
    }
}
