//! Targets of assignments, loops, `with`, `del` and `as`: the names in them are bound.
//!
//! `(a, *b), c.d = …` binds `a` and `b`, and evaluates `c`.

use super::super::program::{Expr, ExprId, NameId};
use super::Lowering;
use crate::syntax::{Kind, Node};

impl<'tree> Lowering<'_, 'tree> {
    pub(super) fn target(&mut self, node: Node<'tree>) -> ExprId {
        if node.kind == Kind::Identifier {
            let expr = self.name_use(node);
            if let Expr::Name(name) = self.facts.expr(expr) {
                self.scopes.note_binding(name);
            }
            return expr;
        }
        if !self.descend(node) {
            return self.expr(Expr::Broken, node.line());
        }
        let lowered = self.nested_target(node);
        self.ascend();
        lowered
    }

    fn nested_target(&mut self, node: Node<'tree>) -> ExprId {
        let line = node.line();
        let start = self.stacks.exprs.len();
        match node.kind {
            Kind::PatternList | Kind::ExpressionList => {
                self.push_targets();
                let elements = self.expr_list(start);
                self.expr(Expr::Tuple(elements), line)
            }
            Kind::List | Kind::ListPattern => {
                self.push_targets();
                let elements = self.expr_list(start);
                self.expr(Expr::List(elements), line)
            }
            Kind::Tuple | Kind::TuplePattern => {
                let has_comma = self.push_targets();
                if self.stacks.exprs.len() > start {
                    return self.one_or_tuple(start, has_comma, line);
                }
                let elements = self.expr_list(start);
                self.expr(Expr::Tuple(elements), line)
            }
            Kind::ParenthesizedExpression | Kind::AsPatternTarget => {
                self.push_targets();
                self.one_or_tuple(start, false, line)
            }
            Kind::ListSplat | Kind::ListSplatPattern => {
                self.push_targets();
                let value = self.one_or_tuple(start, false, line);
                self.expr(Expr::Starred(value), line)
            }
            _ => self.expression(node),
        }
    }

    /// Lowers the targets among the children onto the stack, and says whether a comma stands among them.
    pub(super) fn push_targets(&mut self) -> bool {
        let mut has_comma = false;
        self.each_child(|lowering, part| {
            if part.kind.is_expression() {
                let element = lowering.target(part);
                lowering.stacks.exprs.push(element);
            } else if part.kind == Kind::Comma {
                has_comma = true;
            }
        });
        has_comma
    }

    /// Binds a name that is no expression: of a definition, an import, a parameter.
    pub(super) fn bound_name(&mut self, node: Node<'tree>) -> NameId {
        let text = self.source_text(node);
        let name = self.name(text);
        self.scopes.note_binding(name);
        name
    }
}
