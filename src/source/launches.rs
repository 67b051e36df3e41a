//! What production, developers and tests start: evidence of which apps are served.
//!
//! ```text
//! Dockerfile       CMD ["serve", "app.main:app"]           App app.main:app in app/main.py, for production
//! compose.dev.yml  command: serve app.main:app --reload    the same, for development
//! pyproject.toml   [project.scripts] shop = "shop.cli:run" Function shop.cli:run
//! ```
//! Not handled: what a program decides at run time; gunicorn's configuration file; images that are built elsewhere.

use rustc_hash::FxHashMap;

use super::dockerfiles::Stage;
use super::modules::{ModuleIndex, Resolution};
use super::servers::{self, Purpose, Started, Target};
use super::suites::Tree;
use super::{FileId, compose, manifests, paths};
use crate::config::Config;

/// One thing that is started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Launch {
    /// As it is written.
    pub target: LaunchTarget,
    /// The file of the project that it means; none if it is not found.
    pub module: Option<FileId>,
    /// The folder from which its module path is counted, when the file was found.
    pub dir: Option<String>,
    /// The server that is named (`rules/servers.toml`); none for `python`, for a script of the project and for unknown programs.
    pub server: Option<String>,
    /// The attribute makes the app when it is called.
    pub is_factory: bool,
    pub kind: LaunchKind,
    pub purpose: Purpose,
    /// The file that says so, and the line in it, from 1.
    pub file: String,
    pub line: usize,
}

/// What is started.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum LaunchTarget {
    /// `module:attribute`, served.
    App { module: String, attribute: String },
    /// A Python file: run as a program, or served, with the attribute if one is named.
    File {
        path: String,
        attribute: Option<String>,
    },
    /// `python -m module`.
    Module(String),
    /// A function that an installed command calls; the command's name.
    Function {
        module: String,
        attribute: String,
        command: String,
    },
}

/// Where it says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LaunchKind {
    /// covgap's own configuration.
    Config,
    /// A key of the project file that names the app.
    Entrypoint,
    Dockerfile,
    Compose,
    Procfile,
    /// supervisor, systemd.
    ProcessManager,
    /// Kubernetes, platforms, pipelines: any other YAML.
    Manifest,
    ShellScript,
    /// make, just, task.
    Makefile,
    /// A task in the project file.
    Task,
    /// An installed command.
    ConsoleScript,
}

/// Something recognized, before it is looked for in the tree.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub started: Started,
    /// The installed command that is called, where no target is written.
    pub command: Option<String>,
    pub kind: LaunchKind,
    pub purpose: Purpose,
    pub file: String,
    pub line: usize,
    /// Folders that it may be started in, the likeliest first.
    pub dirs: Vec<String>,
    /// For paths of a container.
    pub stage: Option<Stage>,
}

/// A function that packaging installs as a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Script {
    pub command: String,
    pub module: String,
    pub attribute: String,
    pub file: String,
    pub line: usize,
}

/// A key of a project file that names the app: the server, and what it says.
#[derive(Debug, Clone)]
pub(super) struct Entrypoint {
    pub started: Started,
    pub file: String,
    pub line: usize,
}

/// Everything that is started somewhere, sorted by file and line.
pub fn find(tree: &Tree, config: &Config) -> Vec<Launch> {
    let projects = manifests::projects(tree);
    let mut found = configured(config);
    let (composed, contexts) = compose::find(tree, &projects.scripts);
    found.extend(composed);
    found.extend(compose::dockerfiles(tree, &contexts, &projects.scripts));
    found.extend(manifests::find(tree, &projects.scripts));
    found.extend(projects.tasks.iter().cloned());
    found.extend(projects.entrypoints.iter().map(|entrypoint| Found {
        started: entrypoint.started.clone(),
        command: None,
        kind: LaunchKind::Entrypoint,
        purpose: servers::purpose_of_path(&entrypoint.file),
        file: entrypoint.file.clone(),
        line: entrypoint.line,
        dirs: vec![paths::folder(&entrypoint.file).to_string()],
        stage: None,
    }));
    let seeker = Seeker::new(tree, &projects);
    let mut launches: Vec<Launch> = found
        .iter()
        .filter_map(|found| seeker.launch(found))
        .chain(projects.scripts.iter().map(|script| {
            let dirs = vec![paths::folder(&script.file).to_string()];
            seeker.script(
                script,
                LaunchKind::ConsoleScript,
                &script.file,
                script.line,
                &dirs,
            )
        }))
        .collect();
    let key = |launch: &Launch| {
        let target = launch.target.clone();
        (launch.file.clone(), launch.line, launch.kind, target)
    };
    launches.sort_by_key(key);
    launches.dedup_by_key(|launch| key(launch));
    launches
}

fn configured(config: &Config) -> Vec<Found> {
    let file = config.written_in.clone().unwrap_or_default();
    let apps = config.app.iter().map(|written| {
        let started = servers::parse_app(written).unwrap_or_else(|| {
            let (path, attribute) = match written.split_once(':') {
                Some((path, attribute)) => (path, Some(attribute.to_string())),
                None => (written.as_str(), None),
            };
            Started::file(path, attribute)
        });
        Found {
            started,
            command: None,
            kind: LaunchKind::Config,
            purpose: Purpose::Production,
            file: file.clone(),
            line: 1,
            dirs: vec![String::new()],
            stage: None,
        }
    });
    apps.collect()
}

/// Looks once more for what was not found near its launch, where imports would find it.
pub fn resolve(launches: &mut [Launch], modules: &ModuleIndex) {
    for launch in launches {
        let module = match &launch.target {
            LaunchTarget::App { module, .. }
            | LaunchTarget::Function { module, .. }
            | LaunchTarget::Module(module) => module,
            LaunchTarget::File { .. } => continue,
        };
        if launch.module.is_none()
            && let Resolution::File(id) = modules.resolve_from(paths::folder(&launch.file), module)
        {
            launch.module = Some(id);
        }
    }
}

/// Looks for files in the tree.
struct Seeker<'tree> {
    by_path: &'tree FxHashMap<String, FileId>,
    projects: &'tree manifests::Projects,
    /// Folders with Python files, where modules may be counted from when no better place is known: `src` folders.
    sources: Vec<String>,
}

impl<'tree> Seeker<'tree> {
    fn new(tree: &Tree<'tree>, projects: &'tree manifests::Projects) -> Self {
        let folders = super::roots::python_folders(tree);
        let sources = folders.iter().filter(|dir| paths::name(dir) == "src");
        let mut sources: Vec<String> = sources.map(|dir| (*dir).to_string()).collect();
        sources.sort();
        Self {
            by_path: tree.by_path,
            projects,
            sources,
        }
    }

    fn launch(&self, found: &Found) -> Option<Launch> {
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

    fn script(
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
