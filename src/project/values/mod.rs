//! The abstract interpreter: evaluates any expression in its scope, across files and calls.
//!
//! *In:* modules as facts. *Out:* values, and a log of what happened. *Never:* a library's name; models in `rules/` know those.
//!
//! Reading order: [`value`], [`heap`], [`machine`] (the types), [`statements`], [`expressions`], [`calls`], [`attributes`], [`classes`],
//! [`operators`], [`texts`], [`containers`], [`imports`], [`natives`] (Python's builtins), [`operations`] (what models use), [`log`].

pub mod attributes;
pub mod calls;
pub mod classes;
pub mod containers;
pub mod expressions;
pub mod heap;
pub mod imports;
pub mod log;
pub mod machine;
pub mod natives;
pub mod operations;
pub mod operators;
pub mod statements;
pub mod texts;
pub mod value;
