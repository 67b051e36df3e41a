//! The script files of a project, parsed on first use, and what an import means in them.
//!
//! `import { api } from "@/lib/api"` in `frontend/app/page.tsx` is `frontend/lib/api.ts`; models of libraries are scripts, too, of
//! covgap's own rules. Python's part of this is [`crate::project::world`].

use std::sync::{Arc, Mutex, OnceLock};

use rustc_hash::FxHashMap;

use super::addresses;
use super::packages::{self, Package};
use super::value::ScriptId;
use crate::facts::kept_script;
use crate::facts::script::{Script, embedded};
use crate::rules::Rules;
use crate::rules::frontend::{ScriptNames, has_ending};
use crate::source::{Sources, paths};
use crate::syntax::Dialect;

/// The model whose exports are names that every script has.
pub const GLOBALS: &str = "_globals";
/// Larger files are bundles, or data.
const LARGEST: usize = 600_000;
/// Lines of generated bundles are longer than this, on average.
const LONGEST_LINES: usize = 400;

/// What one file's imports mean, by what they name; none where that is no file of the project.
type Meanings = FxHashMap<Box<str>, Option<ScriptId>>;

pub struct Scripts<'a> {
    pub sources: &'a Sources,
    rules: &'a Rules,
    /// Paths of the project's files, then names of models.
    names: Vec<String>,
    files: usize,
    by_path: FxHashMap<String, ScriptId>,
    models: FxHashMap<String, ScriptId>,
    parsed: Vec<OnceLock<Option<Arc<Script>>>>,
    /// What modules mean, by importer: a name that is imported is looked up each time that it is used.
    resolved: Mutex<FxHashMap<ScriptId, Meanings>>,
    pub packages: Vec<Package>,
    /// Hosts of the project itself.
    pub own_hosts: Vec<String>,
}

impl<'a> Scripts<'a> {
    pub fn new(sources: &'a Sources, rules: &'a Rules) -> Scripts<'a> {
        let mut names: Vec<String> = sources
            .others
            .iter()
            .filter(|path| rules.script_names.is_script(paths::name(path)))
            .cloned()
            .collect();
        let by_path = index(&names, 0);
        let files = names.len();
        names.extend(rules.scripts.iter().map(|model| model.name.clone()));
        let models = index(&names, files);
        let packages = if files == 0 {
            Vec::new()
        } else {
            packages::find(sources, &rules.script_names)
        };
        Scripts {
            sources,
            rules,
            parsed: names.iter().map(|_| OnceLock::new()).collect(),
            names,
            files,
            resolved: Mutex::default(),
            by_path,
            models,
            packages,
            own_hosts: addresses::own_hosts(sources, &rules.script_names),
        }
    }

    pub fn names(&self) -> &ScriptNames {
        &self.rules.script_names
    }

    /// Files of the project.
    pub fn ids(&self) -> impl Iterator<Item = ScriptId> + use<> {
        (0..self.files).map(|position| ScriptId(u32::try_from(position).unwrap_or(u32::MAX)))
    }

    pub fn path(&self, id: ScriptId) -> &str {
        self.names.get(id.0 as usize).map_or("", String::as_str)
    }

    pub fn file(&self, path: &str) -> Option<ScriptId> {
        self.by_path.get(path).copied()
    }

    pub fn model(&self, name: &str) -> Option<ScriptId> {
        self.models.get(name).copied()
    }

    pub fn is_model(&self, id: ScriptId) -> bool {
        id.0 as usize >= self.files
    }

    /// Parses the file on first use; none when it can't be read.
    pub fn script(&self, id: ScriptId) -> Option<&Script> {
        let slot = self.parsed.get(id.0 as usize)?;
        slot.get_or_init(|| self.load(id)).as_deref()
    }

    /// Has it been parsed?
    pub fn loaded(&self, id: ScriptId) -> Option<&Script> {
        self.parsed.get(id.0 as usize)?.get()?.as_deref()
    }

    fn load(&self, id: ScriptId) -> Option<Arc<Script>> {
        let position = id.0 as usize;
        if position >= self.files {
            let model = self.rules.scripts.get(position - self.files)?;
            return Some(kept_script(&model.text, Dialect::Jsx));
        }
        let path = self.path(id);
        let text = self.sources.read_other(path).ok()?;
        if is_bundle(&text) {
            return None;
        }
        if has_ending(&self.names().components, path) {
            let text = embedded::scripts_of(&text).unwrap_or_default();
            let dialect = if text.contains("</") {
                Dialect::Jsx
            } else {
                Dialect::Plain
            };
            return Some(kept_script(&text, dialect));
        }
        let dialect = if has_ending(&self.names().plain, path) {
            Dialect::Plain
        } else {
            Dialect::Jsx
        };
        Some(kept_script(&text, dialect))
    }

    /// The package that a file belongs to: the innermost one around it.
    pub fn package_of(&self, path: &str) -> Option<&Package> {
        self.packages
            .iter()
            .filter(|package| paths::is_within(path, &package.folder))
            .max_by_key(|package| package.folder.len())
    }

    /// The file or model that `module` means in `importer`.
    pub fn resolve(&self, importer: ScriptId, module: &str) -> Option<ScriptId> {
        if let Some(model) = self.model(module) {
            return Some(model);
        }
        if self.is_model(importer) {
            return None;
        }
        if let Ok(resolved) = self.resolved.lock()
            && let Some(found) = resolved.get(&importer).and_then(|of| of.get(module))
        {
            return *found;
        }
        let plain = module.split(['?', '#']).next().unwrap_or(module);
        let found = self
            .resolve_path(self.path(importer), plain)
            .map(|found| self.replaced(found).unwrap_or(found));
        if let Ok(mut resolved) = self.resolved.lock() {
            let of = resolved.entry(importer).or_default();
            of.insert(module.into(), found);
        }
        found
    }

    fn resolve_path(&self, here: &str, module: &str) -> Option<ScriptId> {
        if module.starts_with('.') {
            return self.at(&paths::join(paths::folder(here), module)?);
        }
        let package = self.package_of(here);
        if let Some(absolute) = module.strip_prefix('/') {
            let package = package?;
            return self
                .at(&paths::child(&package.folder, absolute))
                .or_else(|| self.at(&format!("{}/{absolute}", package.public())));
        }
        let around = self
            .packages
            .iter()
            .filter(|package| paths::is_within(here, &package.folder));
        let mut around: Vec<&Package> = around.collect();
        around.sort_by_key(|package| std::cmp::Reverse(package.folder.len()));
        for package in &around {
            for target in package.alias_targets(module, self.names()) {
                if let Some(found) = self.at(&target) {
                    return Some(found);
                }
            }
        }
        self.workspace(module)
    }

    /// `@scope/ui/button`, of a package of the project.
    fn workspace(&self, module: &str) -> Option<ScriptId> {
        let package = self
            .packages
            .iter()
            .filter(|package| !package.name.is_empty())
            .filter(|package| {
                module
                    .strip_prefix(package.name.as_str())
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            })
            .max_by_key(|package| package.name.len())?;
        let below = module.get(package.name.len()..)?.trim_start_matches('/');
        let targets = package.entry_targets(below);
        targets.iter().find_map(|target| self.at(target))
    }

    /// The file at a path without its ending.
    fn at(&self, path: &str) -> Option<ScriptId> {
        let with_ending = |path: &str| {
            let mut endings = self.names().scripts.iter();
            endings.find_map(|ending| self.file(&format!("{path}.{ending}")))
        };
        if let Some(found) = self.file(path).or_else(|| with_ending(path)) {
            return Some(found);
        }
        if let Some(stem) = path
            .strip_suffix(".js")
            .or_else(|| path.strip_suffix(".jsx"))
            .or_else(|| path.strip_suffix(".mjs"))
        {
            for ending in [".ts", ".tsx", ".mts"] {
                if let Some(found) = self.by_path.get(&format!("{stem}{ending}")) {
                    return Some(*found);
                }
            }
        }
        with_ending(&format!("{path}/index"))
    }

    /// Generated files whose ways a model says better.
    fn replaced(&self, id: ScriptId) -> Option<ScriptId> {
        let path = self.path(id);
        let rule = self
            .names()
            .replaced
            .iter()
            .find(|rule| path.ends_with(rule.ends.as_str()))?;
        let text = self.sources.read_other(path).ok()?;
        text.contains(rule.says.as_str())
            .then(|| self.model(&rule.model))
            .flatten()
    }

    /// Would a module of this name be the project's own?
    pub fn should_be_own(&self, importer: ScriptId, module: &str) -> bool {
        if module.starts_with('.') || module.starts_with('/') {
            return true;
        }
        let here = self.path(importer);
        let is_library = self
            .packages
            .iter()
            .filter(|package| paths::is_within(here, &package.folder))
            .any(|package| package.depends_on_module(module));
        !is_library
            && self
                .package_of(here)
                .is_some_and(|package| package.is_alias(module, self.names()))
    }
}

fn index(names: &[String], from: usize) -> FxHashMap<String, ScriptId> {
    names
        .iter()
        .enumerate()
        .skip(from)
        .map(|(position, name)| {
            let id = ScriptId(u32::try_from(position).unwrap_or(u32::MAX));
            (name.clone(), id)
        })
        .collect()
}

fn is_bundle(text: &str) -> bool {
    if text.len() > LARGEST {
        return true;
    }
    let lines = text.bytes().filter(|byte| *byte == b'\n').count() + 1;
    text.len() > 20_000 && text.len() / lines > LONGEST_LINES
}
