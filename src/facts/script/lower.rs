//! Statements: from the tree of a script to its program.
//!
//! `const API = "/api"` is `Stmt::Let(Pattern::Name("API"), …)`. What does not parse is passed over and its line kept, as for
//! Python's `def broken(:`.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::program::{Expr, ExprId, Name, Operator, Pattern, Script, ScriptFunctionId, Stmt, What};
use super::texts::unquote;
use crate::syntax::{
    Dialect, ScriptField as Field, ScriptKind as Kind, ScriptNode as Node, parse_script,
};

/// Nobody nests deeper; what does is generated, or meant to break us.
const DEEPEST: usize = 300;
/// Most broken places of one file that are worth telling.
const MOST_BROKEN: usize = 3;

/// Lowers one file.
pub fn extract(source: &str, dialect: Dialect) -> Script {
    let mut lowering = Lowering {
        source,
        script: Script::default(),
        names: FxHashMap::default(),
        depth: 0,
        throws: false,
    };
    match parse_script(source, dialect) {
        Some(tree) => {
            let root = tree.root();
            lowering.script.body = lowering.statements(&root.children());
            if root.has_error() {
                lowering.note_broken(root, 0);
            }
        }
        None => lowering.script.broken.push(1),
    }
    let mut script = lowering.script;
    script.exprs.shrink_to_fit();
    script.lines_of.shrink_to_fit();
    script
}

pub(super) struct Lowering<'source> {
    pub source: &'source str,
    pub script: Script,
    names: FxHashMap<&'source str, Name>,
    depth: usize,
    /// Has the function that is being lowered thrown?
    pub throws: bool,
}

impl<'source> Lowering<'source> {
    pub fn text(&self, node: Node<'_>) -> &'source str {
        node.text(self.source)
    }

    pub fn name(&mut self, node: Node<'_>) -> Name {
        let text = self.text(node);
        self.intern(text)
    }

    pub fn intern(&mut self, text: &'source str) -> Name {
        self.names
            .entry(text)
            .or_insert_with(|| Arc::from(text))
            .clone()
    }

    pub fn add(&mut self, expr: Expr, line: u32) -> ExprId {
        let id = ExprId(u32::try_from(self.script.exprs.len()).unwrap_or(u32::MAX));
        self.script.exprs.push(expr);
        self.script.lines_of.push(line);
        id
    }

    /// Goes one level deeper into a node; none at the bottom.
    pub fn deeper<T>(&mut self, into: Node<'_>, work: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.depth >= DEEPEST {
            self.script.cut_off.get_or_insert(into.line());
            return None;
        }
        self.depth += 1;
        let result = work(self);
        self.depth -= 1;
        Some(result)
    }

    fn note_broken(&mut self, node: Node<'_>, depth: usize) {
        if self.script.broken.len() >= MOST_BROKEN || depth > DEEPEST {
            return;
        }
        if node.kind == Kind::Error {
            self.script.broken.push(node.line());
            return;
        }
        let children = node.children();
        let broken: Vec<_> = children
            .into_iter()
            .filter(|child| child.has_error() || child.kind == Kind::Error)
            .collect();
        if broken.is_empty() {
            self.script.broken.push(node.line());
        }
        for child in broken {
            self.note_broken(child, depth + 1);
        }
    }

    pub fn statements(&mut self, nodes: &[Node<'_>]) -> Vec<Stmt> {
        let mut statements = Vec::with_capacity(nodes.len());
        for node in nodes {
            self.deeper(*node, |this| this.statement(*node, &mut statements));
        }
        statements
    }

    /// The statements of a block, or the one statement that stands for it.
    pub fn block(&mut self, node: Option<Node<'_>>) -> Vec<Stmt> {
        let Some(node) = node else {
            return Vec::new();
        };
        match node.kind {
            Kind::Block => self.statements(&node.children()),
            Kind::Else | Kind::Finally => {
                let children = node.children();
                match children.as_slice() {
                    [only] => self.block(Some(*only)),
                    _ => self.statements(&children),
                }
            }
            _ => self.statements(&[node]),
        }
    }

    fn statement(&mut self, node: Node<'_>, out: &mut Vec<Stmt>) {
        match node.kind {
            Kind::Import => self.import(node),
            Kind::Export => self.export(node, out),
            Kind::Lexical | Kind::Variable => {
                for declarator in node.children() {
                    if declarator.kind == Kind::Declarator {
                        self.declarator(declarator, out);
                    }
                }
            }
            Kind::FunctionDeclaration | Kind::GeneratorDeclaration => {
                if let Some(name) = node.field(Field::Name) {
                    let name = self.name(name);
                    let function = self.function(node, Some(name.clone()));
                    out.push(Stmt::Function(name, function));
                }
            }
            Kind::ClassDeclaration | Kind::AbstractClass => {
                if let Some(name) = node.field(Field::Name) {
                    let name = self.name(name);
                    let class = self.class(node, Some(name.clone()));
                    out.push(Stmt::Class(name, class));
                }
            }
            Kind::ExpressionStatement => {
                for child in node.children() {
                    let expr = self.expression(child);
                    out.push(Stmt::Expr(expr));
                }
            }
            Kind::Return => {
                let value = node.children().first().map(|value| self.expression(*value));
                out.push(Stmt::Return(value));
            }
            Kind::Throw => {
                self.throws = true;
                if let Some(value) = node.children().first() {
                    let value = self.expression(*value);
                    out.push(Stmt::Throw(value));
                }
            }
            Kind::If => {
                let test = self.expression_or_unknown(node.field(Field::Condition), node.line());
                let then = self.block(node.field(Field::Consequence));
                let other = self.block(node.field(Field::Alternative));
                out.push(Stmt::If(test, then, other));
            }
            Kind::Block => {
                let body = self.statements(&node.children());
                out.push(Stmt::Block(body));
            }
            Kind::ForIn => self.for_in(node, out),
            Kind::For => {
                let mut body = Vec::new();
                if let Some(first) = node.field(Field::Initializer) {
                    if matches!(first.kind, Kind::Lexical | Kind::Variable) {
                        self.deeper(first, |this| this.statement(first, out));
                    } else {
                        body.push(Stmt::Expr(self.expression(first)));
                    }
                }
                for part in [Field::Condition, Field::Increment] {
                    if let Some(part) = node.field(part) {
                        body.push(Stmt::Expr(self.expression(part)));
                    }
                }
                body.extend(self.block(node.field(Field::Body)));
                out.push(Stmt::Loop(body));
            }
            Kind::While | Kind::Do => {
                let test = self.expression_or_unknown(node.field(Field::Condition), node.line());
                let mut body = vec![Stmt::Expr(test)];
                body.extend(self.block(node.field(Field::Body)));
                out.push(Stmt::Loop(body));
            }
            Kind::Try => self.try_statement(node, out),
            Kind::Switch => self.switch(node, out),
            Kind::Labeled => {
                let body = self.block(node.field(Field::Body));
                out.push(Stmt::Block(body));
            }
            Kind::Enum => self.enumeration(node, out),
            Kind::Namespace => {
                let body = self.block(node.field(Field::Body));
                out.push(Stmt::Block(body));
            }
            Kind::Break | Kind::Continue => out.push(Stmt::Jump),
            Kind::Error => {
                let children = node.children();
                for child in children {
                    self.deeper(child, |this| this.statement(child, out));
                }
            }
            _ => {}
        }
    }

    pub fn declarator(&mut self, node: Node<'_>, out: &mut Vec<Stmt>) {
        let Some(name) = node.field(Field::Name) else {
            return;
        };
        let pattern = self.pattern(name);
        let value = node.field(Field::Value).map(|value| match &pattern {
            Pattern::Name(name) => self.named_expression(value, name.clone()),
            _ => self.expression(value),
        });
        out.push(Stmt::Let(pattern, value));
    }

    fn for_in(&mut self, node: Node<'_>, out: &mut Vec<Stmt>) {
        let pattern = node
            .field(Field::Left)
            .map_or(Pattern::Nothing, |left| self.pattern(left));
        let items = self.expression_or_unknown(node.field(Field::Right), node.line());
        let body = self.block(node.field(Field::Body));
        // `for (key in object)` goes over names, not over what is in it.
        let items = if node.has_token("of") {
            items
        } else {
            self.add(Expr::Unknown(vec![items]), node.line())
        };
        out.push(Stmt::Each(pattern, items, body));
    }

    fn try_statement(&mut self, node: Node<'_>, out: &mut Vec<Stmt>) {
        let body = self.block(node.field(Field::Body));
        let (mut caught, mut handler) = (None, Vec::new());
        if let Some(catch) = node.field(Field::Handler) {
            caught = catch
                .field(Field::Parameter)
                .map(|parameter| self.pattern(parameter));
            handler = self.block(catch.field(Field::Body));
        }
        let last = self.block(node.field(Field::Finalizer));
        out.push(Stmt::Try(body, caught, handler, last));
    }

    fn switch(&mut self, node: Node<'_>, out: &mut Vec<Stmt>) {
        let subject = self.expression_or_unknown(node.field(Field::Value), node.line());
        let mut cases = Vec::new();
        let body = node
            .field(Field::Body)
            .map(|body| body.children())
            .unwrap_or_default();
        for case in body {
            let value = (case.kind == Kind::SwitchCase)
                .then(|| case.field(Field::Value))
                .flatten()
                .map(|value| self.expression(value));
            let statements = case.fields(Field::Body);
            let statements = self.statements(&statements);
            cases.push((value, statements));
        }
        out.push(Stmt::Switch(subject, cases));
    }

    fn enumeration(&mut self, node: Node<'_>, out: &mut Vec<Stmt>) {
        let Some(name) = node.field(Field::Name) else {
            return;
        };
        let name = self.name(name);
        let members = node
            .field(Field::Body)
            .map(|body| body.children())
            .unwrap_or_default();
        let mut entries = Vec::new();
        for member in members {
            let (key, value) = match member.kind {
                Kind::EnumAssignment => (member.field(Field::Name), member.field(Field::Value)),
                _ => (Some(member), None),
            };
            let Some(key) = key else { continue };
            let key = self.key_text(key);
            let value = value.map(|value| self.expression(value));
            entries.push((key, value));
        }
        out.push(Stmt::Enum(name, entries));
    }

    pub fn pattern(&mut self, node: Node<'_>) -> Pattern {
        self.deeper(node, |this| this.pattern_at(node))
            .unwrap_or(Pattern::Nothing)
    }

    fn pattern_at(&mut self, node: Node<'_>) -> Pattern {
        match node.kind {
            Kind::Identifier | Kind::ShorthandPattern | Kind::Undefined => {
                Pattern::Name(self.name(node))
            }
            Kind::ObjectPattern => {
                let mut entries = Vec::new();
                let mut rest = None;
                for child in node.children() {
                    match child.kind {
                        Kind::ShorthandPattern => {
                            let name = self.name(child);
                            entries.push((
                                super::program::Key::Name(name.clone()),
                                Pattern::Name(name),
                            ));
                        }
                        Kind::PairPattern => {
                            let Some(key) = child.field(Field::Key) else {
                                continue;
                            };
                            let key = self.key(key);
                            let value = child
                                .field(Field::Value)
                                .map_or(Pattern::Nothing, |value| self.pattern(value));
                            entries.push((key, value));
                        }
                        Kind::ObjectAssignmentPattern => {
                            let Some(left) = child.field(Field::Left) else {
                                continue;
                            };
                            let name = self.name(left);
                            let default =
                                self.expression_or_unknown(child.field(Field::Right), child.line());
                            let pattern =
                                Pattern::Default(Box::new(Pattern::Name(name.clone())), default);
                            entries.push((super::program::Key::Name(name), pattern));
                        }
                        Kind::RestPattern => {
                            let inner = child.children();
                            rest = inner.first().map(|inner| self.name(*inner));
                        }
                        _ => {}
                    }
                }
                Pattern::Object(entries, rest)
            }
            Kind::ArrayPattern => {
                let items = node
                    .children()
                    .into_iter()
                    .map(|child| Some(self.pattern(child)))
                    .collect();
                Pattern::Array(items)
            }
            Kind::AssignmentPattern => {
                let inner = node
                    .field(Field::Left)
                    .map_or(Pattern::Nothing, |left| self.pattern(left));
                let default = self.expression_or_unknown(node.field(Field::Right), node.line());
                Pattern::Default(Box::new(inner), default)
            }
            Kind::RestPattern => {
                let inner = node
                    .children()
                    .first()
                    .map_or(Pattern::Nothing, |inner| self.pattern(*inner));
                Pattern::Rest(Box::new(inner))
            }
            Kind::Member | Kind::Subscript | Kind::NonNull => {
                let target = self.expression(node);
                Pattern::Expr(target)
            }
            _ => Pattern::Nothing,
        }
    }

    pub fn key(&mut self, node: Node<'_>) -> super::program::Key {
        match node.kind {
            Kind::ComputedName => match node.children().first() {
                Some(inner) => super::program::Key::Computed(self.expression(*inner)),
                None => super::program::Key::Name(Arc::from("")),
            },
            _ => super::program::Key::Name(self.key_text(node)),
        }
    }

    pub fn key_text(&mut self, node: Node<'_>) -> Name {
        match node.kind {
            Kind::String => Arc::from(unquote(self.text(node))),
            Kind::PrivateProperty => {
                let text = self.text(node).trim_start_matches('#');
                self.intern(text)
            }
            _ => self.name(node),
        }
    }

    pub fn expression_or_unknown(&mut self, node: Option<Node<'_>>, line: u32) -> ExprId {
        match node {
            Some(node) => self.expression(node),
            None => self.add(Expr::Unknown(Vec::new()), line),
        }
    }

    /// An expression that is given a name: a function or a class takes it.
    pub fn named_expression(&mut self, node: Node<'_>, name: Name) -> ExprId {
        match node.kind {
            Kind::Arrow | Kind::FunctionExpression | Kind::Generator => {
                let function: ScriptFunctionId = self.function(node, Some(name));
                self.add(Expr::Function(function), node.line())
            }
            Kind::ClassExpression => {
                let class = self.class(node, Some(name));
                self.add(Expr::Class(class), node.line())
            }
            _ => self.expression(node),
        }
    }

    pub fn operator(text: &str) -> Operator {
        match text {
            "+" | "+=" => Operator::Add,
            "||" | "||=" => Operator::Or,
            "&&" | "&&=" => Operator::And,
            "??" | "??=" => Operator::Nullish,
            "===" | "==" => Operator::Equal,
            "!==" | "!=" => Operator::NotEqual,
            _ => Operator::Other,
        }
    }

    pub fn named(&mut self, node: Node<'_>) -> What {
        What::Named(self.key_text(node))
    }
}
