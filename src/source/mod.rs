//! Source: the only room that touches the disk. After [`discover`] nothing fails: what cannot be read is a value with a reason.
//!
//! *In:* a folder and its [`Config`](crate::config::Config). *Out:* [`Sources`]: which files there are, what is left out and why,
//! the test suites, where modules are, and on demand a file's text.
//! *Never:* what a Python file says; a file outside of the project's root.
//!
//! Reading order: [`sources`] (the whole), [`walk`], [`left_out`], [`ignored`], [`tracked`], [`rescue`] (which files), [`text`] (what is in them),
//! [`pytest_config`], [`suites`] (which of them are tests), [`packaging`], [`roots`], [`modules`] (what an import means),
//! [`requirements`], [`versions`] (which libraries);
//! [`paths`], [`patterns`] and [`ini`] serve them all.

pub mod ignored;
pub mod ini;
pub mod left_out;
pub mod modules;
pub mod packaging;
pub mod paths;
pub mod patterns;
pub mod pytest_config;
pub mod requirements;
pub mod rescue;
pub mod roots;
pub mod sources;
pub mod suites;
pub mod text;
pub mod tracked;
pub mod versions;
pub mod walk;

pub use left_out::{LeftOut, Why};
pub use modules::{ModuleIndex, Resolution};
pub use pytest_config::{ImportMode, PytestConfig};
pub use requirements::Strength;
pub use roots::{ImportRoot, RootReason};
pub use sources::{FileId, SourceFile, Sources, configure, discover};
pub use suites::Suite;
pub use text::Unreadable;
pub use versions::{Version, Versions};
