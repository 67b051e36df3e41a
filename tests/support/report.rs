//! covgap's account of one scenario: those parts of the JSON report, version 1, that a recording can be held against.

use std::path::Path;
use std::process::Command;

use serde::Deserialize;

#[derive(Deserialize)]
pub struct Report {
    pub routes: Vec<Route>,
    pub tests: Vec<Test>,
    pub exercises: Vec<Exercise>,
    pub error_branches: Vec<ErrorBranch>,
    pub unknowns: Vec<Place>,
    #[serde(default)]
    pub bars: Vec<Bar>,
    #[serde(default)]
    pub gaps: Vec<Gap>,
}

#[derive(Deserialize)]
pub struct Bar {
    pub id: String,
    pub state: String,
    pub covered: usize,
    pub total: usize,
}

#[derive(Deserialize)]
pub struct Gap {
    pub kind: String,
    pub evidence: Vec<Place>,
}

#[derive(Deserialize)]
pub struct Route {
    pub id: String,
    pub kind: String,
    pub method: String,
    pub path: String,
    pub served: bool,
    pub external: bool,
    pub handler: Target,
    pub shadowed_by: Option<String>,
    pub verdict: String,
}

#[derive(Deserialize)]
pub struct Target {
    pub file: Option<String>,
    pub name: String,
}

#[derive(Deserialize)]
pub struct Test {
    pub id: String,
    pub runs: bool,
}

#[derive(Deserialize)]
pub struct Exercise {
    pub test: String,
    pub phase: String,
    pub interface: String,
    pub method: String,
    pub url: String,
    pub route: Option<String>,
    pub target: Option<Target>,
    pub statuses: Vec<u16>,
    pub asserts: bool,
    pub confidence: String,
    pub evidence: Vec<Place>,
}

#[derive(Deserialize)]
pub struct ErrorBranch {
    pub file: String,
    pub line: u32,
    pub status: Option<u16>,
    pub exercised_by: Vec<String>,
    pub confidence: String,
}

#[derive(Deserialize)]
pub struct Place {
    pub file: String,
    pub line: u32,
}

/// Runs the binary on a project. The error is the end of what the binary said.
pub fn analyze(project: &Path) -> Result<Report, String> {
    let ran = Command::new(env!("CARGO_BIN_EXE_covgap"))
        .env("COVGAP_CACHE", "off")
        .arg("report")
        .arg(project)
        .args(["--format", "json", "-o", "-", "--possible"])
        .output()
        .unwrap();
    let code = ran.status.code();
    let said = String::from_utf8_lossy(&ran.stderr);
    if !matches!(code, Some(0 | 1)) {
        let code = code.map_or("a signal".to_owned(), |code| code.to_string());
        return Err(format!("covgap ended with {code}: {}", last_line(&said)));
    }
    serde_json::from_slice(&ran.stdout)
        .map_err(|error| format!("no report: {error} {}", last_line(&said)))
}

fn last_line(text: &str) -> &str {
    text.trim().lines().last().unwrap_or_default()
}
