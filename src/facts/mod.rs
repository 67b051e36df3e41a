//! Facts: what one Python file says, lowered from its syntax tree to a small, owned program.
//!
//! *In:* the text of one file. *Out:* [`Facts`]: every expression and statement that the interpreter needs, with lines.
//! *Never:* another file, the disk, a tree or a lifetime of one.
//!
//! Reading order: [`program`] (the types), [`lower`] (tree → program), [`scopes`] (which names are local to which function),
//! [`literals`] (what a string or a number says), [`parts`] (what an expression is made of), [`dump`] (a program as text), [`kept`](mod@kept) (texts that are met again), [`before`] (those of the run before);
//! [`script`] is the same for the files of a frontend.

mod before;
pub mod dump;
mod kept;
mod literals;
mod lower;
mod parts;
pub mod program;
mod scopes;
pub mod script;

pub use before::Before;
pub use kept::{keep, kept, kept_script};
pub use lower::extract;
pub use program::Facts;
