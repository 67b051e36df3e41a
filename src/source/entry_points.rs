//! Entry points: what the project's packages announce under a group, for programs that look plugins up when they start.
//!
//! ```toml
//! [project.entry-points."shop.routers"]
//! coupons = "shop.coupons:router"     # group `shop.routers`, name `coupons`
//! ```

use toml::de::{DeTable, DeValue};

use super::tree::Tree;
use super::{ini, paths};

/// One announced object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryPoint {
    pub group: String,
    pub name: String,
    /// `module:attribute`, or a module.
    pub target: String,
    /// Where the package that announces it begins, relative to the project's root.
    pub folder: String,
}

/// Those of every `pyproject.toml` and `setup.cfg`, in their files' order.
pub(super) fn find(tree: &Tree) -> Vec<EntryPoint> {
    let mut found = Vec::new();
    for path in tree.others {
        let read: fn(&str, &mut Vec<EntryPoint>) = match paths::name(path) {
            "pyproject.toml" => pyproject,
            "setup.cfg" => setup_cfg,
            _ => continue,
        };
        if let Some(text) = (tree.read)(path) {
            let known = found.len();
            read(&text, &mut found);
            for point in found.iter_mut().skip(known) {
                point.folder = paths::folder(path).to_string();
            }
        }
    }
    found
}

/// `[project.entry-points.GROUP]`, and `[tool.poetry.plugins.GROUP]` of projects that Poetry builds.
fn pyproject(text: &str, found: &mut Vec<EntryPoint>) {
    let Ok(document) = DeTable::parse(text) else {
        return;
    };
    for path in [
        &["project", "entry-points"][..],
        &["tool", "poetry", "plugins"],
    ] {
        let mut table = document.get_ref();
        let is_there = path
            .iter()
            .all(|key| match table.get(*key).map(|value| value.get_ref()) {
                Some(DeValue::Table(inner)) => {
                    table = inner;
                    true
                }
                _ => false,
            });
        if !is_there {
            continue;
        }
        for (group, entries) in table {
            let DeValue::Table(entries) = entries.get_ref() else {
                continue;
            };
            for (name, target) in entries {
                if let DeValue::String(target) = target.get_ref() {
                    found.push(EntryPoint {
                        group: group.get_ref().to_string(),
                        name: name.get_ref().to_string(),
                        target: plain(target),
                        folder: String::new(),
                    });
                }
            }
        }
    }
}

/// The groups of `[options.entry_points]`, each with one `name = target` a line.
fn setup_cfg(text: &str, found: &mut Vec<EntryPoint>) {
    let Some(section) = ini::section(text, "options.entry_points") else {
        return;
    };
    for entry in &section.entries {
        for line in entry.value.lines() {
            if let Some((name, target)) = line.split_once('=') {
                found.push(EntryPoint {
                    group: entry.key.clone(),
                    name: name.trim().to_string(),
                    target: plain(target),
                    folder: String::new(),
                });
            }
        }
    }
}

/// Without the extras that it asks for: `module:attribute [extra]`.
fn plain(target: &str) -> String {
    let target = target.split('[').next().unwrap_or(target);
    target.split_whitespace().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entry_points_of_both_kinds_of_files() {
        let case = |read: fn(&str, &mut Vec<EntryPoint>), text: &str, expected: [&str; 3]| {
            let mut found = Vec::new();
            read(text, &mut found);
            let found: Vec<[&str; 3]> = found
                .iter()
                .map(|point| [&*point.group, &*point.name, &*point.target])
                .collect();
            assert_eq!(found, [expected]);
        };
        let expected = ["a.b", "one", "m.n:Class"];
        case(
            pyproject,
            "[project.entry-points.\"a.b\"]\none = \"m.n:Class\"",
            expected,
        );
        case(
            pyproject,
            "[tool.poetry.plugins.\"a.b\"]\none = \"m.n:Class [extra]\"",
            expected,
        );
        case(
            setup_cfg,
            "[options.entry_points]\na.b =\n    one = m.n:Class",
            expected,
        );
    }
}
