//! Expressions by kind: names, conditions, comparisons, what stands before its operand.
//!
//! `a < b < c` is an `Expr::And` of two comparisons, which share `b`.
//!
//! The grammar reads `await x ** 2` as `await (x ** 2)`; Python does not, and neither do we.

use super::super::literals;
use super::super::program::{CompareOperator, Expr, ExprId, UnaryOperator};
use super::Lowering;
use crate::syntax::{Kind, Node};

impl<'source, 'tree> Lowering<'source, 'tree> {
    /// The expression on which the cursor stands, which is `node`.
    pub(super) fn expression(&mut self, node: Node<'tree>) -> ExprId {
        match node.kind {
            Kind::Identifier => return self.name_use(node),
            Kind::String => return self.string(node),
            _ => {}
        }
        if !self.descend(node) {
            return self.expr(Expr::Broken, node.line());
        }
        let lowered = self.nested_expression(node);
        self.ascend();
        lowered
    }

    fn nested_expression(&mut self, node: Node<'tree>) -> ExprId {
        match node.kind {
            Kind::Attribute
            | Kind::Call
            | Kind::Subscript
            | Kind::BinaryOperator
            | Kind::BooleanOperator => self.spine(node),
            Kind::Integer => self.expr(literals::integer(self.source_text(node)), node.line()),
            Kind::Float => {
                let value = literals::float(self.source_text(node));
                self.expr(value, node.line())
            }
            Kind::True => self.expr(Expr::True, node.line()),
            Kind::False => self.expr(Expr::False, node.line()),
            Kind::None => self.expr(Expr::None, node.line()),
            Kind::Ellipsis => self.expr(Expr::Ellipsis, node.line()),
            Kind::ParenthesizedExpression
            | Kind::Type
            | Kind::AsPatternTarget
            | Kind::ConstrainedType => self.only_child(node),
            Kind::ComparisonOperator => self.comparison(node),
            Kind::NotOperator | Kind::UnaryOperator => self.unary(node),
            Kind::ConditionalExpression => self.conditional(node),
            Kind::NamedExpression => self.walrus(node),
            Kind::Await => self.await_expression(node),
            Kind::Yield => self.yield_expression(node),
            Kind::Lambda => self.lambda(node),
            Kind::ListSplat | Kind::ListSplatPattern | Kind::SplatType => {
                let value = self.only_child(node);
                self.expr(Expr::Starred(value), node.line())
            }
            Kind::DictionarySplat | Kind::DictionarySplatPattern => {
                let value = self.only_child(node);
                let line = self.facts.expr_line(value);
                self.expr(Expr::DoubleStarred(value), line)
            }
            Kind::ConcatenatedString => self.concatenated_string(node),
            Kind::Tuple | Kind::TuplePattern => self.tuple(node),
            Kind::ExpressionList | Kind::PatternList => {
                let elements = self.elements();
                self.expr(Expr::Tuple(elements), node.line())
            }
            Kind::List | Kind::ListPattern => {
                let elements = self.elements();
                self.expr(Expr::List(elements), node.line())
            }
            Kind::Set => {
                let elements = self.elements();
                self.expr(Expr::Set(elements), node.line())
            }
            Kind::Dictionary => self.dictionary(node),
            Kind::ListComprehension
            | Kind::SetComprehension
            | Kind::DictionaryComprehension
            | Kind::GeneratorExpression => self.comprehension(node),
            Kind::Slice => self.slice(node),
            Kind::AsPattern => self.as_pattern(),
            Kind::GenericType => self.generic_type(node),
            Kind::UnionType => self.union_type(node),
            Kind::MemberType => self.member_type(node),
            Kind::DottedName => self.dotted_name_expression(node),
            _ => self.expr(Expr::Broken, node.line()),
        }
    }

    pub(super) fn name_use(&mut self, node: Node<'tree>) -> ExprId {
        let text = self.source_text(node);
        if text.is_empty() {
            return self.expr(Expr::Broken, node.line());
        }
        if text == "super" || text == "__class__" {
            self.scopes.note_super();
        }
        let name = self.name(text);
        let expr = self.expr(Expr::Name(name), node.line());
        self.scopes.note_use(expr);
        expr
    }

    /// The first expression among the children of a node.
    pub(super) fn only_child(&mut self, node: Node<'tree>) -> ExprId {
        let mut lowered = None;
        self.each_child(|lowering, part| {
            if lowered.is_none() && part.kind.is_expression() {
                lowered = Some(lowering.expression(part));
            }
        });
        lowered.unwrap_or_else(|| self.expr(Expr::Broken, node.line()))
    }

    fn comparison(&mut self, node: Node<'tree>) -> ExprId {
        let line = node.line();
        let start = self.stacks.exprs.len();
        let mut left: Option<ExprId> = None;
        let mut is_starred = false;
        let mut operator = None;
        self.each_child(|lowering, part| {
            if let Some(found) = compare_operator(part.kind) {
                operator = Some(found);
            } else if part.kind.is_expression() {
                let mut right = lowering.expression(part);
                if left.is_none() {
                    is_starred = lowering.take_star(&mut right, part);
                }
                if let (Some(left), Some(operator)) = (left, operator.take()) {
                    let is_first = lowering.stacks.exprs.len() == start;
                    let line = if is_first {
                        line
                    } else {
                        lowering.facts.expr_line(left)
                    };
                    let compare = lowering.expr(
                        Expr::Compare {
                            operator,
                            left,
                            right,
                        },
                        line,
                    );
                    lowering.stacks.exprs.push(compare);
                }
                left = Some(right);
            }
        });
        let whole = match self.stacks.exprs.len() - start {
            0 => left.unwrap_or_else(|| self.expr(Expr::Broken, line)),
            1 => self.stacks.exprs.pop().unwrap_or(ExprId(0)),
            _ => {
                let operands = self.expr_list(start);
                self.expr(Expr::And(operands), line)
            }
        };
        if is_starred {
            self.expr(Expr::Starred(whole), line)
        } else {
            whole
        }
    }

    fn unary(&mut self, node: Node<'tree>) -> ExprId {
        let mut operator = UnaryOperator::Not;
        let mut operand = None;
        self.each_child(|lowering, part| match part.kind {
            Kind::Minus => operator = UnaryOperator::Minus,
            Kind::Plus => operator = UnaryOperator::Plus,
            Kind::Tilde => operator = UnaryOperator::Invert,
            kind if kind.is_expression() => operand = Some(lowering.expression(part)),
            _ => {}
        });
        match operand {
            Some(operand) => self.expr(Expr::Unary { operator, operand }, node.line()),
            None => self.expr(Expr::Broken, node.line()),
        }
    }

    /// `value if test else other`.
    fn conditional(&mut self, node: Node<'tree>) -> ExprId {
        let start = self.stacks.exprs.len();
        self.push_elements();
        let parts = match self.stacks.exprs[start..] {
            [value, test, other] => Some([test, value, other]),
            _ => None,
        };
        self.stacks.exprs.truncate(start);
        match parts {
            Some(parts) => {
                let parts = self.expr_group(&parts).start;
                self.expr(Expr::IfElse { parts }, node.line())
            }
            None => self.expr(Expr::Broken, node.line()),
        }
    }

    fn walrus(&mut self, node: Node<'tree>) -> ExprId {
        let mut target = None;
        let mut value = None;
        self.each_child(|lowering, part| {
            if target.is_none() && part.kind == Kind::Identifier {
                target = Some(lowering.target(part));
            } else if part.kind.is_expression() {
                value = Some(lowering.expression(part));
            }
        });
        match (target, value) {
            (Some(target), Some(value)) => self.expr(Expr::Walrus { target, value }, node.line()),
            _ => self.expr(Expr::Broken, node.line()),
        }
    }

    fn await_expression(&mut self, node: Node<'tree>) -> ExprId {
        let line = node.line();
        let mut lowered = None;
        self.each_child(|lowering, part| {
            if part.kind.is_expression() {
                lowered = Some((lowering.expression(part), part.kind));
            }
        });
        let Some((operand, kind)) = lowered else {
            return self.expr(Expr::Broken, line);
        };
        if let (
            Kind::BinaryOperator,
            Expr::Binary {
                operator,
                left,
                right,
            },
        ) = (kind, self.facts.expr(operand))
        {
            let left = self.expr(Expr::Await(left), line);
            return self.expr(
                Expr::Binary {
                    operator,
                    left,
                    right,
                },
                line,
            );
        }
        self.expr(Expr::Await(operand), line)
    }

    fn yield_expression(&mut self, node: Node<'tree>) -> ExprId {
        self.scopes.note_yield();
        let line = node.line();
        let mut is_from = false;
        let mut value = None;
        self.each_child(|lowering, part| match part.kind {
            Kind::From => is_from = true,
            kind if kind.is_expression() => value = Some(lowering.expression(part)),
            _ => {}
        });
        let value = value.unwrap_or_else(|| self.expr(Expr::None, line));
        self.expr(
            if is_from {
                Expr::YieldFrom(value)
            } else {
                Expr::Yield(value)
            },
            line,
        )
    }

    /// `value as target`, of which the caller finds the target in `as_target`.
    fn as_pattern(&mut self) -> ExprId {
        let mut value = None;
        let mut target = None;
        let mut line = 1;
        self.each_child(|lowering, part| {
            line = part.line();
            match part.kind {
                Kind::AsPatternTarget => target = Some(lowering.target(part)),
                kind if kind.is_expression() => value = Some(lowering.expression(part)),
                _ => {}
            }
        });
        self.as_target = target;
        value.unwrap_or_else(|| self.expr(Expr::Broken, line))
    }

    /// `a.b.c` where the grammar knows only a dotted name.
    pub(super) fn dotted_name_expression(&mut self, node: Node<'tree>) -> ExprId {
        let line = node.line();
        let mut object: Option<ExprId> = None;
        self.each_child(|lowering, part| {
            if part.kind == Kind::Identifier {
                object = Some(match object {
                    None => lowering.name_use(part),
                    Some(object) => {
                        let text = lowering.source_text(part);
                        let name = lowering.name(text);
                        lowering.expr(Expr::Attribute { object, name }, line)
                    }
                });
            }
        });
        object.unwrap_or_else(|| self.expr(Expr::Broken, line))
    }
}

fn compare_operator(kind: Kind) -> Option<CompareOperator> {
    Some(match kind {
        Kind::EqualEqual => CompareOperator::Equal,
        Kind::NotEqual | Kind::LessGreater => CompareOperator::NotEqual,
        Kind::Less => CompareOperator::Less,
        Kind::LessEqual => CompareOperator::LessEqual,
        Kind::Greater => CompareOperator::Greater,
        Kind::GreaterEqual => CompareOperator::GreaterEqual,
        Kind::In => CompareOperator::In,
        Kind::NotIn => CompareOperator::NotIn,
        Kind::IsToken => CompareOperator::Is,
        Kind::IsNot => CompareOperator::IsNot,
        _ => return None,
    })
}
