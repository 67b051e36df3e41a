//! Which file of the project a launch means, seen from where it is started.
//!
//! ```text
//! docker/Dockerfile    WORKDIR /code, COPY backend /code, CMD serve app.main:app     backend/app/main.py
//! deploy/start.sh      exec python /srv/shop/app/main.py                             app/main.py
//! ```

use rustc_hash::FxHashMap;

use super::launches::{Found, Launch, LaunchKind, LaunchTarget, Script};
use super::servers::{self, Purpose, Started, Target};
use super::tree::Tree;
use super::{FileId, manifests, paths};

/// Looks for files in the tree.
pub(super) struct Seeker<'tree> {
    by_path: &'tree FxHashMap<String, FileId>,
    projects: &'tree manifests::Projects,
    /// Folders with Python files, where modules may be counted from when no better place is known: `src` folders.
    sources: Vec<String>,
}

impl<'tree> Seeker<'tree> {
    /// Remembers where to look.
    pub fn new(tree: &Tree<'tree>, projects: &'tree manifests::Projects) -> Self {
        let folders = tree.python_folders();
        let sources = folders.iter().filter(|dir| paths::name(dir) == "src");
        let mut sources: Vec<String> = sources.map(|dir| (*dir).to_string()).collect();
        sources.sort();
        Self {
            by_path: tree.by_path,
            projects,
            sources,
        }
    }

    /// What was recognized, as a launch; nothing if it is none of the project's.
    pub fn launch(&self, found: &Found) -> Option<Launch> {
        let started = &found.started;
        let dirs = self.dirs(found);
        if let Some(command) = &found.command {
            let mut scripts = self.projects.scripts.iter();
            let script = scripts.find(|script| script.command == *command)?;
            let launch = self.script(script, found.kind, &found.file, found.line, &dirs);
            return Some(Launch {
                purpose: found.purpose,
                ..launch
            });
        }
        let (target, place) = match &started.target {
            Target::App { module, attribute } => {
                let target = LaunchTarget::App {
                    module: module.clone(),
                    attribute: attribute.clone(),
                };
                (target, self.module(module, &dirs))
            }
            Target::Module(module) => {
                let main = format!("{module}.__main__");
                let place = self
                    .module(&main, &dirs)
                    .or_else(|| self.module(module, &dirs));
                (LaunchTarget::Module(module.clone()), Some(place?))
            }
            Target::File { path, attribute } => {
                let target = LaunchTarget::File {
                    path: path.clone(),
                    attribute: attribute.clone(),
                };
                let place = self.path(path, found, &dirs);
                (target, place)
            }
            Target::Default => self.default(started, &dirs)?,
        };
        // Programs that are not known, and Python, run much that is not the project's.
        let is_evidence = place.is_some()
            || found.kind == LaunchKind::Config
            || (started.server.is_some() && !is_open(&target));
        is_evidence.then(|| Launch {
            target,
            module: place.as_ref().map(|(id, _)| *id),
            dir: place.map(|(_, dir)| dir),
            server: started.server.clone(),
            is_factory: started.is_factory,
            kind: found.kind,
            purpose: match started.is_development {
                true => found.purpose.max(Purpose::Development),
                false => found.purpose,
            },
            file: found.file.clone(),
            line: found.line,
        })
    }

    /// An installed command, as it is started at some place.
    pub fn script(
        &self,
        script: &Script,
        kind: LaunchKind,
        file: &str,
        line: usize,
        dirs: &[String],
    ) -> Launch {
        let around = paths::ancestors(&script.file).map(str::to_string);
        let dirs: Vec<String> = around.chain(dirs.iter().cloned()).collect();
        let place = self.module(&script.module, &dirs);
        Launch {
            target: LaunchTarget::Function {
                module: script.module.clone(),
                attribute: script.attribute.clone(),
                command: script.command.clone(),
            },
            module: place.as_ref().map(|(id, _)| *id),
            dir: place.map(|(_, dir)| dir),
            server: None,
            is_factory: false,
            kind,
            purpose: servers::purpose_of_path(file),
            file: file.to_string(),
            line,
        }
    }

    /// The folders to look in, the one that an option names first.
    fn dirs(&self, found: &Found) -> Vec<String> {
        let mut dirs = Vec::new();
        if let Some(folder) = &found.started.folder {
            if let Some(stage) = &found.stage {
                for dir in &found.dirs {
                    let sources = stage.sources_of(folder);
                    dirs.extend(sources.iter().filter_map(|source| paths::join(dir, source)));
                }
            }
            dirs.extend(found.dirs.iter().filter_map(|dir| paths::join(dir, folder)));
        }
        if let Some(stage) = &found.stage {
            for dir in &found.dirs {
                let sources = stage.sources_of(".");
                dirs.extend(sources.iter().filter_map(|source| paths::join(dir, source)));
            }
        }
        dirs.extend(found.dirs.iter().cloned());
        for dir in &found.dirs {
            dirs.extend(paths::ancestors(dir).map(str::to_string));
        }
        dirs
    }

    /// A dotted name in the first of the folders that has it, or in a `src` folder.
    fn module(&self, module: &str, dirs: &[String]) -> Option<(FileId, String)> {
        let inner = module.replace('.', "/");
        dirs.iter().chain(&self.sources).find_map(|dir| {
            let path = paths::child(dir, &inner);
            let package = self.by_path.get(&format!("{path}/__init__.py"));
            let file = package.or_else(|| self.by_path.get(&format!("{path}.py")))?;
            Some((*file, dir.clone()))
        })
    }

    /// A file or package by its path, as it is on the disk, in a container, or at its end.
    fn path(&self, path: &str, found: &Found, dirs: &[String]) -> Option<(FileId, String)> {
        let at = |path: &str| {
            let package = format!("{path}/__init__.py");
            let id = self
                .by_path
                .get(path)
                .or_else(|| self.by_path.get(&package))?;
            Some((*id, paths::folder(path).to_string()))
        };
        let plain = path.trim_start_matches("./").trim_end_matches('/');
        if let Some(stage) = &found.stage {
            let sources = stage.sources_of(plain);
            for dir in dirs {
                let mut candidates = sources.iter().filter_map(|path| paths::join(dir, path));
                if let Some(place) = candidates.find_map(|path| at(&path)) {
                    return Some(place);
                }
            }
        }
        let mut tail = plain.trim_start_matches('/');
        loop {
            let mut candidates = dirs.iter().filter_map(|dir| paths::join(dir, tail));
            if let Some(place) = candidates.find_map(|path| at(&path)) {
                return Some(place);
            }
            // `/srv/shop/app/main.py`, or `$HOME/app/main.py`: its end may be here.
            let (first, rest) = tail.split_once('/')?;
            if !(plain.starts_with('/') || first.contains('$')) || !rest.contains('/') {
                return None;
            }
            tail = rest;
        }
    }

    /// What a server finds by itself: what the project file names, or the first of its usual files.
    fn default(
        &self,
        started: &Started,
        dirs: &[String],
    ) -> Option<(LaunchTarget, Option<(FileId, String)>)> {
        for dir in dirs {
            let mut entrypoints = self.projects.entrypoints.iter();
            let entrypoint = entrypoints.find(|entrypoint| {
                entrypoint.started.server == started.server
                    && paths::folder(&entrypoint.file) == dir
            });
            if let Some(entrypoint) = entrypoint
                && let Target::App { module, attribute } = &entrypoint.started.target
            {
                let target = LaunchTarget::App {
                    module: module.clone(),
                    attribute: attribute.clone(),
                };
                let place = self.module(module, std::slice::from_ref(dir));
                return Some((target, place));
            }
            let usual = servers::default_files(started.server.as_deref().unwrap_or_default());
            for path in usual {
                if let Some(id) = self.by_path.get(&paths::child(dir, path)) {
                    let target = LaunchTarget::File {
                        path: path.clone(),
                        attribute: None,
                    };
                    return Some((target, Some((*id, dir.clone()))));
                }
            }
        }
        None
    }
}

/// A variable whose value is not known is no evidence.
fn is_open(target: &LaunchTarget) -> bool {
    let has_variable = |text: &str| text.contains(['$', '{', '%']);
    match target {
        LaunchTarget::App { module, attribute }
        | LaunchTarget::Function {
            module, attribute, ..
        } => has_variable(module) || has_variable(attribute),
        LaunchTarget::File { path, .. } => has_variable(path),
        LaunchTarget::Module(module) => has_variable(module),
    }
}
