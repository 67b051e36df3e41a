//! Rules: what covgap knows of libraries, as data that it carries and as data that a project adds.
//!
//! *In:* the files of `rules/`, embedded, and those that a project names. *Out:* [`Rules`].
//! *Never:* the meaning of a model; the interpreter runs it.
//!
//! Reading order: [`load`] (the types and the loader), [`embedded`] (the files in the binary).

pub mod embedded;
pub mod load;

pub use load::{Model, Rules};
