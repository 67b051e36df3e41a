//! Loads rules: models of libraries (Python that the interpreter runs in the library's place) and lists of names.
//!
//! `rules/models/httpx.py` is the model of `import httpx`; a project's own `rules = ["covgap_rules"]` adds `covgap_rules/acme.py`
//! as the model of `import acme` in the same way, before the embedded one of that name and before a module of the project.

use std::collections::BTreeMap;

use crate::config::Error;
use crate::rules::blocking::{self, BlockingRules};
use crate::rules::criteria::{self, Criterion};
use crate::rules::embedded;
use crate::rules::forges::{self, Forge};
use crate::rules::frontend::{self, ScriptNames};
use crate::rules::infrastructure::{self, InfrastructureRules};
use crate::rules::lists::{self, Lists};
use crate::rules::settings::{self, SettingRules};
use crate::rules::skips::{self, SkipRules};
use crate::rules::startup::{self, StartupRules};
use crate::source::{RuleFile, RuleKind};

/// Everything that is known of libraries.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    /// Sorted by name, each name once.
    pub models: Vec<Model>,
    /// Names of models whose fixtures every suite can use.
    pub plugins: Vec<String>,
    pub names: Names,
    /// Models of libraries of frontends, sorted by name.
    pub scripts: Vec<ScriptModel>,
    pub script_names: ScriptNames,
    /// What the rules say that evidence appeals to, by id: `httpx/request`.
    pub evidence: BTreeMap<String, String>,
    /// What must hold before a stage, in order.
    pub criteria: Vec<Criterion>,
    pub startup: StartupRules,
    pub settings: SettingRules,
    pub skips: SkipRules,
    pub blocking: BlockingRules,
    pub infrastructure: InfrastructureRules,
    pub forges: Vec<Forge>,
}

/// What a library does when it is imported and used, in JavaScript.
#[derive(Debug, Clone)]
pub struct ScriptModel {
    /// What an import names.
    pub name: String,
    pub text: String,
}

/// What a library does when it is imported and used, in Python.
#[derive(Debug, Clone)]
pub struct Model {
    /// The dotted name of the module that it stands for.
    pub name: String,
    pub text: String,
    /// The project's file that it comes from; none for an embedded one.
    pub own_path: Option<String>,
}

/// Lists of names, from `rules/names.toml`.
#[derive(Debug, Clone, Default)]
pub struct Names {
    pub services: Vec<String>,
    pub lifecycle: Vec<String>,
    pub ending: Vec<String>,
    pub apps: Vec<String>,
    pub abstract_bases: Vec<String>,
    pub servers: Vec<String>,
    pub wrappers: Vec<String>,
    pub alike: Vec<String>,
    pub sharing: Vec<String>,
    /// Endings of modules that are translated, each with the ending of its source behind a dot: `_pb2.proto`.
    pub translated: Vec<String>,
    pub aside: Vec<String>,
    pub builtins: Vec<String>,
}

impl Names {
    /// Does the path lie in a folder, or is it a file, that is not of what production runs?
    pub fn is_aside(&self, path: &str) -> bool {
        path.split('/')
            .any(|part| self.aside.iter().any(|known| known == part))
    }
}

/// Whose a file of rules is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Owner {
    Covgap,
    Project,
}

impl Rules {
    /// The embedded rules, and over them the project's own. The errors are the user's: a list that is none, a key that is unknown.
    pub fn load(own: Vec<RuleFile>) -> Result<Rules, Error> {
        let mut rules = Rules::default();
        for file in embedded::files() {
            rules.add(file, Owner::Covgap)?;
        }
        rules.scripts = embedded::script_models();
        rules.scripts.sort_by(|one, two| one.name.cmp(&two.name));
        rules.script_names = frontend::read(embedded::FRONTEND, "rules/frontend.toml")?;
        for file in own {
            rules.add(file, Owner::Project)?;
        }
        rules.models.sort_by(|one, two| one.name.cmp(&two.name));
        Ok(rules)
    }

    fn add(&mut self, file: RuleFile, owner: Owner) -> Result<(), Error> {
        match file.kind {
            RuleKind::Model => {
                self.models.retain(|known| known.name != file.name);
                self.models.push(Model {
                    name: file.name,
                    text: file.text,
                    own_path: (owner == Owner::Project).then_some(file.path),
                });
            }
            RuleKind::Names if file.name == "evidence" => {
                self.evidence
                    .extend(lists::read_evidence(&file.text, &file.path)?);
            }
            RuleKind::Names if file.name == "gates" => {
                for criterion in criteria::read(&file.text, &file.path)? {
                    self.criteria.retain(|known| known.id != criterion.id);
                    self.criteria.push(criterion);
                }
            }
            RuleKind::Names if file.name == "forges" => {
                let more = forges::read(&file.text, &file.path)?;
                self.forges.splice(0..0, more);
            }
            RuleKind::Names if file.name == "settings" => {
                self.settings
                    .extend(settings::read(&file.text, &file.path)?);
            }
            RuleKind::Names if file.name == "skips" => {
                self.skips.extend(skips::read(&file.text, &file.path)?);
            }
            RuleKind::Names if file.name == "blocking" => {
                self.blocking
                    .extend(blocking::read(&file.text, &file.path)?);
            }
            RuleKind::Names if file.name == "infrastructure" => {
                self.infrastructure
                    .extend(infrastructure::read(&file.text, &file.path)?);
            }
            RuleKind::Names if file.name == "startup" => {
                self.startup.extend(startup::read(&file.text, &file.path)?);
            }
            RuleKind::Names => self.extend(lists::read(&file.text, &file.path)?),
        }
        Ok(())
    }

    fn extend(&mut self, lists: Lists) {
        let names = &mut self.names;
        for (known, more) in [
            (&mut names.services, lists.services),
            (&mut names.lifecycle, lists.lifecycle),
            (&mut names.ending, lists.ending),
            (&mut names.apps, lists.apps),
            (&mut names.abstract_bases, lists.abstract_bases),
            (&mut names.servers, lists.servers),
            (&mut names.wrappers, lists.wrappers),
            (&mut names.alike, lists.alike),
            (&mut names.sharing, lists.sharing),
            (&mut names.translated, lists.translated),
            (&mut names.aside, lists.aside),
            (&mut names.builtins, lists.builtins),
            (&mut self.plugins, lists.modules),
        ] {
            for name in more {
                if !known.contains(&name) {
                    known.push(name);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(name: &str, kind: RuleKind, text: &str) -> RuleFile {
        RuleFile {
            path: format!("own/{name}"),
            name: name.into(),
            kind,
            text: text.into(),
        }
    }

    #[test]
    fn a_model_of_the_project_takes_the_place_of_the_embedded_one() {
        let rules = Rules::load(vec![own("httpx", RuleKind::Model, "own = 1")]).unwrap();
        let found: Vec<&Model> = rules
            .models
            .iter()
            .filter(|model| model.name == "httpx")
            .collect();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].text, "own = 1");
        assert_eq!(found[0].own_path.as_deref(), Some("own/httpx"));
    }

    #[test]
    fn lists_of_the_project_add_to_the_embedded_ones() {
        let embedded = Rules::load(Vec::new()).unwrap();
        let text = "services = [\"Worker\"]\nmodules = [\"acme.pytest_plugin\"]\n";
        let rules = Rules::load(vec![own("names", RuleKind::Names, text)]).unwrap();
        assert_eq!(
            rules.names.services.len(),
            embedded.names.services.len() + 1
        );
        assert_eq!(rules.plugins.last().unwrap(), "acme.pytest_plugin");
    }
}
