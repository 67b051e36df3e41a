//! What really happened when pytest ran the scenarios of a page: `tests/mdtest/recorded/PAGE.json`.
//!
//! A route is the text `GET /items/{} -> app/main.py:read_item`; a WebSocket's method is `WS`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Deserialize;

/// The sets of `tests/mdtest/record.py`, in its words.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Recording {
    pub passed: BTreeSet<String>,
    pub skipped: BTreeSet<String>,
    /// Of every served app.
    pub routes: BTreeSet<String>,
    /// Test and route, requests of test bodies only.
    pub links: BTreeSet<(String, String)>,
    /// Routes that some passed test or its fixtures reached.
    pub covered: BTreeSet<String>,
    /// Error answers only.
    pub statuses: BTreeSet<(String, String, u16)>,
    pub branches: BTreeSet<String>,
    pub neutral_branches: BTreeSet<String>,
    pub direct: BTreeSet<String>,
    pub neutral_direct: BTreeSet<String>,
}

/// By scenario; nothing when the page was never recorded.
pub fn load(folder: &Path, page: &str) -> BTreeMap<String, Recording> {
    match std::fs::read_to_string(folder.join(format!("{page}.json"))) {
        Ok(text) => serde_json::from_str(&text).unwrap(),
        Err(_) => BTreeMap::new(),
    }
}
