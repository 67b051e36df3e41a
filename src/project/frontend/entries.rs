//! Where a frontend begins: its pages, what runs with every page, its tests, and the addresses that it answers itself.
//!
//! `app/(shop)/items/[id]/page.tsx` is the page `/items/{}`, whatever Python serves there.

use rustc_hash::{FxHashMap, FxHashSet};

use super::packages::Package;
use super::scripts::Scripts;
use super::value::ScriptId;
use crate::facts::script::embedded::sources_of;
use crate::facts::script::program::{Export, Script};
use crate::project::values::value::HOLE;
use crate::rules::frontend::{Files, Framework, has_ending};
use crate::source::paths;

/// A page, with the files that are run for it.
#[derive(Debug, Clone)]
pub struct Page {
    /// Its address, with holes.
    pub address: String,
    pub files: Vec<ScriptId>,
}

#[derive(Debug, Default)]
pub struct Entries {
    pub pages: Vec<Page>,
    /// Addresses that the frontend answers itself, with holes.
    pub served: Vec<String>,
    pub tests: Vec<ScriptId>,
    /// Folders of packages that look like apps, and in which no beginning was found.
    pub without: Vec<String>,
}

pub fn find(scripts: &Scripts<'_>) -> Entries {
    let mut entries = Entries::default();
    let mut begun: FxHashSet<String> = FxHashSet::default();
    for package in &scripts.packages {
        let framework = framework_of(scripts, package);
        let before = entries.pages.len();
        if let Some(framework) = framework {
            framework_pages(scripts, package, framework, &mut entries);
        }
        if entries.pages.len() == before {
            html_pages(scripts, package, &mut entries);
        }
        if entries.pages.len() == before && framework.is_some() {
            main_pages(scripts, package, &mut entries);
        }
        if entries.pages.len() > before {
            begun.insert(package.folder.clone());
        } else if framework.is_some() && has_scripts(scripts, package) {
            entries.without.push(package.folder.clone());
        }
    }
    entries
        .without
        .retain(|folder| !begun.iter().any(|other| paths::is_within(other, folder)));
    entries.tests = scripts
        .ids()
        .filter(|id| is_test(scripts, scripts.path(*id)))
        .collect();
    entries
}

fn has_scripts(scripts: &Scripts<'_>, package: &Package) -> bool {
    scripts.ids().any(|id| {
        let path = scripts.path(id);
        has_ending(&scripts.names().views, path)
            && scripts
                .package_of(path)
                .is_some_and(|owner| owner.folder == package.folder)
    })
}

/// The framework whose settings lie in the folder, or on which the package depends.
fn framework_of<'r>(scripts: &'r Scripts<'_>, package: &Package) -> Option<&'r Framework> {
    let frameworks = &scripts.names().framework;
    let has_settings = |framework: &&Framework| {
        framework.settings.iter().any(|start| {
            let start = paths::child(&package.folder, start);
            let others = &scripts.sources.others;
            let from = others.partition_point(|path| path.as_str() < start.as_str());
            others
                .get(from)
                .is_some_and(|path| path.starts_with(&start))
        })
    };
    frameworks.iter().find(has_settings).or_else(|| {
        frameworks.iter().find(|framework| {
            framework
                .dependencies
                .iter()
                .any(|name| package.depends_on(name))
        })
    })
}

fn framework_pages(
    scripts: &Scripts<'_>,
    package: &Package,
    framework: &Framework,
    entries: &mut Entries,
) {
    let own: Vec<(ScriptId, &str)> = scripts
        .ids()
        .filter_map(|id| Some((id, paths::below(scripts.path(id), &package.folder)?)))
        .filter(|(_, below)| !is_aside(scripts, below))
        .collect();
    let mut starts = Vec::new();
    for files in &framework.starts {
        for (id, below) in &own {
            let stem = stem(below);
            let in_folder = files
                .folders
                .iter()
                .any(|folder| paths::is_within(below, folder));
            if in_folder || files.stems.iter().any(|known| known == stem) {
                starts.push(*id);
            }
        }
    }
    for files in &framework.serves {
        for (id, below) in &own {
            if let Some((_, address)) = address(files, below) {
                entries.served.push(address.clone());
                entries.pages.push(Page {
                    address,
                    files: vec![*id],
                });
            }
        }
    }
    for files in &framework.pages {
        for (id, below) in &own {
            let Some((folder, address)) = address(files, below) else {
                continue;
            };
            let mut all = vec![*id];
            for (other, path) in &own {
                let is_beside = files
                    .beside
                    .iter()
                    .any(|known| known == paths::name(stem(path)));
                if is_beside
                    && paths::is_within(path, folder)
                    && paths::is_within(below, paths::folder(path))
                {
                    all.push(*other);
                }
            }
            all.extend(&starts);
            entries.pages.push(Page {
                address,
                files: all,
            });
        }
    }
}

/// The folder of the pages and the address of one, if it is one.
fn address<'f>(files: &'f Files, below: &str) -> Option<(&'f str, String)> {
    for folder in &files.folders {
        let Some(rest) = paths::below(below, folder) else {
            continue;
        };
        if files
            .except
            .iter()
            .any(|except| paths::is_within(rest, except))
        {
            continue;
        }
        let rest = stem(rest);
        let name = paths::name(rest);
        let path = if files.stems.is_empty() {
            if files.beside.iter().any(|known| known == name) {
                continue;
            }
            rest
        } else if files.stems.iter().any(|known| known == name) {
            paths::folder(rest)
        } else {
            continue;
        };
        let mut address = files.prefix.clone();
        for part in path.split('/').filter(|part| !part.is_empty()) {
            let is_group = part.starts_with('(') && part.ends_with(')') || part.starts_with('@');
            if is_group || part == "index" {
                continue;
            }
            address.push('/');
            if part.starts_with('[') || part.starts_with('_') {
                address.push(HOLE);
                if part.contains("...") {
                    address.push('*');
                }
            } else {
                address.push_str(part);
            }
        }
        if address.is_empty() {
            address.push('/');
        }
        return Some((folder, address));
    }
    None
}

/// Pages in HTML that load a script of the package.
fn html_pages(scripts: &Scripts<'_>, package: &Package, entries: &mut Entries) {
    for path in &scripts.sources.others {
        let Some(below) = paths::below(path, &package.folder) else {
            continue;
        };
        if !path.ends_with(".html") || below.matches('/').count() > 1 || is_aside(scripts, below) {
            continue;
        }
        let is_own = scripts
            .package_of(path)
            .is_some_and(|owner| owner.folder == package.folder);
        let Ok(text) = scripts.sources.read_other(path) else {
            continue;
        };
        if !is_own || text.len() > 200_000 {
            continue;
        }
        let files: Vec<ScriptId> = sources_of(&text)
            .iter()
            .filter_map(|source| {
                let source = source.split(['?', '#']).next().unwrap_or(source);
                let place = match source.strip_prefix('/') {
                    Some(rest) => paths::child(&package.folder, rest),
                    None => paths::join(paths::folder(path), source)?,
                };
                scripts.file(&place)
            })
            .collect();
        if !files.is_empty() {
            entries.pages.push(Page {
                address: "/".into(),
                files,
            });
        }
    }
}

fn main_pages(scripts: &Scripts<'_>, package: &Package, entries: &mut Entries) {
    for main in &scripts.names().mains {
        for ending in &scripts.names().scripts {
            let path = paths::child(&package.folder, &format!("{main}.{ending}"));
            if let Some(id) = scripts.file(&path) {
                entries.pages.push(Page {
                    address: "/".into(),
                    files: vec![id],
                });
                return;
            }
        }
    }
}

/// A path without its ending; `a.d/b.test.ts` is `a.d/b.test`.
fn stem(path: &str) -> &str {
    match path.rsplit_once('.') {
        Some((stem, ending)) if !ending.contains('/') => stem,
        _ => path,
    }
}

pub fn is_test(scripts: &Scripts<'_>, path: &str) -> bool {
    let names = scripts.names();
    let name = paths::name(path);
    names
        .test_files
        .iter()
        .any(|part| name.contains(part.as_str()))
        || in_folders(&names.test_folders, path)
}

pub fn is_aside(scripts: &Scripts<'_>, path: &str) -> bool {
    let names = scripts.names();
    let name = paths::name(path);
    is_test(scripts, path)
        || names
            .aside_files
            .iter()
            .any(|part| name.contains(part.as_str()))
        || in_folders(&names.aside_folders, path)
}

fn in_folders(folders: &[String], path: &str) -> bool {
    paths::folder(path)
        .split('/')
        .any(|part| folders.iter().any(|known| known == part))
}

/// What a file imports, of the project's files.
pub fn imports_of(scripts: &Scripts<'_>, id: ScriptId) -> Vec<ScriptId> {
    let Some(script) = scripts.script(id) else {
        return Vec::new();
    };
    let mut found: Vec<ScriptId> = modules_of(script)
        .filter_map(|(module, _)| scripts.resolve(id, module))
        .filter(|found| !scripts.is_model(*found))
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// The modules that a script names, with the lines on which it does, types left out.
pub fn modules_of(script: &Script) -> impl Iterator<Item = (&str, u32)> {
    let imports = script.imports.iter();
    let imports = imports.map(|import| (&*import.module, import.line));
    let exports = script.exports.iter().filter_map(|export| match export {
        Export::From { module, line, .. } | Export::All { module, line } => {
            Some((&**module, *line))
        }
        Export::Local { .. } | Export::Default(_) => None,
    });
    let dynamic = script.dynamic_imports.iter();
    let dynamic = dynamic.map(|(module, line)| (&**module, *line));
    imports.chain(exports).chain(dynamic)
}

/// Everything that is reachable from some files; parses in parallel, wave after wave.
pub fn reach(scripts: &Scripts<'_>, from: &[ScriptId]) -> FxHashMap<ScriptId, Vec<ScriptId>> {
    use rayon::prelude::*;
    let mut graph: FxHashMap<ScriptId, Vec<ScriptId>> = FxHashMap::default();
    let mut wave: Vec<ScriptId> = from.to_vec();
    while !wave.is_empty() {
        wave.sort_unstable();
        wave.dedup();
        wave.retain(|id| !graph.contains_key(id));
        let found: Vec<(ScriptId, Vec<ScriptId>)> = wave
            .par_iter()
            .map(|&id| (id, imports_of(scripts, id)))
            .collect();
        wave = found
            .iter()
            .flat_map(|(_, imports)| imports.clone())
            .collect();
        graph.extend(found);
    }
    graph
}

/// The files reachable from some, of a graph that is known.
pub fn below(graph: &FxHashMap<ScriptId, Vec<ScriptId>>, from: &[ScriptId]) -> FxHashSet<ScriptId> {
    let mut seen: FxHashSet<ScriptId> = FxHashSet::default();
    let mut stack: Vec<ScriptId> = from.to_vec();
    while let Some(id) = stack.pop() {
        if seen.insert(id) {
            stack.extend(graph.get(&id).into_iter().flatten().copied());
        }
    }
    seen
}
