//! What pipelines run, and whether it is there: paths given to pytest, services given to compose.
//!
//! ```yaml
//! - working-directory: tests
//!   run: pytest tests/unit          # `tests/tests/unit` is not there: nothing is tested
//! - run: docker compose -f compose.test.yml up -d cache
//! ```
//! Not handled: paths made of variables, steps of reusable workflows, what an earlier step creates below a folder that is there.

use std::collections::BTreeSet;

use super::commands::{Command, Variables, commands};
use super::hosts::RULES;
use super::left_out::LeftOut;
use super::tree::Tree;
use super::yaml::{self, Node};
use super::{paths, servers};
use crate::config::Error;

#[derive(Debug, Default)]
pub struct Pipelines {
    pub absent_paths: Vec<AbsentPath>,
    /// Those that are there, from the project's root, each once.
    pub tested_paths: Vec<String>,
    pub composed: Vec<Composed>,
}

/// A path that a pipeline gives to pytest and that is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AbsentPath {
    pub file: String,
    pub line: u32,
    /// As written.
    pub written: String,
    /// From the project's root.
    pub path: String,
}

/// Services that a pipeline starts out of a compose file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Composed {
    pub file: String,
    pub line: u32,
    pub compose_files: Vec<String>,
    pub services: Vec<String>,
}

/// A script of a step, the folder it starts in, and its first line.
struct Script<'n> {
    text: &'n str,
    line: usize,
    dir: Option<String>,
}

/// All that there is, and folders that nobody has looked into.
struct Existing<'t> {
    paths: BTreeSet<&'t str>,
    closed: Vec<&'t str>,
}

impl Existing<'_> {
    fn has(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        let below = format!("{path}/");
        path.is_empty()
            || self.paths.contains(path)
            || self
                .paths
                .range(below.as_str()..)
                .next()
                .is_some_and(|next| next.starts_with(&below))
            || self
                .closed
                .iter()
                .any(|closed| paths::is_within(path, closed) || paths::is_within(closed, path))
    }
}

pub(super) fn find(tree: &Tree, left_out: &[LeftOut], warnings: &mut Vec<Error>) -> Pipelines {
    let mut found = Pipelines::default();
    let files = tree.files.iter().map(|file| file.path.as_str());
    let existing = Existing {
        paths: files
            .chain(tree.others.iter().map(String::as_str))
            .collect(),
        closed: left_out
            .iter()
            .map(|left_out| left_out.path.as_str())
            .collect(),
    };
    for path in tree.others.iter().filter(|path| is_pipeline(path)) {
        let Some(text) = (tree.read)(path) else {
            continue;
        };
        warnings.extend(yaml::warning(path, &text));
        for document in yaml::read(&text) {
            let mut scripts = Vec::new();
            gather(&document, Some(String::new()), 0, &mut scripts);
            for script in scripts {
                one_script(path, &script, &existing, &mut found);
            }
        }
    }
    found
}

/// Files that a pipeline is read from: only those at the root of a repository are.
fn is_pipeline(path: &str) -> bool {
    let is_yaml = path.ends_with(".yml") || path.ends_with(".yaml");
    let (files, folders) = (&RULES.pipelines.files, &RULES.pipelines.folders);
    files.iter().any(|file| file == path)
        || is_yaml && folders.iter().any(|folder| paths::is_within(path, folder))
}

/// All scripts below a node; a folder that is not literal makes all below it unknown.
fn gather<'n>(node: &'n Node, dir: Option<String>, depth: usize, found: &mut Vec<Script<'n>>) {
    if depth > 40 {
        return;
    }
    let folder_keys = &RULES.pipelines.folder_keys;
    let own = folder_keys.iter().find_map(|key| node.get(key)?.text());
    let default = || {
        node.get("defaults")?
            .get("run")?
            .get("working-directory")?
            .text()
    };
    let dir = match own.or_else(default) {
        Some(written) if written.contains(['$', '~']) => None,
        Some(written) => paths::join("", written),
        None => dir,
    };
    // What is checked out elsewhere is not this tree.
    let is_other = node
        .get("with")
        .is_some_and(|with| with.get("repository").is_some());
    if is_other {
        return;
    }
    for key in &RULES.pipelines.script_keys {
        let Some(value) = node.get(key) else { continue };
        let texts = value.text().map(|text| (text, value.line)).into_iter();
        let items = value
            .items()
            .iter()
            .filter_map(|item| Some((item.text()?, item.line)));
        for (text, line) in texts.chain(items) {
            found.push(Script {
                text,
                line,
                dir: dir.clone(),
            });
        }
    }
    for inner in node.items() {
        gather(inner, dir.clone(), depth + 1, found);
    }
    for (_, inner) in node.entries() {
        gather(inner, dir.clone(), depth + 1, found);
    }
}

fn one_script(file: &str, script: &Script, existing: &Existing<'_>, found: &mut Pipelines) {
    let Some(start) = &script.dir else { return };
    let mut dir = Some(start.clone());
    let mut last_cd: Option<String> = None;
    for command in commands(script.text, &mut Variables::new()) {
        // Each `cd` starts from where the one before went to.
        if command.dir != last_cd {
            last_cd.clone_from(&command.dir);
            dir = match (&dir, &command.dir) {
                (Some(dir), Some(to)) if !to.contains(['$', '~', '`']) && !to.starts_with('/') => {
                    paths::join(dir, to)
                }
                _ => None,
            };
        }
        let line = script.line + command.line.saturating_sub(1);
        let line = u32::try_from(line).unwrap_or(u32::MAX);
        let Some(dir) = &dir else { continue };
        for written in pytest_paths(&command) {
            let Some(path) = paths::join(dir, written.split("::").next().unwrap_or("")) else {
                continue;
            };
            if existing.has(&path) && !found.tested_paths.contains(&path) {
                found.tested_paths.push(path.clone());
            }
            // A folder that is made while the pipeline runs has a parent that git does not know, either.
            if !existing.has(&path) && existing.has(dir) {
                found.absent_paths.push(AbsentPath {
                    file: file.to_string(),
                    line,
                    written: written.to_string(),
                    path,
                });
            }
        }
        found.composed.extend(composed(file, line, dir, &command));
    }
}

fn is_in(list: &[String], word: &str) -> bool {
    list.iter().any(|known| known == word)
}

/// The arguments of pytest that are paths, by their spelling.
fn pytest_paths(command: &Command) -> Vec<&str> {
    let rules = &RULES.pipelines;
    let words = &command.words;
    let program = words
        .iter()
        .position(|word| is_in(&rules.programs, paths::name(word)));
    let Some(at) = program else { return Vec::new() };
    // `pip install pytest`, `which pytest`: it must be the program, or python's module, or what a runner runs.
    let mut before = words[..at].iter();
    let is_elsewhere = before.any(|word| is_in(&rules.elsewhere, paths::name(word)));
    let is_counted_elsewhere = words.iter().any(|word| {
        let mut options = rules.counted_elsewhere.iter();
        options.any(|option| word.starts_with(option.as_str()))
    });
    if is_elsewhere || is_counted_elsewhere || servers::is_silent(command) {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut previous = "";
    for word in &words[at + 1..] {
        let is_value =
            previous.starts_with('-') && !previous.contains('=') && takes_value(previous);
        let is_path = (word.contains('/') || word.contains(".py"))
            && !word.starts_with('-')
            && !word.starts_with('/')
            && !word.contains(['$', '*', '{', '`', '~', '[', '>', '=', ' ']);
        if is_path && !is_value {
            found.push(word.as_str());
        }
        if word.contains(['>', '|']) {
            break;
        }
        previous = word;
    }
    found
}

/// Options that stand alone are known; any other may take what follows.
fn takes_value(option: &str) -> bool {
    let rules = &RULES.pipelines;
    let stands_alone = option.starts_with("--no-") || is_in(&rules.alone, option);
    let is_letters = !option.starts_with("--")
        && option[1..]
            .chars()
            .all(|letter| rules.alone_letters.contains(letter));
    !stands_alone && !is_letters
}

/// `docker compose -f FILE up -d SERVICE…`, whatever runs it: `sudo -E docker compose …`.
fn composed(file: &str, line: u32, dir: &str, command: &Command) -> Option<Composed> {
    let rules = &RULES.compose;
    let (before, arguments) = (0..command.words.len()).find_map(|at| {
        let (before, rest) = command.words.split_at(at);
        let mut programs = rules.programs.iter();
        let program = programs.find(|program| rest.starts_with(program))?;
        Some((before, &rest[program.len()..]))
    })?;
    let is_wrapped = before.iter().all(|word| {
        word.starts_with('-') || word.contains('=') || servers::is_wrapper(paths::name(word))
    });
    if !is_wrapped {
        return None;
    }
    let mut compose_files = Vec::new();
    let mut services = Vec::new();
    let mut is_up = false;
    let mut rest = arguments.iter().map(String::as_str);
    while let Some(word) = rest.next() {
        let (option, attached) = match word.split_once('=') {
            Some((option, value)) => (option, Some(value)),
            None => (word, None),
        };
        if !is_up && is_in(&rules.file_options, option) {
            let named = attached.or_else(|| rest.next())?;
            if named.contains('$') {
                return None;
            }
            compose_files.push(paths::join(dir, named)?);
        } else if !is_up && is_in(&rules.commands, word) {
            is_up = true;
        } else if is_in(&rules.with_value, word) {
            rest.next();
        } else if word.starts_with('-') {
            continue;
        } else if is_up && !word.contains(['$', '>', '|', '&', '=', '/']) {
            services.push(word.to_string());
        } else if is_up {
            break;
        } else {
            return None;
        }
    }
    (!services.is_empty() && !compose_files.is_empty()).then(|| Composed {
        file: file.to_string(),
        line,
        compose_files,
        services,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<Command> {
        commands(text, &mut Variables::new())
    }

    #[test]
    fn paths_of_pytest() {
        let case = |text: &str, expected: &str| {
            let commands = of(text);
            let found: Vec<&str> = commands.iter().flat_map(pytest_paths).collect();
            assert_eq!(found.join(" "), expected, "{text}");
        };
        case("pytest tests/unit -v -m unit --cov=../x", "tests/unit");
        case("python -m pytest a/b.py::test_c -k 'x/y'", "a/b.py::test_c");
        case("uv run pytest -n 4 --junitxml out/x.xml tests/", "tests/");
        case("pip install pytest ./plugin", "");
        case("docker exec api pytest app/tests", "");
        case("pytest $DIR/tests", "");
        case("pytest --cov src/shop --lf tests/unit", "tests/unit");
        case("command -v pytest a/b", "");
        case("uv add pytest ./plugin", "");
    }

    #[test]
    fn services_of_compose() {
        let case = |text: &str, expected: &str| {
            let commands = of(text);
            let found = commands.iter().find_map(|one| composed("f", 1, "", one));
            let found = found.map(|one| one.services.join(" ")).unwrap_or_default();
            assert_eq!(found, expected, "{text}");
        };
        case("docker-compose -f a.yml up -d cache db", "cache db");
        case("docker compose -f a.yml -f b.yml up --wait api", "api");
        case("docker compose up -d cache", "");
        case(
            "docker compose -f a.yml up -d cache-2 db2 2>&1",
            "cache-2 db2",
        );
        case("sudo -E docker compose -f a.yml up cache", "cache");
        case("A=1 sudo docker compose --file=a.yml up cache", "cache");
        case("echo docker compose -f a.yml up cache", "");
        case("docker compose -f a.yml logs cache", "");
    }
}
