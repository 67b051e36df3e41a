//! A JSON report, read again: what is compared with another run.
//!
//! `covgap diff before.json after.json` reads two of them; an audit of this run is written and read, so that both say the same.

use std::path::Path;

use super::json;
use crate::Error;
use crate::coverage::Audit;
use crate::history::Snapshot;

/// The schemas that can be read.
const SCHEMA: u32 = 1;

/// What the JSON report of an audit says.
pub fn of(audit: &Audit) -> Result<Snapshot, Error> {
    let mut bytes = Vec::new();
    json::render_compared(audit, &mut bytes)
        .map_err(|error| Error::new(format!("cannot write the report: {error}")))?;
    read(&bytes, Path::new("the report"))
}

/// The text of a JSON report. The errors are the user's: it is none, or of a later schema.
pub fn read(bytes: &[u8], path: &Path) -> Result<Snapshot, Error> {
    let snapshot: Snapshot = serde_json::from_slice(bytes).map_err(|error| {
        Error::at(path, format!("not a JSON report of covgap: {error}"))
            .help("write one with `covgap report --format json -o name.json`")
    })?;
    if snapshot.schema != SCHEMA {
        return Err(Error::at(
            path,
            format!(
                "a report of schema {}, and this covgap reads {SCHEMA}",
                snapshot.schema
            ),
        )
        .help("write it again with this version of covgap"));
    }
    Ok(snapshot)
}
