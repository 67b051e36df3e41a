//! The tests that are missing, written.
//!
//! *In:* an [`Audit`](crate::coverage::Audit) and gaps of it. *Out:* new files of tests, and the gaps that no test closes.
//! *Never:* a file that is there already, or a text of the project that is not a name or a string of Python.
//!
//! Reading order: [`files`] (which kinds are written, and where), [`requests`] (tests of a route), [`others`] (tests of the start-up, of
//! infrastructure, settings and the frontend's requests), [`clients`] (which fixture sends).
//! The one entry is [`of_gaps`].

mod clients;
mod files;
mod others;
mod requests;

pub(super) use clients::Clients;
pub use files::{NewFile, of_gaps, why_not};
pub(super) use files::{heading, of_gap};
