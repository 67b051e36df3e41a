//! Calls and subscripts, whose object is already lowered: the cursor stands on it.
//!
//! `f(x, *rest, key=1)` has three arguments; `f(x for x in y)` has one; `a[1:2, 3]` is indexed by a tuple.

use super::super::program::{Argument, ArgumentKind, Expr, ExprId, Span};
use super::{Lowering, flush};
use crate::syntax::{Kind, Node};

impl<'tree> Lowering<'_, 'tree> {
    pub(super) fn call_of(&mut self, function: ExprId, line: u32) -> ExprId {
        let mut arguments = Span::default();
        while let Some(part) = self.cursor.following() {
            match part.kind {
                Kind::ArgumentList => arguments = self.argument_list(),
                Kind::GeneratorExpression => {
                    let value = self.expression(part);
                    let start = self.facts.arguments.len() as u32;
                    self.facts.arguments.push(Argument {
                        kind: ArgumentKind::Positional,
                        value,
                    });
                    arguments = Span { start, len: 1 };
                }
                _ => {}
            }
        }
        self.expr(
            Expr::Call {
                function,
                arguments,
            },
            line,
        )
    }

    /// The arguments in the parentheses on which the cursor stands.
    pub(super) fn argument_list(&mut self) -> Span {
        let start = self.stacks.arguments.len();
        self.each_child(|lowering, part| {
            let argument = match part.kind {
                Kind::KeywordArgument => lowering.keyword_argument(part),
                Kind::ListSplat => Argument {
                    kind: ArgumentKind::Star,
                    value: lowering.only_child(part),
                },
                Kind::DictionarySplat => Argument {
                    kind: ArgumentKind::DoubleStar,
                    value: lowering.only_child(part),
                },
                kind if kind.is_expression() => {
                    let mut value = lowering.expression(part);
                    let is_starred = lowering.take_star(&mut value, part);
                    let kind = if is_starred {
                        ArgumentKind::Star
                    } else {
                        ArgumentKind::Positional
                    };
                    Argument { kind, value }
                }
                _ => return,
            };
            lowering.stacks.arguments.push(argument);
        });
        flush(&mut self.stacks.arguments, start, &mut self.facts.arguments)
    }

    fn keyword_argument(&mut self, node: Node<'tree>) -> Argument {
        let mut kind = ArgumentKind::Positional;
        let mut value = None;
        self.each_child(|lowering, part| {
            if part.kind == Kind::Identifier && kind == ArgumentKind::Positional {
                let text = lowering.source_text(part);
                kind = ArgumentKind::Keyword(lowering.name(text));
            } else if part.kind.is_expression() {
                value = Some(lowering.expression(part));
            }
        });
        Argument {
            kind,
            value: value.unwrap_or_else(|| self.expr(Expr::Broken, node.line())),
        }
    }

    pub(super) fn subscript_of(&mut self, object: ExprId, line: u32) -> ExprId {
        let start = self.stacks.exprs.len();
        let mut has_comma = false;
        let mut index_line = line;
        while let Some(part) = self.cursor.following() {
            if part.kind == Kind::Comma {
                has_comma = true;
            } else if part.kind.is_expression() {
                if self.stacks.exprs.len() == start {
                    index_line = part.line();
                }
                let element = self.expression(part);
                self.stacks.exprs.push(element);
            }
        }
        let has_comma = has_comma || self.is_starred(start);
        let index = self.one_or_tuple(start, has_comma, index_line);
        self.expr(Expr::Subscript { object, index }, line)
    }

    /// What stands in the brackets on which the cursor stands.
    pub(super) fn subscript_index(&mut self, node: Node<'tree>) -> ExprId {
        let start = self.stacks.exprs.len();
        let mut first_line = None;
        let mut has_comma = false;
        self.each_child(|lowering, part| {
            if part.kind.is_expression() {
                first_line = first_line.or(Some(part.line()));
                let element = lowering.expression(part);
                lowering.stacks.exprs.push(element);
            } else if part.kind == Kind::Comma {
                has_comma = true;
            }
        });
        let has_comma = has_comma || self.is_starred(start);
        self.one_or_tuple(start, has_comma, first_line.unwrap_or(node.line()))
    }

    /// A sole starred index is a tuple, as if a comma stood behind it.
    fn is_starred(&self, start: usize) -> bool {
        let first = self.stacks.exprs.get(start);
        first.is_some_and(|first| matches!(self.facts.expr(*first), Expr::Starred(_)))
    }
}
