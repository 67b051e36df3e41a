//! One walk over the tree: which files are there, and what is left out and why.
//!
//! ```text
//! app/main.py              taken
//! app/archive/main.py      left out: archive (unless live code imports it, see `rescue`)
//! .venv/                   left out: virtual environment
//! ```

use std::path::Path;

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::ignored::Ignored;
use super::left_out::{ByName, LeftOut, Why, file_by_name, folder_by_name};
use super::origin::{Entry, Kind, Origin};
use super::{paths, pytest_config};
use crate::config::{Config, Error};

/// What one walk found; every list is sorted.
#[derive(Debug)]
pub struct Walked {
    /// Python files to analyze.
    pub python: Vec<String>,
    /// Every other file.
    pub others: Vec<String>,
    pub left_out: Vec<LeftOut>,
    /// Python files that were left out for their name or their folder's only.
    pub likely_dead: Vec<String>,
    pub ignored: Ignored,
}

/// How much of a folder is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    /// Everything that nothing speaks against.
    All,
    /// It was left out for its name: only what the user asked for or live code imports.
    Rescued,
    /// It was left out: only what the user asked for.
    AskedOnly,
}

/// Walks all files. The errors are the user's: patterns that are none.
pub fn walk(origin: &Origin, config: &Config) -> Result<Walked, Error> {
    let root = &origin.root;
    let mut walk = Walk {
        origin,
        exclude: globs(root, config, "exclude", &config.exclude)?,
        include: globs(root, config, "include", &config.include)?,
        asked: asked_paths(config),
        found: Walked {
            python: Vec::new(),
            others: Vec::new(),
            left_out: Vec::new(),
            likely_dead: Vec::new(),
            ignored: Ignored::new(origin),
        },
    };
    walk.folder("", Wanted::All);
    let mut found = walk.found;
    found.python.sort();
    found.others.sort();
    found.likely_dead.sort();
    for left_out in &mut found.left_out {
        left_out.python_files = count_within(&found.likely_dead, &left_out.path);
    }
    found.left_out.sort();
    Ok(found)
}

/// How many of the sorted paths are a path or below it.
fn count_within(sorted: &[String], path: &str) -> usize {
    let start = sorted.partition_point(|file| file.as_str() < path);
    let rest = sorted.get(start..).unwrap_or_default().iter();
    // What begins alike but is no folder of that name may stand between.
    rest.take_while(|file| file.starts_with(path))
        .filter(|file| paths::is_within(file, path))
        .count()
}

/// The paths that the config names as such: tests, and apps that are written as a file.
fn asked_paths(config: &Config) -> Vec<String> {
    let tests = config.tests.iter().map(|test| {
        test.split_once("::")
            .map_or(test.as_str(), |(path, _)| path)
    });
    let apps = config.app.iter().map(String::as_str);
    let apps = apps.filter(|app| app.contains('/') || app.ends_with(".py"));
    tests
        .chain(apps)
        .filter_map(|path| paths::join("", path))
        .filter(|path| !path.is_empty())
        .collect()
}

fn globs(
    root: &Path,
    config: &Config,
    key: &str,
    lines: &[String],
) -> Result<Option<Gitignore>, Error> {
    if lines.is_empty() {
        return Ok(None);
    }
    let written_in = config.written_in.as_deref().unwrap_or("--exclude");
    let mistake = |error: &ignore::Error| {
        Error::at(
            written_in,
            format!("`{key}` has a pattern that is none: {error}"),
        )
        .help("patterns are written like the lines of a .gitignore, for example `scripts/`")
    };
    let mut builder = GitignoreBuilder::new(root);
    for line in lines {
        builder
            .add_line(None, line)
            .map_err(|error| mistake(&error))?;
    }
    builder.build().map(Some).map_err(|error| mistake(&error))
}

struct Walk<'config> {
    origin: &'config Origin,
    exclude: Option<Gitignore>,
    include: Option<Gitignore>,
    asked: Vec<String>,
    found: Walked,
}

impl Walk<'_> {
    fn folder(&mut self, dir: &str, wanted: Wanted) {
        let Ok(entries) = self.origin.list(dir) else {
            self.leave_out(dir, Why::Refused);
            return;
        };
        if entries.iter().any(|entry| entry.name == ".gitignore") {
            self.found.ignored.enter(self.origin, dir);
        }
        if !dir.is_empty() && is_virtual_environment(&entries) {
            self.leave_out(dir, Why::VirtualEnvironment);
            return;
        }
        for Entry { name, kind } in entries {
            let path = paths::child(dir, &name);
            match kind {
                Kind::Folder => self.meet_folder(&path, &name, wanted),
                Kind::File => self.meet_file(path, &name, wanted),
                Kind::Link => self.meet_link(path, &name, wanted),
                Kind::Other if name.ends_with(".py") => self.leave_out(&path, Why::NotAFile),
                Kind::Other => {}
                Kind::Refused => self.leave_out(&path, Why::Refused),
                Kind::BadName => self.leave_out(&path, Why::BadName),
            }
        }
    }

    fn is_ignored(&self, path: &str, is_folder: bool) -> bool {
        self.found.ignored.is_ignored(self.origin, path, is_folder)
    }

    fn meet_folder(&mut self, path: &str, name: &str, wanted: Wanted) {
        let leads_to_asked = self.asked.iter().any(|asked| paths::is_within(asked, path));
        let by_name = folder_by_name(name);
        if let ByName::Certain(why) = by_name {
            self.leave_out(path, why);
            return;
        }
        // What is asked for is taken whatever its name; an archive inside of it is one all the same.
        if self.asked.iter().any(|asked| asked == path) {
            self.folder(path, Wanted::All);
            return;
        }
        let speaks_against = if is_listed(&self.exclude, path, true) {
            Some(Why::Excluded)
        } else if is_listed(&self.include, path, true) {
            self.folder(path, Wanted::All);
            return;
        } else if self.is_ignored(path, true) {
            Some(Why::Ignored)
        } else {
            None
        };
        if let Some(why) = speaks_against {
            self.leave_out(path, why);
            if leads_to_asked || self.include.is_some() {
                self.folder(path, Wanted::AskedOnly);
            }
            return;
        }
        match (wanted, by_name) {
            (Wanted::All, ByName::Likely(why)) => {
                self.leave_out(path, why);
                self.folder(path, Wanted::Rescued);
            }
            (Wanted::AskedOnly, _) if !leads_to_asked && self.include.is_none() => {}
            _ => self.folder(path, wanted),
        }
    }

    fn meet_file(&mut self, path: String, name: &str, wanted: Wanted) {
        let is_python = name.ends_with(".py");
        let asked = self.asked.contains(&path) || is_listed(&self.include, &path, false);
        if asked || (wanted != Wanted::All && self.serves_asked(&path, name)) {
            self.take(path, is_python);
            return;
        }
        if wanted == Wanted::AskedOnly {
            return;
        }
        if is_listed(&self.exclude, &path, false) {
            self.leave_out(&path, Why::Excluded);
            return;
        }
        if self.is_ignored(&path, false) {
            // Of ignored files, code and settings are worth telling.
            if is_python || name.starts_with(".env") {
                self.leave_out(&path, Why::Ignored);
            }
            return;
        }
        match (wanted, is_python) {
            (Wanted::Rescued, true) => self.found.likely_dead.push(path),
            (Wanted::Rescued, false) => {}
            (Wanted::All, true) => match file_by_name(name) {
                ByName::Taken => self.take(path, true),
                ByName::Certain(why) | ByName::Likely(why) => {
                    self.leave_out(&path, why);
                    self.found.likely_dead.push(path);
                }
            },
            (Wanted::All | Wanted::AskedOnly, _) => self.take(path, is_python),
        }
    }

    /// Whether a file decides how pytest runs what was asked for below its folder.
    fn serves_asked(&self, path: &str, name: &str) -> bool {
        let decides = matches!(name, paths::CONFTEST | "__init__.py" | "setup.py")
            || pytest_config::FILE_NAMES.contains(&name);
        let dir = paths::folder(path);
        decides && self.asked.iter().any(|asked| paths::is_within(asked, dir))
    }

    /// A link to a file is that file; a link to a folder is not followed.
    fn meet_link(&mut self, path: String, name: &str, wanted: Wanted) {
        match self.origin.kind(&path) {
            Some(Kind::File) => self.meet_file(path, name, wanted),
            Some(Kind::Folder) => self.leave_out(&path, Why::LinkedFolder),
            _ if name.ends_with(".py") => self.leave_out(&path, Why::NotAFile),
            _ => {}
        }
    }

    fn take(&mut self, path: String, is_python: bool) {
        if is_python {
            self.found.python.push(path);
        } else {
            self.found.others.push(path);
        }
    }

    fn leave_out(&mut self, path: &str, why: Why) {
        self.found.left_out.push(LeftOut {
            path: path.to_string(),
            why,
            python_files: 0,
        });
    }
}

fn is_listed(globs: &Option<Gitignore>, path: &str, is_folder: bool) -> bool {
    let matched = globs.as_ref().map(|globs| globs.matched(path, is_folder));
    matches!(matched, Some(Match::Ignore(_)))
}

/// PEP 405 gives a virtual environment its `pyvenv.cfg`; conda gives its own a `conda-meta`.
fn is_virtual_environment(entries: &[Entry]) -> bool {
    entries
        .iter()
        .any(|entry| entry.name == "pyvenv.cfg" || entry.name == "conda-meta")
}
