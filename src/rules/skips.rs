//! What the reasons of skips say, as data of `rules/skips.toml` and of a file of that name by a project.
//!
//! `absence = ["vault is sealed"]`: a test that skips with these words skips because something that production needs is not there.

use serde::Deserialize;

use crate::config::Error;
use crate::rules::lists::mistake;

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SkipRules {
    pub absence: Vec<String>,
    pub failure: Vec<String>,
    pub fair: Vec<String>,
    pub fair_exceptions: Vec<String>,
}

impl SkipRules {
    pub fn extend(&mut self, more: SkipRules) {
        self.absence.extend(more.absence);
        self.failure.extend(more.failure);
        self.fair.extend(more.fair);
        self.fair_exceptions.extend(more.fair_exceptions);
    }
}

/// Reads the lists. `path` is only for messages.
pub fn read(text: &str, path: &str) -> Result<SkipRules, Error> {
    toml::from_str(text).map_err(|error| {
        mistake(text, path, &error, "not the words of skips")
            .help("the lists are `absence`, `failure`, `fair` and `fair_exceptions`")
    })
}
