//! The formats of `covgap report --format …`, and which function renders each.
//!
//! `--format html,json -o out` is `out/index.html` and `out/covgap.json`.

use std::io::{self, Write};

use super::{html, json};
use crate::coverage::Audit;

/// A format that is written to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, clap::ValueEnum)]
pub enum Format {
    /// For people: one file, no network, no script needed
    Html,
    /// For programs: schema version 1
    Json,
}

/// Writes one report. The only errors are those of `out`.
pub fn render(audit: &Audit, format: Format, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Html => html::render(audit, out),
        Format::Json => json::render(audit, out),
    }
}

impl Format {
    /// The report's name in a folder of reports.
    pub fn file_name(self) -> &'static str {
        match self {
            Format::Html => "index.html",
            Format::Json => "covgap.json",
        }
    }

    /// The ending of a file name that says this format.
    pub fn extension(self) -> &'static str {
        match self {
            Format::Html => "html",
            Format::Json => "json",
        }
    }
}
