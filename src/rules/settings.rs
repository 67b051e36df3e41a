//! How settings are read, as data of `rules/settings.toml` and of a file of that name by a project.
//!
//! `[[reader]] call = "acme.secrets.fetch"` makes `fetch("DATABASE_URL")` in live code a read of that setting.

use serde::Deserialize;

use crate::config::Error;
use crate::rules::lists::mistake;

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SettingRules {
    pub reader: Vec<Reader>,
    pub lists: SettingLists,
}

/// A call that reads the setting that its first argument names.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reader {
    /// A path, or with `*` at its end any method of what the path names.
    pub call: String,
    /// Position of the default among the arguments; it may be named `default`, too.
    #[serde(default = "second")]
    pub default: usize,
    /// Without a default it fails when there is no such setting.
    #[serde(default)]
    pub required: bool,
    /// Stands before the name in the environment.
    #[serde(default)]
    pub prefix: String,
}

fn second() -> usize {
    1
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SettingLists {
    pub subscripts: Vec<String>,
    pub classes: Vec<String>,
    pub fields: Vec<String>,
    pub choices: Vec<String>,
    pub plain_types: Vec<String>,
    pub of_mappings: Vec<String>,
    pub splitters: Vec<String>,
    pub openers: Vec<String>,
    pub expanders: Vec<String>,
    pub setters: Vec<String>,
    pub patchers: Vec<String>,
    /// Functions that give what their first argument gives, and those that give what it gives when it is called.
    pub passes_on: Vec<String>,
    pub calls_first: Vec<String>,
    pub limits: Vec<String>,
    /// Schemes of one engine each.
    pub engines: Vec<Vec<String>>,
    pub not_production: Vec<String>,
    pub platform: Vec<String>,
}

impl Reader {
    /// Does a call of this path read a setting?
    pub fn is(&self, path: &str) -> bool {
        match self.call.strip_suffix('*') {
            Some(object) => path
                .strip_prefix(object)
                .is_some_and(|method| !method.is_empty() && !method.contains('.')),
            None => self.call == path,
        }
    }
}

impl SettingRules {
    pub fn extend(&mut self, more: SettingRules) {
        self.reader.extend(more.reader);
        let lists = &mut self.lists;
        for (known, more) in [
            (&mut lists.subscripts, more.lists.subscripts),
            (&mut lists.classes, more.lists.classes),
            (&mut lists.fields, more.lists.fields),
            (&mut lists.choices, more.lists.choices),
            (&mut lists.plain_types, more.lists.plain_types),
            (&mut lists.of_mappings, more.lists.of_mappings),
            (&mut lists.passes_on, more.lists.passes_on),
            (&mut lists.calls_first, more.lists.calls_first),
            (&mut lists.splitters, more.lists.splitters),
            (&mut lists.openers, more.lists.openers),
            (&mut lists.expanders, more.lists.expanders),
            (&mut lists.setters, more.lists.setters),
            (&mut lists.patchers, more.lists.patchers),
            (&mut lists.limits, more.lists.limits),
            (&mut lists.not_production, more.lists.not_production),
            (&mut lists.platform, more.lists.platform),
        ] {
            known.extend(more);
        }
        lists.engines.extend(more.lists.engines);
    }

    pub fn reader(&self, path: &str) -> Option<&Reader> {
        self.reader.iter().find(|reader| reader.is(path))
    }
}

/// Reads the file. `path` is only for messages.
pub fn read(text: &str, path: &str) -> Result<SettingRules, Error> {
    toml::from_str(text).map_err(|error| {
        mistake(text, path, &error, "not the rules of settings")
            .help("a reader is `[[reader]]` with `call = \"module.function\"`")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_is_one_method() {
        let rules = read("[[reader]]\ncall = \"acme.Env().*\"\n", "x").unwrap();
        let case = |path: &str, expected: bool| {
            assert_eq!(rules.reader(path).is_some(), expected, "{path}");
        };
        case("acme.Env().str", true);
        case("acme.Env().str.x", false);
        case("acme.Env()", false);
        assert_eq!(rules.reader[0].default, 1);
    }
}
