//! Launches in everything that is no container: project files, process managers, scripts, recipes, pipelines.
//!
//! ```text
//! Procfile             web: serve app.main:app
//! supervisord.conf     [program:api] command=serve app.main:app
//! deploy/start.sh      exec serve app.main:app
//! Makefile             run: ; serve app.main:app --reload
//! ```

use toml::de::{DeTable, DeValue};

use super::commands::{Command, Variables, commands};
use super::compose::{Place, is_compose_file, recognized};
use super::launches::{Entrypoint, Found, LaunchKind, Script};
use super::servers::{self, Purpose};
use super::tree::Tree;
use super::yaml::{self, Node};
use super::{ini, paths};

/// Larger than this, YAML is data or a lock file.
const LARGEST_MANIFEST: usize = 128 * 1024;

/// What the project files say.
#[derive(Debug, Default)]
pub(super) struct Projects {
    pub scripts: Vec<Script>,
    pub entrypoints: Vec<Entrypoint>,
    pub tasks: Vec<Found>,
}

/// Reads every `pyproject.toml` and `setup.cfg`.
pub(super) fn projects(tree: &Tree) -> Projects {
    let mut projects = Projects::default();
    for path in tree.others {
        match paths::name(path) {
            "pyproject.toml" => {
                if let Some(text) = (tree.read)(path) {
                    pyproject(path, &text, &mut projects);
                }
            }
            "setup.cfg" => {
                if let Some(text) = (tree.read)(path) {
                    setup_cfg(path, &text, &mut projects);
                }
            }
            _ => {}
        }
    }
    projects
}

fn pyproject(path: &str, text: &str, projects: &mut Projects) {
    let Ok(document) = DeTable::parse(text) else {
        return;
    };
    let document = document.get_ref();
    let line_of = |value: &Value| {
        let before = text.as_bytes().iter().take(value.span().start);
        before.filter(|byte| **byte == b'\n').count() + 1
    };
    for table in [&["project", "scripts"][..], &["tool", "poetry", "scripts"]] {
        let Some(DeValue::Table(scripts)) = at(document, table).map(Value::get_ref) else {
            continue;
        };
        for (command, value) in scripts {
            if let DeValue::String(target) = value.get_ref() {
                let script = script(path, line_of(value), command.get_ref(), target);
                projects.scripts.extend(script);
            }
        }
    }
    for (server, key) in servers::entrypoint_keys() {
        let key: Vec<&str> = key.iter().map(String::as_str).collect();
        let Some(value) = at(document, &key) else {
            continue;
        };
        if let DeValue::String(app) = value.get_ref()
            && let Some(mut started) = servers::parse_app(app)
        {
            started.server = Some(server.to_string());
            projects.entrypoints.push(Entrypoint {
                started,
                file: path.to_string(),
                line: line_of(value),
            });
        }
    }
    if let Some(tool) = at(document, &["tool"]) {
        let place = Place {
            kind: LaunchKind::Task,
            purpose: Purpose::Development,
            file: path,
            dirs: &[paths::folder(path).to_string()],
            stage: None,
        };
        tasks(tool, &place, &line_of, &mut projects.tasks);
    }
}

type Value<'text> = toml::Spanned<DeValue<'text>>;

fn at<'table, 'text>(table: &'table DeTable<'text>, path: &[&str]) -> Option<&'table Value<'text>> {
    let (first, rest) = path.split_first()?;
    let value = table.get(*first)?;
    match (rest.is_empty(), value.get_ref()) {
        (true, _) => Some(value),
        (false, DeValue::Table(table)) => at(table, rest),
        (false, _) => None,
    }
}

/// Task runners keep command lines in strings below `[tool]`, each in its own way; a string that starts a known server is one.
fn tasks(value: &Value, place: &Place, line_of: &dyn Fn(&Value) -> usize, found: &mut Vec<Found>) {
    match value.get_ref() {
        DeValue::String(text) if servers::is_mentioned(text) => {
            for mut command in commands(text, &mut Variables::new()) {
                command.line = line_of(value);
                let recognized = recognized(&command, &[], place);
                let known = recognized
                    .into_iter()
                    .filter(|found| found.started.server.is_some());
                found.extend(known);
            }
        }
        DeValue::Array(items) => {
            for item in items.iter() {
                tasks(item, place, line_of, found);
            }
        }
        DeValue::Table(table) => {
            for (_, value) in table {
                tasks(value, place, line_of, found);
            }
        }
        _ => {}
    }
}

/// `module:function [extra]`.
fn script(file: &str, line: usize, command: &str, target: &str) -> Option<Script> {
    let target = target.split('[').next().unwrap_or(target).trim();
    let (module, attribute) = target.split_once(':')?;
    Some(Script {
        command: command.to_string(),
        module: module.trim().to_string(),
        attribute: attribute.trim().to_string(),
        file: file.to_string(),
        line,
    })
}

fn setup_cfg(path: &str, text: &str, projects: &mut Projects) {
    let Some(section) = ini::section(text, "options.entry_points") else {
        return;
    };
    let entries = section.entries.iter();
    for entry in entries.filter(|entry| entry.key == "console_scripts") {
        for line in entry.value.lines() {
            if let Some((command, target)) = line.split_once('=') {
                let script = script(path, entry.line, command.trim(), target.trim());
                projects.scripts.extend(script);
            }
        }
    }
}

/// What kind of file can start something, by its name.
fn kind_of(path: &str) -> Option<LaunchKind> {
    let name = paths::name(path);
    let suffix = name.rsplit_once('.').map(|(_, suffix)| suffix);
    match (name, suffix) {
        ("Procfile", _) => Some(LaunchKind::Procfile),
        ("Makefile" | "makefile" | "GNUmakefile" | "justfile" | "Justfile" | ".justfile", _)
        | (_, Some("mk" | "just")) => Some(LaunchKind::Makefile),
        _ if name.starts_with("Procfile.") => Some(LaunchKind::Procfile),
        (_, Some("sh" | "bash")) => Some(LaunchKind::ShellScript),
        (_, Some("service" | "conf" | "ini")) => Some(LaunchKind::ProcessManager),
        ("Taskfile.yml" | "Taskfile.yaml" | "taskfile.yml", _) => Some(LaunchKind::Makefile),
        (_, Some("yml" | "yaml")) if !is_compose_file(path) => Some(LaunchKind::Manifest),
        // Scripts without a suffix are told by their first line; only those with a telling name are opened.
        (_, None) => {
            let mut telling = [
                "start",
                "run",
                "serve",
                "entrypoint",
                "web",
                "api",
                "docker-entrypoint",
            ]
            .iter();
            let is_telling = telling.any(|word| name.starts_with(word));
            is_telling.then_some(LaunchKind::ShellScript)
        }
        _ => None,
    }
}

/// What all those files start.
pub(super) fn find(tree: &Tree, scripts: &[Script]) -> Vec<Found> {
    let mut found = Vec::new();
    for path in tree.others {
        let Some(kind) = kind_of(path) else { continue };
        let Some(text) = (tree.read)(path) else {
            continue;
        };
        if kind == LaunchKind::Manifest && text.len() > LARGEST_MANIFEST {
            continue;
        }
        let is_installed = || scripts.iter().any(|script| text.contains(&script.command));
        if !servers::is_mentioned(&text) && !is_installed() {
            continue;
        }
        let purpose = servers::purpose_of_path(path);
        let place = Place {
            kind,
            purpose: match kind {
                LaunchKind::Makefile => purpose.max(Purpose::Development),
                _ => purpose,
            },
            file: path,
            dirs: &[paths::folder(path).to_string()],
            stage: None,
        };
        let name = paths::name(path);
        match kind {
            LaunchKind::Procfile => procfile(&text, &place, scripts, &mut found),
            LaunchKind::ProcessManager => process_manager(&text, &place, scripts, &mut found),
            LaunchKind::Manifest => {
                for document in yaml::read(&text) {
                    manifest(&document, &place, &mut found);
                }
            }
            LaunchKind::Makefile if name.ends_with("file.yml") || name.ends_with("file.yaml") => {
                for document in yaml::read(&text) {
                    manifest(&document, &place, &mut found);
                }
            }
            LaunchKind::Makefile => recipes(&text, &place, &mut found),
            _ => {
                if paths::name(path).contains('.') || text.starts_with("#!") {
                    lines(&text, 0, &place, scripts, &mut found);
                }
            }
        }
    }
    found
}

/// Shell text whose first line is the file's line `offset + 1`.
fn lines(text: &str, offset: usize, place: &Place, scripts: &[Script], found: &mut Vec<Found>) {
    for mut command in commands(text, &mut Variables::new()) {
        command.line += offset;
        found.extend(recognized(&command, scripts, place));
    }
}

fn procfile(text: &str, place: &Place, scripts: &[Script], found: &mut Vec<Found>) {
    for (index, line) in text.lines().enumerate() {
        if let Some((_, command)) = line.split_once(':') {
            lines(command, index, place, scripts, found);
        }
    }
}

/// supervisor's `command` and `directory`, systemd's `ExecStart` and `WorkingDirectory`.
fn process_manager(text: &str, place: &Place, scripts: &[Script], found: &mut Vec<Found>) {
    for section in ini::sections(text) {
        let dir = section
            .get("directory")
            .or_else(|| section.get("WorkingDirectory"));
        for entry in &section.entries {
            if !matches!(entry.key.as_str(), "command" | "ExecStart") {
                continue;
            }
            for mut command in commands(&entry.value, &mut Variables::new()) {
                command.line = entry.line;
                command.dir = command.dir.or_else(|| dir.map(str::to_string));
                found.extend(recognized(&command, scripts, place));
            }
        }
    }
}

/// Recipes are the indented lines; `@` and `-` before a command are make's.
fn recipes(text: &str, place: &Place, found: &mut Vec<Found>) {
    let mut recipe = String::new();
    let mut start = 0;
    for (index, line) in text.lines().enumerate() {
        let is_rest = recipe.ends_with('\n') && !recipe.is_empty();
        if !line.starts_with([' ', '\t']) && !is_rest {
            continue;
        }
        if recipe.is_empty() {
            start = index;
        }
        recipe.push_str(line.trim_start().trim_start_matches(['@', '-']));
        if line.ends_with('\\') {
            recipe.push('\n');
            continue;
        }
        let whole = std::mem::take(&mut recipe);
        if servers::is_mentioned(&whole) {
            lines(&whole.replace("$$", "$"), start, place, &[], found);
        }
    }
}

/// Keys under which pipelines, clusters and platforms keep command lines.
const COMMAND_KEYS: [&str; 10] = [
    "command",
    "entrypoint",
    "startCommand",
    "dockerCommand",
    "run",
    "cmd",
    "cmds",
    "script",
    "commands",
    "exec",
];

fn manifest(node: &Node, place: &Place, found: &mut Vec<Found>) {
    let mut open = vec![node];
    while let Some(node) = open.pop() {
        for (key, value) in node.entries() {
            if COMMAND_KEYS.contains(&key.as_str()) {
                command_of(node, key, value, place, found);
            }
        }
        open.extend(node.entries().iter().map(|(_, value)| value));
        open.extend(node.items());
    }
}

/// Text for a shell, a list of such texts, or a list of words that `args` go on.
fn command_of(node: &Node, key: &str, value: &Node, place: &Place, found: &mut Vec<Found>) {
    let texts = |node: &Node| -> Vec<String> {
        let items = node.items().iter();
        items
            .filter_map(|item| Some(item.text()?.to_string()))
            .collect()
    };
    let args = node.get("args").map(texts).unwrap_or_default();
    if let Some(text) = value.text() {
        if args.is_empty() {
            lines(text, value.line - 1, place, &[], found);
        } else {
            words(text.to_string(), &args, value.line, place, found);
        }
        return;
    }
    if matches!(key, "cmds" | "script" | "commands") {
        for item in value.items() {
            if let Some(text) = item.text() {
                lines(text, item.line - 1, place, &[], found);
            }
        }
        return;
    }
    if let Some((program, rest)) = texts(value).split_first() {
        let rest = [rest, &args].concat();
        words(program.clone(), &rest, value.line, place, found);
    }
}

fn words(program: String, rest: &[String], line: usize, place: &Place, found: &mut Vec<Found>) {
    let command = Command {
        words: std::iter::once(program)
            .chain(rest.iter().cloned())
            .collect(),
        line,
        dir: None,
    };
    found.extend(recognized(&command, &[], place));
}
