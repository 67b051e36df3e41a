//! Takes back what was left out for its name only, when live code imports it.
//!
//! ```python
//! # app/main.py
//! from app.archive.router import router         # app/archive/router.py is live: here, archives are what the shop sells
//! from .vendor import six
//! ```
//! A text search for import statements, not a parse: what it takes too much is one more file to read.

use rustc_hash::{FxHashMap, FxHashSet};

use super::paths;

/// Those of `likely_dead` that some live file imports, directly or through another that is taken back, each with its packages'
/// `__init__.py`. `live` is extended by them. `dead_folders` are the folders that were left out.
pub fn rescue(
    live: &mut Vec<String>,
    likely_dead: &[String],
    dead_folders: &[String],
    read: &dyn Fn(&str) -> Option<String>,
) -> FxHashSet<String> {
    let mut taken = FxHashSet::default();
    if likely_dead.is_empty() {
        return taken;
    }
    let dead: FxHashSet<&str> = likely_dead.iter().map(String::as_str).collect();
    let index = Index::new(likely_dead, dead_folders);
    let mut queue: Vec<String> = live.clone();
    while let Some(path) = queue.pop() {
        let Some(text) = read(&path) else { continue };
        // Almost no file mentions any of the names; those that do not are done here.
        for name in imported_names(&text, &index.markers) {
            for found in index.find(&path, &name) {
                for file in with_packages(found, &dead) {
                    if taken.insert(file.clone()) {
                        queue.push(file);
                    }
                }
            }
        }
    }
    live.extend(taken.iter().cloned());
    live.sort();
    taken
}

/// A file, and the `__init__.py` of the packages around it.
fn with_packages(file: &str, dead: &FxHashSet<&str>) -> Vec<String> {
    let mut files = vec![file.to_string()];
    for dir in paths::ancestors(file) {
        let init = paths::child(dir, "__init__.py");
        if dead.contains(init.as_str()) {
            files.push(init);
        }
    }
    files
}

/// The files that were left out, by the last part of their module's name.
struct Index<'path> {
    by_name: FxHashMap<&'path str, Vec<&'path str>>,
    /// The names for which something was left out: a file's imports only matter if one of them is mentioned.
    markers: FxHashSet<&'path str>,
    dead_folders: &'path [String],
}

impl<'path> Index<'path> {
    fn new(likely_dead: &'path [String], dead_folders: &'path [String]) -> Self {
        let mut by_name: FxHashMap<&str, Vec<&str>> = FxHashMap::default();
        let mut markers = FxHashSet::default();
        for path in likely_dead {
            let module = module_path(path);
            by_name.entry(paths::name(module)).or_default().push(path);
            markers.insert(paths::name(module));
        }
        Self {
            by_name,
            markers,
            dead_folders,
        }
    }

    /// The files that a dotted name may mean in a file: its parts are the end of the file's path, and what is not
    /// named is a folder around the importer or the way to a package's root.
    fn find(&self, importer: &str, name: &str) -> Vec<&'path str> {
        let bare = name.trim_start_matches('.');
        let last = bare.rsplit('.').next().unwrap_or(bare);
        let wanted = bare.replace('.', "/");
        let dots = name.len() - bare.len();
        let candidates = self.by_name.get(last).into_iter().flatten().copied();
        if dots > 0 {
            let package = paths::ancestors(importer).nth(dots - 1);
            let Some(target) = package.map(|package| paths::child(package, &wanted)) else {
                return Vec::new();
            };
            return candidates
                .filter(|path| module_path(path) == target)
                .collect();
        }
        let mut found: Vec<&str> = candidates
            .filter(|path| {
                let module = module_path(path);
                let Some(root) = module.strip_suffix(&wanted) else {
                    return false;
                };
                let root = root.trim_end_matches('/');
                // What is counted from a folder that is left out itself is a copy, and not what live code means.
                paths::is_within(importer, root) || (wanted.contains('/') && self.is_live(root))
            })
            .collect();
        let near = found
            .iter()
            .map(|path| paths::shared_depth(importer, path))
            .max();
        found.retain(|path| Some(paths::shared_depth(importer, path)) == near);
        found
    }

    fn is_live(&self, dir: &str) -> bool {
        let mut dead = self.dead_folders.iter();
        !dead.any(|dead| paths::is_within(dir, dead))
    }
}

/// `a/b/__init__.py` → `a/b`, `a/b.py` → `a/b`.
fn module_path(path: &str) -> &str {
    let path = path.strip_suffix(".py").unwrap_or(path);
    path.strip_suffix("/__init__").unwrap_or(path)
}

/// Dotted names that a file's import statements mention and that may be a module: `from a.b import c` gives `a.b` and `a.b.c`.
fn imported_names(text: &str, markers: &FxHashSet<&str>) -> Vec<String> {
    let mut names = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let line = line.trim_start();
        if let Some(rest) = line.strip_prefix("import ") {
            for part in rest.split(',') {
                let name = part.split_whitespace().next().unwrap_or("");
                names.push(name.to_string());
            }
        } else if let Some(rest) = line.strip_prefix("from ") {
            let Some((module, imported)) = rest.split_once(" import ") else {
                continue;
            };
            let module = module.trim();
            let mut imported = imported.to_string();
            if imported.contains('(') {
                while !imported.contains(')') {
                    let Some(line) = lines.next() else { break };
                    imported.push(' ');
                    imported.push_str(line.split('#').next().unwrap_or(line));
                }
            }
            for part in imported.split([',', '(', ')']) {
                let name = part.split_whitespace().next().unwrap_or("");
                if module.ends_with('.') {
                    names.push(format!("{module}{name}"));
                } else {
                    names.push(format!("{module}.{name}"));
                }
            }
            names.push(module.to_string());
        }
    }
    names.retain(|name| {
        let last = name.rsplit('.').next().unwrap_or(name);
        !last.is_empty() && markers.contains(last)
    });
    names
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::rescue;

    fn taken(files: &[(&str, &str)], dead: &[&str], dead_folder: &str) -> Vec<String> {
        let texts: BTreeMap<&str, &str> = files.iter().copied().collect();
        let mut live: Vec<String> = texts
            .keys()
            .filter(|path| !dead.contains(path))
            .map(|path| (*path).to_string())
            .collect();
        let dead: Vec<String> = dead.iter().map(|path| (*path).to_string()).collect();
        let read = |path: &str| texts.get(path).map(|text| (*text).to_string());
        let mut taken: Vec<String> = rescue(&mut live, &dead, &[dead_folder.to_string()], &read)
            .into_iter()
            .collect();
        taken.sort();
        assert!(taken.iter().all(|path| live.contains(path)));
        taken
    }

    #[test]
    fn takes_what_live_code_imports_and_no_more() {
        let files = [
            ("app/main.py", "from app.archive.router import router\n"),
            ("app/archive/__init__.py", ""),
            (
                "app/archive/router.py",
                "from . import models\nfrom .deep.x import (\n    y,  # why\n    z,\n)\n",
            ),
            ("app/archive/models.py", ""),
            ("app/archive/deep/x/z.py", ""),
            ("app/archive/stale.py", ""),
        ];
        let dead = [
            "app/archive/__init__.py",
            "app/archive/router.py",
            "app/archive/models.py",
            "app/archive/deep/x/z.py",
            "app/archive/stale.py",
        ];
        assert_eq!(
            taken(&files, &dead, "app/archive"),
            [
                "app/archive/__init__.py",
                "app/archive/deep/x/z.py",
                "app/archive/models.py",
                "app/archive/router.py",
            ]
        );
    }

    #[test]
    fn takes_nothing_for_a_name_alone() {
        let files = [
            (
                "app/main.py",
                "import models\nfrom app.models import x\nimport router\n",
            ),
            ("archive/2020/app/models.py", ""),
            ("archive/router.py", ""),
            ("app/models.py", ""),
        ];
        let dead = ["archive/2020/app/models.py", "archive/router.py"];
        assert_eq!(taken(&files, &dead, "archive"), [""; 0]);
    }
}
