//! What the reasons of skips say and what tests look at, as data of `rules/skips.toml` and of a file of that name by a project.
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
    /// Functions that look for a program of this machine.
    pub finders: Vec<String>,
    /// Attributes of an answer that say how it went.
    pub outcome_attributes: Vec<String>,
    /// Those that are its status.
    pub status_attributes: Vec<String>,
    /// Keys of its content that say how it went.
    pub outcome_keys: Vec<String>,
    /// What a framework may answer by itself.
    pub framework_statuses: Vec<u16>,
}

impl SkipRules {
    pub fn extend(&mut self, more: SkipRules) {
        self.absence.extend(more.absence);
        self.failure.extend(more.failure);
        self.fair.extend(more.fair);
        self.fair_exceptions.extend(more.fair_exceptions);
        self.finders.extend(more.finders);
        self.outcome_attributes.extend(more.outcome_attributes);
        self.status_attributes.extend(more.status_attributes);
        self.outcome_keys.extend(more.outcome_keys);
        self.framework_statuses.extend(more.framework_statuses);
    }

    pub fn is_outcome(&self, attribute: &str) -> bool {
        self.outcome_attributes
            .iter()
            .any(|known| known == attribute)
    }

    pub fn is_status(&self, attribute: &str) -> bool {
        self.status_attributes
            .iter()
            .any(|known| known == attribute)
    }

    pub fn is_finder(&self, function: &str) -> bool {
        self.finders.iter().any(|known| known == function)
    }

    pub fn is_outcome_key(&self, key: &str) -> bool {
        self.outcome_keys.iter().any(|known| known == key)
    }
}

/// Reads the lists. `path` is only for messages.
pub fn read(text: &str, path: &str) -> Result<SkipRules, Error> {
    toml::from_str(text).map_err(|error| {
        mistake(text, path, &error, "not the words of skips")
            .help("for example `absence = [\"vault is sealed\"]`; `rules/skips.toml` of covgap has all lists")
    })
}
