//! Lists of names: TOML of the kinds of `rules/names.toml` and `rules/plugins.toml`, whoever wrote it.
//!
//! `services = ["Worker"]` makes a class `MailWorker` one that does a project's work.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::de::DeTable;

use crate::config::{Error, nearest};

/// What one file lists.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Lists {
    pub services: Vec<String>,
    pub lifecycle: Vec<String>,
    pub ending: Vec<String>,
    pub apps: Vec<String>,
    pub abstract_bases: Vec<String>,
    pub servers: Vec<String>,
    pub wrappers: Vec<String>,
    pub alike: Vec<String>,
    pub sharing: Vec<String>,
    pub translated: Vec<String>,
    pub aside: Vec<String>,
    pub builtins: Vec<String>,
    /// Modules of pytest plugins.
    pub modules: Vec<String>,
}

const KEYS: [&str; 13] = [
    "services",
    "lifecycle",
    "ending",
    "apps",
    "abstract_bases",
    "servers",
    "wrappers",
    "alike",
    "sharing",
    "translated",
    "aside",
    "builtins",
    "modules",
];

/// Reads the lists. `path` is only for messages.
pub fn read(text: &str, path: &str) -> Result<Lists, Error> {
    let table = DeTable::parse(text).map_err(|error| {
        mistake(text, path, &error, "not valid TOML")
            .help("a rule in TOML holds lists, for example `services = [\"Worker\"]`")
    })?;
    for key in table.get_ref().keys() {
        let name = key.get_ref();
        if !KEYS.contains(&&**name) {
            let error = Error::at(path, format!("unknown list `{name}`"))
                .on_line(line(text, key.span().start));
            return Err(match nearest(name, &KEYS) {
                Some(known) => error.help(format!("did you mean `{known}`?")),
                None => error.help(format!("the lists are {}", KEYS.join(", "))),
            });
        }
    }
    toml::from_str(text).map_err(|error| {
        mistake(text, path, &error, "not a list of strings")
            .help("write it as `services = [\"Worker\"]`")
    })
}

/// Reads what the rules say that evidence appeals to, by id.
pub fn read_evidence(text: &str, path: &str) -> Result<BTreeMap<String, String>, Error> {
    toml::from_str(text).map_err(|error| {
        mistake(text, path, &error, "not a table of sentences")
            .help("write it as `\"acme/request\" = \"A method of acme's client sends a request.\"`")
    })
}

pub(super) fn mistake(text: &str, path: &str, error: &toml::de::Error, says: &str) -> Error {
    let at = error.span().map_or(0, |span| span.start);
    let message = error.message().trim();
    Error::at(path, format!("{says}: {message}")).on_line(line(text, at))
}

fn line(text: &str, offset: usize) -> usize {
    text.bytes()
        .take(offset)
        .filter(|byte| *byte == b'\n')
        .count()
        + 1
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn mistakes_have_a_line_and_a_help() {
        let case = |text: &str, expected: &str| {
            assert_eq!(
                read(text, "own/names.toml").unwrap_err().to_string(),
                expected
            );
        };
        case(
            "aside = []\nservises = []\n",
            "error: unknown list `servises`\n  --> own/names.toml:2\n  help: did you mean `services`?",
        );
        case(
            "\nzebra = 1\n",
            "error: unknown list `zebra`\n  --> own/names.toml:2\n  help: the lists are services, lifecycle, ending, apps, abstract_bases, servers, wrappers, alike, sharing, translated, aside, builtins, modules",
        );
        case(
            "services = [\n  \"A\",\n  3,\n]\n",
            "error: not a list of strings: invalid type: integer `3`, expected a string\n  --> own/names.toml:3\n  help: write it as `services = [\"Worker\"]`",
        );
    }
}
