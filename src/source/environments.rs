//! What the files around the code provide: settings, hosts and networks of each environment, and what pipelines run.
//!
//! ```text
//! config/production.env     REDIS_HOST=cache            for production
//! config/testing.env        REDIS_HOST=localhost        for tests
//! compose.yaml              environment: {LEVEL: info}  for production, by the service `api`
//! .env.example              SECRET_KEY=change-me        a template: the name counts, the value does not
//! ```
//! Not handled: what a secret store of the platform holds; that a file names a setting is all that is known of Helm and Terraform.

use rustc_hash::FxHashSet;

use super::commands::Variables;
use super::composition::{self, ComposeFile};
use super::hosts::{self, RULES};
use super::left_out::LeftOut;
use super::pipelines::{self, Pipelines};
use super::tree::Tree;
use super::yaml::{self, Node};
use super::{compose, dockerfiles, dotenv, paths, pytest_config};
use crate::config::Error;

/// Larger files that deploy are data.
const LARGEST: usize = 300_000;

/// Which environment a file is about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    Production,
    Staging,
    Test,
    Development,
    /// It does not say.
    #[default]
    Shared,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProvidedBy {
    EnvFile,
    Compose,
    Dockerfile,
    /// Kubernetes, and whatever else lists names with values in YAML.
    Manifest,
    PytestConfig,
}

/// One setting that one file provides.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Provided {
    pub file: String,
    /// From 1.
    pub line: u32,
    pub name: String,
    /// As written, without quotes; none when the file only names it.
    pub value: Option<String>,
    pub stage: Stage,
    pub by: ProvidedBy,
    /// To be copied and filled in.
    pub is_template: bool,
}

/// All of it.
#[derive(Debug, Default)]
pub struct Environments {
    /// Sorted.
    pub provided: Vec<Provided>,
    /// Names in files that deploy, those of tests and development apart.
    pub mentioned: FxHashSet<String>,
    /// Hosts under which the project is reached, sorted: `CORS_ORIGINS=https://shop.example.org` names one.
    pub own_hosts: Vec<String>,
    pub compose_files: Vec<ComposeFile>,
    pub pipelines: Pipelines,
    /// Lines that could not be read.
    pub warnings: Vec<Error>,
}

pub(super) fn find(tree: &Tree, left_out: &[LeftOut]) -> Environments {
    let mut found = Environments::default();
    for path in tree.others {
        if is_env_file(path) {
            env_file(tree, path, &mut found);
        } else if compose::is_compose_file(path) {
            compose_file(tree, path, &mut found);
        } else if compose::is_dockerfile(path) {
            dockerfile(tree, path, &mut found);
        } else {
            other(tree, path, &mut found);
        }
    }
    found.pipelines = pipelines::find(tree, left_out, &mut found.warnings);
    let mut said = FxHashSet::default();
    let is_new = |warning: &Error| said.insert((warning.path.clone(), warning.line));
    found.warnings.retain(is_new);
    found.provided.sort();
    found.own_hosts = own_hosts(&found.provided);
    found
}

/// The full names, and the addresses, in the settings that say where the project is.
fn own_hosts(provided: &[Provided]) -> Vec<String> {
    let named = provided
        .iter()
        .filter(|one| !one.is_template && hosts::is_own_address(&one.name));
    let mut found: Vec<String> = named
        .filter_map(|one| Some((one, one.value.as_deref()?)))
        .flat_map(|(one, value)| hosts::hosts_in(&one.name, &hosts::expand(value)))
        .map(|host| host.name)
        .filter(|name| name.contains('.'))
        .collect();
    found.sort();
    found.dedup();
    found
}

fn words(path: &str) -> impl Iterator<Item = String> {
    path.split(|letter: char| !letter.is_ascii_alphanumeric())
        .map(str::to_ascii_lowercase)
}

/// What a file's name says, else its folders, the innermost first.
pub fn stage_of(path: &str) -> Stage {
    let stages = &RULES.stages;
    for part in path.rsplit('/') {
        // All pipelines of one kind lie there, whatever they are for.
        if part == ".github" || part == "workflows" {
            continue;
        }
        let is = |list: &[String]| words(part).any(|word| list.contains(&word));
        let known = [
            (&stages.test, Stage::Test),
            (&stages.development, Stage::Development),
            (&stages.staging, Stage::Staging),
            (&stages.production, Stage::Production),
        ];
        if let Some((_, stage)) = known.iter().find(|(list, _)| is(list)) {
            return *stage;
        }
    }
    Stage::Shared
}

fn is_template(path: &str) -> bool {
    words(paths::name(path)).any(|word| RULES.stages.template.contains(&word))
}

/// Whether a file holds variables, by its name.
pub fn is_env_file(path: &str) -> bool {
    let name = paths::name(path).to_ascii_lowercase();
    let ending = name.rsplit('.').next().unwrap_or("");
    if RULES.files.no_variables.iter().any(|known| known == ending) {
        return false;
    }
    let parts: Vec<&str> = name.split(['.', '-', '_']).collect();
    let is_variables = parts.contains(&"env") || parts.contains(&"dotenv");
    is_variables || parts.contains(&"secrets") && is_template(path)
}

fn env_file(tree: &Tree, path: &str, found: &mut Environments) {
    let Some(text) = (tree.read)(path) else {
        return;
    };
    let (entries, broken) = dotenv::read(&text);
    if entries.is_empty() && broken.len() > 3 {
        return;
    }
    for line in broken.into_iter().take(5) {
        let says = "neither a variable nor a comment";
        found.warnings.push(Error::at(path, says).on_line(line));
    }
    let stage = stage_of(path);
    let is_template = is_template(path);
    found
        .provided
        .extend(entries.into_iter().map(|entry| Provided {
            file: path.to_string(),
            line: line_of(entry.line),
            name: entry.name,
            value: Some(entry.value),
            stage,
            by: ProvidedBy::EnvFile,
            is_template,
        }));
}

fn line_of(line: usize) -> u32 {
    u32::try_from(line).unwrap_or(u32::MAX)
}

fn compose_file(tree: &Tree, path: &str, found: &mut Environments) {
    let Some(text) = (tree.read)(path) else {
        return;
    };
    found.warnings.extend(yaml::warning(path, &text));
    let Some(file) = composition::read(path, &text) else {
        return;
    };
    mention(&text, file.stage, &mut found.mentioned);
    let settings = file
        .services
        .iter()
        .flat_map(|service| &service.environment);
    found.provided.extend(settings.map(|setting| Provided {
        file: path.to_string(),
        line: setting.line,
        name: setting.name.clone(),
        value: setting.value.clone(),
        stage: file.stage,
        by: ProvidedBy::Compose,
        is_template: false,
    }));
    found.compose_files.push(file);
}

fn dockerfile(tree: &Tree, path: &str, found: &mut Environments) {
    let Some(text) = (tree.read)(path) else {
        return;
    };
    let stage = stage_of(path);
    // What an `ARG` holds is not there when the container runs.
    let set = dockerfiles::instructions(&text).into_iter();
    for (line, _, rest) in set.filter(|(_, name, _)| name == "ENV") {
        let mut variables = Variables::new();
        dockerfiles::assign(&rest, &mut variables);
        found
            .provided
            .extend(variables.into_iter().map(|(name, value)| Provided {
                file: path.to_string(),
                line: line_of(line),
                name,
                value: Some(value),
                stage,
                by: ProvidedBy::Dockerfile,
                is_template: false,
            }));
    }
}

/// Manifests, scripts and templates that deploy; pytest's own configuration.
fn other(tree: &Tree, path: &str, found: &mut Environments) {
    let name = paths::name(path);
    if pytest_config::FILE_NAMES.contains(&name) {
        pytest_config(tree, path, found);
        return;
    }
    if RULES.files.no_deploy.iter().any(|known| known == name) {
        return;
    }
    let ending = name.rsplit('.').next().unwrap_or("");
    if !RULES.files.deploy.iter().any(|known| known == ending) {
        return;
    }
    let stage = stage_of(path);
    if matches!(stage, Stage::Test | Stage::Development) {
        return;
    }
    let Some(text) = (tree.read)(path) else {
        return;
    };
    if text.len() >= LARGEST {
        let says = format!(
            "larger than {} kB: what it provides is not read",
            LARGEST / 1000
        );
        found.warnings.push(Error::at(path, says));
        return;
    }
    if is_own_report(&text) {
        return;
    }
    if ending == "json" {
        mention_in_json(&text, &mut found.mentioned);
    } else {
        mention(&text, stage, &mut found.mentioned);
    }
    let is_manifest = matches!(ending, "yml" | "yaml") && text.contains("kind:");
    if !is_manifest {
        return;
    }
    // A template is YAML when it is filled in.
    if !text.contains("{{") {
        found.warnings.extend(yaml::warning(path, &text));
    }
    for document in yaml::read(&text) {
        manifest(&document, path, stage, &mut found.provided);
    }
}

/// `{name: KEY, value: x}` anywhere, and the `data` of a map of settings.
fn manifest(node: &Node, path: &str, stage: Stage, found: &mut Vec<Provided>) {
    let mut add = |name: &str, line: usize, value: Option<&str>| {
        if is_setting_name(name) {
            found.push(Provided {
                file: path.to_string(),
                line: line_of(line),
                name: name.to_string(),
                value: value.map(str::to_string),
                stage,
                by: ProvidedBy::Manifest,
                is_template: false,
            });
        }
    };
    if let Some(name) = node.get("name").and_then(Node::text)
        && (node.get("value").is_some() || node.get("valueFrom").is_some())
    {
        add(name, node.line, node.get("value").and_then(Node::text));
    }
    for key in ["data", "stringData"] {
        for (name, value) in node.get(key).map(Node::entries).unwrap_or_default() {
            add(name, value.line, value.text());
        }
    }
    for inner in node.items() {
        manifest(inner, path, stage, found);
    }
    for (_, inner) in node.entries() {
        manifest(inner, path, stage, found);
    }
}

/// What pytest's configuration sets, for the plugin that reads `env`.
fn pytest_config(tree: &Tree, path: &str, found: &mut Environments) {
    let Some(text) = (tree.read)(path) else {
        return;
    };
    let Some(config) = pytest_config::read(path, paths::name(path), &text) else {
        return;
    };
    for (name, value) in config.env {
        found.provided.push(Provided {
            file: path.to_string(),
            line: line_of(line_naming(&text, &name)),
            name,
            value: Some(value),
            stage: Stage::Test,
            by: ProvidedBy::PytestConfig,
            is_template: false,
        });
    }
}

/// The first line, from 1, that has the name in it and is no comment.
fn line_naming(text: &str, name: &str) -> usize {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let is_named = |line: &str| {
        let mut parts = line.split(|letter: char| !is_part(letter));
        !line.trim_start().starts_with(['#', ';']) && parts.any(|part| part == name)
    };
    text.lines().position(is_named).map_or(1, |index| index + 1)
}

/// Words that are spelled like settings, outside of comments.
fn mention(text: &str, stage: Stage, mentioned: &mut FxHashSet<String>) {
    if matches!(stage, Stage::Test | Stage::Development) {
        return;
    }
    for line in text.lines() {
        let code = line.trim_start();
        if code.starts_with(['#', ';']) || code.starts_with("//") {
            continue;
        }
        let code = code.split(" #").next().unwrap_or(code);
        let parts = code.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
        for word in parts.filter(|word| is_setting_name(word)) {
            if !mentioned.contains(word) {
                mentioned.insert(word.to_string());
            }
        }
    }
}

/// `{"DATABASE_URL": …}` and `{"name": "DATABASE_URL"}`; other texts tell of a setting, as a report does, and set none.
fn mention_in_json(text: &str, mentioned: &mut FxHashSet<String>) {
    let mut is_key_of_names = false;
    let mut rest = text;
    while let Some(open) = rest.find('"') {
        let inner = &rest[open + 1..];
        let Some(end) = closing_quote(inner) else {
            return;
        };
        let word = &inner[..end];
        rest = &inner[end + 1..];
        let is_key = rest.trim_start().starts_with(':');
        if is_setting_name(word) && (is_key || is_key_of_names) && !mentioned.contains(word) {
            mentioned.insert(word.to_string());
        }
        is_key_of_names = is_key && ["name", "key"].contains(&word.to_ascii_lowercase().as_str());
    }
}

/// A report of covgap names the settings that are missing, too, wherever it lies.
fn is_own_report(text: &str) -> bool {
    const TOOL: &str = concat!("\"tool\": {\"name\": \"", env!("CARGO_PKG_NAME"), "\"");
    text.lines().take(4).any(|line| line.contains(TOOL))
}

fn closing_quote(text: &str) -> Option<usize> {
    let mut is_escaped = false;
    text.bytes().position(|byte| {
        let is_end = byte == b'"' && !is_escaped;
        is_escaped = byte == b'\\' && !is_escaped;
        is_end
    })
}

/// `DATABASE_URL`: capitals, digits and underscores, and long enough to be a name.
pub fn is_setting_name(word: &str) -> bool {
    word.len() > 2
        && word.starts_with(|first: char| first.is_ascii_uppercase() || first == '_')
        && word
            .chars()
            .all(|letter| letter.is_ascii_uppercase() || letter.is_ascii_digit() || letter == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_say_the_environment() {
        let case = |path: &str, expected: Stage| assert_eq!(stage_of(path), expected, "{path}");
        case("config/production.env", Stage::Production);
        case("config/testing.env", Stage::Test);
        case("tests/production.env", Stage::Production);
        case(".env", Stage::Shared);
        case(".env.dev", Stage::Development);
        case(".github/workflows/deploy-prod.yml", Stage::Production);
        case("docker-compose.prod.yml", Stage::Production);
        case("products/.env", Stage::Shared);
    }

    #[test]
    fn settings_that_json_names() {
        let case = |text: &str, expected: &[&str]| {
            let mut found = FxHashSet::default();
            mention_in_json(text, &mut found);
            let mut found: Vec<&str> = found.iter().map(String::as_str).collect();
            found.sort_unstable();
            assert_eq!(found, expected, "{text}");
        };
        case(r#"{"env": {"BUCKET": "x", "a": "REGION"}}"#, &["BUCKET"]);
        case(r#"[{"name": "BUCKET", "value": "REGION"}]"#, &["BUCKET"]);
        case(r#"{"title": "BUCKET is read", "id": "BUCKET"}"#, &[]);
        case(r#"{"a": "\"BUCKET\": 1", "Key" : "REGION"}"#, &["REGION"]);
        case(r#"{"a": "\\", "BUCKET": "#, &["BUCKET"]);
        case(r#"{"BUCKET"#, &[]);
    }

    #[test]
    fn what_a_dockerfile_and_pytest_set() {
        let text = "FROM x\nARG BUCKET=a\nENV REGION=\"eu 1\" \\\n    LEVEL=info\nENV OLD a b\n";
        let config =
            "[tool.pytest.ini_options]\n# DB_HOST\nenv = [\"DB_HOST=localhost\", \"D:LEVEL=x\"]\n";
        let files = [("Dockerfile", text), ("pyproject.toml", config)];
        let read = |path: &str| {
            let file = files.iter().find(|(known, _)| *known == path);
            file.map(|(_, text)| (*text).to_string())
        };
        let tree = Tree {
            files: &[],
            by_path: &rustc_hash::FxHashMap::default(),
            others: &files.map(|(path, _)| path.to_string()),
            read: &read,
        };
        let found: Vec<String> = find(&tree, &[])
            .provided
            .iter()
            .map(|one| {
                format!(
                    "{}:{} {}={}",
                    one.file,
                    one.line,
                    one.name,
                    one.value.as_deref().unwrap_or("?")
                )
            })
            .collect();
        assert_eq!(
            found,
            [
                "Dockerfile:3 LEVEL=info",
                "Dockerfile:3 REGION=eu 1",
                "Dockerfile:5 OLD=a b",
                "pyproject.toml:3 DB_HOST=localhost",
                "pyproject.toml:3 LEVEL=x",
            ]
        );
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        let large = format!("x: {}", "a".repeat(LARGEST));
        let case = |path: &str, text: &str, expected: &[&str]| {
            let tree = Tree {
                files: &[],
                by_path: &rustc_hash::FxHashMap::default(),
                others: &[path.to_string()],
                read: &|_| Some(text.to_string()),
            };
            let found = find(&tree, &[]).warnings;
            let says = |one: &Error| one.says.split(':').next().unwrap_or_default().to_string();
            assert_eq!(
                found.iter().map(says).collect::<Vec<_>>(),
                expected,
                "{path}"
            );
        };
        case(
            ".github/workflows/ci.yml",
            "kind: [\njobs: ]",
            &["not valid YAML"],
        );
        case(
            "deploy/api.yaml",
            "kind: [\ndata: x: y",
            &["not valid YAML"],
        );
        case("chart/api.yaml", "kind: {{ .Kind }}\ndata: [", &[]);
        case("compose.yaml", "services: [", &["not valid YAML"]);
        case("deploy/api.yaml", &large, &["larger than 300 kB"]);
        case("deploy/api.yaml", "kind: x", &[]);
    }

    #[test]
    fn files_of_variables() {
        let case = |path: &str, expected: bool| assert_eq!(is_env_file(path), expected, "{path}");
        case(".env", true);
        case("config/.env.secrets", true);
        case("production.env.example", true);
        case("env.template", true);
        case("secrets.example", true);
        case("next-env.d.ts", false);
        case("env.py", false);
        case("environment", false);
        case("secrets", false);
    }
}
