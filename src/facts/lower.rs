//! Lowering: one pass over the syntax tree of a file, that appends to the arrays of its [`Facts`].
//!
//! For `f(a)` the cursor stands on the call, goes down to `f`, appends an `Expr::Name`, goes on to the arguments, appends
//! `a`, comes back, and appends an `Expr::Call` of the two. Lists are collected on a stack and move to their array when
//! they are complete, so that each is one range. Every function of this room leaves the cursor where it found it.

mod calls;
mod collections;
mod compound;
mod definitions;
mod expressions;
mod imports;
mod patterns;
mod problems;
mod spine;
mod statements;
mod strings;
mod targets;
mod types;

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::program::{
    Argument, Case, Clause, Expr, ExprId, Facts, Handler, NameId, Parameter, PatternId, Piece,
    Problem, Span, Stmt, StmtId, TextId,
};
use super::scopes::Scopes;
use crate::syntax::{self, Cursor, Kind, Node};

/// Expressions, statements and patterns inside of each other beyond this are broken. Python itself allows 100 indentations
/// and 200 parentheses; chains such as `a.b.c`, `a + b + c` and `elif` are flat.
const DEPTH_LIMIT: u32 = 250;

/// The facts of one file, whatever its text is.
pub fn extract(source: &str) -> Facts {
    let unified = problems::unify_line_breaks(source);
    let source = unified.as_ref();
    let mut facts = Facts {
        lines: problems::count_lines(source),
        ..Facts::default()
    };
    if let Some(problem) = problems::refusal(source) {
        facts.problems.push(problem);
        definitions::lower_nothing(&mut facts);
        return facts;
    }
    let Some(tree) = syntax::parse(source) else {
        facts.problems.push(Problem {
            line: 1,
            says: "the parser gave up".into(),
        });
        definitions::lower_nothing(&mut facts);
        return facts;
    };
    if tree.has_error() {
        problems::collect(&mut tree.cursor(), &mut facts.problems);
    }
    let mut lowering = Lowering::new(source, tree.cursor(), facts);
    lowering.module();
    let mut facts = lowering.finish();
    facts.shrink();
    facts
}

struct Lowering<'source, 'tree> {
    source: &'source str,
    cursor: Cursor<'tree>,
    facts: Facts,
    name_ids: FxHashMap<Cow<'source, str>, NameId>,
    scopes: Scopes,
    /// What stands before the name in `__qualname__`: `Class.` or `function.<locals>.`.
    qualifier: String,
    depth: u32,
    is_too_deep: bool,
    pending: Option<spine::Pending>,
    /// The depth at which parentheses stand for a call of `type`.
    type_call_depth: Option<u32>,
    /// The target of an `as` that the expression just lowered ended in.
    as_target: Option<ExprId>,
    /// The line on which the statement just lowered ends.
    last_line: u32,
    /// The text of the string literal at work.
    buffer: String,
    stacks: Stacks,
}

/// Lists that are not complete yet.
#[derive(Default)]
struct Stacks {
    exprs: Vec<ExprId>,
    stmts: Vec<StmtId>,
    arguments: Vec<Argument>,
    parameters: Vec<Parameter>,
    clauses: Vec<Clause>,
    pieces: Vec<Piece>,
    handlers: Vec<Handler>,
    cases: Vec<Case>,
    patterns: Vec<PatternId>,
    spine: Vec<Kind>,
}

/// Moves the list that begins at `start` from its stack to its array.
fn flush<T: Copy>(stack: &mut Vec<T>, start: usize, array: &mut Vec<T>) -> Span {
    let span = Span {
        start: array.len() as u32,
        len: (stack.len() - start) as u32,
    };
    array.extend_from_slice(&stack[start..]);
    stack.truncate(start);
    span
}

impl<'source, 'tree> Lowering<'source, 'tree> {
    fn new(source: &'source str, cursor: Cursor<'tree>, facts: Facts) -> Self {
        Lowering {
            source,
            cursor,
            facts,
            name_ids: FxHashMap::default(),
            scopes: Scopes::default(),
            qualifier: String::new(),
            depth: 0,
            is_too_deep: false,
            pending: None,
            type_call_depth: None,
            as_target: None,
            last_line: 1,
            buffer: String::new(),
            stacks: Stacks::default(),
        }
    }

    fn finish(self) -> Facts {
        let mut facts = self.facts;
        facts.problems.sort_by_key(|problem| problem.line);
        facts
    }

    fn source_text(&self, node: Node<'tree>) -> &'source str {
        self.source
            .get(node.start()..node.end())
            .unwrap_or_default()
    }

    fn expr(&mut self, expr: Expr, line: u32) -> ExprId {
        let id = ExprId(self.facts.exprs.len() as u32);
        self.facts.exprs.push(expr);
        self.facts.expr_lines.push(line);
        id
    }

    fn stmt(&mut self, stmt: Stmt, line: u32) -> StmtId {
        let id = StmtId(self.facts.stmts.len() as u32);
        self.facts.stmts.push(stmt);
        self.facts.stmt_lines.push(line);
        id
    }

    fn name(&mut self, text: &'source str) -> NameId {
        if let Some(id) = self.name_ids.get(text) {
            return *id;
        }
        self.new_name(Cow::Borrowed(text))
    }

    fn composed_name(&mut self, text: String) -> NameId {
        match self.name_ids.get(text.as_str()) {
            Some(id) => *id,
            None => self.new_name(Cow::Owned(text)),
        }
    }

    fn new_name(&mut self, text: Cow<'source, str>) -> NameId {
        let id = NameId(self.facts.names.len() as u32);
        self.facts.names.push(text.as_ref().into());
        self.name_ids.insert(text, id);
        id
    }

    fn text(&mut self, text: &str) -> TextId {
        let id = TextId(self.facts.texts.len() as u32);
        self.facts.texts.push(text.into());
        id
    }

    fn expr_list(&mut self, start: usize) -> Span {
        flush(&mut self.stacks.exprs, start, &mut self.facts.expr_lists)
    }

    /// Appends the expressions as one list.
    fn expr_group(&mut self, group: &[ExprId]) -> Span {
        let span = Span {
            start: self.facts.expr_lists.len() as u32,
            len: group.len() as u32,
        };
        self.facts.expr_lists.extend_from_slice(group);
        span
    }

    fn stmt_list(&mut self, start: usize) -> Span {
        flush(&mut self.stacks.stmts, start, &mut self.facts.stmt_lists)
    }

    /// Visits the children of the node on which the cursor stands; the visitor leaves the cursor on the child.
    fn each_child(&mut self, mut visit: impl FnMut(&mut Self, Node<'tree>)) {
        let mut child = self.cursor.first();
        if child.is_none() {
            return;
        }
        while let Some(part) = child {
            visit(self, part);
            child = self.cursor.following();
        }
        self.cursor.up();
    }

    /// One level deeper, unless that is too deep.
    fn descend(&mut self, node: Node<'tree>) -> bool {
        if self.depth >= DEPTH_LIMIT {
            if !self.is_too_deep {
                self.is_too_deep = true;
                self.problem(
                    node.line(),
                    format!("nested deeper than {DEPTH_LIMIT} levels"),
                );
            }
            return false;
        }
        self.depth += 1;
        true
    }

    fn problem(&mut self, line: u32, says: String) {
        self.facts.problems.push(Problem {
            line,
            says: says.into(),
        });
    }

    fn ascend(&mut self) {
        self.depth -= 1;
    }
}
