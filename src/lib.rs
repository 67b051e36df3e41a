//! covgap reads a FastAPI or Starlette project and its pytest suite, runs nothing, and says which behavior the tests cover.
//!
//! The rooms, each of which may use only those before it:
//! `config < source < syntax < rules < facts < project < links < coverage < history < report < cli`. The files beside them use the
//! rooms, and each other in this order: `recall < audits < compare < curve < gate < analyze < dump < knowledge`.
//! [`analyze()`] is the whole tool.

pub mod analyze;
mod audits;
pub mod cli;
pub mod compare;
pub mod config;
pub mod coverage;
pub mod curve;
pub mod dump;
pub mod facts;
pub mod gate;
pub mod history;
pub mod knowledge;
pub mod links;
pub mod project;
mod recall;
pub mod report;
pub mod rules;
pub mod source;
pub mod syntax;

pub use analyze::analyze;
pub use config::{Error, Options};
pub use dump::dump;
