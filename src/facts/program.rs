//! The lowered program of one file: flat arrays that refer to each other by index, nothing borrowed.
//!
//! `x = client.get(f"/items/{n}")` becomes one [`Stmt::Assign`] whose value is an [`Expr::Call`] of an [`Expr::Attribute`]
//! with one argument, an [`Expr::FString`] of two parts. Names are numbers into [`Facts::names`], string literals are
//! numbers into [`Facts::texts`]; a list of expressions is a range of [`Facts::expr_lists`].
//!
//! The meaning of each node is the one of the class of the same name in Python's `ast` module
//! (<https://docs.python.org/3/library/ast.html>), except where a comment says otherwise.

use serde::{Deserialize, Serialize};

/// Everything that one file says. Index 0 of [`Facts::functions`] is the module's own body.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    pub names: Vec<Box<str>>,
    /// Decoded string literals (escapes resolved, adjacent literals joined, bytes as Latin-1).
    pub texts: Vec<Box<str>>,
    pub exprs: Vec<Expr>,
    /// The line, from 1, on which the expression of the same index begins.
    pub expr_lines: Vec<u32>,
    pub stmts: Vec<Stmt>,
    /// The line, from 1, on which the statement of the same index begins (a decorated definition: its `def` or `class`).
    pub stmt_lines: Vec<u32>,
    pub expr_lists: Vec<ExprId>,
    pub stmt_lists: Vec<StmtId>,
    pub arguments: Vec<Argument>,
    pub parameters: Vec<Parameter>,
    pub functions: Vec<Function>,
    pub classes: Vec<Class>,
    pub clauses: Vec<Clause>,
    pub pieces: Vec<Piece>,
    pub handlers: Vec<Handler>,
    pub with_items: Vec<WithItem>,
    pub cases: Vec<Case>,
    pub patterns: Vec<Pattern>,
    pub pattern_lists: Vec<PatternId>,
    pub aliases: Vec<Alias>,
    /// Names of type parameters: `T` in `class Box[T]`.
    pub type_parameters: Vec<NameId>,
    /// Places that do not parse; the sound parts of the file are still in the program.
    pub problems: Vec<Problem>,
    /// Number of lines of the file.
    pub lines: u32,
}

macro_rules! index {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub struct $name(pub u32);
    )*};
}

index! {
    /// Into [`Facts::names`].
    NameId,
    /// Into [`Facts::texts`].
    TextId,
    /// Into [`Facts::exprs`].
    ExprId,
    /// Into [`Facts::stmts`].
    StmtId,
    /// Into [`Facts::functions`].
    FunctionId,
    /// Into [`Facts::classes`].
    ClassId,
    /// Into [`Facts::patterns`].
    PatternId,
}

/// A range of one of the side arrays; which one, the field that holds it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Span {
    pub start: u32,
    pub len: u32,
}

impl Span {
    /// The range as indices of the side array.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..(self.start + self.len) as usize
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Expr {
    None,
    True,
    False,
    Ellipsis,
    /// An integer literal that fits; a larger one is a [`Expr::Number`].
    Int(i64),
    /// The bits of a 64-bit IEEE 754 number.
    Float(u64),
    /// A complex or huge integer: its value is never needed.
    Number,
    Text(TextId),
    Bytes(TextId),
    /// Into [`Facts::pieces`]. Adjacent plain literals are pieces of it.
    FString(Span),
    /// A local of the function that encloses the expression: position in [`Function::locals`].
    Local(u32),
    /// Any other name: of an enclosing function, the class body, the module, or a builtin.
    Name(NameId),
    Attribute {
        object: ExprId,
        name: NameId,
    },
    Subscript {
        object: ExprId,
        index: ExprId,
    },
    /// `a:b:c` in a subscript: exactly three of [`Facts::expr_lists`], an absent part is [`Expr::None`].
    Slice(u32),
    /// `arguments` into [`Facts::arguments`].
    Call {
        function: ExprId,
        arguments: Span,
    },
    /// Into [`Facts::expr_lists`], as in the next two.
    Tuple(Span),
    List(Span),
    Set(Span),
    /// Key, value, key, value, … in [`Facts::expr_lists`]; `**mapping` is an [`Expr::DoubleStarred`] followed by itself.
    Dict(Span),
    /// `clauses` into [`Facts::clauses`], in source order.
    ListComp {
        element: ExprId,
        clauses: Span,
    },
    SetComp {
        element: ExprId,
        clauses: Span,
    },
    Generator {
        element: ExprId,
        clauses: Span,
    },
    /// `pair` is the first of two of [`Facts::expr_lists`]: key, value.
    DictComp {
        pair: u32,
        clauses: Span,
    },
    Lambda(FunctionId),
    Unary {
        operator: UnaryOperator,
        operand: ExprId,
    },
    Binary {
        operator: BinaryOperator,
        left: ExprId,
        right: ExprId,
    },
    /// Two or more operands in [`Facts::expr_lists`].
    And(Span),
    Or(Span),
    /// One comparison; `a < b < c` is an [`Expr::And`] of two.
    Compare {
        operator: CompareOperator,
        left: ExprId,
        right: ExprId,
    },
    /// `parts` is the first of three of [`Facts::expr_lists`]: test, value if true, value if false.
    IfElse {
        parts: u32,
    },
    Await(ExprId),
    /// `yield` without a value yields an [`Expr::None`].
    Yield(ExprId),
    YieldFrom(ExprId),
    /// `target` is an [`Expr::Local`] or an [`Expr::Name`].
    Walrus {
        target: ExprId,
        value: ExprId,
    },
    Starred(ExprId),
    DoubleStarred(ExprId),
    /// Did not parse, or is nested deeper than the limit.
    Broken,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum UnaryOperator {
    Not,
    Minus,
    Plus,
    Invert,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum BinaryOperator {
    Add,
    Subtract,
    Multiply,
    Divide,
    FloorDivide,
    Modulo,
    Power,
    MatrixMultiply,
    LeftShift,
    RightShift,
    BitAnd,
    BitOr,
    BitXor,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum CompareOperator {
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    In,
    NotIn,
    Is,
    IsNot,
}

/// One argument of a call.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Argument {
    pub kind: ArgumentKind,
    pub value: ExprId,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ArgumentKind {
    Positional,
    Keyword(NameId),
    /// `*value`
    Star,
    /// `**value`
    DoubleStar,
}

/// One part of an f-string.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Piece {
    Text(TextId),
    /// `{value!conversion:specification}`; the specification's own pieces are a range of [`Facts::pieces`], empty where there is none.
    Value {
        value: ExprId,
        conversion: Conversion,
        specification: Span,
    },
}

/// What is made of a value before it is formatted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Conversion {
    None,
    /// `!s`
    Str,
    /// `!r`, and what `{value=}` does.
    Repr,
    /// `!a`
    Ascii,
}

/// One `for … in …` of a comprehension with its `if`s.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Clause {
    pub target: ExprId,
    pub iterable: ExprId,
    /// Into [`Facts::expr_lists`].
    pub conditions: Span,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Stmt {
    /// A string that stands alone (a docstring) is left out.
    Expr(ExprId),
    /// `targets` into [`Facts::expr_lists`]: more than one for `a = b = value`. A target is a name, attribute, subscript,
    /// tuple, list or starred expression.
    Assign {
        targets: Span,
        value: ExprId,
    },
    AugAssign {
        operator: BinaryOperator,
        target: ExprId,
        value: ExprId,
    },
    /// `target: annotation = value`; without a value, [`Stmt::Declare`].
    AnnAssign {
        target: ExprId,
        annotation: ExprId,
        value: ExprId,
    },
    Declare {
        target: ExprId,
        annotation: ExprId,
    },
    Return(Option<ExprId>),
    /// `raise`, `raise error`, `raise error from cause` (the cause is dropped).
    Raise(Option<ExprId>),
    /// The message, if it is a literal.
    Assert {
        test: ExprId,
        message: Option<TextId>,
    },
    /// Into [`Facts::expr_lists`].
    Delete(Span),
    Pass,
    Break,
    Continue,
    /// `import a.b as c, d`; into [`Facts::aliases`].
    Import(Span),
    /// `from ..module import a as b`. `module` is the dotted text after the dots, if any. `import *` is one alias named `*`.
    ImportFrom {
        module: Option<NameId>,
        level: u32,
        aliases: Span,
    },
    /// Bodies are ranges of [`Facts::stmt_lists`]. `elif` is an `If` alone in `otherwise`.
    If {
        test: ExprId,
        body: Span,
        otherwise: Span,
    },
    /// `otherwise` is the loop's `else`.
    For {
        target: ExprId,
        iterable: ExprId,
        body: Span,
        otherwise: Span,
    },
    While {
        test: ExprId,
        body: Span,
        otherwise: Span,
    },
    /// `items` into [`Facts::with_items`].
    With {
        items: Span,
        body: Span,
    },
    /// `handlers` into [`Facts::handlers`]. `otherwise` then `finally` follow each other in [`Facts::stmt_lists`]:
    /// `tail` counts from the start of both, `otherwise_len` of them are the `else`.
    Try {
        body: Span,
        handlers: Span,
        tail: Span,
        otherwise_len: u32,
    },
    /// `cases` into [`Facts::cases`].
    Match {
        subject: ExprId,
        cases: Span,
    },
    /// Decorators stand in the [`Function`] and [`Class`].
    FunctionDef(FunctionId),
    ClassDef(ClassId),
    /// Did not parse.
    Broken,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct WithItem {
    pub context: ExprId,
    pub target: Option<ExprId>,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Handler {
    /// The exception class or tuple; none for a bare `except:`.
    pub exception: Option<ExprId>,
    /// The name after `as`: an [`Expr::Local`] or [`Expr::Name`].
    pub target: Option<ExprId>,
    pub body: Span,
    pub line: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Case {
    pub pattern: PatternId,
    pub guard: Option<ExprId>,
    pub body: Span,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Pattern {
    /// A literal or a dotted name, compared by `==`.
    Value(ExprId),
    /// `_` (no target) or a name that takes the subject.
    Capture(Option<ExprId>),
    /// `pattern as target`.
    As {
        pattern: PatternId,
        target: ExprId,
    },
    /// Into [`Facts::pattern_lists`], as in the next ones.
    Or(Span),
    Sequence(Span),
    /// `*rest` in a sequence.
    Star(Option<ExprId>),
    /// `{"key": pattern}`: a key's [`Pattern::Value`], then its pattern, alternating; `**rest` is a [`Pattern::Star`] at the end.
    Mapping(Span),
    /// `Class(positional…, name=pattern…)`; `patterns` holds the positional ones, then a [`Pattern::Keyword`] for each named one.
    Class {
        class: ExprId,
        patterns: Span,
    },
    /// `name=pattern` in a class pattern.
    Keyword {
        name: NameId,
        pattern: PatternId,
    },
    Broken,
}

/// One name of an import statement.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Alias {
    /// The dotted text (`a.b`), a plain name, or `*`.
    pub name: NameId,
    /// The name after `as`.
    pub bound: Option<NameId>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Function {
    /// `<module>` for index 0, `<lambda>` for a lambda.
    pub name: NameId,
    /// Python's `__qualname__`: `Class.method`, `outer.<locals>.inner`.
    pub qualified_name: NameId,
    /// Into [`Facts::parameters`].
    pub parameters: Span,
    pub returns: Option<ExprId>,
    /// Into [`Facts::stmt_lists`]. A lambda's body is one `return`.
    pub body: Span,
    /// Into [`Facts::expr_lists`], outermost first.
    pub decorators: Span,
    pub is_async: bool,
    /// Its own body contains `yield`.
    pub is_generator: bool,
    /// The line of `def`.
    pub line: u32,
    /// The line of the first decorator, else of `def`: Python's `co_firstlineno`.
    pub first_line: u32,
    pub last_line: u32,
    /// Parameters in order (positional-only, positional, `*args`, keyword-only, `**kwargs`), then every other name that the
    /// body binds and does not declare `global` or `nonlocal`, then the names that its comprehensions bind, each of them in slots
    /// of its own: there a name may stand again, and a look-up by name takes the first.
    /// Empty for a module, whose names are looked up by name.
    pub locals: Vec<NameId>,
    /// Names that the body declares `global`.
    pub globals: Vec<NameId>,
    /// Does it use the class that encloses it (`super()` or `__class__`)?
    pub uses_super: bool,
    /// Some function or lambda or class inside uses names of this one, so its frame may outlive the call.
    pub is_captured: bool,
    /// It stands in a function and does not look itself up: where several activations of it are active, they are as a rule those of
    /// several closures, as wrappers of one decorator are, and no recursion.
    pub may_nest: bool,
}

impl Function {
    /// Is the line one of its own, from the `def` to the end of the body?
    pub fn has_line(&self, line: u32) -> bool {
        (self.line..=self.last_line).contains(&line)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Parameter {
    pub name: NameId,
    pub kind: ParameterKind,
    pub annotation: Option<ExprId>,
    /// Evaluated in the scope around the function.
    pub default: Option<ExprId>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ParameterKind {
    PositionalOnly,
    Positional,
    /// `*args`
    Star,
    KeywordOnly,
    /// `**kwargs`
    DoubleStar,
}

impl ParameterKind {
    /// In the order of `inspect.Parameter.kind`.
    const ALL: [ParameterKind; 5] = [
        ParameterKind::PositionalOnly,
        ParameterKind::Positional,
        ParameterKind::Star,
        ParameterKind::KeywordOnly,
        ParameterKind::DoubleStar,
    ];

    pub fn of_number(number: i64) -> Option<ParameterKind> {
        let number = usize::try_from(number).ok()?;
        ParameterKind::ALL.get(number).copied()
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Class {
    pub name: NameId,
    pub qualified_name: NameId,
    /// Bases and keywords (`metaclass=…`), into [`Facts::arguments`].
    pub arguments: Span,
    /// Into [`Facts::stmt_lists`].
    pub body: Span,
    pub decorators: Span,
    pub line: u32,
    pub first_line: u32,
    pub last_line: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    pub line: u32,
    pub says: Box<str>,
}

impl Facts {
    /// Gives back the room that growing has left over: facts are many, and stay.
    pub(super) fn shrink(&mut self) {
        self.names.shrink_to_fit();
        self.texts.shrink_to_fit();
        self.exprs.shrink_to_fit();
        self.expr_lines.shrink_to_fit();
        self.stmts.shrink_to_fit();
        self.stmt_lines.shrink_to_fit();
        self.expr_lists.shrink_to_fit();
        self.stmt_lists.shrink_to_fit();
        self.arguments.shrink_to_fit();
        self.parameters.shrink_to_fit();
        self.functions.shrink_to_fit();
        self.classes.shrink_to_fit();
    }

    pub fn name(&self, id: NameId) -> &str {
        &self.names[id.0 as usize]
    }
    pub fn text(&self, id: TextId) -> &str {
        &self.texts[id.0 as usize]
    }
    pub fn expr(&self, id: ExprId) -> Expr {
        self.exprs[id.0 as usize]
    }
    pub fn expr_line(&self, id: ExprId) -> u32 {
        self.expr_lines[id.0 as usize]
    }
    pub fn stmt(&self, id: StmtId) -> Stmt {
        self.stmts[id.0 as usize]
    }
    pub fn stmt_line(&self, id: StmtId) -> u32 {
        self.stmt_lines[id.0 as usize]
    }
    pub fn function(&self, id: FunctionId) -> &Function {
        &self.functions[id.0 as usize]
    }
    /// The functions that have the line, the innermost first; the module's body is none of them.
    pub fn functions_around(&self, line: u32) -> impl Iterator<Item = FunctionId> {
        let functions = self.functions.iter().enumerate().skip(1);
        // What stands inside of a function comes behind it.
        functions
            .filter(move |(_, function)| function.has_line(line))
            .map(|(position, _)| FunctionId(position as u32))
            .rev()
    }

    /// Does an `except` begin on one of the lines?
    pub fn catches_between(&self, first: u32, last: u32) -> bool {
        let mut handlers = self.handlers.iter();
        handlers.any(|handler| (first..=last).contains(&handler.line))
    }

    /// The innermost function that has the line; the module's body where there is none.
    pub fn function_at(&self, line: u32) -> FunctionId {
        let mut around = self.functions_around(line);
        around.next().unwrap_or(FunctionId(0))
    }

    pub fn class(&self, id: ClassId) -> &Class {
        &self.classes[id.0 as usize]
    }
    /// The bodies inside of a statement, as ranges of [`Facts::stmt_lists`]; those of functions and classes are none of them.
    pub fn blocks(&self, statement: Stmt) -> Vec<Span> {
        match statement {
            Stmt::If {
                body, otherwise, ..
            }
            | Stmt::For {
                body, otherwise, ..
            }
            | Stmt::While {
                body, otherwise, ..
            } => vec![body, otherwise],
            Stmt::With { body, .. } => vec![body],
            Stmt::Try {
                body,
                handlers,
                tail,
                ..
            } => {
                let handlers = self.handlers[handlers.range()].iter();
                let mut blocks = vec![body, tail];
                blocks.extend(handlers.map(|handler| handler.body));
                blocks
            }
            Stmt::Match { cases, .. } => {
                let cases = self.cases[cases.range()].iter();
                cases.map(|case| case.body).collect()
            }
            _ => Vec::new(),
        }
    }

    pub fn expr_list(&self, span: Span) -> &[ExprId] {
        &self.expr_lists[span.range()]
    }
    pub fn stmt_list(&self, span: Span) -> &[StmtId] {
        &self.stmt_lists[span.range()]
    }
    pub fn argument_list(&self, span: Span) -> &[Argument] {
        &self.arguments[span.range()]
    }
    pub fn parameter_list(&self, span: Span) -> &[Parameter] {
        &self.parameters[span.range()]
    }
}
