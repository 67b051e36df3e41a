//! What calls of a start-up mean, as data of `rules/startup.toml` and of a file of that name by a project.
//!
//! `no_step = ["logging"]`: `logger.info("ready")` in a lifespan is no step of it.

use serde::Deserialize;

use crate::config::Error;
use crate::rules::lists::mistake;

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StartupRules {
    /// Dotted prefixes of what does no work.
    pub no_step: Vec<String>,
    /// Functions whose arguments are what runs.
    pub hands_over: Vec<String>,
}

impl StartupRules {
    pub fn extend(&mut self, more: StartupRules) {
        self.no_step.extend(more.no_step);
        self.hands_over.extend(more.hands_over);
    }

    pub fn is_no_step(&self, path: &str) -> bool {
        self.no_step.iter().any(|prefix| {
            path.strip_prefix(prefix.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '(']))
        })
    }
}

/// Reads the lists. `path` is only for messages.
pub fn read(text: &str, path: &str) -> Result<StartupRules, Error> {
    toml::from_str(text).map_err(|error| {
        mistake(text, path, &error, "not the lists of a start-up")
            .help("the lists are `no_step` and `hands_over`")
    })
}

#[cfg(test)]
mod tests {
    use super::StartupRules;

    #[test]
    fn a_prefix_is_a_whole_name() {
        let rules = StartupRules {
            no_step: vec!["log".into()],
            ..StartupRules::default()
        };
        let case = |path: &str, expected: bool| assert_eq!(rules.is_no_step(path), expected);
        case("log", true);
        case("log.info", true);
        case("log().info", true);
        case("login.start", false);
    }
}
