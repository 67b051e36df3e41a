//! Simple statements, and the lists of statements that bodies are.
//!
//! `a = b.c = f()` is one `Stmt::Assign` of two targets. A string that stands alone says nothing and is left out. Where a
//! part of a body does not parse, a `Stmt::Broken` stands before the statements that were found in it.

use super::super::program::{Argument, ArgumentKind, BinaryOperator, Expr, ExprId, Span, Stmt};
use super::spine::binary_operator;
use super::{Lowering, flush};
use crate::syntax::{Kind, Node};

impl<'tree> Lowering<'_, 'tree> {
    /// Lowers the statements among the children onto the stack.
    pub(super) fn push_statements(&mut self) {
        self.each_child(|lowering, part| {
            if part.kind.is_statement() {
                lowering.statement(part);
            } else {
                lowering.stray(part);
            }
        });
    }

    /// What stands where a statement should, in a text that does not parse.
    fn stray(&mut self, node: Node<'tree>) {
        match node.kind {
            Kind::Error => {
                let stmt = self.stmt(Stmt::Broken, node.line());
                self.stacks.stmts.push(stmt);
                if self.descend(node) {
                    self.push_statements();
                    self.ascend();
                }
            }
            Kind::Block => self.push_statements(),
            kind if kind.is_expression() && !node.is_missing() => {
                let value = self.expression(node);
                self.as_target = None;
                self.push_expression(value, node.line());
            }
            _ => {}
        }
    }

    /// Lowers the statement on which the cursor stands onto the stack.
    fn statement(&mut self, node: Node<'tree>) {
        let line = node.line();
        if !self.descend(node) {
            let stmt = self.stmt(Stmt::Broken, line);
            self.stacks.stmts.push(stmt);
            return;
        }
        let lowered = self.simple_statement(node, line);
        if let Some(lowered) = lowered {
            self.last_line = node.last_line();
            if let Some(stmt) = lowered {
                let stmt = self.stmt(stmt, line);
                self.stacks.stmts.push(stmt);
            }
        } else {
            self.compound_statement(node, line);
        }
        self.ascend();
    }

    /// None if the statement is not simple; `Some(None)` if it says nothing.
    fn simple_statement(&mut self, node: Node<'tree>, line: u32) -> Option<Option<Stmt>> {
        Some(match node.kind {
            Kind::ExpressionStatement => self.expression_statement(line),
            Kind::ReturnStatement => Some(Stmt::Return(self.optional_value(line))),
            Kind::ImportStatement => Some(self.import(node)),
            Kind::ImportFromStatement | Kind::FutureImportStatement => Some(self.import_from(node)),
            Kind::AssertStatement => Some(self.assert_statement(line)),
            Kind::DeleteStatement => Some(self.delete_statement()),
            Kind::RaiseStatement => Some(self.raise_statement()),
            Kind::PassStatement => Some(Stmt::Pass),
            Kind::BreakStatement => Some(Stmt::Break),
            Kind::ContinueStatement => Some(Stmt::Continue),
            Kind::GlobalStatement | Kind::NonlocalStatement => {
                self.scope_statement(node);
                None
            }
            Kind::TypeAliasStatement => Some(self.type_alias(line)),
            Kind::PrintStatement => Some(self.print_statement(node, line)),
            Kind::ExecStatement => Some(self.exec_statement(node, line)),
            _ => return None,
        })
    }

    fn push_expression(&mut self, value: ExprId, line: u32) {
        if !matches!(self.facts.expr(value), Expr::Text(_)) {
            let stmt = self.stmt(Stmt::Expr(value), line);
            self.stacks.stmts.push(stmt);
        }
    }

    fn expression_statement(&mut self, line: u32) -> Option<Stmt> {
        let mut child = self.cursor.first()?;
        while child.kind == Kind::Error {
            match self.cursor.following() {
                Some(next) => child = next,
                None => break,
            }
        }
        let stmt = match child.kind {
            Kind::Assignment => Some(self.assignment(child)),
            Kind::AugmentedAssignment => Some(self.augmented_assignment(child)),
            Kind::String if self.is_plain_text(child) => self.rest_of_expression(None, child, line),
            _ => {
                let first = self.expression(child);
                self.rest_of_expression(Some(first), child, line)
            }
        };
        self.as_target = None;
        self.cursor.up();
        stmt
    }

    /// An expression, or several with commas. The first is a plain string if it is not lowered yet.
    fn rest_of_expression(
        &mut self,
        first: Option<ExprId>,
        node: Node<'tree>,
        line: u32,
    ) -> Option<Stmt> {
        let mut next = self.cursor.following();
        let first = match (first, next) {
            (None, None) => return None,
            (Some(first), None) => {
                return (!matches!(self.facts.expr(first), Expr::Text(_)))
                    .then_some(Stmt::Expr(first));
            }
            (Some(first), Some(_)) => first,
            (None, Some(_)) => self.string(node),
        };
        let start = self.stacks.exprs.len();
        self.stacks.exprs.push(first);
        let mut has_comma = false;
        while let Some(part) = next {
            if part.kind.is_expression() {
                let element = self.expression(part);
                self.stacks.exprs.push(element);
            } else if part.kind == Kind::Comma {
                has_comma = true;
            }
            next = self.cursor.following();
        }
        Some(Stmt::Expr(self.one_or_tuple(start, has_comma, line)))
    }

    /// `a = b = value`, of which the grammar makes an assignment inside of an assignment; `a: int = value`; `a: int`.
    fn assignment(&mut self, node: Node<'tree>) -> Stmt {
        let line = node.line();
        let start = self.stacks.exprs.len();
        let bindings = self.scopes.bindings();
        let mut is_parenthesized = false;
        let mut levels = 0;
        let mut annotation = None;
        let mut value = None;
        let mut child = self.cursor.first();
        levels += u32::from(child.is_some());
        let mut is_right = false;
        while let Some(part) = child {
            match part.kind {
                Kind::Equal => is_right = true,
                Kind::Type => annotation = Some(self.expression(part)),
                Kind::Assignment if is_right => {
                    child = self.cursor.first();
                    levels += u32::from(child.is_some());
                    is_right = false;
                    continue;
                }
                kind if !kind.is_expression() => {}
                _ if is_right => value = Some(self.expression(part)),
                kind => {
                    is_parenthesized = kind == Kind::TuplePattern;
                    let target = self.target(part);
                    self.stacks.exprs.push(target);
                }
            }
            child = self.cursor.following();
        }
        for _ in 0..levels {
            self.cursor.up();
        }
        let Some(annotation) = annotation else {
            let targets = self.expr_list(start);
            let value = value.unwrap_or_else(|| self.expr(Expr::Broken, line));
            return Stmt::Assign { targets, value };
        };
        let target = self.one_or_tuple(start, false, line);
        match value {
            Some(value) => Stmt::AnnAssign {
                target,
                annotation,
                value,
            },
            None => {
                if is_parenthesized {
                    // `(x): int` declares nothing: the compiler wants a plain name.
                    self.scopes.forget_bindings(bindings);
                }
                Stmt::Declare { target, annotation }
            }
        }
    }

    fn augmented_assignment(&mut self, node: Node<'tree>) -> Stmt {
        let mut target = None;
        let mut operator = None;
        let mut value = None;
        self.each_child(|lowering, part| {
            if let Some(found) = binary_operator(part.kind) {
                operator = Some(found);
            } else if part.kind.is_expression() {
                if target.is_none() {
                    target = Some(lowering.target(part));
                } else {
                    value = Some(lowering.expression(part));
                }
            }
        });
        match (operator, target) {
            (Some(operator), Some(target)) => {
                let value = value.unwrap_or_else(|| self.expr(Expr::Broken, node.line()));
                Stmt::AugAssign {
                    operator,
                    target,
                    value,
                }
            }
            _ => Stmt::Broken,
        }
    }

    /// The value of `return`, if there is one.
    fn optional_value(&mut self, line: u32) -> Option<ExprId> {
        let start = self.stacks.exprs.len();
        self.push_elements();
        (self.stacks.exprs.len() > start).then(|| self.one_or_tuple(start, false, line))
    }

    fn assert_statement(&mut self, line: u32) -> Stmt {
        let start = self.stacks.exprs.len();
        self.push_elements();
        let test = self.stacks.exprs.get(start).copied();
        let message = self.stacks.exprs.get(start + 1).copied();
        self.stacks.exprs.truncate(start);
        let message = message.and_then(|message| match self.facts.expr(message) {
            Expr::Text(text) => Some(text),
            _ => None,
        });
        Stmt::Assert {
            test: test.unwrap_or_else(|| self.expr(Expr::Broken, line)),
            message,
        }
    }

    fn delete_statement(&mut self) -> Stmt {
        let start = self.stacks.exprs.len();
        self.each_child(|lowering, part| {
            if part.kind == Kind::ExpressionList {
                lowering.push_targets();
            } else if part.kind.is_expression() {
                let target = lowering.target(part);
                lowering.stacks.exprs.push(target);
            }
        });
        Stmt::Delete(self.expr_list(start))
    }

    /// `raise error from cause`, whose cause is dropped.
    fn raise_statement(&mut self) -> Stmt {
        let mut error = None;
        let mut is_after_from = false;
        self.each_child(|lowering, part| {
            if part.kind == Kind::From {
                is_after_from = true;
            } else if part.kind.is_expression() {
                let lowered = lowering.expression(part);
                if !is_after_from {
                    error = Some(lowered);
                }
            }
        });
        Stmt::Raise(error)
    }

    fn scope_statement(&mut self, node: Node<'tree>) {
        self.each_child(|lowering, part| {
            if part.kind == Kind::Identifier {
                let text = lowering.source_text(part);
                let name = lowering.name(text);
                if node.kind == Kind::GlobalStatement {
                    lowering.scopes.note_global(name);
                } else {
                    lowering.scopes.note_nonlocal(name);
                }
            }
        });
    }

    /// `print a, b` of Python 2 is the call that it became; `print >>f, a` is what Python 3 reads.
    fn print_statement(&mut self, node: Node<'tree>, line: u32) -> Stmt {
        let start = self.stacks.exprs.len();
        let function = self.builtin("print", line);
        let mut is_chevron = false;
        let mut has_comma = false;
        self.each_child(|lowering, part| {
            if part.kind == Kind::Chevron {
                is_chevron = true;
                let right = lowering.only_child(part);
                let operator = BinaryOperator::RightShift;
                let shift = lowering.expr(
                    Expr::Binary {
                        operator,
                        left: function,
                        right,
                    },
                    line,
                );
                lowering.stacks.exprs.push(shift);
            } else if part.kind.is_expression() {
                let argument = lowering.expression(part);
                lowering.stacks.exprs.push(argument);
            } else if part.kind == Kind::Comma {
                has_comma = true;
            }
        });
        if is_chevron {
            return Stmt::Expr(self.one_or_tuple(start, has_comma, node.line()));
        }
        Stmt::Expr(self.call_of_elements(function, start, line))
    }

    fn exec_statement(&mut self, node: Node<'tree>, line: u32) -> Stmt {
        let function = self.builtin("exec", line);
        let start = self.stacks.exprs.len();
        self.push_elements();
        Stmt::Expr(self.call_of_elements(function, start, node.line()))
    }

    pub(super) fn builtin(&mut self, name: &'static str, line: u32) -> ExprId {
        let name = self.name(name);
        let function = self.expr(Expr::Name(name), line);
        self.scopes.note_use(function);
        function
    }

    /// The expressions on the stack are the arguments.
    pub(super) fn call_of_elements(&mut self, function: ExprId, start: usize, line: u32) -> ExprId {
        let first = self.stacks.arguments.len();
        let values = &self.stacks.exprs[start..];
        self.stacks
            .arguments
            .extend(values.iter().map(|value| Argument {
                kind: ArgumentKind::Positional,
                value: *value,
            }));
        self.stacks.exprs.truncate(start);
        let arguments: Span = flush(&mut self.stacks.arguments, first, &mut self.facts.arguments);
        self.expr(
            Expr::Call {
                function,
                arguments,
            },
            line,
        )
    }
}
