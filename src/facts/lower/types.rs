//! Annotations and type aliases, for which the grammar has nodes of its own: they are the expressions that Python sees.
//!
//! In `x: list[int] | None` stand an `Expr::Binary` and an `Expr::Subscript`.

use super::super::program::{BinaryOperator, Expr, ExprId, Stmt};
use super::Lowering;
use super::spine::Pending;
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

    /// `left | right`, of which the grammar reads the rest first: `a[b] | c | d` as `a[b] | (c | d)`.
    pub(super) fn union_type(&mut self, node: Node<'tree>) -> ExprId {
        let line = node.line();
        let mut left = None;
        let mut whole = None;
        self.each_child(|lowering, part| {
            if !part.kind.is_expression() {
                return;
            }
            let Some(left) = left else {
                left = Some(lowering.expression(part));
                return;
            };
            let pending = Pending {
                before: None,
                left,
                operator: BinaryOperator::BitOr,
                chain: BinaryOperator::BitOr,
                depth: lowering.depth + 2,
                line,
            };
            let (right, is_joined) = lowering.expression_after(pending, part);
            whole = Some(if is_joined {
                right
            } else {
                lowering.join(pending, right)
            });
        });
        whole
            .or(left)
            .unwrap_or_else(|| self.expr(Expr::Broken, line))
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

    /// `type X = value` is the assignment `X = value`; so is `type(x).y = value`, which the grammar takes for an alias of `(x).y`.
    /// The value of `type X[T] = value` has names of its own, and Python looks at it when somebody asks: it is not known.
    pub(super) fn type_alias(&mut self, line: u32) -> Stmt {
        let start = self.stacks.exprs.len();
        let mut value = None;
        let (mut is_right, mut is_generic) = (false, false);
        self.each_child(|lowering, part| match part.kind {
            Kind::Equal => is_right = true,
            Kind::Type if is_right && !is_generic => value = Some(lowering.expression(part)),
            Kind::Type if !is_right => is_generic = lowering.alias_name(),
            _ => {}
        });
        let targets = self.expr_list(start);
        let value = value.unwrap_or_else(|| self.expr(Expr::Broken, line));
        Stmt::Assign { targets, value }
    }

    /// Has it parameters?
    fn alias_name(&mut self) -> bool {
        let mut is_generic = false;
        self.each_child(|lowering, part| match part.kind {
            Kind::Identifier => {
                let target = lowering.target(part);
                lowering.stacks.exprs.push(target);
            }
            Kind::GenericType => {
                is_generic = true;
                lowering.each_child(|lowering, part| match part.kind {
                    Kind::Identifier => {
                        let target = lowering.target(part);
                        lowering.stacks.exprs.push(target);
                    }
                    Kind::TypeParameter => lowering.type_parameters(),
                    _ => {}
                });
            }
            kind if kind.is_expression() => {
                lowering.type_call_depth = Some(lowering.depth + 1);
                let target = lowering.expression(part);
                lowering.type_call_depth = None;
                lowering.stacks.exprs.push(target);
            }
            _ => {}
        });
        is_generic
    }

    /// The names in `[T: int, *Ts, **P]`, wherever the grammar puts them.
    pub(super) fn type_parameters(&mut self) {
        self.each_child(|lowering, part| match part.kind {
            Kind::Identifier => {
                let text = lowering.source_text(part);
                let name = lowering.name(text);
                lowering.facts.type_parameters.push(name);
            }
            _ if lowering.descend(part) => {
                lowering.type_parameters();
                lowering.ascend();
            }
            _ => {}
        });
    }

    /// The call of `type` of which the grammar saw but the parentheses.
    pub(super) fn type_call(
        &mut self,
        parentheses: Node<'tree>,
        inside: ExprId,
        line: u32,
    ) -> ExprId {
        let function = self.builtin("type", line);
        let start = self.stacks.exprs.len();
        match self.facts.expr(inside) {
            Expr::Tuple(elements) if parentheses.kind == Kind::Tuple => {
                self.stacks
                    .exprs
                    .extend_from_slice(&self.facts.expr_lists[elements.range()]);
            }
            _ => self.stacks.exprs.push(inside),
        }
        self.call_of_elements(function, start, line)
    }
}

#[cfg(test)]
mod tests {
    use crate::facts::lower::extract;

    #[test]
    fn names_of_type_parameters() {
        let case = |text: &str, expected: &[&str]| {
            let facts = extract(text);
            let names = facts.type_parameters.iter();
            let names: Vec<&str> = names.map(|name| facts.name(*name)).collect();
            assert_eq!(names, expected, "{text}");
        };
        case("class Box[T](Base[T]): ...", &["T"]);
        case("def f[**P, R](g: Callable[P, R]): ...", &["P", "R"]);
        case("type X[*Ts] = tuple[Ts]", &["Ts"]);
        case("class Box(Base[T]): ...", &[]);
        case("x = a[T]", &[]);
    }
}
