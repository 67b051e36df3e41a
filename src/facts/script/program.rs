//! The small program that one script is lowered to. Types, comments and layout are gone; `a?.b` is `a.b`, `await x` is `x`.
//!
//! ```python
//! @app.get("/items")     # what `fetch(`${API}/items`)` is about: a Call of the name `fetch` with a Template
//! ```

use std::sync::Arc;

pub type Name = Arc<str>;

/// Number of an expression in [`Script::exprs`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExprId(pub u32);

/// Number of a function in [`Script::functions`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ScriptFunctionId(pub u32);

/// Number of a class in [`Script::classes`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ScriptClassId(pub u32);

/// One file.
#[derive(Debug, Clone, Default)]
pub struct Script {
    pub imports: Vec<Import>,
    pub exports: Vec<Export>,
    /// Modules that some expression imports, as `import("./page")` and `require("./page")` do.
    pub dynamic_imports: Vec<(Name, u32)>,
    /// Lines on which an expression imports what is not spelled there.
    pub open_imports: Vec<u32>,
    pub body: Vec<Stmt>,
    pub exprs: Vec<Expr>,
    /// The line of each expression.
    pub lines_of: Vec<u32>,
    pub functions: Vec<Function>,
    pub classes: Vec<Class>,
    /// Lines of places that do not parse.
    pub broken: Vec<u32>,
    /// The first line that nests deeper than is read.
    pub cut_off: Option<u32>,
}

/// `import { a as b } from "m"`; only values, no types.
#[derive(Debug, Clone)]
pub struct Import {
    pub module: Name,
    pub line: u32,
    pub bindings: Vec<(What, Name)>,
}

/// What of a module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    Named(Name),
    /// The module itself.
    Everything,
}

#[derive(Debug, Clone)]
pub enum Export {
    Local {
        exported: Name,
        local: Name,
    },
    From {
        exported: Name,
        what: What,
        module: Name,
        line: u32,
    },
    All {
        module: Name,
        line: u32,
    },
    Default(ExprId),
}

#[derive(Debug, Clone)]
pub enum Stmt {
    Expr(ExprId),
    Let(Pattern, Option<ExprId>),
    Function(Name, ScriptFunctionId),
    Class(Name, ScriptClassId),
    Return(Option<ExprId>),
    Throw(ExprId),
    If(ExprId, Vec<Stmt>, Vec<Stmt>),
    Block(Vec<Stmt>),
    /// `for (const x of xs)`
    Each(Pattern, ExprId, Vec<Stmt>),
    Loop(Vec<Stmt>),
    Try(Vec<Stmt>, Option<Pattern>, Vec<Stmt>, Vec<Stmt>),
    Switch(ExprId, Vec<(Option<ExprId>, Vec<Stmt>)>),
    Enum(Name, Vec<(Name, Option<ExprId>)>),
    /// `break` and `continue`
    Jump,
}

#[derive(Debug, Clone)]
pub enum Pattern {
    Name(Name),
    Object(Vec<(Key, Pattern)>, Option<Name>),
    Array(Vec<Option<Pattern>>),
    Default(Box<Pattern>, ExprId),
    Rest(Box<Pattern>),
    /// An assignment to a member.
    Expr(ExprId),
    Nothing,
}

#[derive(Debug, Clone)]
pub enum Key {
    Name(Name),
    Computed(ExprId),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    Add,
    Or,
    And,
    Nullish,
    Equal,
    NotEqual,
    Other,
}

#[derive(Debug, Clone)]
pub enum Expr {
    Text(Name),
    Number(Name),
    Bool(bool),
    Null,
    Undefined,
    /// The source of a regular expression, without slashes and flags.
    Regex(Name),
    Name(Name),
    This,
    Super,
    Template(Vec<Part>),
    Binary(Operator, ExprId, ExprId),
    Not(ExprId),
    TypeOf(ExprId),
    Conditional(ExprId, ExprId, ExprId),
    Member(ExprId, Name),
    Index(ExprId, ExprId),
    Call(ExprId, Vec<ExprId>),
    New(ExprId, Vec<ExprId>),
    /// `import("m")` and `require("m")`
    ImportCall(ExprId),
    /// `import.meta`
    Meta,
    Function(ScriptFunctionId),
    Class(ScriptClassId),
    Object(Vec<Member>),
    Array(Vec<ExprId>),
    Spread(ExprId),
    Assign(Pattern, ExprId),
    /// `a += b`, `a ??= b`
    Update(Operator, ExprId, ExprId),
    Element(Element),
    Sequence(Vec<ExprId>),
    /// Something whose value says nothing; its parts are evaluated.
    Unknown(Vec<ExprId>),
}

#[derive(Debug, Clone)]
pub enum Part {
    Text(Name),
    Value(ExprId),
}

#[derive(Debug, Clone)]
pub enum Member {
    Value(Key, ExprId),
    Method(Key, ScriptFunctionId),
    Getter(Key, ScriptFunctionId),
    Spread(ExprId),
}

/// `<Name a={b}>children</Name>`; a fragment has no name.
#[derive(Debug, Clone)]
pub struct Element {
    pub name: Option<ExprId>,
    pub attributes: Vec<(Name, Option<ExprId>)>,
    pub spreads: Vec<ExprId>,
    pub children: Vec<ExprId>,
}

#[derive(Debug, Clone)]
pub struct Function {
    pub name: Option<Name>,
    pub line: u32,
    pub parameters: Vec<Parameter>,
    pub body: Vec<Stmt>,
    pub is_arrow: bool,
    /// Does it throw, outside of the functions inside of it?
    pub throws: bool,
}

#[derive(Debug, Clone)]
pub struct Parameter {
    pub pattern: Pattern,
    /// `constructor(private api: Api)` makes a field of it.
    pub is_field: bool,
}

#[derive(Debug, Clone)]
pub struct Class {
    pub name: Option<Name>,
    pub line: u32,
    pub base: Option<ExprId>,
    pub members: Vec<ClassMember>,
}

#[derive(Debug, Clone)]
pub struct ClassMember {
    pub name: Name,
    pub is_static: bool,
    pub kind: ClassMemberKind,
}

#[derive(Debug, Clone)]
pub enum ClassMemberKind {
    Method(ScriptFunctionId),
    Getter(ScriptFunctionId),
    Field(Option<ExprId>),
    /// `static { … }`
    Block(ScriptFunctionId),
}

impl Script {
    pub fn expr(&self, id: ExprId) -> &Expr {
        self.exprs.get(id.0 as usize).unwrap_or(&Expr::Undefined)
    }

    pub fn line(&self, id: ExprId) -> u32 {
        self.lines_of.get(id.0 as usize).copied().unwrap_or(1)
    }

    pub fn function(&self, id: ScriptFunctionId) -> Option<&Function> {
        self.functions.get(id.0 as usize)
    }

    pub fn class(&self, id: ScriptClassId) -> Option<&Class> {
        self.classes.get(id.0 as usize)
    }
}
