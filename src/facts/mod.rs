//! Facts: what one Python file says, lowered from its syntax tree to a small, owned program.
//!
//! *In:* the bytes of one file. *Out:* [`Facts`]: every expression and statement that the interpreter needs, with lines.
//! *Never:* another file, the disk, a tree or a lifetime of one.
//!
//! Reading order: [`program`] (the types), [`lower`] (tree → program), [`scopes`] (which names are local to which function).

pub mod program;

pub use program::Facts;
