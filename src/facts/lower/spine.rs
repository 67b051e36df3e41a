//! The chains that grow to the left: calls, attributes, subscripts, binary operators, `and` and `or`.
//!
//! `a.b(c)[d] + e` is, for the grammar, five expressions inside of each other, the innermost to the left. Such a spine is
//! walked down and up again without recursion, so `1 + 1 + …` may be thousands long.
//!
//! The grammar reads `a & b ^ c` as `a & (b ^ c)`; for Python `&` binds closer, so it is put where it belongs. Sometimes it
//! also reads `*a.b` as `(*a).b`: the star goes to the whole.

use super::super::program::{BinaryOperator, Expr, ExprId};
use super::Lowering;
use crate::syntax::{Kind, Node};

/// A longer chain to the left is broken.
const SPINE_LIMIT: usize = 20_000;

/// Operands of one `and` or `or`, that wait for more.
struct Run {
    operator: Kind,
    start: usize,
}

/// An operation whose right operand is the first operand of the chain that is read next: `left &` before `b ^ c`.
#[derive(Clone, Copy)]
pub(super) struct Pending {
    /// `before ^ left &`.
    pub before: Option<ExprId>,
    pub left: ExprId,
    pub operator: BinaryOperator,
    /// The operator of the chain, and the depth at which it is read.
    pub chain: BinaryOperator,
    pub depth: u32,
    pub line: u32,
}

impl<'tree> Lowering<'_, 'tree> {
    pub(super) fn spine(&mut self, outermost: Node<'tree>) -> ExprId {
        let mut line = outermost.line();
        let floor = self.stacks.spine.len();
        let mut node = outermost;
        while matches!(
            node.kind,
            Kind::Attribute
                | Kind::Call
                | Kind::Subscript
                | Kind::BinaryOperator
                | Kind::BooleanOperator
        ) && self.stacks.spine.len() - floor < SPINE_LIMIT
        {
            let Some(mut child) = self.cursor.first() else {
                break;
            };
            self.stacks.spine.push(node.kind);
            while !child.kind.is_expression() {
                match self.cursor.following() {
                    Some(next) => child = next,
                    None => break,
                }
            }
            node = child;
        }
        let mut left = match self.stacks.spine.len() - floor {
            0 => self.expr(Expr::Broken, line),
            SPINE_LIMIT => {
                self.problem(
                    line,
                    format!("a chain of more than {SPINE_LIMIT} operations"),
                );
                self.expr(Expr::Broken, line)
            }
            _ => self.expression(node),
        };
        if self.type_call_depth == Some(self.depth) {
            self.type_call_depth = None;
            left = self.type_call(node, left, line);
        }
        let is_starred = self.take_star(&mut left, node);
        let mut run: Option<Run> = None;
        let mut is_exclusive = false;
        while self.stacks.spine.len() > floor {
            let Some(kind) = self.stacks.spine.pop() else {
                break;
            };
            if kind == Kind::BooleanOperator {
                left = self.boolean_operand(left, line, &mut run);
            } else {
                if let Some(ended) = run.take() {
                    left = self.end_run(ended, line);
                }
                left = match kind {
                    Kind::Attribute => self.attribute_of(left, line),
                    Kind::Call => self.call_of(left, line),
                    Kind::Subscript => self.subscript_of(left, line),
                    _ => self.binary_with(left, is_exclusive, line),
                };
                line = self.facts.expr_line(left);
            }
            is_exclusive = kind == Kind::BinaryOperator && self.is_exclusive_or(left);
            self.cursor.up();
        }
        let whole = match run {
            Some(ended) => self.end_run(ended, line),
            None => left,
        };
        if is_starred {
            self.expr(Expr::Starred(whole), line)
        } else {
            whole
        }
    }

    /// Takes the star from a first operand that the grammar has starred instead of the whole.
    pub(super) fn take_star(&mut self, first: &mut ExprId, node: Node<'tree>) -> bool {
        match self.facts.expr(*first) {
            Expr::Starred(value) if node.kind != Kind::ParenthesizedExpression => {
                *first = value;
                true
            }
            _ => false,
        }
    }

    /// Adds the right operand of the `and` or `or` whose left operand is `left`, or the run so far.
    fn boolean_operand(&mut self, left: ExprId, line: u32, run: &mut Option<Run>) -> ExprId {
        let mut operator = Kind::And;
        while let Some(part) = self.cursor.following() {
            match part.kind {
                Kind::And | Kind::Or => operator = part.kind,
                kind if kind.is_expression() => {
                    let continues = run.as_ref().is_some_and(|run| run.operator == operator);
                    if !continues {
                        let first = match run.take() {
                            Some(ended) => self.end_run(ended, line),
                            None => left,
                        };
                        *run = Some(Run {
                            operator,
                            start: self.stacks.exprs.len(),
                        });
                        self.stacks.exprs.push(first);
                    }
                    let right = self.expression(part);
                    self.stacks.exprs.push(right);
                    break;
                }
                _ => {}
            }
        }
        left
    }

    fn end_run(&mut self, run: Run, line: u32) -> ExprId {
        let operands = self.expr_list(run.start);
        self.expr(
            if run.operator == Kind::And {
                Expr::And(operands)
            } else {
                Expr::Or(operands)
            },
            line,
        )
    }

    pub(super) fn attribute_of(&mut self, object: ExprId, line: u32) -> ExprId {
        while let Some(part) = self.cursor.following() {
            if part.kind == Kind::Identifier && !part.is_missing() {
                let text = self.source_text(part);
                let name = self.name(text);
                return self.expr(Expr::Attribute { object, name }, line);
            }
        }
        self.expr(Expr::Broken, line)
    }

    /// Is `left` an unparenthesized `^`? then an `&` takes only its last operand.
    fn binary_with(&mut self, left: ExprId, is_exclusive: bool, line: u32) -> ExprId {
        let mut operator = None;
        while let Some(part) = self.cursor.following() {
            if let Some(found) = binary_operator(part.kind) {
                operator = Some(found);
            } else if part.kind.is_expression() {
                match operator {
                    Some(BinaryOperator::BitAnd) => {
                        return self.bit_and(left, is_exclusive, part, line);
                    }
                    Some(operator) => {
                        let (left, line) = self.joined_with_pending(left, operator, line);
                        let right = self.expression(part);
                        return self.binary(operator, left, right, line);
                    }
                    None => {}
                }
            }
        }
        self.expr(Expr::Broken, line)
    }

    fn binary(
        &mut self,
        operator: BinaryOperator,
        left: ExprId,
        right: ExprId,
        line: u32,
    ) -> ExprId {
        self.expr(
            Expr::Binary {
                operator,
                left,
                right,
            },
            line,
        )
    }

    fn bit_and(
        &mut self,
        left: ExprId,
        is_exclusive: bool,
        right: Node<'tree>,
        line: u32,
    ) -> ExprId {
        let (before, left) = match self.facts.expr(left) {
            Expr::Binary {
                left: before,
                right: last,
                ..
            } if is_exclusive => (Some(before), last),
            _ => (None, left),
        };
        let pending = Pending {
            before,
            left,
            operator: BinaryOperator::BitAnd,
            chain: BinaryOperator::BitXor,
            depth: self.depth + 1,
            line,
        };
        if right.kind != Kind::BinaryOperator {
            let right = self.expression(right);
            return self.join(pending, right);
        }
        let (right, is_joined) = self.expression_after(pending, right);
        if is_joined {
            right
        } else {
            self.join(pending, right)
        }
    }

    /// The right operand, and whether its first operand was joined with what was pending.
    pub(super) fn expression_after(
        &mut self,
        pending: Pending,
        right: Node<'tree>,
    ) -> (ExprId, bool) {
        let outer = self.pending.replace(pending);
        let right = self.expression(right);
        let is_joined = std::mem::replace(&mut self.pending, outer).is_none();
        (right, is_joined)
    }

    /// The first operand of a chain of the operator, for which something may be pending, and where the chain begins.
    fn joined_with_pending(
        &mut self,
        first: ExprId,
        operator: BinaryOperator,
        line: u32,
    ) -> (ExprId, u32) {
        match self.pending {
            Some(pending) if pending.depth == self.depth && pending.chain == operator => {
                self.pending = None;
                (self.join(pending, first), pending.line)
            }
            _ => (first, line),
        }
    }

    pub(super) fn join(&mut self, pending: Pending, right: ExprId) -> ExprId {
        let Pending {
            before,
            left,
            operator,
            chain,
            line,
            ..
        } = pending;
        let Some(before) = before else {
            return self.binary(operator, left, right, line);
        };
        let left_line = self.facts.expr_line(left);
        let joined = self.binary(operator, left, right, left_line);
        self.binary(chain, before, joined, line)
    }

    fn is_exclusive_or(&self, expr: ExprId) -> bool {
        matches!(
            self.facts.expr(expr),
            Expr::Binary {
                operator: BinaryOperator::BitXor,
                ..
            }
        )
    }
}

pub(super) fn binary_operator(kind: Kind) -> Option<BinaryOperator> {
    Some(match kind {
        Kind::Plus | Kind::PlusEqual => BinaryOperator::Add,
        Kind::Minus | Kind::MinusEqual => BinaryOperator::Subtract,
        Kind::Star | Kind::StarEqual => BinaryOperator::Multiply,
        Kind::Slash | Kind::SlashEqual => BinaryOperator::Divide,
        Kind::DoubleSlash | Kind::DoubleSlashEqual => BinaryOperator::FloorDivide,
        Kind::Percent | Kind::PercentEqual => BinaryOperator::Modulo,
        Kind::DoubleStar | Kind::DoubleStarEqual => BinaryOperator::Power,
        Kind::At | Kind::AtEqual => BinaryOperator::MatrixMultiply,
        Kind::LeftShift | Kind::LeftShiftEqual => BinaryOperator::LeftShift,
        Kind::RightShift | Kind::RightShiftEqual => BinaryOperator::RightShift,
        Kind::Ampersand | Kind::AmpersandEqual => BinaryOperator::BitAnd,
        Kind::Pipe | Kind::PipeEqual => BinaryOperator::BitOr,
        Kind::Caret | Kind::CaretEqual => BinaryOperator::BitXor,
        _ => return None,
    })
}
