//! Config: what a project, or the command line, says about how it wants to be analyzed.
//!
//! *In:* `[tool.covgap]` of a `pyproject.toml`, or a `covgap.toml`, as text. *Out:* [`Config`], or an [`Error`] with its line;
//! [`Options`] is what the command line says, and wins.
//! *Never:* a decision about the project; strings stay as they were written, and each room reads its own.
//!
//! Reading order: [`settings`] (the keys), [`read`] (text → `Config`), [`options`] (the command line's share),
//! [`error`] (how a user's mistake is said).

pub mod error;
pub mod options;
pub mod read;
pub mod settings;

pub use error::Error;
pub use options::{Cache, Options};
pub use read::{ConfigFile, nearest, read, toml_error};
pub use settings::{Config, WaiverSettings};
