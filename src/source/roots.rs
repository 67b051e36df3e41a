//! Folders that may be on `sys.path` when the project runs, with the reason for each.
//!
//! ```text
//! src/shop/__init__.py     `src`: the packaging says so, and `shop` begins there
//! tests/pytest.ini         pythonpath = ../backend → `backend`
//! ```

use rustc_hash::FxHashMap;

use super::launches::Launch;
use super::packaging::{self, Declared};
use super::paths;
use super::suites::Suite;
use super::tree::{Tree, base_folder};

/// A candidate entry of `sys.path`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportRoot {
    /// Relative to the project's root.
    pub dir: String,
    pub why: RootReason,
    /// Names or patterns of the top-level packages that this root is known to have; empty: whatever is there.
    pub packages: Vec<String>,
}

/// Why a folder is a candidate; the earlier, the stronger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RootReason {
    /// `pyproject.toml`, `setup.cfg` or `setup.py` say that packages are there.
    Packaging,
    /// pytest's `pythonpath`.
    PythonPath,
    /// A launch changes into it, or names it as its folder of apps.
    Launch,
    /// A rootdir of pytest.
    SuiteRoot,
    /// pytest inserts it when it imports a test or conftest file.
    TestFolder,
    /// It holds a `pyproject.toml`, `setup.py`, requirements or a Dockerfile.
    ProjectFolder,
    /// The folder that is analyzed.
    ProjectRoot,
    /// A folder called `src`.
    SourceFolder,
    /// A package begins in it.
    PackageParent,
}

/// All candidates, the strongest reason of each folder kept, sorted by folder.
pub fn find(tree: &Tree, suites: &[Suite], launches: &[Launch]) -> Vec<ImportRoot> {
    let folders = tree.python_folders();
    let has_folder = |dir: &str| dir.is_empty() || folders.contains(dir);
    let mut roots = Roots::default();
    for path in tree.others {
        let dir = paths::folder(path);
        let name = paths::name(path);
        let declared = match name {
            "pyproject.toml" | "setup.cfg" => match (tree.read)(path) {
                Some(text) if name == "setup.cfg" => packaging::of_setup_cfg(dir, &text),
                Some(text) => packaging::of_pyproject(dir, &text, &has_folder),
                None => Vec::new(),
            },
            _ => Vec::new(),
        };
        for Declared { dir, packages } in declared {
            roots.add(&dir, RootReason::Packaging, packages);
        }
        let is_project = matches!(
            name,
            "pyproject.toml" | "Pipfile" | "Dockerfile" | "Procfile"
        ) || (name.starts_with("requirements") && name.ends_with(".txt"));
        if is_project && has_folder(dir) {
            roots.add(dir, RootReason::ProjectFolder, Vec::new());
        }
    }
    for file in tree.files {
        let dir = paths::folder(&file.path);
        // A module of a package may be called so as well.
        let is_setup = paths::name(&file.path) == "setup.py"
            && !tree.by_path.contains_key(&paths::child(dir, "__init__.py"));
        if is_setup {
            let text = (tree.read)(&file.path).unwrap_or_default();
            for Declared { dir, packages } in packaging::of_setup_py(dir, &text) {
                roots.add(&dir, RootReason::Packaging, packages);
            }
        }
    }
    for suite in suites {
        roots.add(&suite.root, RootReason::SuiteRoot, Vec::new());
        for dir in &suite.python_path {
            roots.add(dir, RootReason::PythonPath, Vec::new());
        }
        for dir in &suite.inserted {
            roots.add(dir, RootReason::TestFolder, Vec::new());
        }
    }
    for launch in launches {
        if let Some(dir) = &launch.dir {
            roots.add(dir, RootReason::Launch, Vec::new());
        }
    }
    roots.add("", RootReason::ProjectRoot, Vec::new());
    for folder in &folders {
        if paths::name(folder) == "src" {
            roots.add(folder, RootReason::SourceFolder, Vec::new());
        }
    }
    for file in tree.files {
        if paths::name(&file.path) == "__init__.py" {
            let dir = base_folder(tree.by_path, &file.path);
            roots.add(dir, RootReason::PackageParent, Vec::new());
        }
    }
    let mut found: Vec<ImportRoot> = roots.by_dir.into_values().collect();
    found.sort_by(|left, right| left.dir.cmp(&right.dir));
    found
}

#[derive(Default)]
struct Roots {
    by_dir: FxHashMap<String, ImportRoot>,
}

impl Roots {
    fn add(&mut self, dir: &str, why: RootReason, packages: Vec<String>) {
        match self.by_dir.get_mut(dir) {
            Some(known) if known.why == why => {
                if packages.is_empty() {
                    known.packages.clear();
                } else if !known.packages.is_empty() {
                    known.packages.extend(packages);
                }
            }
            Some(known) if known.why < why => {
                // pytest puts the folder itself on `sys.path`, whatever packages a project file lists for it.
                if why == RootReason::PythonPath {
                    known.packages.clear();
                }
            }
            _ => {
                let root = ImportRoot {
                    dir: dir.to_string(),
                    why,
                    packages,
                };
                self.by_dir.insert(dir.to_string(), root);
            }
        }
    }
}
