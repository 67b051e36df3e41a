//! Versions that programs wrote down: lock files, and what is installed in a virtual environment.
//!
//! ```toml
//! [[package]]
//! name = "shop-lib"
//! version = "1.2.3"
//! ```

use super::origin::Origin;
use super::paths;
use super::requirements::{self, Strength};
use super::versions::{Version, Versions};
use super::yaml::{self, Node};

/// The lock files of uv, Poetry, PDM and PEP 751 are written by programs: a `[[package]]`, then `name = "…"` and `version = "…"`.
pub(super) fn lock_file(versions: &mut Versions, file: &str, text: &str) {
    let mut entry: Option<(String, Option<(String, usize)>)> = None;
    let mut is_own = false;
    let mut flush = |entry: &mut Option<(String, Option<(String, usize)>)>, is_own: bool| {
        let Some((name, Some((text, line)))) = entry.take() else {
            return;
        };
        if is_own {
            versions.own.insert(name);
            return;
        }
        let version = Version {
            text,
            strength: Strength::Locked,
            file: file.to_string(),
            line,
        };
        versions.add(name, version);
    };
    let mut in_head = false;
    for (index, line) in text.lines().enumerate() {
        if matches!(line, "[[package]]" | "[[packages]]") {
            flush(&mut entry, is_own);
            (in_head, is_own) = (true, false);
        } else if line.starts_with('[') {
            in_head = false;
        } else if !in_head {
        } else if let Some(name) = quoted(line, "name = ") {
            entry = Some((requirements::normalized(name), None));
        } else if let Some(text) = quoted(line, "version = ") {
            if let Some((_, version)) = &mut entry {
                *version = Some((text.to_string(), index + 1));
            }
        } else if let Some(source) = line.strip_prefix("source = ") {
            let is_local = |kind: &&str| source.contains(&format!("{kind} = "));
            is_own = ["editable", "virtual", "directory"].iter().any(is_local);
        }
    }
    flush(&mut entry, is_own);
}

fn quoted<'line>(line: &'line str, key: &str) -> Option<&'line str> {
    line.strip_prefix(key)?.strip_prefix('"')?.split('"').next()
}

/// `Pipfile.lock` is JSON, which YAML includes: section → name → `version`.
pub(super) fn pipfile_lock(versions: &mut Versions, file: &str, text: &str) {
    let documents = yaml::read(text);
    let sections = documents.iter().flat_map(Node::entries);
    for (_, section) in sections.filter(|(name, _)| name != "_meta") {
        for (name, package) in section.entries() {
            let Some(version) = package.get("version") else {
                continue;
            };
            let Some(text) = version.text() else { continue };
            let version = Version {
                text: text.trim_start_matches('=').to_string(),
                strength: Strength::Locked,
                file: file.to_string(),
                line: version.line,
            };
            versions.add(requirements::normalized(name), version);
        }
    }
}

/// `lib/python3.x/site-packages/shop_lib-1.2.3.dist-info` in a virtual environment.
pub(super) fn installed(versions: &mut Versions, origin: &Origin, environment: &str) {
    let list = |path: &str| {
        let entries = origin.list(path).unwrap_or_default().into_iter();
        let mut names: Vec<String> = entries.map(|entry| entry.name).collect();
        names.sort();
        names
    };
    let library = paths::child(environment, "lib");
    let pythons = list(&library).into_iter();
    let pythons = pythons.map(|name| format!("{library}/{name}/site-packages"));
    for packages in pythons.chain([format!("{environment}/Lib/site-packages")]) {
        for name in list(&packages) {
            let Some((name, version)) = name
                .strip_suffix(".dist-info")
                .and_then(|stem| stem.rsplit_once('-'))
            else {
                continue;
            };
            let version = Version {
                text: version.to_string(),
                strength: Strength::Installed,
                file: packages.clone(),
                line: 0,
            };
            versions.add(requirements::normalized(name), version);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{lock_file, pipfile_lock};
    use crate::source::versions::Versions;

    fn said(versions: &Versions) -> Vec<String> {
        let by_name = versions.by_name.iter();
        by_name
            .map(|(name, version)| format!("{name} {} {}", version.text, version.line))
            .collect()
    }

    #[test]
    fn lock_files() {
        let mut versions = Versions::default();
        let text = "version = 1\n\n[[package]]\nname = \"Shop_Lib\"\nversion = \"1.2.3\"\ndependencies = [\n    { name = \"x\" },\n]\n\n[package.extras]\nname = \"no\"\n\n[[package]]\nname = \"ours\"\nversion = \"0.0.0\"\nsource = { virtual = \".\" }\n\n[[package]]\nname = \"shop-lib\"\nversion = \"1.10.0\"\n";
        lock_file(&mut versions, "uv.lock", text);
        assert_eq!(said(&versions), ["shop-lib 1.10.0 20"]);
        assert!(versions.own.contains("ours"));
        let json = r#"{"_meta": {}, "default": {"mail": {"version": "==2.0"}, "vcs": {"git": "x"}}, "develop": {}}"#;
        pipfile_lock(&mut versions, "Pipfile.lock", json);
        assert_eq!(said(&versions)[0], "mail 2.0 1");
    }
}
