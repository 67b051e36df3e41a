//! covgap reads a FastAPI or Starlette project and its pytest suite, runs nothing, and says which behavior the tests cover.
//!
//! The rooms, each of which may use only those before it:
//! `config < source < syntax < rules < facts < project < links < coverage < history < report < cli`.
//! [`Error`] and [`Options`] stand before all of them.

pub mod cli;
pub mod config;
pub mod coverage;
pub mod error;
pub mod facts;
pub mod options;
pub mod report;
pub mod source;

pub use error::Error;
pub use options::Options;
