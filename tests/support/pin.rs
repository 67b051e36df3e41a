//! Writes a scenario's differences into its page as `known-wrong` lines, in place of those that are there.
//!
//! Under the heading `## The same router twice` comes `- known-wrong: routes missed: GET /status -> app/main.py:status`.

use std::collections::{BTreeMap, BTreeSet};

use super::page;

/// The page's text with exactly these differences pinned. A scenario that is not in the map stays as it is.
pub fn pinned(text: &str, differences: &BTreeMap<String, BTreeSet<String>>) -> String {
    let mut lines: Vec<String> = Vec::new();
    let mut fence: Option<String> = None;
    let mut pending: Option<&BTreeSet<String>> = None;
    let mut is_changed = false;
    for line in text.lines() {
        if let Some(open) = &fence {
            if line.trim() == open {
                fence = None;
            }
            lines.push(line.to_owned());
            continue;
        }
        if let Some(name) = line.strip_prefix("## ") {
            pending = differences.get(name.trim());
            is_changed = pending.is_some();
        }
        if is_changed && page::known_wrong(line).is_some() {
            continue;
        }
        if line.starts_with("```") {
            fence = Some(line.chars().take_while(|&c| c == '`').collect());
            push_known(&mut lines, pending.take());
        }
        lines.push(line.to_owned());
    }
    lines.join("\n") + "\n"
}

/// One list, with an empty line around it, before the first block.
fn push_known(lines: &mut Vec<String>, differences: Option<&BTreeSet<String>>) {
    let Some(differences) = differences else {
        return;
    };
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines.push(String::new());
    if !differences.is_empty() {
        lines.extend(
            differences
                .iter()
                .map(|one| format!("- known-wrong: {one}")),
        );
        lines.push(String::new());
    }
}
