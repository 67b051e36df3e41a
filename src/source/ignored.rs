//! What git ignores: the `.gitignore` files of the tree and of the folders above it, up to the repository's own.
//!
//! ```text
//! .gitignore      models/
//! app/models/x.py        ignored: not there on another machine, so not a stale import either
//! ```
//! A tracked file is never ignored, whatever the patterns say.
//! Not handled: the user's global excludes and `.git/info/exclude`, which differ from machine to machine.

use std::path::{Path, PathBuf};

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use rustc_hash::FxHashMap;

use super::origin::Origin;
use super::paths;
use super::text;
use super::tracked::Tracked;

/// The `.gitignore` files met so far, by folder.
#[derive(Debug)]
pub struct Ignored {
    root: PathBuf,
    /// Those of the folders above the project's root, the nearest first.
    above: Vec<Gitignore>,
    by_folder: FxHashMap<String, Gitignore>,
    tracked: Tracked,
}

impl Ignored {
    /// Reads what stands above the root, as far as the folder that holds `.git`.
    pub fn new(origin: &Origin) -> Self {
        let above = origin.ignores_above().into_iter();
        Self {
            root: origin.root.clone(),
            above: above
                .filter_map(|(dir, text)| patterns(&dir, &text))
                .collect(),
            by_folder: FxHashMap::default(),
            tracked: Tracked::new(origin),
        }
    }

    /// Takes note of the `.gitignore` that was met in a folder.
    pub fn enter(&mut self, origin: &Origin, dir: &str) {
        let Ok(text) = text::read_lossy(origin, &paths::child(dir, ".gitignore")) else {
            return;
        };
        if let Some(gitignore) = patterns(&self.root.join(dir), &text) {
            self.by_folder.insert(dir.to_string(), gitignore);
        }
    }

    /// Whether git ignores a path, none of whose folders it ignores.
    pub fn is_ignored(&self, origin: &Origin, path: &str, is_folder: bool) -> bool {
        if !self.is_matched(path, is_folder) {
            return false;
        }
        let is_tracked = self.tracked.holds(path);
        origin.note_tracked(path, is_tracked);
        !is_tracked
    }

    /// Whether git would ignore a module at a path without `.py` where there is none: the file, the package, or a folder around.
    pub fn would_ignore_module(&self, path: &str) -> bool {
        self.is_matched(&format!("{path}.py"), false)
            || self.is_matched(path, true)
            || paths::ancestors(path).any(|dir| self.is_matched(dir, true))
    }

    fn is_matched(&self, path: &str, is_folder: bool) -> bool {
        if path.is_empty() || (self.above.is_empty() && self.by_folder.is_empty()) {
            return false;
        }
        let inside = paths::ancestors(path).filter_map(|dir| self.by_folder.get(dir));
        let absolute = self.root.join(path);
        for gitignore in inside.chain(&self.above) {
            match gitignore.matched(&absolute, is_folder) {
                Match::Ignore(_) => return true,
                Match::Whitelist(_) => return false,
                Match::None => {}
            }
        }
        false
    }
}

fn patterns(dir: &Path, text: &str) -> Option<Gitignore> {
    let mut builder = GitignoreBuilder::new(dir);
    for line in text.lines() {
        // A line that is no pattern is what git skips as well.
        let _ = builder.add_line(None, line);
    }
    builder
        .build()
        .ok()
        .filter(|gitignore| !gitignore.is_empty())
}
