//! Functions and classes of a script.
//!
//! `class Api { base = "/api"; list() { … } }` has a field and a method, as Python's `class Api` with `base = "/api"` and
//! `def list(self)` has.

use std::sync::Arc;

use super::lower::Lowering;
use super::program::{
    Class, ClassMember, ClassMemberKind, Function, Name, Parameter, Pattern, ScriptClassId,
    ScriptFunctionId, Stmt,
};
use crate::syntax::{ScriptField as Field, ScriptKind as Kind, ScriptNode as Node};

impl Lowering<'_> {
    pub fn function(&mut self, node: Node<'_>, name: Option<Name>) -> ScriptFunctionId {
        let throws_outside = std::mem::replace(&mut self.throws, false);
        let parameters = match (node.field(Field::Parameters), node.field(Field::Parameter)) {
            (Some(parameters), _) => self.parameters(&parameters.children()),
            (None, Some(single)) => self.parameters(&[single]),
            (None, None) => Vec::new(),
        };
        let body = match node.field(Field::Body) {
            Some(body) if body.kind == Kind::Block => self.statements(&body.children()),
            Some(body) => vec![Stmt::Return(Some(self.expression(body)))],
            None => Vec::new(),
        };
        let throws = std::mem::replace(&mut self.throws, throws_outside);
        let id = ScriptFunctionId(u32::try_from(self.script.functions.len()).unwrap_or(u32::MAX));
        self.script.functions.push(Function {
            name,
            line: node.line(),
            parameters,
            body,
            is_arrow: node.kind == Kind::Arrow,
            throws,
        });
        id
    }

    fn parameters(&mut self, nodes: &[Node<'_>]) -> Vec<Parameter> {
        let mut parameters = Vec::new();
        for node in nodes {
            let parameter = match node.kind {
                Kind::RequiredParameter | Kind::OptionalParameter => {
                    let inner = node.field(Field::Pattern).or(node.field(Field::Name));
                    // `this: Api` is no parameter.
                    if inner.is_some_and(|inner| inner.kind == Kind::This) {
                        continue;
                    }
                    let pattern = inner.map_or(Pattern::Nothing, |inner| self.pattern(inner));
                    let pattern = match node.field(Field::Value) {
                        Some(default) => {
                            let default = self.expression(default);
                            Pattern::Default(Box::new(pattern), default)
                        }
                        None => pattern,
                    };
                    let children = node.children();
                    Parameter {
                        pattern,
                        is_field: node.has_token("readonly")
                            || children.iter().any(|one| one.kind == Kind::Accessibility),
                    }
                }
                _ => Parameter {
                    pattern: self.pattern(*node),
                    is_field: false,
                },
            };
            parameters.push(parameter);
        }
        parameters
    }

    pub fn class(&mut self, node: Node<'_>, name: Option<Name>) -> ScriptClassId {
        let mut base = None;
        for child in node.children() {
            if child.kind != Kind::ClassHeritage {
                continue;
            }
            for clause in child.children() {
                match clause.kind {
                    Kind::Extends => {
                        base = clause
                            .field(Field::Value)
                            .map(|value| self.expression(value));
                    }
                    // JavaScript has no clauses.
                    Kind::Identifier | Kind::Member | Kind::Call => {
                        base = Some(self.expression(clause));
                    }
                    _ => {}
                }
            }
        }
        let body = node
            .field(Field::Body)
            .map(|body| body.children())
            .unwrap_or_default();
        let mut members = Vec::new();
        for member in body {
            self.deeper(member, |this| this.class_member(member, &mut members));
        }
        let id = ScriptClassId(u32::try_from(self.script.classes.len()).unwrap_or(u32::MAX));
        self.script.classes.push(Class {
            name,
            line: node.line(),
            base,
            members,
        });
        id
    }

    fn class_member(&mut self, node: Node<'_>, members: &mut Vec<ClassMember>) {
        if node.kind == Kind::StaticBlock {
            let function = self.function(node, None);
            members.push(ClassMember {
                name: Arc::from(""),
                is_static: true,
                kind: ClassMemberKind::Block(function),
            });
            return;
        }
        let is_static = node.has_token("static");
        let Some(name) = node.field(Field::Name) else {
            return;
        };
        let name = if name.kind == Kind::ComputedName {
            Arc::from("")
        } else {
            self.key_text(name)
        };
        let kind = match node.kind {
            Kind::Method => {
                let function = self.function(node, Some(name.clone()));
                if node.has_token("get") {
                    ClassMemberKind::Getter(function)
                } else {
                    ClassMemberKind::Method(function)
                }
            }
            Kind::Field => {
                let value = node
                    .field(Field::Value)
                    .map(|value| self.named_expression(value, name.clone()));
                ClassMemberKind::Field(value)
            }
            _ => return,
        };
        members.push(ClassMember {
            name,
            is_static,
            kind,
        });
    }
}
