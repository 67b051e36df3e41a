//! The patterns of `match`.
//!
//! `case Point(x=0, y=[a, *rest]) | None` is an `Or` of a `Class` (with a `Value` and a `Sequence` of a `Capture` and a `Star`)
//! and a `Value`.

use super::super::literals;
use super::super::program::{Expr, ExprId, Pattern, PatternId, Span, UnaryOperator};
use super::spine::binary_operator;
use super::{Lowering, flush};
use crate::syntax::{Kind, Node};

impl<'tree> Lowering<'_, 'tree> {
    fn new_pattern(&mut self, pattern: Pattern) -> PatternId {
        let id = PatternId(self.facts.patterns.len() as u32);
        self.facts.patterns.push(pattern);
        id
    }

    pub(super) fn pattern_list(&mut self, start: usize) -> Span {
        flush(
            &mut self.stacks.patterns,
            start,
            &mut self.facts.pattern_lists,
        )
    }

    pub(super) fn sequence_pattern(&mut self, start: usize) -> PatternId {
        let elements = self.pattern_list(start);
        self.new_pattern(Pattern::Sequence(elements))
    }

    /// The pattern on which the cursor stands.
    pub(super) fn pattern(&mut self, node: Node<'tree>) -> PatternId {
        if !self.descend(node) {
            return self.new_pattern(Pattern::Broken);
        }
        let lowered = self.nested_pattern(node);
        self.ascend();
        lowered
    }

    fn nested_pattern(&mut self, node: Node<'tree>) -> PatternId {
        let start = self.stacks.patterns.len();
        match node.kind {
            Kind::CasePattern => {
                self.push_patterns();
                self.only_pattern(start)
            }
            Kind::UnionPattern => {
                self.push_patterns();
                let options = self.pattern_list(start);
                self.new_pattern(Pattern::Or(options))
            }
            Kind::ListPattern => {
                self.push_patterns();
                self.sequence_pattern(start)
            }
            Kind::TuplePattern => {
                let has_comma = self.push_patterns();
                if self.stacks.patterns.len() == start + 1 && !has_comma {
                    return self.only_pattern(start);
                }
                self.sequence_pattern(start)
            }
            Kind::KeywordPattern => self.keyword_pattern(start),
            Kind::AsPattern => self.pattern_with_name(),
            Kind::SplatPattern => {
                let target = self.splat_target();
                self.new_pattern(Pattern::Star(target))
            }
            Kind::DictPattern => {
                self.push_patterns();
                let entries = self.pattern_list(start);
                self.new_pattern(Pattern::Mapping(entries))
            }
            Kind::ClassPattern => self.class_pattern(node),
            Kind::Underscore => self.new_pattern(Pattern::Capture(None)),
            Kind::DottedName => self.name_pattern(node),
            Kind::ComplexPattern => {
                let value = self.complex(node);
                self.new_pattern(Pattern::Value(value))
            }
            kind if kind.is_expression() => {
                let value = self.expression(node);
                self.new_pattern(Pattern::Value(value))
            }
            _ => self.new_pattern(Pattern::Broken),
        }
    }

    /// Lowers the patterns among the children onto the stack, and says whether a comma stands among them.
    fn push_patterns(&mut self) -> bool {
        let mut has_comma = false;
        let mut is_negative = false;
        self.each_child(|lowering, part| match part.kind {
            Kind::Comma => has_comma = true,
            Kind::Minus => is_negative = true,
            Kind::Integer | Kind::Float if is_negative => {
                is_negative = false;
                let operand = lowering.expression(part);
                let line = part.line();
                let value = lowering.expr(
                    Expr::Unary {
                        operator: UnaryOperator::Minus,
                        operand,
                    },
                    line,
                );
                let pattern = lowering.new_pattern(Pattern::Value(value));
                lowering.stacks.patterns.push(pattern);
            }
            kind if is_pattern(kind) => {
                let pattern = lowering.pattern(part);
                lowering.stacks.patterns.push(pattern);
            }
            _ => {}
        });
        has_comma
    }

    pub(super) fn only_pattern(&mut self, start: usize) -> PatternId {
        let first = self.stacks.patterns.get(start).copied();
        self.stacks.patterns.truncate(start);
        first.unwrap_or_else(|| self.new_pattern(Pattern::Broken))
    }

    /// `name=pattern`
    fn keyword_pattern(&mut self, start: usize) -> PatternId {
        let mut is_negative = false;
        let mut is_after_equal = false;
        let mut name = None;
        self.each_child(|lowering, part| match part.kind {
            Kind::Equal => is_after_equal = true,
            Kind::Identifier if name.is_none() => {
                name = Some(lowering.name(lowering.source_text(part)));
            }
            Kind::Minus => is_negative = true,
            kind if is_after_equal && is_pattern(kind) => {
                let pattern = lowering.pattern(part);
                let pattern = if is_negative {
                    lowering.negated(pattern)
                } else {
                    pattern
                };
                lowering.stacks.patterns.push(pattern);
            }
            _ => {}
        });
        let pattern = self.only_pattern(start);
        match name {
            Some(name) => self.new_pattern(Pattern::Keyword { name, pattern }),
            None => pattern,
        }
    }

    fn negated(&mut self, pattern: PatternId) -> PatternId {
        let Pattern::Value(operand) = self.facts.patterns[pattern.0 as usize] else {
            return pattern;
        };
        let line = self.facts.expr_line(operand);
        let value = self.expr(
            Expr::Unary {
                operator: UnaryOperator::Minus,
                operand,
            },
            line,
        );
        self.new_pattern(Pattern::Value(value))
    }

    /// `pattern as name`.
    fn pattern_with_name(&mut self) -> PatternId {
        let mut pattern = None;
        let mut target = None;
        self.each_child(|lowering, part| match part.kind {
            Kind::Identifier => target = Some(lowering.target(part)),
            kind if is_pattern(kind) => pattern = Some(lowering.pattern(part)),
            _ => {}
        });
        self.new_pattern(match (pattern, target) {
            (Some(pattern), Some(target)) => Pattern::As { pattern, target },
            _ => Pattern::Broken,
        })
    }

    fn splat_target(&mut self) -> Option<ExprId> {
        let mut target = None;
        self.each_child(|lowering, part| {
            if part.kind == Kind::Identifier && lowering.source_text(part) != "_" {
                target = Some(lowering.target(part));
            }
        });
        target
    }

    fn class_pattern(&mut self, node: Node<'tree>) -> PatternId {
        let start = self.stacks.patterns.len();
        let mut class = None;
        self.each_child(|lowering, part| match part.kind {
            Kind::DottedName if class.is_none() => {
                class = Some(lowering.dotted_name_expression(part))
            }
            kind if is_pattern(kind) => {
                let pattern = lowering.pattern(part);
                lowering.stacks.patterns.push(pattern);
            }
            _ => {}
        });
        let patterns = self.pattern_list(start);
        let class = class.unwrap_or_else(|| self.expr(Expr::Broken, node.line()));
        self.new_pattern(Pattern::Class { class, patterns })
    }

    /// A plain name takes the subject, a dotted one is a value.
    fn name_pattern(&mut self, node: Node<'tree>) -> PatternId {
        let text = self.source_text(node);
        if text == "_" {
            return self.new_pattern(Pattern::Capture(None));
        }
        if text.contains('.') {
            let value = self.dotted_name_expression(node);
            return self.new_pattern(Pattern::Value(value));
        }
        let target = match self.cursor.first() {
            Some(first) => {
                let target = self.target(first);
                self.cursor.up();
                target
            }
            None => self.expr(Expr::Broken, node.line()),
        };
        self.new_pattern(Pattern::Capture(Some(target)))
    }

    /// `-1 + 2j`.
    fn complex(&mut self, node: Node<'tree>) -> ExprId {
        let line = node.line();
        let mut left = None;
        let mut right = None;
        let mut is_negative = false;
        let mut operator = None;
        self.each_child(|lowering, part| match part.kind {
            Kind::Integer | Kind::Float => {
                let literal = lowering.source_text(part);
                let value = if part.kind == Kind::Integer {
                    literals::integer(literal)
                } else {
                    literals::float(literal)
                };
                let value = lowering.expr(value, part.line());
                *(if left.is_none() {
                    &mut left
                } else {
                    &mut right
                }) = Some(value);
            }
            Kind::Minus if left.is_none() => is_negative = true,
            kind => operator = operator.or(binary_operator(kind)),
        });
        let (Some(mut left), Some(right), Some(operator)) = (left, right, operator) else {
            return self.expr(Expr::Broken, line);
        };
        if is_negative {
            left = self.expr(
                Expr::Unary {
                    operator: UnaryOperator::Minus,
                    operand: left,
                },
                line,
            );
        }
        self.expr(
            Expr::Binary {
                operator,
                left,
                right,
            },
            line,
        )
    }
}

pub(super) fn is_pattern(kind: Kind) -> bool {
    kind.is_expression()
        || matches!(
            kind,
            Kind::CasePattern
                | Kind::UnionPattern
                | Kind::ClassPattern
                | Kind::KeywordPattern
                | Kind::SplatPattern
                | Kind::DictPattern
                | Kind::ComplexPattern
                | Kind::DottedName
                | Kind::Underscore
        )
}
