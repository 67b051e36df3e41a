//! Annotations, for which the grammar has nodes of its own: they are the expressions that Python sees.
//!
//! In `x: list[int] | None` stand an `Expr::Binary` and an `Expr::Subscript`.

use super::super::program::{BinaryOperator, Expr, ExprId};
use super::Lowering;
use crate::syntax::{Kind, Node};

impl<'tree> Lowering<'_, 'tree> {
    /// `name[parameters]` in an annotation.
    pub(super) fn generic_type(&mut self, node: Node<'tree>) -> ExprId {
        let line = node.line();
        let mut object = None;
        let mut index = None;
        self.each_child(|lowering, part| match part.kind {
            Kind::TypeParameter => index = Some(lowering.subscript_index(part)),
            kind if kind.is_expression() => object = Some(lowering.expression(part)),
            _ => {}
        });
        match (object, index) {
            (Some(object), Some(index)) => self.expr(Expr::Subscript { object, index }, line),
            _ => self.expr(Expr::Broken, line),
        }
    }

    pub(super) fn union_type(&mut self, node: Node<'tree>) -> ExprId {
        let start = self.stacks.exprs.len();
        self.push_elements();
        let pair = match self.stacks.exprs[start..] {
            [left, right] => Some((left, right)),
            _ => None,
        };
        self.stacks.exprs.truncate(start);
        match pair {
            Some((left, right)) if node.kind == Kind::UnionType => self.expr(
                Expr::Binary {
                    operator: BinaryOperator::BitOr,
                    left,
                    right,
                },
                node.line(),
            ),
            Some((left, _)) => left,
            None => self.expr(Expr::Broken, node.line()),
        }
    }

    pub(super) fn member_type(&mut self, node: Node<'tree>) -> ExprId {
        let line = node.line();
        let Some(first) = self.cursor.first() else {
            return self.expr(Expr::Broken, line);
        };
        let object = self.expression(first);
        let member = self.attribute_of(object, line);
        self.cursor.up();
        member
    }
}
