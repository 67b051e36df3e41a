//! The git repository around a folder: which commits a name means, and which came before. Nothing is run, nothing is fetched.
//!
//! ```text
//! main            a commit
//! main...HEAD     from where HEAD left main, to HEAD
//! HEAD~3..HEAD    the two as they are
//! ```

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use gix::ObjectId;
use rustc_hash::FxHashMap;

use super::origin::check_root;
use super::revision::Folders;
use crate::config::Error;

/// Shortest name of a commit that reports show.
const SHORT: usize = 10;

/// A repository, seen from one folder of it.
pub struct Repository {
    pub(super) inner: gix::ThreadSafeRepository,
    /// That folder, absolute.
    pub(super) root: PathBuf,
    /// That folder from the repository's root, with `/`; nothing if it is the same.
    pub(super) prefix: String,
    pub(super) folders: Folders,
}

/// One commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    pub(super) id: ObjectId,
    pub(super) tree: ObjectId,
    /// As it was asked for; nothing if it was found on the way.
    pub asked: String,
    /// When it was committed, in seconds since 1970.
    pub time: i64,
    /// The first line of its message.
    pub subject: String,
}

impl Commit {
    /// All digits of its name.
    pub fn full(&self) -> String {
        self.id.to_string()
    }

    /// The first digits of its name.
    pub fn short(&self) -> String {
        self.id.to_hex_with_len(SHORT).to_string()
    }

    /// As it was asked for, else its first digits.
    pub fn name(&self) -> String {
        if self.asked.is_empty() {
            self.short()
        } else {
            self.asked.clone()
        }
    }
}

impl fmt::Debug for Repository {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Repository({}, {})", self.root.display(), self.prefix)
    }
}

/// A file that is read first of a repository, of the folder or of one around it, and is none: a pipe would be waited for without an end.
fn pipe_of_repository(root: &Path) -> Option<PathBuf> {
    let files = ["HEAD", "config", "commondir", "packed-refs"];
    let mut found = root
        .ancestors()
        .flat_map(|folder| files.map(|name| folder.join(".git").join(name)));
    found.find(|path| fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir()))
}

impl Repository {
    /// The repository that a folder is in. The errors are the user's: no such folder, no repository around it.
    pub fn around(root: &Path) -> Result<Repository, Error> {
        check_root(root)?;
        let root = fs::canonicalize(root).unwrap_or_else(|_| root.to_path_buf());
        if let Some(pipe) = pipe_of_repository(&root) {
            return Err(Error::at(
                pipe,
                "no git repository that can be read: this is not a file",
            ));
        }
        // Neither the user's configuration nor the environment decides what a revision is.
        let options = gix::open::Options::isolated;
        let trust = gix::sec::trust::Mapping {
            full: options(),
            reduced: options(),
        };
        let inner = gix::ThreadSafeRepository::discover_opts(
            &root,
            gix::discover::upwards::Options::default(),
            trust,
        )
        .map_err(|error| {
            Error::at(
                &root,
                format!("no git repository that can be read: {}", first_line(&error)),
            )
            .help("revisions are read from the repository that the project is in")
        })?;
        let prefix = inner
            .to_thread_local()
            .workdir()
            .and_then(|workdir| fs::canonicalize(workdir).ok())
            .and_then(|workdir| root.strip_prefix(workdir).ok().map(Path::to_path_buf))
            .map(|prefix| prefix.to_string_lossy().replace('\\', "/"))
            .unwrap_or_default();
        Ok(Repository {
            inner,
            root,
            prefix,
            folders: Arc::new(Mutex::new(FxHashMap::default())),
        })
    }

    /// The commit that a name means: a branch, a tag, the digits of its name, `HEAD~3`. The errors are the user's.
    pub fn commit(&self, name: &str) -> Result<Commit, Error> {
        let repository = self.inner.to_thread_local();
        let none = |says: String| {
            let error = Error::new(format!("no such revision: `{name}`{says}"));
            if repository.head_id().is_err() {
                return error.help("the repository has no commit yet");
            }
            if self.is_shallow() {
                return error
                    .help("the clone is shallow: `git fetch --unshallow` brings what is missing (with actions/checkout: `fetch-depth: 0`)");
            }
            error.help("give a branch, a tag or a commit; a branch that was never checked out is called `origin/…`")
        };
        if name.is_empty() || name.starts_with('-') {
            return Err(none(String::new()));
        }
        let id = repository
            .rev_parse_single(name)
            .map_err(|error| match first_line(&error) {
                says if says.contains("mbiguous") => none(" is ambiguous".to_string()),
                _ => none(String::new()),
            })?;
        let id = id
            .object()
            .and_then(gix::Object::peel_to_commit)
            .map_err(|_| none(", or its commit is not in this clone".to_string()))?
            .id;
        let mut commit = self
            .read(id)
            .ok_or_else(|| none(", or its files are not in this clone".to_string()))?;
        commit.asked = name.to_string();
        Ok(commit)
    }

    /// What `main...HEAD` (from where they parted), `main..HEAD` or `main` mean: where to begin, and where to end if that is said.
    pub fn range(&self, written: &str) -> Result<(Commit, Option<Commit>), Error> {
        let or_head = |name: &str| self.commit(if name.is_empty() { "HEAD" } else { name });
        if let Some((base, head)) = written.split_once("...") {
            let (base, head) = (or_head(base)?, or_head(head)?);
            return Ok((self.parted(&base, &head)?, Some(head)));
        }
        if let Some((base, head)) = written.split_once("..") {
            return Ok((or_head(base)?, Some(or_head(head)?)));
        }
        Ok((self.commit(written)?, None))
    }

    /// The last commit that two have in common.
    pub fn parted(&self, one: &Commit, two: &Commit) -> Result<Commit, Error> {
        let repository = self.inner.to_thread_local();
        let found = repository.merge_base(one.id, two.id).ok().flatten();
        let found = found.and_then(|id| self.read(id.detach()));
        found.map(|commit| Commit { asked: one.asked.clone(), ..commit }).ok_or_else(|| {
            let error = Error::new(format!("{} and {} have no commit in common", one.name(), two.name()));
            if self.is_shallow() {
                error.help("the clone is shallow: `git fetch --unshallow` brings what is missing (with actions/checkout: `fetch-depth: 0`)")
            } else {
                error.help("with two dots instead of three, the two are compared as they are")
            }
        })
    }

    /// A commit and what it was made on, the first of its parents each, the newest first, as far as the clone goes.
    pub fn line(&self, from: &Commit) -> Vec<Commit> {
        let repository = self.inner.to_thread_local();
        let mut found = vec![from.clone()];
        let mut id = from.id;
        while let Some(parent) = repository
            .find_commit(id)
            .ok()
            .and_then(|commit| commit.parent_ids().next().map(gix::Id::detach))
        {
            let Some(commit) = self.read(parent) else {
                break;
            };
            id = parent;
            found.push(commit);
        }
        found
    }

    /// Tags and their commits, sorted by name.
    pub fn tags(&self) -> Vec<(String, Commit)> {
        let repository = self.inner.to_thread_local();
        let Ok(references) = repository.references() else {
            return Vec::new();
        };
        let Ok(tags) = references.tags() else {
            return Vec::new();
        };
        let mut found: Vec<(String, Commit)> = tags
            .flatten()
            .filter_map(|mut tag| {
                let name = tag.name().shorten().to_string();
                let id = tag.peel_to_id().ok()?.detach();
                Some((name, self.read(id)?))
            })
            .collect();
        found.sort_by(|one, two| one.0.cmp(&two.0));
        found
    }

    /// Does the clone end before the history does?
    /// The URL of the remote `origin`, as the repository's own configuration says it.
    pub fn remote(&self) -> Option<String> {
        let repository = self.inner.to_thread_local();
        let url = repository.config_snapshot().string("remote.origin.url")?;
        Some(url.to_string())
    }

    /// The text of a file of the commit, by its path from the repository's own root.
    pub fn text(&self, commit: &Commit, path: &str) -> Option<String> {
        let repository = self.inner.to_thread_local();
        let tree = repository.find_tree(commit.tree).ok()?;
        let entry = tree.lookup_entry_by_path(path).ok()??;
        let blob = entry.object().ok()?;
        blob.kind
            .is_blob()
            .then(|| String::from_utf8_lossy(&blob.data).into_owned())
    }

    /// The project's folder on the disk.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The project's folder in the repository; empty for the repository's own.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    pub fn is_shallow(&self) -> bool {
        self.inner.to_thread_local().is_shallow().unwrap_or(false)
    }

    fn read(&self, id: ObjectId) -> Option<Commit> {
        let repository = self.inner.to_thread_local();
        let commit = repository.find_commit(id).ok()?;
        let subject = commit.message_raw_sloppy().to_string();
        Some(Commit {
            id,
            tree: commit.tree_id().ok()?.detach(),
            asked: String::new(),
            time: commit.time().ok()?.seconds,
            subject: subject
                .lines()
                .next()
                .unwrap_or_default()
                .trim()
                .to_string(),
        })
    }
}

fn first_line(error: &dyn fmt::Display) -> String {
    error
        .to_string()
        .lines()
        .next()
        .unwrap_or_default()
        .to_string()
}
