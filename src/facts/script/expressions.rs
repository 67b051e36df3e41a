//! Expressions: from the tree of a script to its program.
//!
//! `${API}/items/${id}` in backquotes is a template of three parts, as Python's `f"{API}/items/{id}"` is.

use std::sync::Arc;

use super::lower::Lowering;
use super::program::{Expr, ExprId, Key, Member, Operator, Part, Pattern};
use super::texts::{unescape, unquote};
use crate::syntax::{ScriptField as Field, ScriptKind as Kind, ScriptNode as Node};

impl Lowering<'_> {
    pub fn expression(&mut self, node: Node<'_>) -> ExprId {
        let line = node.line();
        self.deeper(node, |this| this.expression_at(node))
            .unwrap_or_else(|| self.add(Expr::Unknown(Vec::new()), line))
    }

    fn expression_at(&mut self, node: Node<'_>) -> ExprId {
        let line = node.line();
        let expr = match node.kind {
            Kind::Parenthesized
            | Kind::As
            | Kind::Satisfies
            | Kind::NonNull
            | Kind::Instantiation
            | Kind::Await
            | Kind::JsxExpression => {
                return match node.children().first() {
                    Some(inner) => self.expression(*inner),
                    None => self.add(Expr::Undefined, line),
                };
            }
            Kind::String => Expr::Text(Arc::from(unquote(self.text(node)))),
            Kind::Number => Expr::Number(self.name(node)),
            Kind::True => Expr::Bool(true),
            Kind::False => Expr::Bool(false),
            Kind::Null => Expr::Null,
            Kind::Undefined => Expr::Undefined,
            Kind::Regex => {
                let text = self.text(node);
                let end = text.rfind('/').unwrap_or(text.len());
                Expr::Regex(Arc::from(text.get(1..end).unwrap_or_default()))
            }
            Kind::Identifier | Kind::Shorthand | Kind::TypeIdentifier | Kind::Property => {
                Expr::Name(self.name(node))
            }
            Kind::This => Expr::This,
            Kind::Super => Expr::Super,
            Kind::MetaProperty => Expr::Meta,
            Kind::Template => Expr::Template(self.template(node)),
            Kind::Binary => self.binary(node),
            Kind::Unary => self.unary(node),
            Kind::Ternary => {
                let test = self.expression_or_unknown(node.field(Field::Condition), line);
                let then = self.expression_or_unknown(node.field(Field::Consequence), line);
                let other = self.expression_or_unknown(node.field(Field::Alternative), line);
                Expr::Conditional(test, then, other)
            }
            Kind::Member => {
                let object = self.expression_or_unknown(node.field(Field::Object), line);
                let name = match node.field(Field::Property) {
                    Some(property) => self.key_text(property),
                    None => Arc::from(""),
                };
                Expr::Member(object, name)
            }
            Kind::Subscript => {
                let object = self.expression_or_unknown(node.field(Field::Object), line);
                let index = self.expression_or_unknown(node.field(Field::Index), line);
                Expr::Index(object, index)
            }
            Kind::Call => self.call(node),
            Kind::New => {
                let callee = self.expression_or_unknown(node.field(Field::Constructor), line);
                let arguments = self.arguments(node);
                Expr::New(callee, arguments)
            }
            Kind::Arrow | Kind::FunctionExpression | Kind::Generator => {
                let name = node.field(Field::Name).map(|name| self.name(name));
                Expr::Function(self.function(node, name))
            }
            Kind::ClassExpression => {
                let name = node.field(Field::Name).map(|name| self.name(name));
                Expr::Class(self.class(node, name))
            }
            Kind::Object => Expr::Object(self.members(node)),
            Kind::Array => Expr::Array(self.each(&node.children())),
            Kind::Spread => {
                let inner = node.children().first().copied();
                Expr::Spread(self.expression_or_unknown(inner, line))
            }
            Kind::Assignment => {
                let target = node
                    .field(Field::Left)
                    .map_or(Pattern::Nothing, |left| self.assigned(left));
                let value = match (&target, node.field(Field::Right)) {
                    (Pattern::Name(name), Some(right)) => {
                        self.named_expression(right, name.clone())
                    }
                    (_, right) => self.expression_or_unknown(right, line),
                };
                Expr::Assign(target, value)
            }
            Kind::AugmentedAssignment => {
                let operator = node
                    .field(Field::Operator)
                    .map_or(Operator::Other, |operator| {
                        Self::operator(self.text(operator))
                    });
                let target = self.expression_or_unknown(node.field(Field::Left), line);
                let value = self.expression_or_unknown(node.field(Field::Right), line);
                Expr::Update(operator, target, value)
            }
            Kind::JsxElement | Kind::JsxSelfClosing => Expr::Element(self.element(node)),
            Kind::Sequence => Expr::Sequence(self.each(&node.children())),
            _ => {
                let parts = self.each(&node.children());
                Expr::Unknown(parts)
            }
        };
        self.add(expr, line)
    }

    pub fn each(&mut self, nodes: &[Node<'_>]) -> Vec<ExprId> {
        nodes.iter().map(|node| self.expression(*node)).collect()
    }

    fn assigned(&mut self, node: Node<'_>) -> Pattern {
        match node.kind {
            Kind::Parenthesized | Kind::As => match node.children().first() {
                Some(inner) => self.assigned(*inner),
                None => Pattern::Nothing,
            },
            _ => self.pattern(node),
        }
    }

    pub fn template(&mut self, node: Node<'_>) -> Vec<Part> {
        let mut parts = Vec::new();
        let mut at = node.start() + 1;
        let end = node.end().saturating_sub(1);
        for child in node.children() {
            if child.kind != Kind::Substitution {
                continue;
            }
            self.template_text(at, child.start(), &mut parts);
            let inner = child.children();
            let value = self.expression_or_unknown(inner.first().copied(), child.line());
            parts.push(Part::Value(value));
            at = child.end();
        }
        self.template_text(at, end, &mut parts);
        parts
    }

    fn template_text(&self, from: usize, to: usize, parts: &mut Vec<Part>) {
        if let Some(text) = self.source.get(from..to)
            && !text.is_empty()
        {
            parts.push(Part::Text(Arc::from(unescape(text))));
        }
    }

    fn binary(&mut self, node: Node<'_>) -> Expr {
        // A long chain of `+` leans to the left, deeper than anybody nests.
        let mut rights = Vec::new();
        let mut current = node;
        while current.kind == Kind::Binary && rights.len() < 2_000 {
            let operator = current
                .field(Field::Operator)
                .map_or(Operator::Other, |operator| {
                    Self::operator(self.text(operator))
                });
            rights.push((operator, current.field(Field::Right), current.line()));
            match current.field(Field::Left) {
                Some(left) => current = left,
                None => break,
            }
        }
        let mut value = self.expression(current);
        let last = rights.len();
        for (position, (operator, right, line)) in rights.into_iter().rev().enumerate() {
            let right = self.expression_or_unknown(right, line);
            let expr = Expr::Binary(operator, value, right);
            if position + 1 == last {
                return expr;
            }
            value = self.add(expr, line);
        }
        Expr::Unknown(vec![value])
    }

    fn unary(&mut self, node: Node<'_>) -> Expr {
        let argument = self.expression_or_unknown(node.field(Field::Argument), node.line());
        if node.has_token("!") {
            Expr::Not(argument)
        } else if node.has_token("typeof") {
            Expr::TypeOf(argument)
        } else if node.has_token("void") {
            Expr::Undefined
        } else {
            Expr::Unknown(vec![argument])
        }
    }

    fn call(&mut self, node: Node<'_>) -> Expr {
        let arguments = self.arguments(node);
        let Some(function) = node.field(Field::Function) else {
            return Expr::Unknown(arguments);
        };
        let is_import = function.kind == Kind::ImportKeyword
            || function.kind == Kind::Identifier && self.text(function) == "require";
        if is_import && let Some(&first) = arguments.first() {
            if let Expr::Text(module) = self.script.expr(first) {
                let module = module.clone();
                self.script.dynamic_imports.push((module, node.line()));
            } else {
                self.script.open_imports.push(node.line());
            }
            return Expr::ImportCall(first);
        }
        let callee = self.expression(function);
        Expr::Call(callee, arguments)
    }

    fn arguments(&mut self, node: Node<'_>) -> Vec<ExprId> {
        match node.field(Field::Arguments) {
            Some(arguments) if arguments.kind == Kind::Arguments => {
                self.each(&arguments.children())
            }
            Some(template) => vec![self.expression(template)],
            None => Vec::new(),
        }
    }

    fn members(&mut self, node: Node<'_>) -> Vec<Member> {
        let mut members = Vec::new();
        for child in node.children() {
            match child.kind {
                Kind::Pair => {
                    let Some(key) = child.field(Field::Key) else {
                        continue;
                    };
                    let key = self.key(key);
                    let value = match (&key, child.field(Field::Value)) {
                        (Key::Name(name), Some(value)) => {
                            self.named_expression(value, name.clone())
                        }
                        (_, value) => self.expression_or_unknown(value, child.line()),
                    };
                    members.push(Member::Value(key, value));
                }
                Kind::Shorthand => {
                    let name = self.name(child);
                    let value = self.add(Expr::Name(name.clone()), child.line());
                    members.push(Member::Value(Key::Name(name), value));
                }
                Kind::Method => {
                    let Some(key) = child.field(Field::Name) else {
                        continue;
                    };
                    let key = self.key(key);
                    let name = match &key {
                        Key::Name(name) => Some(name.clone()),
                        Key::Computed(_) => None,
                    };
                    let function = self.function(child, name);
                    members.push(if child.has_token("get") {
                        Member::Getter(key, function)
                    } else {
                        Member::Method(key, function)
                    });
                }
                Kind::Spread => {
                    let inner = child.children();
                    let value = self.expression_or_unknown(inner.first().copied(), child.line());
                    members.push(Member::Spread(value));
                }
                _ => {}
            }
        }
        members
    }
}
