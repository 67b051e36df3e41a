//! Expressions as S-expressions: `f(x + 1)` is `(call f (+ x 1))`.
//!
//! Written without recursion: a sum of thousands of terms is as deep.

use super::super::program::{
    Argument, ArgumentKind, BinaryOperator, CompareOperator, Conversion, Expr, ExprId, FunctionId,
    ParameterKind, Piece, Span, Stmt, UnaryOperator,
};
use super::{Dump, quote};

/// What is still to be written; the line is the one of what it stands in, none inside of an f-string.
enum Work {
    Expr(ExprId, Option<u32>),
    /// A space, then the expression.
    Operand(ExprId, Option<u32>),
    Text(&'static str),
    Owned(String),
    /// What follows stands in the function.
    Inside(FunctionId),
}

impl Dump<'_> {
    pub(super) fn expression(&mut self, expr: ExprId, line: u32) {
        self.work(vec![Work::Expr(expr, Some(line))]);
    }

    /// A space, then the argument.
    pub(super) fn argument(&mut self, argument: Argument, line: u32) {
        let mut work = Vec::new();
        self.one_argument(argument, Some(line), &mut work);
        work.reverse();
        self.work(work);
    }

    /// Writes the work, whose first part stands last.
    fn work(&mut self, mut work: Vec<Work>) {
        while let Some(next) = work.pop() {
            match next {
                Work::Text(text) => self.push(text),
                Work::Owned(text) => self.push(&text),
                Work::Inside(function) => self.function = function,
                Work::Operand(expr, line) => {
                    self.push(" ");
                    work.push(Work::Expr(expr, line));
                }
                Work::Expr(expr, line) => {
                    let own = self.facts.expr_line(expr);
                    if line.is_some_and(|line| line != own) {
                        self.push(&format!("@{own} "));
                    }
                    let base = work.len();
                    self.open(expr, line.map(|_| own), &mut work);
                    work[base..].reverse();
                }
            }
        }
    }

    /// Appends the pieces of an f-string, or of a specification in one, to the work.
    fn pieces(&mut self, pieces: Span, work: &mut Vec<Work>) {
        let facts = self.facts;
        for piece in &facts.pieces[pieces.range()] {
            match *piece {
                Piece::Text(text) => {
                    let mut quoted = String::from(" ");
                    quote(facts.text(text), &mut quoted);
                    work.push(Work::Owned(quoted));
                }
                Piece::Value {
                    value,
                    conversion,
                    specification,
                } => {
                    work.extend([
                        Work::Text(match conversion {
                            Conversion::None => " (value",
                            Conversion::Str => " (value!s",
                            Conversion::Repr => " (value!r",
                            Conversion::Ascii => " (value!a",
                        }),
                        Work::Operand(value, None),
                    ]);
                    if specification.len > 0 {
                        work.push(Work::Text(" :"));
                        self.pieces(specification, work);
                    }
                    work.push(Work::Text(")"));
                }
            }
        }
    }

    /// Writes the head of an expression, and appends the rest of it to the work, in order.
    fn open(&mut self, id: ExprId, line: Option<u32>, work: &mut Vec<Work>) {
        let facts = self.facts;
        let operand = |expr: &ExprId| Work::Operand(*expr, line);
        let head = match facts.expr(id) {
            Expr::None => return self.push("None"),
            Expr::True => return self.push("True"),
            Expr::False => return self.push("False"),
            Expr::Ellipsis => return self.push("..."),
            Expr::Number => return self.push("number"),
            Expr::Float(bits) => return self.push(&format!("{bits:016x}f")),
            Expr::Broken => return self.push("broken"),
            Expr::Int(value) => return self.push(&value.to_string()),
            Expr::Text(text) => return quote(facts.text(text), self.out),
            Expr::Bytes(text) => {
                self.push("b");
                return quote(facts.text(text), self.out);
            }
            Expr::Local(slot) => return self.local(slot),
            Expr::Name(name) => return self.push(facts.name(name)),
            Expr::Lambda(function) => {
                self.lambda(function, line, work);
                ""
            }
            Expr::FString(pieces) => {
                self.pieces(pieces, work);
                "(f"
            }
            Expr::Attribute { object, name } => {
                work.extend([
                    Work::Operand(object, line),
                    Work::Owned(format!(" {}", facts.name(name))),
                ]);
                "(."
            }
            Expr::Subscript { object, index } => {
                work.extend([Work::Operand(object, line), Work::Operand(index, line)]);
                "([]"
            }
            Expr::Slice(start) => {
                work.extend(facts.expr_list(Span { start, len: 3 }).iter().map(operand));
                "(slice"
            }
            Expr::Call {
                function,
                arguments,
            } => {
                work.push(Work::Operand(function, line));
                self.arguments(arguments, line, work);
                "(call"
            }
            Expr::Tuple(list) => self.list("(tuple", list, line, work),
            Expr::List(list) => self.list("(list", list, line, work),
            Expr::Set(list) => self.list("(set", list, line, work),
            Expr::And(list) => self.list("(and", list, line, work),
            Expr::Or(list) => self.list("(or", list, line, work),
            Expr::Dict(list) => {
                for entry in facts.expr_list(list).chunks(2) {
                    let shown = if entry.first() == entry.last() {
                        &entry[..1]
                    } else {
                        entry
                    };
                    work.extend(shown.iter().map(operand));
                }
                "(dict"
            }
            Expr::ListComp { element, clauses } => {
                self.comprehension("(list-of", &[element], clauses, line, work)
            }
            Expr::SetComp { element, clauses } => {
                self.comprehension("(set-of", &[element], clauses, line, work)
            }
            Expr::Generator { element, clauses } => {
                self.comprehension("(each", &[element], clauses, line, work)
            }
            Expr::DictComp { pair, clauses } => {
                let pair = facts.expr_list(Span {
                    start: pair,
                    len: 2,
                });
                self.comprehension("(dict-of", pair, clauses, line, work)
            }
            Expr::Unary { operator, operand } => {
                work.push(Work::Operand(operand, line));
                match operator {
                    UnaryOperator::Not => "(not",
                    UnaryOperator::Minus => "(neg",
                    UnaryOperator::Plus => "(pos",
                    UnaryOperator::Invert => "(~",
                }
            }
            Expr::Binary {
                operator,
                left,
                right,
            } => {
                work.extend([Work::Operand(left, line), Work::Operand(right, line)]);
                self.push("(");
                binary_sign(operator)
            }
            Expr::Compare {
                operator,
                left,
                right,
            } => {
                work.extend([Work::Operand(left, line), Work::Operand(right, line)]);
                self.push("(");
                compare_sign(operator)
            }
            Expr::IfElse { parts } => self.list(
                "(if",
                Span {
                    start: parts,
                    len: 3,
                },
                line,
                work,
            ),
            Expr::Await(value) => self.list_of("(await", value, line, work),
            Expr::Yield(value) => self.list_of("(yield", value, line, work),
            Expr::YieldFrom(value) => self.list_of("(yield-from", value, line, work),
            Expr::Starred(value) => self.list_of("(*", value, line, work),
            Expr::DoubleStarred(value) => self.list_of("(**", value, line, work),
            Expr::Walrus { target, value } => {
                work.extend([Work::Operand(target, line), Work::Operand(value, line)]);
                "(:="
            }
        };
        self.push(head);
        work.push(Work::Text(")"));
    }

    /// With a `'` if it is a comprehension's, and the function has another of this name.
    fn local(&mut self, slot: u32) {
        let locals = &self.facts.function(self.function).locals;
        let Some(name) = locals.get(slot as usize) else {
            return self.push("%?");
        };
        self.push("%");
        self.push(self.facts.name(*name));
        if locals.iter().position(|local| local == name) != Some(slot as usize) {
            self.push("'");
        }
    }

    fn list(
        &self,
        head: &'static str,
        list: Span,
        line: Option<u32>,
        work: &mut Vec<Work>,
    ) -> &'static str {
        work.extend(
            self.facts
                .expr_list(list)
                .iter()
                .map(|expr| Work::Operand(*expr, line)),
        );
        head
    }

    fn list_of(
        &self,
        head: &'static str,
        value: ExprId,
        line: Option<u32>,
        work: &mut Vec<Work>,
    ) -> &'static str {
        work.push(Work::Operand(value, line));
        head
    }

    fn comprehension(
        &self,
        head: &'static str,
        elements: &[ExprId],
        clauses: Span,
        line: Option<u32>,
        work: &mut Vec<Work>,
    ) -> &'static str {
        work.extend(elements.iter().map(|element| Work::Operand(*element, line)));
        for clause in &self.facts.clauses[clauses.range()] {
            work.extend([
                Work::Text(" (for"),
                Work::Operand(clause.target, line),
                Work::Operand(clause.iterable, line),
            ]);
            work.extend(
                self.facts
                    .expr_list(clause.conditions)
                    .iter()
                    .map(|condition| Work::Operand(*condition, line)),
            );
            work.push(Work::Text(")"));
        }
        head
    }

    fn arguments(&self, arguments: Span, line: Option<u32>, work: &mut Vec<Work>) {
        for argument in self.facts.argument_list(arguments) {
            self.one_argument(*argument, line, work);
        }
    }

    fn one_argument(&self, argument: Argument, line: Option<u32>, work: &mut Vec<Work>) {
        let head = match argument.kind {
            ArgumentKind::Positional => return work.push(Work::Operand(argument.value, line)),
            ArgumentKind::Keyword(name) => Work::Owned(format!(" (= {}", self.facts.name(name))),
            ArgumentKind::Star => Work::Text(" (*"),
            ArgumentKind::DoubleStar => Work::Text(" (**"),
        };
        work.extend([head, Work::Operand(argument.value, line), Work::Text(")")]);
    }

    fn lambda(&self, id: FunctionId, line: Option<u32>, work: &mut Vec<Work>) {
        let function = self.facts.function(id);
        let mut head = format!("(lambda [{}]", self.facts.name(function.qualified_name));
        self.marks(id, &mut head);
        work.push(Work::Owned(head));
        for parameter in self.facts.parameter_list(function.parameters) {
            let sign = parameter_sign(parameter.kind);
            work.push(Work::Owned(format!(
                " ({sign}{}",
                self.facts.name(parameter.name)
            )));
            work.extend(
                parameter
                    .default
                    .map(|default| Work::Operand(default, line)),
            );
            work.push(Work::Text(")"));
        }
        work.push(Work::Inside(id));
        for stmt in self.facts.stmt_list(function.body) {
            if let Stmt::Return(Some(value)) = self.facts.stmt(*stmt) {
                work.push(Work::Operand(value, line));
            }
        }
        work.push(Work::Inside(self.function));
    }

    /// What is known of a function besides its parts.
    pub(super) fn marks(&self, id: FunctionId, out: &mut String) {
        let function = self.facts.function(id);
        let marks = [
            (function.is_async, " async"),
            (function.is_generator, " generator"),
            (function.uses_super, " super"),
            (function.is_captured, " captured"),
            (function.may_nest, " may nest"),
        ];
        out.extend(
            marks
                .into_iter()
                .filter(|(holds, _)| *holds)
                .map(|(_, text)| text),
        );
        for (head, names) in [
            (" locals", &function.locals),
            (" globals", &function.globals),
        ] {
            if !names.is_empty() {
                out.push_str(head);
            }
            for name in names {
                out.push(' ');
                out.push_str(self.facts.name(*name));
            }
        }
    }
}

pub(super) fn parameter_sign(kind: ParameterKind) -> &'static str {
    match kind {
        ParameterKind::PositionalOnly => "/",
        ParameterKind::Positional => "",
        ParameterKind::Star => "*",
        ParameterKind::KeywordOnly => "=",
        ParameterKind::DoubleStar => "**",
    }
}

pub(super) fn binary_sign(operator: BinaryOperator) -> &'static str {
    match operator {
        BinaryOperator::Add => "+",
        BinaryOperator::Subtract => "-",
        BinaryOperator::Multiply => "*",
        BinaryOperator::Divide => "/",
        BinaryOperator::FloorDivide => "//",
        BinaryOperator::Modulo => "%",
        BinaryOperator::Power => "**",
        BinaryOperator::MatrixMultiply => "@",
        BinaryOperator::LeftShift => "<<",
        BinaryOperator::RightShift => ">>",
        BinaryOperator::BitAnd => "&",
        BinaryOperator::BitOr => "|",
        BinaryOperator::BitXor => "^",
    }
}

fn compare_sign(operator: CompareOperator) -> &'static str {
    match operator {
        CompareOperator::Equal => "==",
        CompareOperator::NotEqual => "!=",
        CompareOperator::Less => "<",
        CompareOperator::LessEqual => "<=",
        CompareOperator::Greater => ">",
        CompareOperator::GreaterEqual => ">=",
        CompareOperator::In => "in",
        CompareOperator::NotIn => "not-in",
        CompareOperator::Is => "is",
        CompareOperator::IsNot => "is-not",
    }
}
