//! covgap reads a FastAPI or Starlette project and its pytest suite, runs nothing, and says which behavior the tests cover.
//!
//! The rooms, each of which may use only those before it:
//! `config < source < syntax < rules < facts < project < links < coverage < history < report < cli`.

pub mod config;
pub mod source;
pub mod facts;
pub mod coverage;
