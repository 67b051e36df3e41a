//! Loads rules: models of libraries (Python that the interpreter runs in the library's place) and lists of names.
//!
//! `rules/models/httpx.py` is the model of `import httpx`; a project's own `rules = ["covgap_rules"]` adds `covgap_rules/acme.py`
//! as the model of `import acme` in the same way, before the embedded one of that name.

use serde::Deserialize;

use crate::rules::embedded;

/// Everything that is known of libraries.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    /// Sorted by name, each name once.
    pub models: Vec<Model>,
    /// Names of models whose fixtures every suite can use.
    pub plugins: Vec<String>,
    pub names: Names,
}

/// What a library does when it is imported and used, in Python.
#[derive(Debug, Clone)]
pub struct Model {
    /// The dotted name of the module that it stands for.
    pub name: String,
    pub text: String,
}

/// Lists of names, from `rules/names.toml`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Names {
    pub services: Vec<String>,
    pub lifecycle: Vec<String>,
    pub ending: Vec<String>,
    pub apps: Vec<String>,
    pub abstract_bases: Vec<String>,
    pub servers: Vec<String>,
    pub aside: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Plugins {
    modules: Vec<String>,
}

impl Rules {
    /// The embedded rules, and over them the project's own models as (file name, text).
    pub fn load(own: Vec<(String, String)>) -> Rules {
        let mut models: Vec<Model> = own.into_iter().filter_map(|(file, text)| Some(Model { name: file.strip_suffix(".py")?.to_string(), text })).collect();
        for (file, text) in embedded::MODELS {
            let name = file.strip_suffix(".py").unwrap_or(file);
            if !models.iter().any(|model| model.name == name) {
                models.push(Model { name: name.to_string(), text: (*text).to_string() });
            }
        }
        models.sort_by(|one, two| one.name.cmp(&two.name));
        let plugins: Plugins = toml::from_str(embedded::PLUGINS).expect("internal: rules/plugins.toml");
        let names: Names = toml::from_str(embedded::NAMES).expect("internal: rules/names.toml");
        Rules { models, plugins: plugins.modules, names }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_rules_models_is_embedded() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/rules/models");
        let mut files: Vec<String> =
            std::fs::read_dir(folder).expect("rules/models").map(|entry| entry.expect("entry").file_name().to_string_lossy().into_owned()).collect();
        files.sort();
        let mut embedded: Vec<String> = embedded::MODELS.iter().map(|(file, _)| (*file).to_string()).collect();
        embedded.sort();
        assert_eq!(files, embedded);
    }

    #[test]
    fn own_models_come_first() {
        let rules = Rules::load(vec![("httpx.py".into(), "own = 1".into())]);
        let found: Vec<&Model> = rules.models.iter().filter(|model| model.name == "httpx").collect();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].text, "own = 1");
    }
}
