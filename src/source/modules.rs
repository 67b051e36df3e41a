//! Dotted names → files, from the point of view of the file that imports.
//!
//! ```python
//! # services/mail/app/main.py                   two services have a package `app`:
//! from app.queue import push                    # the nearer one, services/mail/app/queue.py
//! from . import smtp                            # services/mail/app/smtp.py
//! import titiler.core                           # a namespace package, portions of which lie in several folders
//! ```
//! Regular packages win over namespace packages (PEP 420); the order of `sys.path` is pytest's where pytest decides it,
//! else what packaging declares, else what is near.
//! Not handled: import hooks, `.pth` files, modules that are not `.py`.

use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;

use super::roots::{ImportRoot, RootReason};
use super::suites::Suite;
use super::tree::base_folder;
use super::{FileId, SourceFile, paths, patterns};

/// What a dotted name is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolution {
    /// A module, or the `__init__.py` of a package.
    File(FileId),
    /// A folder without `__init__.py`; where several portions merge, the nearest.
    Namespace(String),
    /// Nothing of the project: a library's, the standard library's, or gone.
    Missing,
}

/// Where the search for an absolute name goes, tier by tier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Tier {
    /// pytest itself puts it there.
    Exact,
    /// Packaging or `pythonpath` say so.
    Declared,
    /// A folder around the importer.
    Around,
    /// Some other folder that has such a package.
    Elsewhere,
}

/// One suite's view of `sys.path`.
#[derive(Debug)]
struct SuitePath {
    root: String,
    python_path: Vec<String>,
    inserted: FxHashSet<String>,
}

/// Names and places of all modules.
#[derive(Debug)]
pub struct ModuleIndex {
    paths: Vec<String>,
    by_path: FxHashMap<String, FileId>,
    folders: FxHashSet<String>,
    /// Those without Python: below a package they are packages, too.
    bare_folders: FxHashSet<String>,
    roots: Vec<ImportRoot>,
    /// Root by the first part of the names that lie in it, be they packaged or not.
    roots_by_name: FxHashMap<String, Vec<usize>>,
    /// Packages that are in no other and no folder of `sys.path` by themselves, by the names of what lies in them.
    packages_by_name: FxHashMap<String, Vec<String>>,
    /// The suites' paths, the deepest rootdir first.
    suites: Vec<SuitePath>,
    /// Installed distributions and standard modules: a guess never takes these names.
    foreign: FxHashSet<String>,
}

impl ModuleIndex {
    /// Indexes what discovery found: modules, and `others` that are none. `foreign` are top-level names that belong to libraries.
    pub fn new(
        files: &[SourceFile],
        others: &[String],
        by_path: &FxHashMap<String, FileId>,
        roots: &[ImportRoot],
        suites: &[Suite],
        foreign: FxHashSet<String>,
    ) -> Self {
        let mut folders = FxHashSet::default();
        let mut children: FxHashMap<&str, FxHashSet<&str>> = FxHashMap::default();
        for file in files {
            let stem = paths::name(&file.path);
            let stem = stem.strip_suffix(".py").unwrap_or(stem);
            children
                .entry(paths::folder(&file.path))
                .or_default()
                .insert(stem);
            let mut below = file.path.as_str();
            for dir in paths::ancestors(&file.path) {
                if below.len() != file.path.len() {
                    children.entry(dir).or_default().insert(paths::name(below));
                }
                if !folders.insert(dir.to_string()) {
                    break;
                }
                below = dir;
            }
        }
        let mut bare_folders = FxHashSet::default();
        for dir in others.iter().flat_map(|path| paths::ancestors(path)) {
            if !folders.contains(dir) && !bare_folders.contains(dir) {
                bare_folders.insert(dir.to_string());
            }
        }
        let mut roots_by_name: FxHashMap<String, Vec<usize>> = FxHashMap::default();
        for (index, root) in roots.iter().enumerate() {
            for name in children.get(root.dir.as_str()).into_iter().flatten() {
                roots_by_name
                    .entry((*name).to_string())
                    .or_default()
                    .push(index);
            }
        }
        let packages_by_name = packages_by_name(by_path, &children, roots);
        let mut suites: Vec<SuitePath> = suites
            .iter()
            .map(|suite| SuitePath {
                root: suite.root.clone(),
                python_path: suite.python_path.clone(),
                inserted: suite.inserted.iter().cloned().collect(),
            })
            .collect();
        suites.sort_by_key(|suite| std::cmp::Reverse(paths::depth(&suite.root)));
        Self {
            paths: files.iter().map(|file| file.path.clone()).collect(),
            by_path: by_path.clone(),
            folders,
            bare_folders,
            roots: roots.to_vec(),
            roots_by_name,
            packages_by_name,
            suites,
            foreign,
        }
    }

    /// What `import name` in `importer` means. Leading dots are relative: `..core.settings`, `.`.
    pub fn resolve(&self, importer: FileId, name: &str) -> Resolution {
        let Some(importer) = self.paths.get(importer.index()) else {
            return Resolution::Missing;
        };
        let bare = name.trim_start_matches('.');
        match name.len() - bare.len() {
            0 => self.absolute(importer, bare),
            dots => self.relative(importer, dots, bare),
        }
    }

    /// The longest beginning of a dotted name that is a file or a namespace, and the rest: `app.main.create` is `app/main.py` and `create`.
    pub fn resolve_longest<'name>(
        &self,
        importer: FileId,
        name: &'name str,
    ) -> (Resolution, &'name str) {
        let mut end = name.len();
        while let Some(head) = name.get(..end).filter(|head| !head.is_empty()) {
            match self.resolve(importer, head) {
                Resolution::Missing => end = head.rfind('.').unwrap_or(0),
                found => {
                    let rest = name.get(end..).unwrap_or("").trim_start_matches('.');
                    return (found, rest);
                }
            }
        }
        (Resolution::Missing, name)
    }

    /// What a module path means to something that lies in a folder and is no module.
    pub fn resolve_from(&self, dir: &str, name: &str) -> Resolution {
        self.absolute(&paths::child(dir, "."), name)
    }

    /// Where a name that is [`Resolution::Missing`] would lie, without `.py`: in the package's folder for a relative one, for an
    /// absolute one in each root that has its first part. If none has, where the first part would lie.
    pub fn places_of(&self, importer: FileId, name: &str) -> Vec<String> {
        let Some(importer) = self.path(importer) else {
            return Vec::new();
        };
        let bare = name.trim_start_matches('.');
        let inner = bare.replace('.', "/");
        let dots = name.len() - bare.len();
        if dots > 0 {
            let package = paths::ancestors(importer).nth(dots - 1);
            return package
                .map(|package| paths::child(package, &inner))
                .into_iter()
                .collect();
        }
        let first = bare.split('.').next().unwrap_or(bare);
        let known = self.candidates(importer, first);
        if !known.is_empty() {
            let dirs = known.iter();
            return dirs.map(|(_, dir)| paths::child(dir, &inner)).collect();
        }
        if self.foreign.contains(first) {
            return Vec::new();
        }
        let roots = self.roots.iter();
        roots
            .filter(|root| root.why <= RootReason::SuiteRoot && has_package(root, first))
            .map(|root| paths::child(&root.dir, first))
            .collect()
    }

    /// The module that a name means to whoever starts a program in the folder of a package, or puts it on `sys.path`:
    /// `from routers.items import router` in `app/main.py`, where `app/__init__.py` is there as well. Nothing needs to tell that, so it
    /// is asked for last. None if several packages have it and are equally near.
    pub fn inside_a_package(&self, importer: FileId, name: &str) -> Option<FileId> {
        let importer = self.path(importer)?;
        self.nearest_inside(importer, name).map(|(_, id)| id)
    }

    /// How many folders the importer and the package have in common, and the module.
    fn nearest_inside(&self, importer: &str, name: &str) -> Option<(usize, FileId)> {
        let first = name.split('.').next().unwrap_or(name);
        if self.foreign.contains(first) {
            return None;
        }
        let packages = self.packages_by_name.get(first)?.iter();
        let mut found: Vec<(usize, FileId)> = packages
            .filter_map(|dir| match self.inside(dir, name) {
                Found::File(id) => Some((paths::shared_depth(importer, dir), id)),
                Found::Namespace(_) | Found::Nothing => None,
            })
            .filter(|(_, id)| self.path(*id) != Some(importer))
            .collect();
        found.sort();
        match found.as_slice() {
            [.., (less, _), (most, _)] if less == most => None,
            [.., nearest] => Some(*nearest),
            [] => None,
        }
    }

    /// Is it no more than a guess that a top-level name means the module beside the importer? Nothing says that their folder is on
    /// `sys.path`: `import telegram` in `app/services/bot.py` is rather the library than `app/services/telegram.py`.
    pub fn is_guess(&self, importer: FileId, name: &str) -> bool {
        let first = name.split('.').next().unwrap_or(name);
        let Some(path) = self.path(importer) else {
            return false;
        };
        let found = self
            .candidates(path, first)
            .into_iter()
            .find_map(|(tier, dir)| match self.inside(&dir, first) {
                Found::File(file) => Some((tier, dir, file)),
                Found::Namespace(_) | Found::Nothing => None,
            });
        let Some((tier, dir, file)) = found else {
            return self.inside_a_package(importer, name).is_some();
        };
        let is_package = self
            .path(file)
            .is_some_and(|path| paths::name(path) == "__init__.py");
        match tier {
            Tier::Exact | Tier::Declared => false,
            Tier::Around => !self.is_told(&dir),
            // The folder of a script that something starts is not there for the rest of the project.
            Tier::Elsewhere => !self.is_told(&dir) || !is_package,
        }
    }

    /// Does the package that a top-level name means lie where nothing leads the importer to it, but for its name?
    pub fn is_elsewhere(&self, importer: FileId, first: &str) -> bool {
        let Some(path) = self.path(importer) else {
            return false;
        };
        let candidates = self.candidates(path, first);
        candidates
            .first()
            .is_some_and(|(tier, _)| *tier == Tier::Elsewhere)
    }

    /// Does something say that the folder is on `sys.path`? That packages begin in it does not.
    fn is_told(&self, dir: &str) -> bool {
        let mut roots = self.roots.iter().filter(|root| root.dir == dir);
        roots.any(|root| root.why < RootReason::PackageParent)
    }

    /// The first folder upward that is no package: where a file's dotted name begins when pytest imports it.
    pub fn base<'path>(&self, path: &'path str) -> &'path str {
        base_folder(&self.by_path, path)
    }

    /// The file at a path relative to the project's root.
    pub fn file(&self, path: &str) -> Option<FileId> {
        self.by_path.get(path).copied()
    }

    /// The dotted name under which a file is imported.
    pub fn module_name(&self, file: FileId) -> String {
        let Some(path) = self.paths.get(file.index()) else {
            return String::new();
        };
        let root = self.best_root(path);
        let inner = paths::below(path, root).unwrap_or(path);
        let inner = inner.strip_suffix(".py").unwrap_or(inner);
        let inner = match inner.strip_suffix("__init__") {
            Some(package) if !package.is_empty() => package.trim_end_matches('/'),
            _ => inner,
        };
        inner.replace('/', ".")
    }

    /// The folder from which a file's name is counted.
    fn best_root<'index>(&'index self, path: &'index str) -> &'index str {
        let base = base_folder(&self.by_path, path);
        let around = || {
            let roots = self.roots.iter();
            roots.filter(|root| {
                paths::below(path, &root.dir)
                    .is_some_and(|inner| has_package(root, first_part(inner)))
            })
        };
        // A package list is explicit even about folders without `__init__.py`, which would otherwise end a package.
        let declared = around()
            .filter(|root| root.why == RootReason::Packaging && paths::is_within(base, &root.dir))
            .filter(|root| root.dir == base || !root.packages.is_empty())
            .max_by_key(|root| paths::depth(&root.dir));
        if let Some(root) = declared {
            return &root.dir;
        }
        if base != paths::folder(path) {
            return base;
        }
        let is_inserted = |dir: &str| {
            let mut suites = self.suites.iter();
            suites.any(|suite| suite.inserted.contains(dir))
        };
        if is_inserted(base) {
            return base;
        }
        // A script beside a project file is no package that it lists, and yet is started there.
        let nearest = self
            .roots
            .iter()
            .filter(|root| root.why <= RootReason::ProjectRoot)
            .filter(|root| paths::is_within(path, &root.dir))
            .max_by_key(|root| paths::depth(&root.dir));
        nearest.map_or("", |root| &root.dir)
    }

    /// `from ..x import y`: the importer's package is its folder, whatever `sys.path` is.
    fn relative(&self, importer: &str, dots: usize, name: &str) -> Resolution {
        let Some(package) = paths::ancestors(importer).nth(dots - 1) else {
            return Resolution::Missing;
        };
        if name.is_empty() {
            return match self.by_path.get(&paths::child(package, "__init__.py")) {
                Some(id) => Resolution::File(*id),
                None => Resolution::Namespace(package.to_string()),
            };
        }
        match self.below(package, name, Below::Package) {
            Found::File(id) => Resolution::File(id),
            Found::Namespace(dir) => Resolution::Namespace(dir),
            Found::Nothing => Resolution::Missing,
        }
    }

    /// Python takes the first package of a name, and fails if it lacks the rest. Suites help themselves with `sys.path` and
    /// `sys.modules` in ways that are not read here, so the next package of the name is asked before giving up.
    fn absolute(&self, importer: &str, name: &str) -> Resolution {
        let first = name.split('.').next().unwrap_or(name);
        let is_foreign = self.foreign.contains(first);
        let mut namespace = None;
        for (tier, dir) in self.candidates(importer, first) {
            // A guess does not take a library's name.
            if is_foreign && tier >= Tier::Around {
                break;
            }
            match self.inside(&dir, name) {
                // Nor does a module import itself, unless by its full name.
                Found::File(id) if self.path(id) == Some(importer) && !name.contains('.') => {}
                Found::File(id) if tier == Tier::Elsewhere => {
                    let shared = paths::shared_depth(importer, &dir);
                    let nearer = self.nearest_inside(importer, name);
                    let nearer = nearer.filter(|(depth, _)| *depth > shared);
                    return Resolution::File(nearer.map_or(id, |(_, nearer)| nearer));
                }
                Found::File(id) => return Resolution::File(id),
                Found::Namespace(found) if !is_foreign && self.is_known_root(tier, &dir) => {
                    namespace.get_or_insert(found);
                }
                Found::Namespace(_) | Found::Nothing => {}
            }
        }
        namespace.map_or(Resolution::Missing, Resolution::Namespace)
    }

    /// A folder without modules of its own is easily called like a library: only where imports certainly look it is a package.
    fn is_known_root(&self, tier: Tier, dir: &str) -> bool {
        match tier {
            Tier::Exact | Tier::Declared => true,
            Tier::Around => self
                .roots
                .iter()
                .any(|root| root.dir == dir && root.why <= RootReason::ProjectRoot),
            Tier::Elsewhere => false,
        }
    }

    fn path(&self, id: FileId) -> Option<&str> {
        self.paths.get(id.index()).map(String::as_str)
    }

    /// Folders to look in for a top-level name, in order.
    fn candidates(&self, importer: &str, first: &str) -> SmallVec<[(Tier, String); 8]> {
        let mut found: SmallVec<[(Tier, String); 8]> = SmallVec::new();
        let mut add = |tier: Tier, dir: &str| {
            if !found.iter().any(|(_, known)| known == dir) {
                found.push((tier, dir.to_string()));
            }
        };
        // In a package `shop`, `shop` is that package: it is in `sys.modules` by the time. One that is called like a library is it
        // where its folder is on the path: `app/ports/redis/` may lie in a folder that is a package without `__init__.py`.
        let base = base_folder(&self.by_path, importer);
        let own = paths::below(importer, base).unwrap_or(importer);
        let is_own = own.split_once('/').is_some_and(|(top, _)| top == first);
        if is_own && (!self.foreign.contains(first) || self.is_told(base)) {
            add(Tier::Exact, base);
        }
        let named = self.roots_by_name.get(first);
        let suite = self
            .suites
            .iter()
            .find(|suite| paths::is_within(importer, &suite.root));
        if let Some(suite) = suite {
            let inserted = paths::ancestors(importer).filter(|dir| suite.inserted.contains(*dir));
            for dir in inserted.chain(suite.python_path.iter().map(String::as_str)) {
                if self.has_child(dir, first) {
                    add(Tier::Exact, dir);
                }
            }
        }
        let mut ranked: SmallVec<[(Tier, std::cmp::Reverse<usize>, usize); 8]> = named
            .into_iter()
            .flatten()
            .filter_map(|index| {
                let root = self.roots.get(*index)?;
                let around = paths::is_within(importer, &root.dir);
                let near = std::cmp::Reverse(paths::shared_depth(importer, &root.dir));
                let tier = match root.why {
                    // A package list says what is installed: what lies beside it is imported by who is started there.
                    _ if !has_package(root, first) && around => Tier::Around,
                    _ if !has_package(root, first) => return None,
                    RootReason::Packaging | RootReason::PythonPath => Tier::Declared,
                    _ if around => Tier::Around,
                    _ => Tier::Elsewhere,
                };
                Some((tier, near, *index))
            })
            .collect();
        ranked.sort();
        let dir_of = |index: usize| self.roots.get(index).map(|root| root.dir.as_str());
        for (tier, _, index) in ranked.iter().filter(|(tier, ..)| *tier == Tier::Declared) {
            dir_of(*index).into_iter().for_each(|dir| add(*tier, dir));
        }
        // Whatever starts a program puts the program's own folder first, and most are started from some folder around.
        for dir in std::iter::once(base).chain(paths::ancestors(base)) {
            if self.has_child(dir, first) {
                add(Tier::Around, dir);
            }
        }
        for (tier, _, index) in ranked.iter().filter(|(tier, ..)| *tier != Tier::Declared) {
            dir_of(*index).into_iter().for_each(|dir| add(*tier, dir));
        }
        found
    }

    fn has_child(&self, dir: &str, name: &str) -> bool {
        let path = paths::child(dir, name);
        self.folders.contains(&path) || self.by_path.contains_key(&format!("{path}.py"))
    }

    /// A dotted name in a folder where imports look.
    fn inside(&self, dir: &str, name: &str) -> Found {
        self.below(dir, name, Below::Path)
    }

    fn below(&self, dir: &str, name: &str, below: Below) -> Found {
        let mut is_in_package = below == Below::Package;
        let mut path = dir.to_string();
        let mut parts = name.split('.').peekable();
        while let Some(part) = parts.next() {
            if part.is_empty() {
                return Found::Nothing;
            }
            if !path.is_empty() {
                path.push('/');
            }
            path.push_str(part);
            if parts.peek().is_some() {
                // A package in the way wins over a module of the same name.
                let is_package = self.is_folder(&path, is_in_package);
                if !is_package {
                    return Found::Nothing;
                }
                is_in_package = true;
            }
        }
        if let Some(id) = self.by_path.get(&format!("{path}/__init__.py")) {
            return Found::File(*id);
        }
        if let Some(id) = self.by_path.get(&format!("{path}.py")) {
            return Found::File(*id);
        }
        if self.is_folder(&path, is_in_package) {
            return Found::Namespace(path);
        }
        Found::Nothing
    }

    /// A folder without Python is called like a library all too easily: it counts below a package.
    fn is_folder(&self, path: &str, is_in_package: bool) -> bool {
        self.folders.contains(path) || is_in_package && self.bare_folders.contains(path)
    }
}

/// What lies in packages that are in no other, by name.
fn packages_by_name(
    by_path: &FxHashMap<String, FileId>,
    children: &FxHashMap<&str, FxHashSet<&str>>,
    roots: &[ImportRoot],
) -> FxHashMap<String, Vec<String>> {
    let is_root = |dir: &str| roots.iter().any(|root| root.dir == dir);
    let mut packages: Vec<&str> = children
        .keys()
        .copied()
        .filter(|dir| {
            let own = paths::child(dir, "__init__.py");
            !dir.is_empty()
                && by_path.contains_key(&own)
                && base_folder(by_path, &own) == paths::folder(dir)
                && !is_root(dir)
        })
        .collect();
    packages.sort_unstable();
    let mut found: FxHashMap<String, Vec<String>> = FxHashMap::default();
    for dir in packages {
        for name in children.get(dir).into_iter().flatten() {
            found
                .entry((*name).to_string())
                .or_default()
                .push(dir.to_string());
        }
    }
    found
}

/// Where a dotted name begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Below {
    /// In a folder of `sys.path`.
    Path,
    /// In a package.
    Package,
}

enum Found {
    File(FileId),
    Namespace(String),
    Nothing,
}

fn first_part(path: &str) -> &str {
    let first = path.split('/').next().unwrap_or(path);
    first.strip_suffix(".py").unwrap_or(first)
}

fn has_package(root: &ImportRoot, name: &str) -> bool {
    root.packages.is_empty()
        || root
            .packages
            .iter()
            .any(|package| patterns::matches(package, name))
}
