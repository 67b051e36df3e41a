//! The places of a file that do not parse, and files that must not reach the parser.
//!
//! `def f(:` is a problem of its line; the statements around it are sound. What stands in `f"{title:=^60}"`, or in the brackets of
//! `class Box[T = int]`, is none: of these the grammar does not know all that Python does.

use std::borrow::Cow;

use super::super::program::Problem;
use crate::syntax::{Cursor, Kind};

/// The parser's stack of indentations is written to a buffer of 1024 bytes, two bytes for each.
const INDENTATION_LIMIT: usize = 500;

const PROBLEM_LIMIT: usize = 100;

/// `\r\n` and a lone `\r` as `\n`, as Python reads them, inside of strings too.
pub(super) fn unify_line_breaks(source: &str) -> Cow<'_, str> {
    if !source.as_bytes().contains(&b'\r') {
        return Cow::Borrowed(source);
    }
    Cow::Owned(source.replace("\r\n", "\n").replace('\r', "\n"))
}

pub(super) fn count_lines(source: &str) -> u32 {
    let breaks = source.bytes().filter(|byte| *byte == b'\n').count() as u32;
    breaks + u32::from(!source.is_empty() && !source.ends_with('\n'))
}

/// Why the parser must not see the text, if so.
pub(super) fn refusal(source: &str) -> Option<Problem> {
    let is_wide = |line: &&str| {
        line.len() > INDENTATION_LIMIT && line.trim_start().len() + INDENTATION_LIMIT < line.len()
    };
    source.lines().find(is_wide)?;
    let width = |line: &str| line.len() - line.trim_start().len();
    let mut widths: Vec<usize> = source.lines().map(width).collect();
    widths.sort_unstable();
    widths.dedup();
    (widths.len() > INDENTATION_LIMIT).then(|| Problem {
        line: 1,
        says: "too many indentations".into(),
    })
}

/// Notes the places that do not parse, without their insides.
pub(super) fn collect(cursor: &mut Cursor<'_>, problems: &mut Vec<Problem>) {
    let mut depth = 0usize;
    let mut node = Some(cursor.node());
    loop {
        let enters = match node {
            Some(node) if node.kind == Kind::Error => {
                problems.push(Problem {
                    line: node.line(),
                    says: "invalid syntax".into(),
                });
                false
            }
            Some(node) if node.is_missing() => {
                let says = format!("invalid syntax: expected {}", node.grammar_name()).into();
                problems.push(Problem {
                    line: node.line(),
                    says,
                });
                false
            }
            Some(node) => {
                !matches!(node.kind, Kind::Interpolation | Kind::TypeParameter) && node.has_error()
            }
            None => false,
        };
        if problems.len() >= PROBLEM_LIMIT {
            return;
        }
        if enters {
            node = cursor.first();
            if node.is_some() {
                depth += 1;
                continue;
            }
        }
        loop {
            if depth == 0 {
                return;
            }
            node = cursor.following();
            if node.is_some() {
                break;
            }
            cursor.up();
            depth -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::facts::lower::extract;

    #[test]
    fn what_does_not_parse() {
        let case = |text: &str, expected: usize| {
            assert_eq!(extract(text).problems.len(), expected, "{text}");
        };
        case("def f(:\n    pass\n", 1);
        case("print(f\"{title:=^60}\")\n", 0);
        case("class Box[T = int]:\n    pass\n", 0);
        case("def f[T: int = int](x: T):\n    return x\n", 0);
        case("type X[T = int] = list[T]\n", 0);
    }
}
