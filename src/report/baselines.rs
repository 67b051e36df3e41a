//! The baseline file: one accepted gap per line, sorted, so that changes to it merge and are seen in a review.
//!
//! ```text
//! {"schema": 1,
//!   "gaps": [
//!     {"id": "untested-route-4f1d0c92ab", "kind": "untested-route", "priority": "P0", "title": …, "file": …, "reason": null}]}
//! ```

use std::io::{self, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::item_per_line;
use crate::Error;
use crate::history::Baseline;
use crate::history::ratchet::Accepted;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    schema: u32,
    gaps: Vec<Entry>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: String,
    kind: String,
    priority: String,
    title: String,
    file: String,
    reason: Option<String>,
}

/// Writes it. Same baseline, same bytes.
pub fn render(baseline: &Baseline, out: &mut dyn Write) -> io::Result<()> {
    let document = Document {
        schema: 1,
        gaps: baseline
            .entries
            .iter()
            .cloned()
            .map(|entry| Entry {
                id: entry.id,
                kind: entry.kind,
                priority: entry.priority,
                title: entry.title,
                file: entry.file,
                reason: entry.reason,
            })
            .collect(),
    };
    item_per_line::write(&document, out)
}

/// Reads it. The errors are the user's: it is none, it is of a later schema, it says the same twice.
pub fn read(text: &str, path: &Path) -> Result<Baseline, Error> {
    let document: Document = serde_json::from_str(text).map_err(|error| {
        Error::at(path, format!("not a baseline: {error}")).help(
            "`covgap baseline` writes one; a merge conflict in it is solved by writing it again",
        )
    })?;
    if document.schema != 1 {
        let says = format!(
            "a baseline of schema {}, and this covgap reads 1",
            document.schema
        );
        return Err(Error::at(path, says));
    }
    let mut entries: Vec<Accepted> = document
        .gaps
        .into_iter()
        .map(|entry| Accepted {
            id: entry.id,
            kind: entry.kind,
            priority: entry.priority,
            title: entry.title,
            file: entry.file,
            reason: entry.reason,
        })
        .collect();
    entries.sort();
    if let Some(twice) = entries.windows(2).find(|pair| pair[0].id == pair[1].id) {
        return Err(Error::at(path, format!("accepts {} twice", twice[0].id)));
    }
    Ok(Baseline { entries })
}
