//! Config: what a project says about how it wants to be analyzed.
//!
//! *In:* `[tool.covgap]` of a `pyproject.toml`, or a `covgap.toml`, as text. *Out:* [`Config`], or an [`Error`] with its line.
//! *Never:* a decision about the project; strings stay as they were written, and each room reads its own.
//!
//! Reading order: [`settings`] (the keys), [`read`] (text → `Config`), [`error`] (how a user's mistake is said).

pub mod error;
pub mod read;
pub mod settings;

pub use error::Error;
pub use read::{ConfigFile, read, toml_error};
pub use settings::Config;
