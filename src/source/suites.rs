//! Which tests there are: what pytest would collect, at each place where it is configured.
//!
//! ```text
//! pyproject.toml                    [tool.pytest.ini_options] testpaths = ["tests"]
//! tests/test_a.py                   in the suite of the root
//! services/mail/pytest.ini
//! services/mail/tests/test_b.py     in the suite of services/mail
//! ```
//! Source: `_pytest/main.py`.

use rustc_hash::FxHashSet;

use super::pytest_config::{ImportMode, PytestConfig};
use super::rootdirs::Places;
use super::tree::{Tree, base_folder};
use super::{FileId, paths, patterns};
use crate::config::Error;

/// What one run of pytest collects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suite {
    /// pytest's rootdir, relative to the project's root.
    pub root: String,
    pub config: PytestConfig,
    /// The folders and files that pytest is given, relative to the project's root.
    pub arguments: Vec<String>,
    /// Test files, in the order of collection.
    pub tests: Vec<FileId>,
    /// Every `conftest.py` that is loaded for one of them; the outer before the inner.
    pub conftests: Vec<FileId>,
    /// What collecting puts on `sys.path`: the options' `pythonpath`, then the folders of conftest and test files.
    pub python_path: Vec<String>,
    pub inserted: Vec<String>,
}

/// The suites: those of `arguments` as `pytest ARGUMENT` would have it, or else what pytest finds by itself, and what pipelines give
/// it beside that (`in_pipelines`).
pub fn find(
    tree: &Tree,
    arguments: &[String],
    in_pipelines: &[String],
) -> Result<Vec<Suite>, Error> {
    let places = Places::new(tree);
    let mut suites = if arguments.is_empty() {
        unasked(tree, &places, in_pipelines)
    } else {
        asked(tree, &places, arguments)?
    };
    suites.retain(|suite| !suite.tests.is_empty());
    for suite in &mut suites {
        suite.conftests = conftests(tree, suite);
        suite.python_path = python_path(suite);
        suite.inserted = inserted(tree, suite);
    }
    Ok(suites)
}

/// `pytest ARGUMENT`, for each; those with the same rootdir are one suite.
fn asked(tree: &Tree, places: &Places, arguments: &[String]) -> Result<Vec<Suite>, Error> {
    let mut suites: Vec<Suite> = Vec::new();
    for argument in arguments {
        let written = argument
            .split_once("::")
            .map_or(argument.as_str(), |(path, _)| path);
        let path = paths::join("", written);
        let exists = path.as_ref().is_some_and(|path| {
            let mut files = tree.files.iter();
            files.any(|file| paths::is_within(&file.path, path))
        });
        let (Some(path), true) = (path, exists) else {
            return Err(Error::at(argument, "no Python file to collect tests from")
                .help("tests are folders or files below the project's root, for example `tests`"));
        };
        let dir = if tree.by_path.contains_key(&path) {
            paths::folder(&path)
        } else {
            &path
        };
        let (root, config) = places.rootdir(dir);
        let index = match suites.iter().position(|suite| suite.root == root) {
            Some(index) => index,
            None => {
                suites.push(Suite::new(root, config));
                suites.len() - 1
            }
        };
        if let Some(suite) = suites.get_mut(index) {
            suite.arguments.push(path);
        }
    }
    let nothing = FxHashSet::default();
    for suite in &mut suites {
        suite.tests = collect(tree, suite, &nothing, &[]);
    }
    Ok(suites)
}

/// What `pytest` without arguments collects at each place where it is configured, the root first; a nested place keeps its own.
fn unasked(tree: &Tree, places: &Places, in_pipelines: &[String]) -> Vec<Suite> {
    let mut dirs: Vec<&String> = places.configured.keys().collect();
    dirs.sort();
    let mut suites = Vec::new();
    let mut claimed: FxHashSet<FileId> = FxHashSet::default();
    for dir in &dirs {
        let Some(config) = places.configured.get(*dir) else {
            continue;
        };
        let mut suite = Suite::new((*dir).clone(), config.clone());
        suite.arguments = test_paths(tree, dir, config);
        for path in in_pipelines {
            let folder = match tree.by_path.contains_key(path) {
                true => paths::folder(path),
                false => path,
            };
            let mut known = suite.arguments.iter();
            if places.rootdir(folder).0 == **dir && !known.any(|one| paths::is_within(path, one)) {
                suite.arguments.push(path.clone());
            }
        }
        let nested = dirs
            .iter()
            .map(|other| other.as_str())
            .filter(|other| other != dir && paths::is_within(other, dir))
            // What `testpaths` names is this place's, whoever else is configured there.
            .filter(|other| {
                let mut arguments = suite.arguments.iter();
                !arguments.any(|argument| argument != *dir && paths::is_within(argument, other))
            });
        let nested: Vec<&str> = nested.collect();
        suite.tests = collect(tree, &suite, &claimed, &nested);
        claimed.extend(&suite.tests);
        suites.push(suite);
    }
    suites.extend(loose(tree, places, &claimed));
    suites.sort_by(|left, right| left.root.cmp(&right.root));
    suites
}

/// `testpaths` are globs from the rootdir; when none of them is there, pytest collects everything.
fn test_paths(tree: &Tree, dir: &str, config: &PytestConfig) -> Vec<String> {
    let mut arguments = Vec::new();
    for pattern in &config.testpaths {
        let Some(path) = paths::join(dir, pattern) else {
            continue;
        };
        if !path.contains(['*', '?', '[']) {
            let mut files = tree.files.iter();
            if files.any(|file| paths::is_within(&file.path, &path)) {
                arguments.push(path);
            }
            continue;
        }
        let mut found = FxHashSet::default();
        for file in tree.files {
            let folders = std::iter::once(file.path.as_str()).chain(paths::ancestors(&file.path));
            found.extend(folders.filter(|folder| glob(&path, folder)));
        }
        let mut found: Vec<String> = found.into_iter().map(str::to_string).collect();
        found.sort();
        arguments.extend(found);
    }
    if arguments.is_empty() {
        arguments.push(dir.to_string());
    }
    arguments
}

/// Python's `glob`, recursive: a `*` stays within one part, `**` is any number of parts.
fn glob(pattern: &str, path: &str) -> bool {
    fn parts(pattern: &[&str], path: &[&str]) -> bool {
        match (pattern.split_first(), path.split_first()) {
            (None, None) => true,
            (Some((&"**", rest)), _) if parts(rest, path) => true,
            (Some((&"**", _)), Some((_, deeper))) => parts(pattern, deeper),
            (Some((first, rest)), Some((name, deeper))) => {
                patterns::matches(first, name) && parts(rest, deeper)
            }
            (None, Some(_)) | (Some(_), None) => false,
        }
    }
    let pattern: Vec<&str> = pattern.split('/').collect();
    let path: Vec<&str> = path.split('/').collect();
    parts(&pattern, &path)
}

/// Test files outside of every configured place: all of them when pytest is configured nowhere, else those in test folders.
fn loose(tree: &Tree, places: &Places, claimed: &FxHashSet<FileId>) -> Vec<Suite> {
    let mut suites: Vec<Suite> = Vec::new();
    let default = PytestConfig::default();
    for (index, file) in tree.files.iter().enumerate() {
        let path = file.path.as_str();
        let is_test_folder = |dir: &str| matches!(paths::name(dir), "tests" | "test");
        if !is_test_file(&default, path)
            || claimed.contains(&FileId::new(index))
            || paths::ancestors(path).any(|dir| places.configured.contains_key(dir))
            || (!places.configured.is_empty() && !paths::ancestors(path).any(is_test_folder))
        {
            continue;
        }
        let outermost = paths::ancestors(path)
            .filter(|dir| is_test_folder(dir))
            .last();
        let (root, config) = places.rootdir(outermost.unwrap_or(paths::folder(path)));
        let argument = outermost.unwrap_or(&root).to_string();
        match suites.iter_mut().find(|suite| suite.root == root) {
            Some(suite) if suite.arguments.contains(&argument) => {}
            Some(suite) => suite.arguments.push(argument),
            None => {
                let mut suite = Suite::new(root, config);
                suite.arguments.push(argument);
                suites.push(suite);
            }
        }
    }
    // The inner places keep their own, whichever is collected first.
    suites.sort_by_key(|suite| std::cmp::Reverse(paths::depth(&suite.root)));
    let configured: Vec<&str> = places.configured.keys().map(String::as_str).collect();
    let mut claimed = claimed.clone();
    for suite in &mut suites {
        suite.tests = collect(tree, suite, &claimed, &configured);
        claimed.extend(&suite.tests);
    }
    suites
}

/// Whether a file's name is one of a test file.
fn is_test_file(config: &PytestConfig, path: &str) -> bool {
    let mut patterns = config.python_files.iter();
    patterns.any(|pattern| patterns::matches_path(pattern, path))
}

/// The test files below a suite's arguments, in pytest's order: folders and files by name, level by level.
fn collect(
    tree: &Tree,
    suite: &Suite,
    claimed: &FxHashSet<FileId>,
    kept_apart: &[&str],
) -> Vec<FileId> {
    let config = &suite.config;
    let ignored: Vec<String> = config
        .ignore
        .iter()
        .filter_map(|path| paths::join(&suite.root, path))
        .collect();
    let is_ignored = |path: &str| {
        ignored
            .iter()
            .any(|ignored| paths::is_within(path, ignored))
            || config.ignore_glob.iter().any(|glob| {
                let absolute = paths::join(&suite.root, glob).unwrap_or_default();
                patterns::matches(&absolute, path)
            })
    };
    let mut collected = Vec::new();
    let mut seen = FxHashSet::default();
    for argument in &suite.arguments {
        let mut found = Vec::new();
        for (index, file) in tree.files.iter().enumerate() {
            let id = FileId::new(index);
            let path = file.path.as_str();
            let Some(inner) = paths::below(path, argument) else {
                continue;
            };
            if claimed.contains(&id)
                || kept_apart.iter().any(|dir| paths::is_within(path, dir))
                || is_ignored(path)
            {
                continue;
            }
            // A file that is asked for is collected whatever its name.
            if inner.is_empty()
                || (is_test_file(config, path) && is_entered(config, argument, path))
            {
                found.push((path.split('/').collect::<Vec<_>>(), id));
            }
        }
        found.sort();
        collected.extend(
            found
                .into_iter()
                .map(|(_, id)| id)
                .filter(|id| seen.insert(*id)),
        );
    }
    collected
}

/// Whether pytest enters all folders between its argument and a file (`norecursedirs`).
fn is_entered(config: &PytestConfig, argument: &str, path: &str) -> bool {
    let between = paths::ancestors(path).take_while(|dir| *dir != argument && !dir.is_empty());
    let mut between = between;
    !between.any(|dir| {
        let mut patterns = config.norecursedirs.iter();
        paths::name(dir) == "__pycache__"
            || patterns.any(|pattern| patterns::matches_path(pattern, dir))
    })
}

/// The `conftest.py` files between the options' folder and the test files.
fn conftests(tree: &Tree, suite: &Suite) -> Vec<FileId> {
    let top = match &suite.config.confcutdir {
        Some(dir) => paths::join(&suite.root, dir).unwrap_or_default(),
        None => suite.root.clone(),
    };
    let mut dirs = FxHashSet::default();
    for test in &suite.tests {
        let Some(file) = tree.files.get(test.index()) else {
            continue;
        };
        let around = paths::ancestors(&file.path);
        dirs.extend(around.filter(|dir| paths::is_within(dir, &top)));
    }
    let mut found: Vec<(usize, FileId)> = dirs
        .into_iter()
        .filter_map(|dir| {
            let id = tree.by_path.get(&paths::child(dir, paths::CONFTEST))?;
            Some((paths::depth(dir), *id))
        })
        .collect();
    found.sort();
    found.into_iter().map(|(_, id)| id).collect()
}

fn python_path(suite: &Suite) -> Vec<String> {
    let entries = suite.config.pythonpath.iter();
    entries
        .filter_map(|entry| paths::join(&suite.root, entry))
        .collect()
}

/// What importing conftest and test files puts on `sys.path`: for each, the first folder upward without an `__init__.py`.
fn inserted(tree: &Tree, suite: &Suite) -> Vec<String> {
    if suite.config.import_mode == ImportMode::Importlib {
        return Vec::new();
    }
    let mut dirs = Vec::new();
    let mut seen = FxHashSet::default();
    for id in suite.conftests.iter().chain(&suite.tests) {
        let Some(file) = tree.files.get(id.index()) else {
            continue;
        };
        let dir = base_folder(tree.by_path, &file.path);
        if seen.insert(dir) {
            dirs.push(dir.to_string());
        }
    }
    dirs
}

impl Suite {
    fn new(root: String, config: PytestConfig) -> Self {
        Self {
            root,
            config,
            arguments: Vec::new(),
            tests: Vec::new(),
            conftests: Vec::new(),
            python_path: Vec::new(),
            inserted: Vec::new(),
        }
    }
}
