//! Launches in Dockerfiles, and in the compose files that build and start them.
//!
//! ```yaml
//! services:
//!   api:
//!     build: {context: ., dockerfile: backend/Dockerfile}
//!     command: serve app.main:app --reload
//!     volumes: ["./backend:/code"]
//! ```
//! Source: <https://docs.docker.com/reference/compose-file/>.

use rustc_hash::FxHashMap;

use super::commands::{Command, Variables, commands};
use super::dockerfiles::{self, Form, Stage};
use super::launches::{Found, LaunchKind, Script};
use super::paths;
use super::servers::{self, Purpose};
use super::tree::Tree;
use super::yaml::{self, Node};

/// The folders that Dockerfiles are built in, by the Dockerfile's path.
pub(super) type Contexts = FxHashMap<String, Vec<String>>;

/// Whether a file is a compose file, by its name.
pub fn is_compose_file(path: &str) -> bool {
    let name = paths::name(path);
    (name.ends_with(".yml") || name.ends_with(".yaml")) && name.contains("compose")
}

/// Whether a file is a Dockerfile, by its name.
pub fn is_dockerfile(path: &str) -> bool {
    let name = paths::name(path);
    let has_code_suffix =
        name.ends_with(".md") || name.ends_with(".sh") || name.ends_with(".dockerignore");
    (name.starts_with("Dockerfile")
        || name.starts_with("Containerfile")
        || name.ends_with(".Dockerfile")
        || name.ends_with(".dockerfile"))
        && !has_code_suffix
}

/// What the compose files start, and where they build.
pub(super) fn find(tree: &Tree, scripts: &[Script]) -> (Vec<Found>, Contexts) {
    let mut found = Vec::new();
    let mut contexts = Contexts::default();
    for path in tree.others.iter().filter(|path| is_compose_file(path)) {
        let Some(text) = (tree.read)(path) else {
            continue;
        };
        for document in yaml::read(&text) {
            let Some(services) = document.get("services") else {
                continue;
            };
            for (_, service) in services.entries() {
                one_service(tree, path, service, scripts, &mut found, &mut contexts);
            }
        }
    }
    (found, contexts)
}

fn one_service(
    tree: &Tree,
    path: &str,
    service: &Node,
    scripts: &[Script],
    found: &mut Vec<Found>,
    contexts: &mut Contexts,
) {
    let here = paths::folder(path);
    let build = service.get("build");
    let written = build.and_then(|build| build.text().or_else(|| build.get("context")?.text()));
    let context = paths::join(here, written.unwrap_or("."));
    let context = context.unwrap_or_else(|| here.to_string());
    let dockerfile = build.map(|build| {
        let written = build.get("dockerfile").and_then(Node::text);
        paths::join(&context, written.unwrap_or("Dockerfile")).unwrap_or_default()
    });
    let stages = dockerfile.as_ref().and_then(|path| (tree.read)(path));
    let stages = stages
        .map(|text| dockerfiles::read(&text))
        .unwrap_or_default();
    let target = build.and_then(|build| build.get("target")?.text());
    let stage = stages
        .iter()
        .find(|stage| target.is_some() && stage.name.as_deref() == target)
        .or(stages.last());
    let mut stage = stage.cloned().unwrap_or_else(|| Stage {
        workdir: "/".to_string(),
        ..Stage::default()
    });
    if let Some(dockerfile) = dockerfile {
        let known = contexts.entry(dockerfile).or_default();
        if !known.contains(&context) {
            known.push(context.clone());
        }
    }
    if let Some(dir) = service.get("working_dir").and_then(Node::text) {
        stage.workdir = dir.to_string();
    }
    let entrypoint = service.get("entrypoint");
    let command = service.get("command");
    let Some(line) = command.or(entrypoint).map(|node| node.line) else {
        return;
    };
    let inherited = match (&stage.entrypoint, entrypoint) {
        (Some(run), None) => match &run.form {
            Form::Exec(words) => words.clone(),
            Form::Shell(_) => Vec::new(),
        },
        _ => Vec::new(),
    };
    let mut started = to_commands(entrypoint, command, &stage.variables);
    for command in &mut started {
        command.line = line;
        let own = std::mem::take(&mut command.words);
        command.words = inherited.iter().cloned().chain(own).collect();
    }
    let mounted = mounts(service, here);
    let dirs = if mounted.is_empty() {
        vec![context]
    } else {
        // What is mounted hides what was copied, and is counted from the project's root already.
        stage.copies = mounted;
        vec![String::new(), context]
    };
    let mut purpose = servers::purpose_of_path(path);
    if let Some(target) = target {
        purpose = purpose.max(servers::purpose_of_path(target));
    }
    for command in started {
        found.extend(recognized(
            &command,
            scripts,
            &Place {
                kind: LaunchKind::Compose,
                purpose,
                file: path,
                dirs: &dirs,
                stage: Some(&stage),
            },
        ));
    }
}

/// `./backend:/code`, or the long form: folders of the project that are mounted, from the project's root.
fn mounts(service: &Node, here: &str) -> Vec<(String, String)> {
    let volumes = service.get("volumes").map(Node::items).unwrap_or_default();
    let pairs = volumes.iter().filter_map(|volume| match volume.text() {
        Some(text) => {
            let mut parts = text.split(':');
            Some((parts.next()?, parts.next()?))
        }
        None => Some((volume.get("source")?.text()?, volume.get("target")?.text()?)),
    });
    pairs
        .filter(|(source, _)| source.starts_with('.'))
        .filter_map(|(source, target)| Some((paths::join(here, source)?, target.to_string())))
        .collect()
}

/// The commands of an entry point and a command, each a list of words or text for a shell.
fn to_commands(
    entrypoint: Option<&Node>,
    command: Option<&Node>,
    variables: &Variables,
) -> Vec<Command> {
    let mut words: Vec<String> = Vec::new();
    for node in [entrypoint, command].into_iter().flatten() {
        match node.text() {
            // Compose splits text into words and gives them to no shell; `sh -c` among them is found all the same.
            Some(text) => {
                let mut split = commands(text, &mut variables.clone());
                if split.len() > 1 && words.is_empty() {
                    return split;
                }
                words.extend(split.drain(..).flat_map(|command| command.words));
            }
            None => words.extend(
                node.items()
                    .iter()
                    .filter_map(|item| Some(item.text()?.to_string())),
            ),
        }
    }
    vec![Command {
        words,
        line: 0,
        dir: None,
    }]
}

/// What the Dockerfiles start by themselves.
pub(super) fn dockerfiles(tree: &Tree, contexts: &Contexts, scripts: &[Script]) -> Vec<Found> {
    let mut found = Vec::new();
    for path in tree.others.iter().filter(|path| is_dockerfile(path)) {
        let Some(text) = (tree.read)(path) else {
            continue;
        };
        let mut dirs = contexts.get(path.as_str()).cloned().unwrap_or_default();
        dirs.push(paths::folder(path).to_string());
        let stages = dockerfiles::read(&text);
        for stage in &stages {
            let stage_purpose = stage.name.as_deref().map(servers::purpose_of_path);
            let purpose =
                servers::purpose_of_path(path).max(stage_purpose.unwrap_or(Purpose::Production));
            let place = Place {
                kind: LaunchKind::Dockerfile,
                purpose,
                file: path,
                dirs: &dirs,
                stage: Some(stage),
            };
            let started = stage.started();
            for command in &started {
                found.extend(recognized(command, scripts, &place));
            }
            if started.is_empty() {
                found.extend(by_image(stage, &place));
            }
        }
    }
    found
}

/// A base image that serves what it finds: all that it tries, of which the first that is there counts.
fn by_image(stage: &Stage, place: &Place) -> Vec<Found> {
    let apps = servers::apps_of_image(&stage.image).iter();
    apps.filter_map(|app| servers::parse_app(app))
        .map(|started| place.found(started, None, stage.line))
        .collect()
}

/// Where a command stands.
pub(super) struct Place<'place> {
    pub kind: LaunchKind,
    pub purpose: Purpose,
    pub file: &'place str,
    pub dirs: &'place [String],
    pub stage: Option<&'place Stage>,
}

impl Place<'_> {
    pub fn found(&self, started: servers::Started, command: Option<String>, line: usize) -> Found {
        Found {
            started,
            command,
            kind: self.kind,
            purpose: self.purpose,
            file: self.file.to_string(),
            line,
            dirs: self.dirs.to_vec(),
            stage: self.stage.cloned(),
        }
    }
}

/// What a command starts; one that is installed by the project starts what it was installed for.
pub(super) fn recognized(command: &Command, scripts: &[Script], place: &Place) -> Vec<Found> {
    let mut started = servers::recognize(command);
    for started in &mut started {
        started.folder = started.folder.take().or_else(|| command.dir.clone());
    }
    if !started.is_empty() {
        let found = started.into_iter();
        return found
            .map(|started| place.found(started, None, command.line))
            .collect();
    }
    let installed = servers::program(command)
        .filter(|name| scripts.iter().any(|script| script.command == *name));
    installed
        .map(|name| {
            let started = servers::Started::file("", None);
            place.found(started, Some(name.to_string()), command.line)
        })
        .into_iter()
        .collect()
}
