//! A program as text: one line per statement, expressions as S-expressions.
//!
//! ```python
//! def read(id: int = 0):
//!     return client.get(f"/items/{id}")
//! ```
//! becomes
//! ```text
//! 1 def read [read] lines 1-2 locals id
//!   parameter id : int = 0
//!   2 return (call (. client get) (f "/items/" (value %id)))
//! ```
//! Every statement begins with its line; an expression that begins on another line than what it stands in, with `@` and its
//! line. Locals have a `%`. The holes of f-strings show no lines: Python before 3.12 gives them wrong ones.

mod expressions;
mod statements;

use super::program::{ExprId, Facts, FunctionId, Span};

/// The text of a program.
pub fn dump(facts: &Facts) -> String {
    let mut out = String::new();
    let module = &facts.functions[0];
    Dump {
        facts,
        out: &mut out,
        function: FunctionId(0),
    }
    .body(module.body, 0);
    for problem in &facts.problems {
        out.push_str(&format!("problem {}: {}\n", problem.line, problem.says));
    }
    out
}

struct Dump<'a> {
    facts: &'a Facts,
    out: &'a mut String,
    /// The function in which we are.
    function: FunctionId,
}

impl Dump<'_> {
    fn body(&mut self, body: Span, indentation: usize) {
        for stmt in self.facts.stmt_list(body) {
            self.statement(*stmt, indentation);
        }
    }

    fn indent(&mut self, indentation: usize) {
        self.out.extend(std::iter::repeat_n("  ", indentation));
    }

    fn push(&mut self, text: &str) {
        self.out.push_str(text);
    }

    /// A space, then the expression.
    fn operand(&mut self, expr: ExprId, line: u32) {
        self.out.push(' ');
        self.expression(expr, line);
    }
}

/// The text in quotes.
fn quote(text: &str, out: &mut String) {
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            letter if letter < ' ' => out.push_str(&format!("\\x{:02x}", u32::from(letter))),
            letter => out.push(letter),
        }
    }
    out.push('"');
}
