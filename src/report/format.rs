//! The formats of `covgap report --format …`, and which function renders each.
//!
//! `--format html,json -o out` is `out/index.html` and `out/covgap.json`.

use std::io::{self, Write};

use super::ci::{annotations, badge, cobertura, code_quality, junit, lcov, sarif};
use super::{html, json, markdown};
use crate::coverage::Audit;
use crate::history::Trend;

/// A format that is written to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, clap::ValueEnum)]
pub enum Format {
    /// For people: one file, no network, no script needed
    Html,
    /// For programs: schema version 1
    Json,
    /// For a pull request or a job's summary: Markdown under the limit of GitHub
    Markdown,
    /// Gaps for code scanning: SARIF 2.1.0
    Sarif,
    /// Lines of handlers that tests reach through a real interface, for coverage viewers: Cobertura XML
    Cobertura,
    /// The same as an LCOV tracefile
    Lcov,
    /// Gates as test cases: JUnit XML
    Junit,
    /// Gaps as annotations of a pull request: workflow commands of GitHub Actions
    Github,
    /// Gaps for a merge request: GitLab code quality
    CodeQuality,
    /// The total of production behavior, as a picture: SVG
    Badge,
}

/// Writes one report. The only errors are those of `out`.
pub fn render(audit: &Audit, format: Format, out: &mut dyn Write) -> io::Result<()> {
    render_over_time(audit, None, format, out)
}

/// Writes one report; those for people and for programs say since when gaps are open, where the history was asked for.
pub fn render_over_time(
    audit: &Audit,
    past: Option<&Trend>,
    format: Format,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        Format::Html => html::render(audit, past, out),
        Format::Json => json::render(audit, past, out),
        Format::Markdown => markdown::render(audit, out),
        Format::Sarif => sarif::render(audit, out),
        Format::Cobertura => cobertura::render(audit, out),
        Format::Lcov => lcov::render(audit, out),
        Format::Junit => junit::render(audit, out),
        Format::Github => annotations::render(audit, out),
        Format::CodeQuality => code_quality::render(audit, out),
        Format::Badge => badge::render(audit, out),
    }
}

impl Format {
    /// The report's name in a folder of reports.
    pub fn file_name(self) -> &'static str {
        match self {
            Format::Html => "index.html",
            Format::Json => "covgap.json",
            Format::Markdown => "covgap.md",
            Format::Sarif => "covgap.sarif",
            Format::Cobertura => "cobertura.xml",
            Format::Lcov => "lcov.info",
            Format::Junit => "junit.xml",
            Format::Github => "annotations.txt",
            Format::CodeQuality => "gl-code-quality-report.json",
            Format::Badge => "badge.svg",
        }
    }

    /// The ending of a file name that says this format.
    pub fn extension(self) -> &'static str {
        match self {
            Format::Html => "html",
            Format::Json | Format::CodeQuality => "json",
            Format::Markdown => "md",
            Format::Sarif => "sarif",
            Format::Cobertura | Format::Junit => "xml",
            Format::Lcov => "info",
            Format::Github => "txt",
            Format::Badge => "svg",
        }
    }
}
