//! A commented configuration: each key that a project can set, with what was found in this project.
//!
//! ```toml
//! [tool.covgap]
//! # What production serves. Found: shop.main:app, by Dockerfile:9.
//! # app = ["shop.main:app"]
//!
//! [tool.covgap.fail-under]
//! http = 61
//! ```
//!
//! Only the lowest percentages are in force: what is found is found again when the project changes, and a copy of it would grow old.

use std::fmt::Write;

use super::text::inert;
use crate::config::ConfigFile;
use crate::coverage::audit::{Audit, Bar, BarState};

/// The text to add to a `pyproject.toml`, or that of a `covgap.toml`. covgap reads it without an error.
pub fn render(audit: &Audit, kind: ConfigFile) -> String {
    let prefix = match kind {
        ConfigFile::Pyproject => "tool.covgap.",
        ConfigFile::Own => "",
    };
    let mut text = String::new();
    if kind == ConfigFile::Pyproject {
        text.push_str("[tool.covgap]\n");
    }
    text.push_str(&format!(
        "# What production serves. {}\n# app = {}\n\n",
        found_apps(audit),
        list(audit.project.apps.iter().map(|(label, _)| label.as_str()))
    ));
    text.push_str(&format!(
        "# What pytest would be told. Tests found as pytest finds them: {}.\n# tests = {}\n\n",
        audit.tests.len(),
        list(audit.project.suites.iter().map(String::as_str))
    ));
    text.push_str(OTHER_KEYS);
    text.push_str(&lowest(&audit.bars, prefix));
    text.push_str(&OTHER_TABLES.replace("PREFIX.", prefix));
    text
}

const OTHER_KEYS: &str = r#"# Files to leave out, like lines of a .gitignore, and files to take although something leaves them out.
# exclude = ["scripts/"]
# include = []

# Endings of the names of classes that do the project's work.
# services = ["Service", "Client"]

# Files and folders with the project's own rules: what covgap cannot know of a library.
# rules = ["covgap-rules/"]

# Accepted gaps, which `covgap baseline` writes. With this line, a run fails without the file.
# baseline = "covgap-baseline.json"

"#;

const OTHER_TABLES: &str = r#"
# How much a side counts in Overall, or a bar in its side.
# [PREFIX.weights]
# behavior = 0.8
# implementation = 0.2

# In the place of what a stage asks for by itself: a bar's lowest percentage, or how many gaps of a kind may be open.
# [PREFIX.gates.deployment]
# http = 80
# untested-error = 3

# A gap that somebody answers for, until a day.
# [[PREFIX.waivers]]
# gap = "untested-route-*"
# reason = "goes away with version 2"
# owner = "the team that answers for it"
# expires = "2030-01-31"
"#;

fn found_apps(audit: &Audit) -> String {
    let found: Vec<String> = audit
        .project
        .apps
        .iter()
        .map(|(label, said_by)| match said_by {
            Some(place) => format!("{}, by {}:{}", inert(label), inert(&place.file), place.line),
            None => inert(label).into_owned(),
        })
        .collect();
    match found.is_empty() {
        true => "Nothing was found that is served.".to_string(),
        false => format!("Found: {}.", found.join("; ")),
    }
}

/// What is reached today, rounded down: a run that falls below it fails. Bars at 0 ask for nothing.
fn lowest(bars: &[Bar], prefix: &str) -> String {
    let mut text = format!(
        "# The lowest percentage of each bar: a run below it fails. Today's, rounded down; raise them as gaps close.\n[{prefix}fail-under]\n"
    );
    for bar in bars.iter().filter(|bar| bar.state == BarState::Measured) {
        let percent = bar.covered * 100 / bar.total.max(1);
        let mark = if percent == 0 { "# " } else { "" };
        let _ = writeln!(
            text,
            "{mark}{} = {percent}  # {}: {} of {}",
            bar.id.id(),
            bar.id.label(),
            bar.covered,
            bar.total
        );
    }
    text
}

fn list<'text>(texts: impl Iterator<Item = &'text str>) -> String {
    toml::Value::Array(texts.map(toml::Value::from).collect()).to_string()
}
