//! Facts of one TypeScript or JavaScript file, lowered to a small, owned program.
//!
//! *In:* the text of one file. *Out:* a [`Script`]: expressions, functions, classes, imports and exports, with lines.
//! *Never:* another file, the disk, a type; what only the type checker sees is dropped.
//!
//! Reading order: [`program`] (the types), [`embedded`] (scripts inside of other files), [`lower`] (statements), [`expressions`],
//! [`modules`] (imports and exports), [`definitions`] (functions and classes), [`markup`] (elements), [`texts`].

mod definitions;
pub mod embedded;
mod expressions;
mod lower;
mod markup;
mod modules;
pub mod program;
mod texts;

pub use lower::extract;
pub use program::Script;
