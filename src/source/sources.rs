//! Discovery: one folder → everything that later rooms want to know about the tree.
//!
//! ```text
//! shop/
//!   pyproject.toml          config, pytest's options, packaging
//!   shop/main.py            FileId(0), module `shop.main`
//!   tests/test_orders.py    FileId(1), in the suite of the root
//! ```

use std::fs;
use std::path::{Path, PathBuf};

use rustc_hash::{FxHashMap, FxHashSet};

use super::ignored::Ignored;
use super::left_out::LeftOut;
use super::modules::ModuleIndex;
use super::roots::{self, ImportRoot};
use super::suites::{self, Suite, Tree};
use super::text::{self, Unreadable};
use super::{paths, walk};
use crate::config::{self, Config, ConfigFile, Error};

/// Number of a Python file in [`Sources::files`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

impl FileId {
    pub(super) fn new(index: usize) -> Self {
        Self(u32::try_from(index).unwrap_or(u32::MAX))
    }

    /// The place in [`Sources::files`].
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A Python file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// Relative to the project's root, with `/`.
    pub path: String,
}

/// What discovery found.
#[derive(Debug)]
pub struct Sources {
    /// The analyzed folder, as it was given.
    pub root: PathBuf,
    /// Python files, sorted by path.
    pub files: Vec<SourceFile>,
    /// All other files, sorted.
    pub others: Vec<String>,
    /// What was not taken, sorted by path.
    pub left_out: Vec<LeftOut>,
    /// What pytest would run, sorted by rootdir.
    pub suites: Vec<Suite>,
    /// Folders that may be on `sys.path`, sorted.
    pub import_roots: Vec<ImportRoot>,
    pub modules: ModuleIndex,
    ignored: Ignored,
}

/// The project's own configuration with the command line's on top. Errors are the user's: a key or a type that is wrong.
pub fn configure(root: &Path, command_line: Config) -> Result<Config, Error> {
    let candidates = [
        ("covgap.toml", ConfigFile::Own),
        ("pyproject.toml", ConfigFile::Pyproject),
    ];
    for (name, kind) in candidates {
        let Ok(text) = fs::read_to_string(root.join(name)) else {
            continue;
        };
        if kind == ConfigFile::Pyproject && !text.contains("covgap") {
            continue;
        }
        if let Some(config) = config::read(&text, name, kind)? {
            return Ok(config.with(command_line));
        }
    }
    Ok(command_line)
}

/// Finds everything. The errors are the user's: no such folder, nothing to analyze, tests that are not there.
pub fn discover(root: &Path, config: &Config) -> Result<Sources, Error> {
    check_root(root)?;
    let absolute = fs::canonicalize(root).unwrap_or_else(|_| root.to_path_buf());
    let walked = walk::walk(&absolute, config)?;
    let files: Vec<SourceFile> = walked
        .python
        .into_iter()
        .map(|path| SourceFile { path })
        .collect();
    if files.is_empty() {
        return Err(nothing_to_analyze(root, &walked.left_out));
    }
    let by_path: FxHashMap<String, FileId> = files
        .iter()
        .enumerate()
        .map(|(index, file)| (file.path.clone(), FileId::new(index)))
        .collect();
    let read = |path: &str| text::read_lossy(&absolute.join(path)).ok();
    let tree = Tree {
        files: &files,
        by_path: &by_path,
        others: &walked.others,
        read: &read,
    };
    let suites = suites::find(&tree, &config.tests)?;
    let import_roots = roots::find(&tree, &suites, &[]);
    let modules = ModuleIndex::new(
        &files,
        &by_path,
        &import_roots,
        &suites,
        FxHashSet::default(),
    );
    Ok(Sources {
        root: absolute,
        files,
        others: walked.others,
        left_out: walked.left_out,
        suites,
        import_roots,
        modules,
        ignored: walked.ignored,
    })
}

fn check_root(root: &Path) -> Result<(), Error> {
    let metadata = fs::metadata(root)
        .map_err(|_| Error::at(root, "no such folder").help("give the folder of a project"))?;
    if !metadata.is_dir() {
        return Err(Error::at(root, "not a folder").help("give the folder that the file is in"));
    }
    Ok(())
}

fn nothing_to_analyze(root: &Path, left_out: &[LeftOut]) -> Error {
    let error = Error::at(root, "nothing to analyze: there is no Python file");
    match left_out.iter().find(|left_out| left_out.python_files > 0) {
        Some(left_out) => error.help(format!(
            "`{}` was left out ({}); `include = [\"{}\"]` takes it",
            left_out.path, left_out.why, left_out.path
        )),
        None => error.help("give the folder of a project"),
    }
}

impl Sources {
    /// All files' numbers, in order.
    pub fn ids(&self) -> impl Iterator<Item = FileId> + use<> {
        (0..self.files.len()).map(FileId::new)
    }

    /// A file's path, relative to the project's root.
    pub fn path(&self, file: FileId) -> &str {
        self.files
            .get(file.index())
            .map_or("", |file| file.path.as_str())
    }

    /// The file at a path relative to the project's root.
    pub fn file(&self, path: &str) -> Option<FileId> {
        self.modules.file(path)
    }

    /// A Python file's text, decoded as Python does.
    pub fn read(&self, file: FileId) -> Result<String, Unreadable> {
        text::read_python(&self.root.join(self.path(file)))
    }

    /// The text of any file below the root, Python or not; bytes that are not UTF-8 are replaced.
    pub fn read_other(&self, path: &str) -> Result<String, Unreadable> {
        let path = paths::join("", path).ok_or(Unreadable::Missing)?;
        text::read_lossy(&self.root.join(path))
    }

    /// Whether git would ignore a file at this path, so that its absence here says nothing.
    pub fn would_be_ignored(&self, path: &str) -> bool {
        self.ignored.would_ignore(path)
    }

    /// The suite that collects a file.
    pub fn suite_of(&self, test: FileId) -> Option<&Suite> {
        self.suites.iter().find(|suite| suite.tests.contains(&test))
    }

    /// The `conftest.py` files that a suite loads for a file, the outer before the inner.
    pub fn conftests_of(&self, suite: &Suite, file: FileId) -> Vec<FileId> {
        let path = self.path(file);
        let conftests = suite.conftests.iter().copied();
        conftests
            .filter(|conftest| paths::is_within(path, paths::folder(self.path(*conftest))))
            .collect()
    }
}
