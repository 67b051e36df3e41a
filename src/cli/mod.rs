//! The command line: arguments as typed, what they mean, and what is done about it.
//!
//! *In:* the arguments and an [`Engine`]. *Out:* text on the two streams, reports, and an exit code.
//! *Never:* an analysis; this room asks the engine for an audit and hands it to `report`.
//!
//! Reading order: [`arguments`] (as typed), [`meaning`] (resolved), [`engine`] (the seam), [`run()`], [`revisions`], [`scaffolds`]
//! and [`setup`] (what is done), [`console`], [`progress`], [`exit_codes`]. The one entry is [`run()`].

mod arguments;
mod console;
mod engine;
pub mod exit_codes;
mod meaning;
mod progress;
mod revisions;
mod run;
mod scaffolds;
mod setup;

pub use console::Console;
pub use engine::{Engine, RulePage, RulesCheck, Stage};
pub use run::run;
