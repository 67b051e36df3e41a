//! String literals: plain ones become one text, f-strings a list of pieces.
//!
//! `"a" f"b{c!r}" "d"` is one f-string of the pieces `ab`, `{c!r}` and `d`; `f"{x = }"` has the text `x = ` before its value.

use std::ops::Range;

use super::super::literals::{self, Opening};
use super::super::program::{Conversion, Expr, ExprId, Piece, Span};
use super::{Lowering, flush};
use crate::syntax::{Kind, Node};

impl<'tree> Lowering<'_, 'tree> {
    pub(super) fn string(&mut self, node: Node<'tree>) -> ExprId {
        let literal = self.source_text(node);
        let opening = literals::opening(literal);
        if opening.is_format {
            return self.f_string(node);
        }
        let outer = std::mem::take(&mut self.buffer);
        self.append_plain(literal, opening);
        let expr = self.end_plain(opening.is_bytes, node.line());
        self.buffer.clear();
        self.buffer.push_str(&outer);
        expr
    }

    /// Is it a string without holes? Such a statement says nothing.
    pub(super) fn is_plain_text(&self, node: Node<'tree>) -> bool {
        let opening = literals::opening(self.source_text(node));
        node.kind == Kind::String && !opening.is_format && !opening.is_bytes
    }

    pub(super) fn concatenated_string(&mut self, node: Node<'tree>) -> ExprId {
        let mut is_format = false;
        let mut is_bytes = false;
        self.each_child(|lowering, part| {
            if part.kind == Kind::String {
                let opening = literals::opening(lowering.source_text(part));
                is_format |= opening.is_format;
                is_bytes |= opening.is_bytes;
            }
        });
        if is_format {
            return self.f_string(node);
        }
        let outer = std::mem::take(&mut self.buffer);
        self.each_child(|lowering, part| {
            if part.kind == Kind::String {
                let literal = lowering.source_text(part);
                lowering.append_plain(literal, literals::opening(literal));
            }
        });
        let expr = self.end_plain(is_bytes, node.line());
        self.buffer = outer;
        expr
    }

    fn append_plain(&mut self, literal: &str, opening: Opening) {
        let end = closing(literal, opening);
        let content = literal.get(opening.len..end).unwrap_or_default();
        literals::decode(content, opening, &mut self.buffer);
    }

    fn end_plain(&mut self, is_bytes: bool, line: u32) -> ExprId {
        let buffer = std::mem::take(&mut self.buffer);
        let text = self.text(&buffer);
        self.buffer = buffer;
        self.expr(
            if is_bytes {
                Expr::Bytes(text)
            } else {
                Expr::Text(text)
            },
            line,
        )
    }

    /// One f-string, or adjacent literals of which one is an f-string.
    fn f_string(&mut self, node: Node<'tree>) -> ExprId {
        let outer = std::mem::take(&mut self.buffer);
        let start = self.stacks.pieces.len();
        if node.kind == Kind::String {
            self.f_string_parts(node);
        } else {
            self.each_child(|lowering, part| {
                if part.kind != Kind::String {
                    return;
                }
                let literal = lowering.source_text(part);
                let opening = literals::opening(literal);
                if opening.is_format {
                    lowering.f_string_parts(part);
                } else {
                    lowering.append_plain(literal, opening);
                }
            });
        }
        self.end_text_piece();
        self.buffer = outer;
        let pieces = flush(&mut self.stacks.pieces, start, &mut self.facts.pieces);
        self.expr(Expr::FString(pieces), node.line())
    }

    fn end_text_piece(&mut self) {
        if self.buffer.is_empty() {
            return;
        }
        let buffer = std::mem::take(&mut self.buffer);
        let text = self.text(&buffer);
        self.buffer = buffer;
        self.buffer.clear();
        self.stacks.pieces.push(Piece::Text(text));
    }

    fn f_string_parts(&mut self, node: Node<'tree>) {
        let literal = self.source_text(node);
        let opening = literals::opening(literal);
        let mut text_start = node.start() + opening.len;
        self.each_child(|lowering, part| {
            if part.kind == Kind::Interpolation {
                lowering.append_content(text_start..part.start(), opening);
                lowering.interpolation(part);
                text_start = part.end();
            }
        });
        self.append_content(
            text_start..node.start() + closing(literal, opening),
            opening,
        );
    }

    /// The text between the holes, in which braces are doubled.
    fn append_content(&mut self, content: Range<usize>, opening: Opening) {
        let content = self.source.get(content).unwrap_or_default();
        if content.contains("{{") || content.contains("}}") {
            let single = content.replace("{{", "{").replace("}}", "}");
            literals::decode(&single, opening, &mut self.buffer);
        } else {
            literals::decode(content, opening, &mut self.buffer);
        }
    }

    fn interpolation(&mut self, node: Node<'tree>) {
        let mut value = None;
        let mut conversion = Conversion::None;
        let mut specification = Span::default();
        let mut echo_end = None;
        let mut is_echo = false;
        self.each_child(|lowering, part| {
            if is_echo && echo_end.is_none() {
                echo_end = Some(part.start());
            }
            match part.kind {
                Kind::Equal => is_echo = true,
                Kind::TypeConversion => {
                    conversion = match lowering.source_text(part) {
                        "!s" => Conversion::Str,
                        "!a" => Conversion::Ascii,
                        _ => Conversion::Repr,
                    };
                }
                Kind::FormatSpecifier => specification = lowering.format_specifier(part),
                kind if kind.is_expression() => {
                    let outer = std::mem::take(&mut lowering.buffer);
                    let lowered = lowering.expression(part);
                    lowering.buffer = outer;
                    value.get_or_insert(lowered);
                }
                _ => {}
            }
        });
        if let Some(end) = echo_end {
            if conversion == Conversion::None && specification.len == 0 {
                conversion = Conversion::Repr;
            }
            let echo = self.source.get(node.start() + 1..end).unwrap_or_default();
            self.buffer.push_str(echo);
        }
        self.end_text_piece();
        let value = value.unwrap_or_else(|| self.expr(Expr::Broken, node.line()));
        self.stacks.pieces.push(Piece::Value {
            value,
            conversion,
            specification,
        });
    }

    /// What stands after the colon: texts, and values that are formatted without a specification of their own.
    fn format_specifier(&mut self, node: Node<'tree>) -> Span {
        let outer = std::mem::take(&mut self.buffer);
        let start = self.stacks.pieces.len();
        let mut text_start = node.start() + 1;
        self.each_child(|lowering, part| {
            if matches!(part.kind, Kind::FormatExpression | Kind::Interpolation) {
                let before = lowering.source.get(text_start..part.start());
                lowering.buffer.push_str(before.unwrap_or_default());
                lowering.end_text_piece();
                let buffer = std::mem::take(&mut lowering.buffer);
                let value = lowering.only_child(part);
                lowering.buffer = buffer;
                lowering.stacks.pieces.push(Piece::Value {
                    value,
                    conversion: Conversion::None,
                    specification: Span::default(),
                });
                text_start = part.end();
            }
        });
        let rest = self.source.get(text_start..node.end());
        self.buffer.push_str(rest.unwrap_or_default());
        self.end_text_piece();
        self.buffer = outer;
        flush(&mut self.stacks.pieces, start, &mut self.facts.pieces)
    }
}

/// Where the text ends; a literal that is cut off has no closing quotes.
fn closing(literal: &str, opening: Opening) -> usize {
    let end = literal.len().saturating_sub(opening.quotes);
    let quotes = opening
        .len
        .checked_sub(opening.quotes)
        .and_then(|start| literal.get(start..opening.len));
    if end >= opening.len && quotes == literal.get(end..) {
        end
    } else {
        literal.len()
    }
}
