//! Parts: the expressions that an expression is made of.
//!
//! `f(a, b=c[0]) + 1` is made of `f(a, b=c[0])` and `1`, the first of them of `f`, `a` and `c[0]`.

use crate::facts::program::{Expr, ExprId, Facts, Piece, Span};

impl Facts {
    /// One level of them, in source order. What a lambda returns is none.
    pub fn parts(&self, expr: ExprId) -> Vec<ExprId> {
        match self.expr(expr) {
            Expr::FString(pieces) => {
                let mut values = Vec::new();
                for piece in &self.pieces[pieces.range()] {
                    if let Piece::Value {
                        value,
                        specification,
                        ..
                    } = piece
                    {
                        values.push(*value);
                        let nested = self.pieces[specification.range()].iter();
                        values.extend(nested.filter_map(|piece| match piece {
                            Piece::Value { value, .. } => Some(*value),
                            Piece::Text(_) => None,
                        }));
                    }
                }
                values
            }
            Expr::Attribute { object, .. } => vec![object],
            Expr::Subscript { object, index } => vec![object, index],
            Expr::Slice(first) => self.some(first, 3),
            Expr::Call {
                function,
                arguments,
            } => {
                let arguments = self.argument_list(arguments).iter();
                let values = arguments.map(|argument| argument.value);
                std::iter::once(function).chain(values).collect()
            }
            Expr::Tuple(span)
            | Expr::List(span)
            | Expr::Set(span)
            | Expr::Dict(span)
            | Expr::And(span)
            | Expr::Or(span) => self.expr_list(span).to_vec(),
            Expr::ListComp { element, clauses }
            | Expr::SetComp { element, clauses }
            | Expr::Generator { element, clauses } => self.with_clauses(vec![element], clauses),
            Expr::DictComp { pair, clauses } => self.with_clauses(self.some(pair, 2), clauses),
            Expr::Unary { operand, .. } => vec![operand],
            Expr::Binary { left, right, .. } | Expr::Compare { left, right, .. } => {
                vec![left, right]
            }
            Expr::IfElse { parts } => self.some(parts, 3),
            Expr::Walrus { target, value } => vec![target, value],
            Expr::Await(inner)
            | Expr::Yield(inner)
            | Expr::YieldFrom(inner)
            | Expr::Starred(inner)
            | Expr::DoubleStarred(inner) => vec![inner],
            Expr::None
            | Expr::True
            | Expr::False
            | Expr::Ellipsis
            | Expr::Int(_)
            | Expr::Float(_)
            | Expr::Number
            | Expr::Text(_)
            | Expr::Bytes(_)
            | Expr::Local(_)
            | Expr::Name(_)
            | Expr::Lambda(_)
            | Expr::Broken => Vec::new(),
        }
    }

    fn some(&self, first: u32, count: u32) -> Vec<ExprId> {
        let span = Span {
            start: first,
            len: count,
        };
        self.expr_list(span).to_vec()
    }

    fn with_clauses(&self, mut parts: Vec<ExprId>, clauses: Span) -> Vec<ExprId> {
        for clause in &self.clauses[clauses.range()] {
            parts.push(clause.target);
            parts.push(clause.iterable);
            parts.extend(self.expr_list(clause.conditions));
        }
        parts
    }
}
