//! What production, developers and tests start: evidence of which apps are served.
//!
//! ```text
//! Dockerfile       CMD ["serve", "app.main:app"]           App app.main:app in app/main.py, for production
//! compose.dev.yml  command: serve app.main:app --reload    the same, for development
//! pyproject.toml   [project.scripts] shop = "shop.cli:run" Function shop.cli:run
//! ```
//! Not handled: what a program decides at run time; gunicorn's configuration file; images that are built elsewhere.

use rustc_hash::FxHashSet;

use super::dockerfiles::Stage;
use super::modules::{ModuleIndex, Resolution};
use super::servers::{self, Purpose, Started};
use super::targets::Seeker;
use super::tree::Tree;
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
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
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
    // A script may call one command fifty times.
    let mut seen = FxHashSet::default();
    launches.retain(|launch| match launch.kind {
        LaunchKind::ShellScript => seen.insert((launch.file.clone(), launch.target.clone())),
        _ => seen.insert((
            format!("{}:{}", launch.file, launch.line),
            launch.target.clone(),
        )),
    });
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
