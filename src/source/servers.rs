//! Which app a command line serves; the servers' names and options are data (`rules/servers.toml`).
//!
//! ```sh
//! poetry run SERVER --port 80 app.main:app             # App app.main:app
//! python -m SERVER app.main:create_app --factory       # the same, made by a function
//! python main.py                                       # File main.py
//! ```

use std::sync::LazyLock;

use serde::Deserialize;

use super::commands::{Command, Variables, commands};
use super::hosts::RULES as ENVIRONMENTS;
use super::paths;

/// What is started, as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// `module:attribute`.
    App { module: String, attribute: String },
    /// A Python file, and the attribute if one is named: served, or run as a program.
    File {
        path: String,
        attribute: Option<String>,
    },
    /// `python -m module`.
    Module(String),
    /// Whatever the server finds where it is started.
    Default,
}

/// One recognized command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Started {
    pub target: Target,
    /// The server's name; none for `python`, and for programs that are not known.
    pub server: Option<String>,
    /// The attribute makes the app when it is called.
    pub is_factory: bool,
    /// The folder that modules are counted from, where an option says so.
    pub folder: Option<String>,
    /// Options of somebody who develops.
    pub is_development: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rules {
    server: Vec<Server>,
    image: Vec<Image>,
    words: Words,
}

/// A base image that serves an app by convention.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Image {
    name: String,
    apps: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    shells: Vec<String>,
    wrappers: Vec<String>,
    silent: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Takes {
    App,
    Path,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Server {
    program: String,
    takes: Takes,
    #[serde(default)]
    subcommands: Vec<String>,
    #[serde(default)]
    development_subcommands: Vec<String>,
    default_attribute: Option<String>,
    #[serde(default)]
    default_files: Vec<String>,
    #[serde(default)]
    names: Vec<String>,
    #[serde(default)]
    factory: Vec<String>,
    #[serde(default)]
    folder: Vec<String>,
    #[serde(default)]
    attribute: Vec<String>,
    #[serde(default)]
    app: Vec<String>,
    #[serde(default)]
    reload: Vec<String>,
    #[serde(default)]
    with_value: Vec<String>,
    #[serde(default)]
    entrypoint: Vec<String>,
}

static RULES: LazyLock<Rules> = LazyLock::new(|| {
    toml::from_str(include_str!("../../rules/servers.toml"))
        .expect("internal: rules/servers.toml is not what source reads")
});

/// Whether a text can hold anything that [`recognize`] knows: a quick look before a careful one.
pub fn is_mentioned(text: &str) -> bool {
    text.contains("python")
        || RULES
            .server
            .iter()
            .any(|server| text.contains(&server.program))
}

/// The files that a server looks for when no app is named.
pub fn default_files(server: &str) -> &'static [String] {
    let found = RULES.server.iter().find(|known| known.program == server);
    found.map_or(&[], |server| &server.default_files)
}

/// The names under which a server looks for the app in a file, before all others that the file has.
pub fn names_of_app(server: &str) -> &'static [String] {
    let found = RULES.server.iter().find(|known| known.program == server);
    found.map_or(&[], |server| &server.names)
}

/// Keys of `pyproject.toml` that name the app, with their servers.
pub fn entrypoint_keys() -> impl Iterator<Item = (&'static str, &'static [String])> {
    let with_key = RULES.server.iter();
    with_key
        .filter(|server| !server.entrypoint.is_empty())
        .map(|server| (server.program.as_str(), server.entrypoint.as_slice()))
}

/// The apps that a base image serves, in the order in which it tries them.
pub fn apps_of_image(image: &str) -> &'static [String] {
    let name = image.split([':', '@']).next().unwrap_or(image);
    let found = RULES.image.iter().find(|known| known.name == name);
    found.map_or(&[], |image| &image.apps)
}

/// Whom a launch is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Purpose {
    Production,
    Development,
    Test,
}

/// What the path of a file says about its purpose.
pub fn purpose_of_path(path: &str) -> Purpose {
    let lower = path.to_ascii_lowercase();
    let is = |of_stage: &[String], more: &[String]| {
        let mut parts = lower.split(|char: char| !char.is_ascii_alphanumeric());
        parts.any(|part| of_stage.iter().chain(more).any(|word| word == part))
    };
    let (stages, purposes) = (&ENVIRONMENTS.stages, &ENVIRONMENTS.purposes);
    if is(&stages.test, &purposes.test) {
        Purpose::Test
    } else if is(&stages.development, &purposes.development) {
        Purpose::Development
    } else {
        Purpose::Production
    }
}

/// Whether a program only runs the one that follows.
pub fn is_wrapper(program: &str) -> bool {
    RULES.words.wrappers.iter().any(|known| known == program)
}

/// Whether a command does nothing with what it is given but print, install, find or end it.
pub fn is_silent(command: &Command) -> bool {
    let program = command.words.first().map_or("", |word| paths::name(word));
    RULES.words.silent.iter().any(|silent| silent == program)
}

/// The program that a command runs, behind whatever runs it.
pub fn program(command: &Command) -> Option<&str> {
    let names = command.words.iter().map(|word| paths::name(word));
    names
        .filter(|name| !name.starts_with('-') && !name.contains('='))
        .find(|name| !is_wrapper(name))
}

/// What one command starts. A program that is not known starts what it is given as `module:attribute`, if it is.
pub fn recognize(command: &Command) -> Vec<Started> {
    let words = &command.words;
    if is_silent(command) {
        return Vec::new();
    }
    for (index, word) in words.iter().enumerate() {
        let rest = words.get(index + 1..).unwrap_or_default();
        let name = paths::name(word);
        if let Some(server) = RULES.server.iter().find(|server| server.program == name)
            && let Some(started) = server.read(rest)
        {
            return vec![started];
        }
        if is_python(name) {
            return python(rest).into_iter().collect();
        }
        let is_shell = RULES.words.shells.iter().any(|shell| shell == name);
        if is_shell {
            let scripts = rest
                .iter()
                .filter(|word| word.contains(char::is_whitespace));
            let nested = scripts.flat_map(|script| commands(script, &mut Variables::new()));
            let started: Vec<Started> = nested
                .flat_map(|nested| {
                    let mut started = recognize(&nested);
                    for started in &mut started {
                        started.folder = started.folder.take().or_else(|| nested.dir.clone());
                    }
                    started
                })
                .collect();
            if !started.is_empty() {
                return started;
            }
        }
    }
    let app = words.iter().skip(1).find_map(|word| app(word));
    app.map(|(module, attribute)| Started::app(module, attribute))
        .into_iter()
        .collect()
}

fn is_python(program: &str) -> bool {
    ["python", "pypy"].iter().any(|name| {
        program.strip_prefix(name).is_some_and(|version| {
            version
                .chars()
                .all(|char| char.is_ascii_digit() || char == '.')
        })
    })
}

/// `python [options] file.py …` and `python [options] -m module …`.
fn python(words: &[String]) -> Option<Started> {
    let mut words = words;
    while let Some((word, rest)) = words.split_first() {
        words = rest;
        match word.as_str() {
            "-m" => {
                let (module, rest) = rest.split_first()?;
                let server = RULES.server.iter().find(|server| server.program == *module);
                return match server {
                    Some(server) => server.read(rest),
                    None => Some(Started::new(Target::Module(module.clone()))),
                };
            }
            "-c" => return None,
            "-X" | "-W" => words = rest.get(1..).unwrap_or_default(),
            option if option.starts_with('-') => {}
            path if path.ends_with(".py") => return Some(Started::file(path, None)),
            _ => return None,
        }
    }
    None
}

impl Started {
    fn new(target: Target) -> Self {
        Self {
            target,
            server: None,
            is_factory: false,
            folder: None,
            is_development: false,
        }
    }

    /// A Python file, run or served.
    pub fn file(path: &str, attribute: Option<String>) -> Self {
        Self::new(Target::File {
            path: path.to_string(),
            attribute,
        })
    }

    fn app(module: &str, attribute: &str) -> Self {
        let bare = attribute.split('(').next().unwrap_or(attribute);
        let mut started = Self::new(Target::App {
            module: module.to_string(),
            attribute: bare.to_string(),
        });
        started.is_factory = bare != attribute;
        started
    }
}

/// The `module:attribute` of a text such as a configured app.
pub fn parse_app(text: &str) -> Option<Started> {
    app(text).map(|(module, attribute)| Started::app(module, attribute))
}

/// `module:attribute`, the attribute possibly dotted or called.
fn app(word: &str) -> Option<(&str, &str)> {
    let (module, attribute) = word.split_once(':')?;
    let is_dotted = |text: &str| {
        text.split('.').all(|part| {
            part.starts_with(|char: char| char.is_alphabetic() || char == '_')
                && part
                    .chars()
                    .all(|char| char.is_alphanumeric() || char == '_')
        })
    };
    let callee = attribute
        .split_once('(')
        .map_or(attribute, |(callee, _)| callee);
    (is_dotted(module) && is_dotted(callee)).then_some((module, attribute))
}

impl Server {
    /// What the words after the program say; none if they name no app.
    fn read(&self, words: &[String]) -> Option<Started> {
        let mut started = Started::new(Target::Default);
        started.server = Some(self.program.clone());
        let mut words = words.iter().map(String::as_str).peekable();
        if !self.subcommands.is_empty() {
            let subcommand = words.next()?;
            let has = |list: &[String]| list.iter().any(|known| known == subcommand);
            started.is_development = has(&self.development_subcommands);
            if !started.is_development && !has(&self.subcommands) {
                return None;
            }
        }
        let mut positional = None;
        let mut attribute = None;
        while let Some(word) = words.next() {
            let (option, attached) = match word.split_once('=') {
                Some((option, value)) if option.starts_with('-') => (option, Some(value)),
                _ => (word, None),
            };
            let is_in = |list: &[String]| list.iter().any(|known| known == option);
            if !option.starts_with('-') {
                if positional.is_none() && self.is_target(word) {
                    positional = Some(word);
                }
                continue;
            }
            if is_in(&self.factory) {
                started.is_factory = true;
            } else if is_in(&self.reload) {
                started.is_development = true;
            } else if is_in(&self.folder) {
                started.folder = attached.or_else(|| words.next()).map(str::to_string);
            } else if is_in(&self.attribute) {
                attribute = attached.or_else(|| words.next());
            } else if is_in(&self.app) {
                positional = attached.or_else(|| words.next()).or(positional);
            } else if is_in(&self.with_value) && attached.is_none() {
                words.next();
            }
        }
        started.target = self.target(positional, attribute)?;
        if let Target::App { attribute, .. } = &mut started.target
            && let Some((callee, _)) = attribute.split_once('(')
        {
            *attribute = callee.to_string();
            started.is_factory = true;
        }
        Some(started)
    }

    fn is_target(&self, word: &str) -> bool {
        let is_dotted_name = |word: &str| {
            let is_part = |char: char| char.is_alphanumeric() || matches!(char, '_' | '.');
            word.starts_with(|char: char| char.is_alphabetic() || char == '_')
                && word.chars().all(is_part)
        };
        match self.takes {
            Takes::App => {
                app(word).is_some() || (self.default_attribute.is_some() && is_dotted_name(word))
            }
            Takes::Path => word.ends_with(".py") || word.contains('/') || is_dotted_name(word),
        }
    }

    fn target(&self, positional: Option<&str>, attribute: Option<&str>) -> Option<Target> {
        let app_target = |module: &str, attribute: &str| Target::App {
            module: module.to_string(),
            attribute: attribute.to_string(),
        };
        match (&self.takes, positional) {
            (_, Some(word)) if app(word).is_some() => {
                let (module, attribute) = app(word)?;
                Some(app_target(module, attribute))
            }
            (Takes::App, Some(word)) => {
                let attribute = self.default_attribute.as_deref()?;
                Some(app_target(word, attribute))
            }
            (Takes::App, None) => None,
            (Takes::Path, Some(path)) => Some(Target::File {
                path: path.to_string(),
                attribute: attribute.map(str::to_string),
            }),
            (Takes::Path, None) => Some(Target::Default),
        }
    }
}
