//! Tuples, lists, sets, dicts, slices and comprehensions.
//!
//! `{**a, 'b': c}` is a list of four: `**a` twice, then key and value. `[x for x in y if x]` has one clause with one condition.

use super::super::program::{Clause, Expr, ExprId, Span};
use super::super::scopes::Comprehension;
use super::{Lowering, flush};
use crate::syntax::{Kind, Node};

impl<'tree> Lowering<'_, 'tree> {
    /// Lowers the expressions among the children onto the stack, and says whether a comma stands among them.
    pub(super) fn push_elements(&mut self) -> bool {
        let mut has_comma = false;
        self.each_child(|lowering, part| {
            if part.kind.is_expression() {
                let element = lowering.expression(part);
                lowering.stacks.exprs.push(element);
            } else if part.kind == Kind::Comma {
                has_comma = true;
            }
        });
        has_comma
    }

    pub(super) fn elements(&mut self) -> Span {
        let start = self.stacks.exprs.len();
        self.push_elements();
        self.expr_list(start)
    }

    /// One expression, or the tuple of several; a comma after a single one makes a tuple of it too.
    pub(super) fn one_or_tuple(&mut self, start: usize, has_comma: bool, line: u32) -> ExprId {
        if self.stacks.exprs.len() == start + 1
            && !has_comma
            && let Some(sole) = self.stacks.exprs.pop()
        {
            return sole;
        }
        if self.stacks.exprs.len() == start {
            return self.expr(Expr::Broken, line);
        }
        let elements = self.expr_list(start);
        self.expr(Expr::Tuple(elements), line)
    }

    pub(super) fn tuple(&mut self, node: Node<'tree>) -> ExprId {
        let start = self.stacks.exprs.len();
        let has_comma = self.push_elements();
        if self.stacks.exprs.len() > start {
            return self.one_or_tuple(start, has_comma, node.line());
        }
        self.expr(Expr::Tuple(Span::default()), node.line())
    }

    pub(super) fn dictionary(&mut self, node: Node<'tree>) -> ExprId {
        let start = self.stacks.exprs.len();
        self.each_child(|lowering, part| match part.kind {
            Kind::Pair => {
                let (key, value) = lowering.pair(part);
                lowering.stacks.exprs.extend([key, value]);
            }
            Kind::DictionarySplat => {
                let mapping = lowering.expression(part);
                lowering.stacks.exprs.extend([mapping, mapping]);
            }
            _ => {}
        });
        let entries = self.expr_list(start);
        self.expr(Expr::Dict(entries), node.line())
    }

    fn pair(&mut self, node: Node<'tree>) -> (ExprId, ExprId) {
        let mut key = None;
        let mut value = None;
        self.each_child(|lowering, part| {
            if part.kind.is_expression() {
                let lowered = lowering.expression(part);
                *(if key.is_none() { &mut key } else { &mut value }) = Some(lowered);
            }
        });
        let line = node.line();
        let key = key.unwrap_or_else(|| self.expr(Expr::Broken, line));
        (key, value.unwrap_or_else(|| self.expr(Expr::Broken, line)))
    }

    /// `start:stop:step`.
    pub(super) fn slice(&mut self, node: Node<'tree>) -> ExprId {
        let line = node.line();
        let mut parts = [None; 3];
        let mut position = 0;
        self.each_child(|lowering, part| {
            if part.kind == Kind::Colon {
                position += 1;
            } else if part.kind.is_expression() {
                let lowered = lowering.expression(part);
                if let Some(place) = parts.get_mut(position) {
                    *place = Some(lowered);
                }
            }
        });
        let parts = parts.map(|part| part.unwrap_or_else(|| self.expr(Expr::None, line)));
        let parts = self.expr_group(&parts).start;
        self.expr(Expr::Slice(parts), line)
    }

    pub(super) fn comprehension(&mut self, node: Node<'tree>) -> ExprId {
        let line = node.line();
        let clauses_start = self.stacks.clauses.len();
        let mut conditions_start = self.stacks.exprs.len();
        let mut scope = self.scopes.begin_comprehension();
        let mut element = None;
        let mut pair = None;
        self.each_child(|lowering, part| match part.kind {
            Kind::ForInClause => {
                lowering.end_conditions(clauses_start, conditions_start);
                let is_first = lowering.stacks.clauses.len() == clauses_start;
                let clause = lowering.for_in_clause(part, is_first.then_some(&mut scope));
                lowering.stacks.clauses.push(clause);
                conditions_start = lowering.stacks.exprs.len();
            }
            Kind::IfClause => {
                let condition = lowering.only_child(part);
                lowering.stacks.exprs.push(condition);
            }
            Kind::Pair => pair = Some(lowering.pair(part)),
            kind if kind.is_expression() && element.is_none() => {
                element = Some(lowering.expression(part))
            }
            _ => {}
        });
        self.end_conditions(clauses_start, conditions_start);
        self.scopes.end_comprehension(&scope, &mut self.facts.exprs);
        let clauses = flush(
            &mut self.stacks.clauses,
            clauses_start,
            &mut self.facts.clauses,
        );
        let comprehension = match (node.kind, element, pair) {
            (_, _, Some((key, value))) => Expr::DictComp {
                pair: self.expr_group(&[key, value]).start,
                clauses,
            },
            (Kind::ListComprehension, Some(element), None) => Expr::ListComp { element, clauses },
            (Kind::SetComprehension, Some(element), None) => Expr::SetComp { element, clauses },
            (_, Some(element), None) => Expr::Generator { element, clauses },
            (_, None, None) => Expr::Broken,
        };
        self.expr(comprehension, line)
    }

    /// The conditions on the stack belong to the last clause.
    fn end_conditions(&mut self, clauses_start: usize, conditions_start: usize) {
        let conditions = self.expr_list(conditions_start);
        if self.stacks.clauses.len() > clauses_start
            && let Some(clause) = self.stacks.clauses.last_mut()
        {
            clause.conditions = conditions;
        }
    }

    /// The iterable of the first clause is evaluated outside of the comprehension.
    fn for_in_clause(
        &mut self,
        node: Node<'tree>,
        mut outermost: Option<&mut Comprehension>,
    ) -> Clause {
        let line = node.line();
        let start = self.stacks.exprs.len();
        let mut target = None;
        let mut is_after_in = false;
        let mut has_comma = false;
        self.each_child(|lowering, part| match part.kind {
            Kind::In => is_after_in = true,
            Kind::Comma => has_comma = true,
            kind if !kind.is_expression() => {}
            _ if is_after_in => {
                let before = lowering.scopes.begin_comprehension();
                let iterable = lowering.expression(part);
                lowering.stacks.exprs.push(iterable);
                if let Some(scope) = &mut outermost {
                    lowering.scopes.note_outside(scope, &before);
                }
            }
            _ => {
                let bindings = lowering.scopes.bindings();
                target = Some(lowering.target(part));
                lowering.scopes.claim_bindings(bindings);
            }
        });
        let target = target.unwrap_or_else(|| self.expr(Expr::Broken, line));
        let iterable = self.one_or_tuple(start, has_comma, line);
        Clause {
            target,
            iterable,
            conditions: Span::default(),
        }
    }
}
