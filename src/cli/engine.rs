//! The seam between the command line and the rest of covgap: what can be asked of it.
//!
//! `covgap report app` asks [`Engine::analyze`] for the audit of `app`, and renders it.

use crate::coverage::Audit;
use crate::history::periods::{Every, Since};
use crate::history::ratchet::Today;
use crate::history::{Difference, Trend};
use crate::{Error, Options};

/// Everything that the command line calls; the binary passes the real one, a test one of its own.
pub struct Engine {
    pub analyze: fn(&Options) -> Result<Audit, Error>,
    /// The text of one arrow of the flow, for developers of covgap and of rules.
    pub dump: fn(&Options, Stage) -> Result<String, Error>,
    /// What is between two revisions, or two JSON reports.
    pub compare: fn(&Options, &str, Option<&str>) -> Result<Difference, Error>,
    /// The history as a curve.
    pub trend: fn(&Options, &Every, &Since) -> Result<Trend, Error>,
    /// The baseline that is there, and that of today.
    pub baseline: fn(&Options) -> Result<Today, Error>,
    /// All rules, sorted by id: covgap's own and the project's.
    pub rules: fn(&Options) -> Result<Vec<RulePage>, Error>,
    /// Runs the examples and counter-examples of all rules.
    pub check_rules: fn(&Options) -> Result<RulesCheck, Error>,
}

/// What `--dump` prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Stage {
    /// What each file says
    Facts,
    /// What all files say together: apps, routers, routes
    Project,
    /// Which test touches what
    Links,
}

/// One rule or one gap kind, for a reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RulePage {
    /// `library/what-it-is`, or a gap kind.
    pub id: String,
    /// One line.
    pub summary: String,
    /// Markdown: why, an example, a counter-example.
    pub page: String,
}

/// The outcome of `covgap rules check`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RulesCheck {
    pub rules: usize,
    pub examples: usize,
    /// One for each example that does not hold, with its place.
    pub problems: Vec<Error>,
}
