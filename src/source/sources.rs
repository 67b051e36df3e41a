//! Discovery: one folder → everything that later rooms want to know about the tree.
//!
//! ```text
//! shop/
//!   pyproject.toml          config, pytest's options, packaging
//!   shop/main.py            FileId(0), module `shop.main`
//!   tests/test_orders.py    FileId(1), in the suite of the root
//! ```

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use rustc_hash::{FxHashMap, FxHashSet};

use super::built::{
    has_source_of_module, has_source_to_translate, is_script_of_builds, names_place,
    says_it_compiles,
};
use super::entry_points::{self, EntryPoint};
use super::environments::{self, Environments};
use super::ignored::Ignored;
use super::launches::{self, Launch};
use super::left_out::LeftOut;
use super::modules::ModuleIndex;
use super::origin::Origin;
use super::owners::{self, Owners};
use super::roots::{self, ImportRoot};
use super::suites::{self, Suite};
use super::text::{self, Unreadable};
use super::tree::Tree;
use super::versions::{self, Versions};
use super::walk::{self, Walked};
use super::{ini, paths, rescue};
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
    /// The analyzed folder, absolute.
    pub root: PathBuf,
    /// Python files, sorted by path.
    pub files: Vec<SourceFile>,
    /// All other files, sorted.
    pub others: Vec<String>,
    /// What was not taken, sorted by path.
    pub left_out: Vec<LeftOut>,
    /// What pytest would run: in the order of the arguments it was given, or sorted by rootdir.
    pub suites: Vec<Suite>,
    /// Folders that may be on `sys.path`, sorted.
    pub import_roots: Vec<ImportRoot>,
    pub modules: ModuleIndex,
    /// Library versions, as far as the project tells.
    pub versions: Versions,
    /// Project files that are no TOML or no INI, with the line: what they say about packages, tests and versions is not known.
    pub warnings: Vec<Error>,
    /// What is started, sorted by the file that says so.
    pub launches: Vec<Launch>,
    /// What the project's packages announce to others.
    pub entry_points: Vec<EntryPoint>,
    /// Settings, networks and pipelines, as the files around the code say them.
    pub environments: Environments,
    pub owners: Owners,
    ignored: Ignored,
    origin: Origin,
    others_read: Mutex<BTreeSet<String>>,
}

/// The configuration file that was asked for, or the project's own, with the command line's on top. Errors are the user's: a file that
/// is not there, a key or a type that is wrong.
pub fn configure(
    origin: &Origin,
    asked: Option<&Path>,
    command_line: Config,
) -> Result<Config, Error> {
    if let Some(path) = asked {
        let spelled = path.to_string_lossy();
        let text = text::read_foreign(path).map_err(|why| {
            Error::at(path, format!("cannot read the configuration: {why}"))
                .help("give the path of a covgap.toml or a pyproject.toml with --config")
        })?;
        let is_pyproject = path
            .file_name()
            .is_some_and(|name| name == "pyproject.toml");
        let kind = if is_pyproject {
            ConfigFile::Pyproject
        } else {
            ConfigFile::Own
        };
        let config = config::read(&text, &spelled, kind)?.unwrap_or_default();
        return Ok(config.with(command_line));
    }
    let candidates = [
        ("covgap.toml", ConfigFile::Own),
        ("pyproject.toml", ConfigFile::Pyproject),
    ];
    for (name, kind) in candidates {
        let text = match text::read_lossy(origin, name) {
            Ok(text) => text,
            Err(Unreadable::Missing) => continue,
            // Somebody wrote one: going on without it would do something else than they asked for.
            Err(why) if kind == ConfigFile::Own => {
                return Err(Error::at(
                    name,
                    format!("cannot read the configuration: {why}"),
                ));
            }
            Err(_) => continue,
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
pub fn discover(origin: Origin, config: &Config) -> Result<Sources, Error> {
    let mut walked = walk::walk(&origin, config)?;
    take_back(&mut walked, &origin);
    let files: Vec<SourceFile> = walked
        .python
        .into_iter()
        .map(|path| SourceFile { path })
        .collect();
    origin.refuse_absent()?;
    if files.is_empty() {
        return Err(nothing_to_analyze(&origin.root, &walked.left_out));
    }
    let by_path: FxHashMap<String, FileId> = files
        .iter()
        .enumerate()
        .map(|(index, file)| (file.path.clone(), FileId::new(index)))
        .collect();
    let read = |path: &str| text::read_lossy(&origin, path).ok();
    let tree = Tree {
        files: &files,
        by_path: &by_path,
        others: &walked.others,
        read: &read,
    };
    let environments = environments::find(&tree, &walked.left_out);
    let suites = suites::find(&tree, &config.tests, &environments.pipelines.tested_paths)?;
    let mut launches = launches::find(&tree, config);
    let import_roots = roots::find(&tree, &suites, &launches);
    let versions = versions::find(&tree, &origin, &walked.left_out);
    let foreign = foreign_names(&versions);
    let modules = ModuleIndex::new(
        &files,
        &walked.others,
        &by_path,
        &import_roots,
        &suites,
        foreign,
    );
    launches::resolve(&mut launches, &modules);
    let mut warnings = broken_files(&tree);
    warnings.extend(environments.warnings.iter().cloned());
    let entry_points = entry_points::find(&tree);
    let owners = owners::find(&tree);
    Ok(Sources {
        root: origin.root.clone(),
        files,
        others: walked.others,
        left_out: walked.left_out,
        suites,
        import_roots,
        modules,
        versions,
        warnings,
        launches,
        entry_points,
        environments,
        owners,
        ignored: walked.ignored,
        origin,
        others_read: Mutex::default(),
    })
}

fn broken_files(tree: &Tree) -> Vec<Error> {
    let project_files = tree.others.iter().filter(|path| {
        matches!(
            paths::name(path),
            "pyproject.toml" | "pytest.toml" | ".pytest.toml"
        )
    });
    let broken = project_files.filter_map(|path| {
        let text = (tree.read)(path)?;
        config::toml_error(&text, path)
    });
    let ini_files = tree
        .others
        .iter()
        .filter(|path| matches!(paths::name(path), "pytest.ini" | ".pytest.ini"));
    let broken_ini = ini_files.filter_map(|path| {
        let (line, says) = ini::mistake(&(tree.read)(path)?)?;
        Some(Error::at(path, format!("pytest can't read it: {says}")).on_line(line))
    });
    broken.chain(broken_ini).collect()
}

/// What was left out for its name only and is imported by live code is live.
fn take_back(walked: &mut Walked, origin: &Origin) {
    let dead_folders: Vec<String> = walked
        .left_out
        .iter()
        .filter(|left_out| left_out.python_files > 0 && !left_out.path.ends_with(".py"))
        .map(|left_out| left_out.path.clone())
        .collect();
    let read = |path: &str| text::read_lossy(origin, path).ok();
    let dead = std::mem::take(&mut walked.likely_dead);
    let taken = rescue::rescue(&mut walked.python, &dead, &dead_folders, &read);
    walked
        .left_out
        .retain(|left_out| !taken.contains(&left_out.path));
    for left_out in &mut walked.left_out {
        let back = taken
            .iter()
            .filter(|path| paths::is_within(path, &left_out.path));
        left_out.python_files -= back.count();
    }
}

/// Top-level names that belong to the standard library and to required libraries, as far as they are called like what is required.
fn foreign_names(versions: &Versions) -> FxHashSet<String> {
    #[derive(serde::Deserialize)]
    struct StandardModules {
        names: Vec<String>,
    }
    let standard: StandardModules =
        toml::from_str(include_str!("../../rules/standard_modules.toml"))
            .expect("internal: rules/standard_modules.toml is not what source reads");
    let required = versions.by_name.keys().map(|name| name.replace('-', "_"));
    let own: FxHashSet<String> = versions
        .own
        .iter()
        .map(|name| name.replace('-', "_"))
        .collect();
    let names = standard.names.into_iter().chain(required);
    names.filter(|name| !own.contains(name)).collect()
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
    /// Where the files come from.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// All that running Python depends on beside the texts of modules, and what it asks by name.
    pub fn around(&self) -> impl std::fmt::Debug + '_ {
        (&self.entry_points, &self.environments.own_hosts)
    }

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

    /// What lies in a folder, sorted: files, and folders with a `/` at their end. None: there is no such folder.
    pub fn folder(&self, folder: &str) -> Option<Vec<String>> {
        let python = self.files.iter().map(|file| file.path.as_str());
        let others = self.others.iter().map(String::as_str);
        let inside = python.chain(others);
        let inside = inside.filter_map(|path| paths::below(path, folder));
        let names: BTreeSet<String> = inside
            .map(|inner| match inner.split_once('/') {
                Some((name, _)) => format!("{name}/"),
                None => inner.to_string(),
            })
            .collect();
        (!names.is_empty()).then(|| names.into_iter().collect())
    }

    /// A Python file's text, decoded as Python does.
    pub fn read(&self, file: FileId) -> Result<String, Unreadable> {
        text::read_python(&self.origin, self.path(file))
    }

    /// The text of any file below the root, Python or not; bytes that are not UTF-8 are replaced.
    pub fn read_other(&self, path: &str) -> Result<String, Unreadable> {
        let path = paths::join("", path).ok_or(Unreadable::Missing)?;
        let text = text::read_lossy(&self.origin, &path);
        let mut read = self.others_read.lock();
        if let Ok(read) = &mut read {
            read.insert(path);
        }
        text
    }

    /// The paths of those that somebody wanted to read so far, sorted.
    pub fn others_read(&self) -> Vec<String> {
        let read = self.others_read.lock();
        read.map_or_else(|_| Vec::new(), |read| read.iter().cloned().collect())
    }

    /// Whether a name that does not resolve may be a module that git ignores here, or one that is built of what lies at its place:
    /// its absence says nothing then.
    pub fn may_be_made(&self, importer: FileId, name: &str, translated: &[String]) -> bool {
        let last = name.rsplit('.').next().unwrap_or(name);
        let places = self.modules.places_of(importer, name);
        has_source_to_translate(&self.others, last, translated)
            || places.iter().any(|place| {
                self.ignored.would_ignore_module(place)
                    || has_source_of_module(&self.others, place)
                    || self.is_compiled(place)
                    || self.is_written(place)
            })
    }

    /// Whether commands around a place, of a Dockerfile or a Makefile, name a folder above it that is not here: they write it.
    fn is_written(&self, place: &str) -> bool {
        let scripts = self
            .others
            .iter()
            .filter(|file| is_script_of_builds(paths::name(file)));
        let mut beside = scripts.filter(|file| paths::is_within(place, paths::folder(file)));
        beside.any(|script| {
            let around = paths::folder(script);
            let mut missing = paths::ancestors(place)
                .take_while(|folder| folder.len() > around.len())
                .filter(|folder| self.folder(folder).is_none());
            missing.any(|folder| {
                let inner = folder[around.len()..].trim_start_matches('/');
                let text = self.read_other(script);
                inner.contains('/') && text.is_ok_and(|text| names_place(&text, inner))
            })
        })
    }

    /// Whether what builds the package around a place says that it compiles the module.
    fn is_compiled(&self, place: &str) -> bool {
        let name = paths::name(place);
        let mut folders = paths::ancestors(place);
        folders.any(|folder| {
            let setup = self.modules.file(&paths::child(folder, "setup.py"));
            let setup = setup.and_then(|setup| self.read(setup).ok());
            let project = paths::child(folder, "pyproject.toml");
            let project = self.others.binary_search(&project).ok();
            let project = project.and_then(|at| self.read_other(&self.others[at]).ok());
            let texts = setup.into_iter().chain(project);
            texts.into_iter().any(|text| says_it_compiles(&text, name))
        })
    }

    /// The suite that collects a file.
    pub fn suite_of(&self, test: FileId) -> Option<&Suite> {
        self.suites.iter().find(|suite| suite.tests.contains(&test))
    }

    /// Modules that the project announces to pytest as plugins, which are loaded wherever it is installed: for the suites of the package
    /// that announces them. The suite of another package of the project may run without it.
    ///
    /// Source: <https://docs.pytest.org/en/stable/how-to/writing_plugins.html#making-your-plugin-installable-by-others>
    pub fn pytest_plugins<'s>(&'s self, suite: &Suite) -> impl Iterator<Item = &'s str> + use<'s> {
        let root = suite.root.clone();
        let own = paths::child(&root, "pyproject.toml");
        let is_package = self.others.contains(&own);
        let points = self.entry_points.iter();
        let plugins = points.filter(move |point| {
            let is_of_suite = paths::is_within(&point.folder, &root)
                || !is_package && paths::is_within(&root, &point.folder);
            point.group == "pytest11" && is_of_suite
        });
        plugins.map(|point| &*point.target)
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
