//! Which version of which library the project uses, and where it says so.
//!
//! ```text
//! uv.lock             name = "shop-lib" version = "1.2.3"     locked: wins
//! requirements.txt    shop-lib>=1.0                           at least 1.0
//! ```
//! Of several statements the strongest wins, then the one nearest to the project's root, then the latest version.
//! Not handled: `-r other.txt` (the other file is read anyway if it is called like one), hashes, markers that never hold.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;
use toml::de::{DeTable, DeValue};

use super::left_out::{LeftOut, Why};
use super::origin::Origin;
use super::requirements::{self, Strength};
use super::tree::Tree;
use super::{ini, locks, paths};

/// What is known of one library's version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// As written: `0.115.3`. Empty where the library is only named.
    pub text: String,
    pub strength: Strength,
    /// The file that says so, and the line in it (from 1; 0 for a file as a whole).
    pub file: String,
    pub line: usize,
}

/// Versions by normalized name (PEP 503).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Versions {
    pub by_name: BTreeMap<String, Version>,
    /// Normalized names of the project's own distributions, which may be required as well.
    pub own: FxHashSet<String>,
}

/// Reads every lock file, list of requirements and project file in the tree.
pub fn find(tree: &Tree, origin: &Origin, left_out: &[LeftOut]) -> Versions {
    let mut versions = Versions::default();
    for path in tree.others {
        let name = paths::name(path);
        let reader: fn(&mut Versions, &str, &str) = match name {
            "uv.lock" | "poetry.lock" | "pdm.lock" | "pylock.toml" => locks::lock_file,
            "Pipfile.lock" => locks::pipfile_lock,
            "pyproject.toml" => pyproject,
            "setup.cfg" => setup_cfg,
            _ if is_requirements(path, name) => requirements_file,
            _ => continue,
        };
        if let Some(text) = (tree.read)(path) {
            reader(&mut versions, path, &text);
        }
    }
    for left_out in left_out {
        if left_out.why == Why::VirtualEnvironment {
            locks::installed(&mut versions, origin, &left_out.path);
        }
    }
    for own in &versions.own {
        versions.by_name.remove(own);
    }
    versions
}

/// `requirements*.txt`, `constraints*.txt`, the `.in` they are made from, and what lies in a folder called `requirements`.
fn is_requirements(path: &str, name: &str) -> bool {
    let Some(stem) = name
        .strip_suffix(".txt")
        .or_else(|| name.strip_suffix(".in"))
    else {
        return false;
    };
    stem.contains("requirements")
        || stem.contains("constraints")
        || paths::name(paths::folder(path)) == "requirements"
}

impl Versions {
    /// Takes a statement, unless a stronger one is known.
    pub(super) fn add(&mut self, name: String, version: Version) {
        let rank = |version: &Version| {
            let nearness = std::cmp::Reverse(paths::depth(&version.file));
            (version.strength, nearness)
        };
        match self.by_name.get(&name) {
            Some(known) if rank(known) > rank(&version) => {}
            Some(known)
                if rank(known) == rank(&version)
                    && !requirements::is_later(&version.text, &known.text) => {}
            _ => {
                self.by_name.insert(name, version);
            }
        }
    }

    fn require(&mut self, file: &str, line: usize, requirement: &str) {
        if let Some((name, text, strength)) = requirements::parse(requirement) {
            let version = Version {
                text,
                strength,
                file: file.to_string(),
                line,
            };
            self.add(name, version);
        }
    }
}

fn requirements_file(versions: &mut Versions, file: &str, text: &str) {
    for (index, line) in text.lines().enumerate() {
        versions.require(file, index + 1, line.trim());
    }
}

fn setup_cfg(versions: &mut Versions, file: &str, text: &str) {
    for section in ini::sections(text) {
        let keys: &[&str] = match section.name.as_str() {
            "options" => &["install_requires", "tests_require"],
            "options.extras_require" => &[],
            "metadata" => {
                let name = section.get("name").map(requirements::normalized);
                versions.own.extend(name);
                continue;
            }
            _ => continue,
        };
        for entry in &section.entries {
            if keys.is_empty() || keys.contains(&entry.key.as_str()) {
                for line in entry.value.lines() {
                    versions.require(file, entry.line, line);
                }
            }
        }
    }
}

/// Dependencies of `[project]`, `[dependency-groups]` and Poetry's tables, wherever they are: lists of requirements, and
/// tables of names.
fn pyproject(versions: &mut Versions, file: &str, text: &str) {
    let Ok(document) = DeTable::parse(text) else {
        return;
    };
    let document = document.get_ref();
    let line_of = |offset: usize| {
        let before = text.as_bytes().iter().take(offset);
        before.filter(|byte| **byte == b'\n').count() + 1
    };
    if let Some(DeValue::Table(project)) = document.get("project").map(toml::Spanned::get_ref) {
        if let Some(DeValue::String(name)) = project.get("name").map(toml::Spanned::get_ref) {
            versions.own.insert(requirements::normalized(name));
        }
        for key in ["dependencies", "optional-dependencies"] {
            if let Some(value) = project.get(key) {
                listed(versions, file, value, &line_of);
            }
        }
    }
    if let Some(value) = document.get("dependency-groups") {
        listed(versions, file, value, &line_of);
    }
    let Some(DeValue::Table(tool)) = document.get("tool").map(toml::Spanned::get_ref) else {
        return;
    };
    if let Some(DeValue::Table(poetry)) = tool.get("poetry").map(toml::Spanned::get_ref) {
        if let Some(DeValue::String(name)) = poetry.get("name").map(toml::Spanned::get_ref) {
            versions.own.insert(requirements::normalized(name));
        }
        tables(versions, file, poetry, &line_of);
    }
    if let Some(DeValue::Table(uv)) = tool.get("uv").map(toml::Spanned::get_ref)
        && let Some(value) = uv.get("dev-dependencies")
    {
        listed(versions, file, value, &line_of);
    }
}

type Value<'text> = toml::Spanned<DeValue<'text>>;

/// Requirements in a list, or in the lists of a table.
fn listed(versions: &mut Versions, file: &str, value: &Value, line_of: &dyn Fn(usize) -> usize) {
    match value.get_ref() {
        DeValue::String(requirement) => {
            versions.require(file, line_of(value.span().start), requirement);
        }
        DeValue::Array(items) => {
            for item in items.iter() {
                listed(versions, file, item, line_of);
            }
        }
        DeValue::Table(table) => {
            for (key, value) in table {
                if key.get_ref() != "include-group" {
                    listed(versions, file, value, line_of);
                }
            }
        }
        DeValue::Integer(_) | DeValue::Float(_) | DeValue::Boolean(_) | DeValue::Datetime(_) => {}
    }
}

/// Poetry: `name = "^1.2"` or `name = {version = "^1.2"}` in any table called `dependencies` or `dev-dependencies`.
fn tables(versions: &mut Versions, file: &str, table: &DeTable, line_of: &dyn Fn(usize) -> usize) {
    for (key, value) in table {
        let DeValue::Table(inner) = value.get_ref() else {
            continue;
        };
        if !matches!(key.get_ref().as_ref(), "dependencies" | "dev-dependencies") {
            tables(versions, file, inner, line_of);
            continue;
        }
        for (name, wanted) in inner {
            let written = match wanted.get_ref() {
                DeValue::String(text) => text.as_ref(),
                DeValue::Table(table) => match table.get("version").map(toml::Spanned::get_ref) {
                    Some(DeValue::String(text)) => text.as_ref(),
                    _ => "",
                },
                _ => "",
            };
            let (text, strength) = requirements::specifier(written);
            let version = Version {
                text,
                strength,
                file: file.to_string(),
                line: line_of(name.span().start),
            };
            if name.get_ref() != "python" {
                versions.add(requirements::normalized(name.get_ref()), version);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::locks::lock_file;
    use super::{Versions, pyproject, requirements_file, setup_cfg};

    fn said(versions: &Versions) -> Vec<String> {
        let by_name = versions.by_name.iter();
        by_name
            .map(|(name, version)| {
                format!(
                    "{name} {} {:?} {}:{}",
                    version.text, version.strength, version.file, version.line
                )
            })
            .collect()
    }

    #[test]
    fn the_strongest_wins_then_the_nearest() {
        let mut versions = Versions::default();
        requirements_file(
            &mut versions,
            "requirements.txt",
            "# top\nshop==1.0\nmail>=3\n",
        );
        requirements_file(
            &mut versions,
            "docs/requirements.txt",
            "shop==2.0\nmail==2\n",
        );
        lock_file(
            &mut versions,
            "server/poetry.lock",
            "[[package]]\nname = \"shop\"\nversion = \"0.9\"\n",
        );
        assert_eq!(
            said(&versions),
            [
                "mail 2 Pinned docs/requirements.txt:2",
                "shop 0.9 Locked server/poetry.lock:3"
            ]
        );
    }

    #[test]
    fn project_files() {
        let mut versions = Versions::default();
        let text = "[project]\nname = \"ours\"\ndependencies = [\n  \"shop>=1.0\",\n  \"mail\",\n]\n[project.optional-dependencies]\nall = [\"ours[x]\", \"queue~=2.1\"]\n[dependency-groups]\ndev = [\"tests==8.0\", {include-group = \"all\"}]\n[tool.poetry.group.dev.dependencies]\npython = \"^3.9\"\ncache = {version = \"^5\", extras = [\"x\"]}\n";
        pyproject(&mut versions, "pyproject.toml", text);
        assert_eq!(
            said(&versions),
            [
                "cache 5 AtLeast pyproject.toml:13",
                "mail  Named pyproject.toml:5",
                "ours  Named pyproject.toml:8",
                "queue 2.1 AtLeast pyproject.toml:8",
                "shop 1.0 AtLeast pyproject.toml:4",
                "tests 8.0 Pinned pyproject.toml:10",
            ]
        );
        let mut versions = Versions::default();
        setup_cfg(
            &mut versions,
            "setup.cfg",
            "[metadata]\nname = ours\n[options]\ninstall_requires =\n    shop>=1\n[options.extras_require]\ntest =\n    mail==2\n",
        );
        assert_eq!(
            said(&versions),
            ["mail 2 Pinned setup.cfg:7", "shop 1 AtLeast setup.cfg:4"]
        );
    }
}
