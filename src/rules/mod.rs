//! Rules: what covgap knows of libraries and of gaps, as data that it carries and as data that a project adds.
//!
//! *In:* the files of `rules/`, embedded, and those that a project names. *Out:* [`Rules`], and [`pages::Page`]s for a reader.
//! *Never:* the meaning of a model; the interpreter runs it.
//!
//! Reading order: [`load`] (the types and the loader), [`lists`] (lists of names), [`frontend`] (where pages are),
//! [`criteria`] (what gates ask), [`startup`] (what is no step), [`settings`] (what reads one), [`skips`] (what skips say),
//! [`blocking`] (what waits), [`infrastructure`] (what production stands on), [`forges`] (where files are shown),
//! [`pages`] (what a reader is told),
//! [`embedded`] (the files in the binary).

pub mod blocking;
pub mod criteria;
pub mod embedded;
pub mod forges;
pub mod frontend;
pub mod infrastructure;
pub mod lists;
pub mod load;
pub mod pages;
pub mod settings;
pub mod skips;
pub mod startup;

pub use load::{Model, Rules};
