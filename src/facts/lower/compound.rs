//! Statements with bodies, but for definitions.
//!
//! `if a: … elif b: … else: …` is an `If` whose `otherwise` is one `If`; `try` keeps its `else` and `finally` one after the other.

use super::super::program::{Case, Expr, ExprId, Handler, PatternId, Span, Stmt, WithItem};
use super::patterns::is_pattern;
use super::{Lowering, flush};
use crate::syntax::{Kind, Node};

/// An `if` or `elif` whose alternatives are not lowered yet.
#[derive(Clone, Copy)]
struct Branch {
    test: ExprId,
    body: Span,
    line: u32,
}

impl<'tree> Lowering<'_, 'tree> {
    pub(super) fn compound_statement(&mut self, node: Node<'tree>, line: u32) {
        let stmt = match node.kind {
            Kind::IfStatement => self.if_statement(line),
            Kind::ForStatement => self.for_statement(line),
            Kind::WhileStatement => self.while_statement(line),
            Kind::TryStatement => self.try_statement(),
            Kind::WithStatement => self.with_statement(),
            Kind::MatchStatement => self.match_statement(line),
            Kind::FunctionDefinition => self.function_definition(node, None),
            Kind::ClassDefinition => self.class_definition(node, None),
            Kind::DecoratedDefinition => {
                self.decorated_definition();
                return;
            }
            _ => Stmt::Broken,
        };
        let stmt = self.stmt(stmt, line);
        self.stacks.stmts.push(stmt);
    }

    /// The statements of the block, or of the clause, on which the cursor stands.
    pub(super) fn body(&mut self) -> Span {
        let start = self.stacks.stmts.len();
        self.push_statements();
        self.stmt_list(start)
    }

    /// A target of `for` or `with` on the left, tests and iterables: broken if absent.
    fn or_broken(&mut self, expr: Option<ExprId>, line: u32) -> ExprId {
        expr.unwrap_or_else(|| self.expr(Expr::Broken, line))
    }

    fn if_statement(&mut self, line: u32) -> Stmt {
        let mut branches = vec![];
        let mut otherwise = Span::default();
        let first = self.branch(line, |lowering, part| match part.kind {
            Kind::ElifClause => {
                let line = part.line();
                let branch = lowering.branch(line, |_, _| {});
                branches.push(branch);
            }
            Kind::ElseClause => otherwise = lowering.body(),
            _ => {}
        });
        for branch in branches.into_iter().rev() {
            let Branch { test, body, line } = branch;
            let stmt = self.stmt(
                Stmt::If {
                    test,
                    body,
                    otherwise,
                },
                line,
            );
            let start = self.facts.stmt_lists.len() as u32;
            self.facts.stmt_lists.push(stmt);
            otherwise = Span { start, len: 1 };
        }
        Stmt::If {
            test: first.test,
            body: first.body,
            otherwise,
        }
    }

    /// The test and the body among the children; the rest of them goes to the visitor.
    fn branch(&mut self, line: u32, mut rest: impl FnMut(&mut Self, Node<'tree>)) -> Branch {
        let mut test = None;
        let mut body = None;
        self.each_child(|lowering, part| match part.kind {
            Kind::Block if body.is_none() => body = Some(lowering.body()),
            kind if kind.is_expression() && test.is_none() => {
                test = Some(lowering.expression(part))
            }
            _ => rest(lowering, part),
        });
        let test = self.or_broken(test, line);
        Branch {
            test,
            body: body.unwrap_or_default(),
            line,
        }
    }

    fn while_statement(&mut self, line: u32) -> Stmt {
        let mut otherwise = Span::default();
        let Branch { test, body, .. } = self.branch(line, |lowering, part| {
            if part.kind == Kind::ElseClause {
                otherwise = lowering.body();
            }
        });
        Stmt::While {
            test,
            body,
            otherwise,
        }
    }

    fn for_statement(&mut self, line: u32) -> Stmt {
        let mut target = None;
        let mut iterable = None;
        let mut is_after_in = false;
        let mut body = Span::default();
        let mut otherwise = Span::default();
        self.each_child(|lowering, part| match part.kind {
            Kind::In => is_after_in = true,
            Kind::Block => body = lowering.body(),
            Kind::ElseClause => otherwise = lowering.body(),
            kind if !kind.is_expression() => {}
            _ if is_after_in => iterable = Some(lowering.expression(part)),
            _ => target = Some(lowering.target(part)),
        });
        let target = self.or_broken(target, line);
        let iterable = self.or_broken(iterable, line);
        Stmt::For {
            target,
            iterable,
            body,
            otherwise,
        }
    }

    fn try_statement(&mut self) -> Stmt {
        let first_handler = self.stacks.handlers.len();
        let mut body = Span::default();
        let mut otherwise = None;
        let mut last = None;
        self.each_child(|lowering, part| match part.kind {
            Kind::Block => body = lowering.body(),
            Kind::ExceptClause => {
                let handler = lowering.handler(part);
                lowering.stacks.handlers.push(handler);
            }
            Kind::ElseClause => otherwise = Some(lowering.body()),
            Kind::FinallyClause => last = Some(lowering.body()),
            _ => {}
        });
        let (tail, otherwise_len) = self.joined(otherwise, last);
        let handlers = flush(
            &mut self.stacks.handlers,
            first_handler,
            &mut self.facts.handlers,
        );
        Stmt::Try {
            body,
            handlers,
            tail,
            otherwise_len,
        }
    }

    /// One list of the statements of both, the first after the second in the array.
    fn joined(&mut self, otherwise: Option<Span>, last: Option<Span>) -> (Span, u32) {
        match (otherwise, last) {
            (None, None) => (Span::default(), 0),
            (Some(otherwise), None) => (otherwise, otherwise.len),
            (None, Some(last)) => (last, 0),
            (Some(otherwise), Some(last)) => {
                let start = self.facts.stmt_lists.len() as u32;
                self.facts.stmt_lists.extend_from_within(otherwise.range());
                self.facts.stmt_lists.extend_from_within(last.range());
                (
                    Span {
                        start,
                        len: otherwise.len + last.len,
                    },
                    otherwise.len,
                )
            }
        }
    }

    /// `except A, B as error:`; two classes need no parentheses.
    fn handler(&mut self, node: Node<'tree>) -> Handler {
        let line = node.line();
        let start = self.stacks.exprs.len();
        let mut target = None;
        let mut is_after_as = false;
        let mut body = Span::default();
        self.each_child(|lowering, part| match part.kind {
            Kind::As => is_after_as = true,
            Kind::Block => body = lowering.body(),
            kind if !kind.is_expression() => {}
            _ if is_after_as => target = Some(lowering.target(part)),
            _ => {
                let class = lowering.expression(part);
                target = lowering.as_target.take();
                lowering.stacks.exprs.push(class);
            }
        });
        let exception = match self.stacks.exprs.get(start) {
            None => None,
            Some(first) => {
                let line = self.facts.expr_line(*first);
                Some(self.one_or_tuple(start, false, line))
            }
        };
        Handler {
            exception,
            target,
            body,
            line,
        }
    }

    fn with_statement(&mut self) -> Stmt {
        let start = self.facts.with_items.len() as u32;
        let mut items = Span { start, len: 0 };
        let mut body = Span::default();
        self.each_child(|lowering, part| match part.kind {
            Kind::WithClause => {
                let clause = (part.start(), part.end());
                lowering.each_child(|lowering, part| {
                    if part.kind == Kind::WithItem {
                        lowering.with_item(part, (part.start(), part.end()) == clause);
                    }
                });
                items.len = lowering.facts.with_items.len() as u32 - start;
            }
            Kind::Block => body = lowering.body(),
            _ => {}
        });
        Stmt::With { items, body }
    }

    /// The parentheses of `with (a as b,):` are, for the grammar, a tuple that is the sole item.
    fn with_item(&mut self, node: Node<'tree>, is_sole: bool) {
        let mut items = Vec::new();
        self.each_child(|lowering, part| {
            if is_sole && part.kind == Kind::Tuple {
                lowering.each_child(|lowering, part| lowering.push_with_item(part, &mut items));
            }
            if items.is_empty() {
                lowering.push_with_item(part, &mut items);
            }
        });
        if items.is_empty() {
            let context = self.expr(Expr::Broken, node.line());
            items.push(WithItem {
                context,
                target: None,
            });
        }
        self.facts.with_items.append(&mut items);
    }

    fn push_with_item(&mut self, node: Node<'tree>, items: &mut Vec<WithItem>) {
        if node.kind.is_expression() {
            self.as_target = None;
            let context = self.expression(node);
            let target = self.as_target.take();
            items.push(WithItem { context, target });
        }
    }

    fn match_statement(&mut self, line: u32) -> Stmt {
        let subjects = self.stacks.exprs.len();
        let first_case = self.stacks.cases.len();
        let mut has_comma = false;
        let mut subject = None;
        self.each_child(|lowering, part| match part.kind {
            Kind::Comma => has_comma = true,
            Kind::Block => {
                subject = Some(lowering.one_or_tuple(subjects, has_comma, line));
                lowering.each_child(|lowering, part| {
                    if part.kind == Kind::CaseClause {
                        let case = lowering.case();
                        lowering.stacks.cases.push(case);
                    }
                });
            }
            kind if kind.is_expression() => {
                let value = lowering.expression(part);
                lowering.stacks.exprs.push(value);
            }
            _ => {}
        });
        self.stacks.exprs.truncate(subjects);
        let cases = flush(&mut self.stacks.cases, first_case, &mut self.facts.cases);
        let subject = self.or_broken(subject, line);
        Stmt::Match { subject, cases }
    }

    fn case(&mut self) -> Case {
        let start = self.stacks.patterns.len();
        let mut has_comma = false;
        let mut guard = None;
        let mut body = Span::default();
        let mut pattern: Option<PatternId> = None;
        self.each_child(|lowering, part| match part.kind {
            Kind::Comma => has_comma = true,
            Kind::IfClause => guard = Some(lowering.only_child(part)),
            Kind::Block => {
                pattern = Some(lowering.case_pattern(start, has_comma));
                body = lowering.body();
            }
            kind if is_pattern(kind) => {
                let pattern = lowering.pattern(part);
                lowering.stacks.patterns.push(pattern);
            }
            _ => {}
        });
        let pattern = match pattern {
            Some(pattern) => pattern,
            None => self.case_pattern(start, has_comma),
        };
        Case {
            pattern,
            guard,
            body,
        }
    }

    /// One pattern, or the sequence of several.
    fn case_pattern(&mut self, start: usize, has_comma: bool) -> PatternId {
        if self.stacks.patterns.len() == start + 1 && !has_comma {
            return self.only_pattern(start);
        }
        self.sequence_pattern(start)
    }
}
