//! The tree of one commit, read from the object database as if it were checked out.
//!
//! ```text
//! app/main.py      a blob: a file
//! app/api/         a tree: a folder
//! current -> app   a link, which is followed within the repository
//! vendor/          a submodule: a folder without anything in it, as in a fresh clone
//! ```
//! Not handled: what a checkout does to the bytes (`working-tree-encoding`, `ident`, filters; line ends are all the same to us).

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use gix::ObjectId;
use gix::object::tree::EntryKind;
use rustc_hash::FxHashMap;

use super::origin::{Entry, Kind};
use super::repository::{Commit, Repository};
use super::text::Unreadable;
use super::{paths, store};
use crate::config::Error;

/// A chain of links longer than this leads in a circle (Linux gives up at the same number).
const MOST_LINKS: usize = 40;

/// A commit's files, below one folder of it.
pub(super) struct Revision {
    repository: gix::ThreadSafeRepository,
    /// The project's root in the repository, or nothing.
    prefix: String,
    tree: ObjectId,
    folders: Folders,
    absent: Mutex<Option<String>>,
}

/// Folders that were read, by their object: the same folder has the same name in every commit.
pub(super) type Folders = Arc<Mutex<FxHashMap<ObjectId, Arc<Vec<Node>>>>>;

#[derive(Debug, Clone)]
pub(super) struct Node {
    name: String,
    is_unicode: bool,
    kind: EntryKind,
    id: ObjectId,
}

/// What a path leads to.
#[derive(Debug, Clone, Copy)]
enum Found {
    Folder(ObjectId),
    File(ObjectId),
    /// A submodule.
    Empty,
    /// Out of the repository, or in a circle.
    Elsewhere,
}

impl fmt::Debug for Revision {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Revision({}:{})", self.tree, self.prefix)
    }
}

impl Revision {
    /// The error is the user's: the folder is not in the commit.
    pub fn new(repository: &Repository, commit: &Commit) -> Result<Revision, Error> {
        let revision = Revision {
            repository: repository.inner.clone(),
            prefix: repository.prefix.clone(),
            tree: commit.tree,
            folders: Arc::clone(&repository.folders),
            absent: Mutex::default(),
        };
        if !matches!(revision.find(""), Some(Found::Folder(_))) {
            return Err(Error::at(
                &repository.prefix,
                format!("no such folder in {}", commit.name()),
            )
            .help("its history may begin later, or under another name"));
        }
        Ok(revision)
    }

    pub fn list(&self, dir: &str) -> Result<Vec<Entry>, String> {
        let nodes = match self.find(dir) {
            Some(Found::Folder(id)) => self.nodes(id).ok_or("its object is not there")?,
            Some(Found::Empty) => return Ok(Vec::new()),
            Some(Found::File(_) | Found::Elsewhere) | None => {
                return Err("not a folder".to_string());
            }
        };
        let entries = nodes.iter().map(|node| Entry {
            name: node.name.clone(),
            kind: match node.kind {
                _ if !node.is_unicode => Kind::BadName,
                EntryKind::Tree | EntryKind::Commit => Kind::Folder,
                EntryKind::Blob | EntryKind::BlobExecutable => Kind::File,
                EntryKind::Link => Kind::Link,
            },
        });
        Ok(entries.collect())
    }

    pub fn kind(&self, path: &str) -> Option<Kind> {
        Some(match self.find(path)? {
            Found::Folder(_) | Found::Empty => Kind::Folder,
            Found::File(_) => Kind::File,
            Found::Elsewhere => Kind::Other,
        })
    }

    pub fn bytes(&self, path: &str, largest: u64) -> Result<Vec<u8>, Unreadable> {
        match self.find(path) {
            Some(Found::File(id)) => self.blob(id, largest),
            Some(Found::Folder(_) | Found::Empty | Found::Elsewhere) => Err(Unreadable::NotAFile),
            None => Err(Unreadable::Missing),
        }
    }

    /// git's name of what a file holds, which needs no look into it.
    pub fn sum(&self, path: &str) -> [u8; 20] {
        let mut sum = [0; 20];
        match self.find(path) {
            Some(Found::File(id)) => {
                sum.copy_from_slice(id.as_slice().get(..20).unwrap_or(&[0; 20]))
            }
            Some(Found::Folder(_) | Found::Empty | Found::Elsewhere) => {
                return store::sum(format!("\0{}", Unreadable::NotAFile).as_bytes());
            }
            None => return store::sum(format!("\0{}", Unreadable::Missing).as_bytes()),
        }
        sum
    }

    /// The tree and the part of it that is looked at.
    pub fn name(&self) -> String {
        format!("{}:{}", self.tree, self.prefix)
    }

    /// The `.gitignore` of each folder above the root, the nearest first.
    pub fn ignores_above(&self) -> Vec<Option<Vec<u8>>> {
        if self.prefix.is_empty() {
            return Vec::new();
        }
        paths::ancestors(&self.prefix)
            .map(|dir| {
                let path = paths::child(dir, ".gitignore");
                match self.find_whole(&path) {
                    Some(Found::File(id)) => self.blob(id, u64::MAX).ok(),
                    Some(_) | None => None,
                }
            })
            .collect()
    }

    /// The first object that was wanted and is not in this clone.
    pub fn absent(&self) -> Option<String> {
        let absent = self.absent.lock().unwrap_or_else(PoisonError::into_inner);
        absent.clone()
    }

    fn note_absent(&self, id: ObjectId) {
        let mut absent = self.absent.lock().unwrap_or_else(PoisonError::into_inner);
        let name = id.to_string();
        // Of several, the same on any number of threads.
        if absent.as_ref().is_none_or(|known| *known > name) {
            *absent = Some(name);
        }
    }

    fn blob(&self, id: ObjectId, largest: u64) -> Result<Vec<u8>, Unreadable> {
        let repository = self.repository.to_thread_local();
        let absent = |_| {
            self.note_absent(id);
            Unreadable::Refused("its object is not in the repository".to_string())
        };
        let size = repository.find_header(id).map_err(absent)?.size();
        if size > largest {
            return Err(Unreadable::TooLarge(size));
        }
        Ok(repository.find_object(id).map_err(absent)?.detach().data)
    }

    /// A path from the project's root.
    fn find(&self, path: &str) -> Option<Found> {
        match (self.prefix.is_empty(), path.is_empty()) {
            (true, _) => self.find_whole(path),
            (false, true) => self.find_whole(&self.prefix),
            (false, false) => self.find_whole(&format!("{}/{path}", self.prefix)),
        }
    }

    /// A path from the repository's root.
    fn find_whole(&self, path: &str) -> Option<Found> {
        let mut links = 0;
        // What is still to be walked, the next part last.
        let mut parts: Vec<String> = path.rsplit('/').map(str::to_string).collect();
        let mut walked: Vec<ObjectId> = vec![self.tree];
        while let Some(part) = parts.pop() {
            match part.as_str() {
                "" | "." => continue,
                ".." if walked.len() == 1 => return Some(Found::Elsewhere),
                ".." => {
                    walked.pop();
                    continue;
                }
                _ => {}
            }
            let nodes = self.nodes(*walked.last()?)?;
            let node = nodes
                .iter()
                .find(|node| node.is_unicode && node.name == part)?;
            let is_last = parts.iter().all(|part| matches!(part.as_str(), "" | "."));
            match node.kind {
                EntryKind::Tree => walked.push(node.id),
                EntryKind::Blob | EntryKind::BlobExecutable => {
                    return is_last.then_some(Found::File(node.id));
                }
                EntryKind::Commit => return is_last.then_some(Found::Empty),
                EntryKind::Link => {
                    links += 1;
                    let target = self.blob(node.id, 4096).ok()?;
                    let target = String::from_utf8(target).ok()?;
                    if links > MOST_LINKS || target.starts_with('/') {
                        return Some(Found::Elsewhere);
                    }
                    parts.extend(target.rsplit('/').map(str::to_string));
                }
            }
        }
        walked.last().map(|id| Found::Folder(*id))
    }

    /// What is in a tree; `None`: it is not in the repository.
    fn nodes(&self, id: ObjectId) -> Option<Arc<Vec<Node>>> {
        let known = |folders: &FxHashMap<ObjectId, Arc<Vec<Node>>>| folders.get(&id).cloned();
        if let Some(nodes) = known(&self.folders.lock().unwrap_or_else(PoisonError::into_inner)) {
            return Some(nodes);
        }
        let repository = self.repository.to_thread_local();
        let Ok(tree) = repository.find_tree(id) else {
            self.note_absent(id);
            return None;
        };
        let mut nodes = Vec::new();
        for entry in tree.iter() {
            let entry = entry.ok()?;
            let name = std::str::from_utf8(entry.filename());
            nodes.push(Node {
                is_unicode: name.is_ok(),
                name: match name {
                    Ok(name) => name.to_string(),
                    Err(_) => String::from_utf8_lossy(entry.filename()).into_owned(),
                },
                kind: entry.mode().kind(),
                id: entry.object_id(),
            });
        }
        let nodes = Arc::new(nodes);
        let mut folders = self.folders.lock().unwrap_or_else(PoisonError::into_inner);
        folders.insert(id, Arc::clone(&nodes));
        Some(nodes)
    }
}
