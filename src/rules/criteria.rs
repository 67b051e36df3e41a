//! Success criteria: what must hold before a stage, as data of `rules/gates.toml` and of a file of that name by a project.
//!
//! ```toml
//! [[criterion]]
//! id = "http-endpoints-tested"
//! stage = "deployment"
//! says = "all HTTP endpoints tested"
//! kinds = ["untested-route"]
//! ```

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::config::Error;
use crate::rules::lists::mistake;

/// One criterion of one stage.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Criterion {
    pub id: String,
    pub stage: String,
    /// What holds when it is met.
    pub says: String,
    /// Kinds of gaps of which none may be open.
    #[serde(default)]
    pub kinds: Vec<String>,
    /// Lowest percentages of bars, by id.
    #[serde(default)]
    pub bars: BTreeMap<String, f64>,
    /// A priority: no gap of it may be open, those of the kinds of other criteria apart.
    pub rest: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    criterion: Vec<Criterion>,
}

/// Reads the criteria. `path` is only for messages.
pub fn read(text: &str, path: &str) -> Result<Vec<Criterion>, Error> {
    let file: File = toml::from_str(text).map_err(|error| {
        mistake(text, path, &error, "not a list of criteria").help(
            "a criterion is `[[criterion]]` with `id`, `stage`, `says`, and `kinds` or `bars`",
        )
    })?;
    Ok(file.criterion)
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn a_criterion_has_a_stage() {
        let text =
            "[[criterion]]\nid = \"x\"\nstage = \"release\"\nsays = \"y\"\nbars = { http = 90 }\n";
        let criteria = read(text, "gates.toml").unwrap();
        assert_eq!(criteria[0].bars["http"], 90.0);
        let error = read("[[criterion]]\nid = \"x\"\nbar = 3\n", "own/gates.toml").unwrap_err();
        let error = error.to_string();
        assert!(error.contains("own/gates.toml:3"), "{error}");
    }
}
