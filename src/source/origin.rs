//! Where the files of a project come from: the disk, or the tree of a git revision. Both answer the same three questions.
//!
//! ```text
//! what is in `app/`?          main.py (a file), api/ (a folder)
//! what is `app/main.py`?      a file; links are followed
//! what does it hold?          its bytes
//! ```

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::answers::{self, Asked, Question};
use super::repository::Commit;
use super::revision::Revision;
use super::store::{OWN_FOLDER, sum};
use super::text::Unreadable;
use super::{Repository, paths, text};
use crate::config::Error;

/// What lies in a project and is not of it: git's folder, which no revision has, and what covgap itself has written.
const NOT_OF_THE_PROJECT: [&str; 3] = [".git", OWN_FOLDER, "covgap-report"];

/// A project's files, not looked at yet.
#[derive(Debug)]
pub struct Origin {
    /// The project's root, absolute. Of a revision: where its checkout is, or would be.
    pub root: PathBuf,
    revision: Option<Revision>,
    asked: Asked,
}

/// What a name in a folder stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    File,
    Folder,
    Link,
    /// A pipe, a socket, a device, or a link to nothing.
    Other,
    /// The system does not say what it is.
    Refused,
    /// The name is not Unicode; what is given of it is not all of it.
    BadName,
}

/// One name in a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub name: String,
    pub kind: Kind,
}

/// The folder on the disk, or as a git revision has it (`main`, `v1.2`, `HEAD~3`). The errors are the user's: no such folder, no
/// repository, no such revision.
pub fn open(root: &Path, revision: Option<&str>) -> Result<Origin, Error> {
    match revision {
        None => Origin::disk(root),
        Some(name) => {
            let repository = Repository::around(root)?;
            let commit = repository.commit(name)?;
            Origin::revision(&repository, &commit)
        }
    }
}

impl Origin {
    /// The files on the disk.
    pub fn disk(root: &Path) -> Result<Origin, Error> {
        check_root(root)?;
        Ok(Origin {
            root: fs::canonicalize(root).unwrap_or_else(|_| root.to_path_buf()),
            revision: None,
            asked: Asked::default(),
        })
    }

    /// The files of a revision, below the folder that the repository was looked for in.
    pub fn revision(repository: &Repository, commit: &Commit) -> Result<Origin, Error> {
        Ok(Origin {
            root: repository.root.clone(),
            revision: Some(Revision::new(repository, commit)?),
            asked: Asked::default(),
        })
    }

    /// What is in a folder, in no order. The error: its words.
    pub(super) fn list(&self, dir: &str) -> Result<Vec<Entry>, String> {
        let found = self.look(dir);
        self.asked.note(Question::List, dir, of_list(&found));
        found
    }

    fn look(&self, dir: &str) -> Result<Vec<Entry>, String> {
        let mut found = match &self.revision {
            Some(revision) => revision.list(dir),
            None => list_disk(&self.root.join(dir)).map_err(|error| error.to_string()),
        }?;
        found.retain(|entry| !NOT_OF_THE_PROJECT.contains(&entry.name.as_str()));
        Ok(found)
    }

    /// What a path leads to; links are followed, so it is never a link. `None`: nothing is there.
    pub(super) fn kind(&self, path: &str) -> Option<Kind> {
        let found = self.find(path);
        self.asked
            .note(Question::Kind, path, answers::of_kind(found));
        found
    }

    fn find(&self, path: &str) -> Option<Kind> {
        if let Some(revision) = &self.revision {
            return revision.kind(path);
        }
        let metadata = fs::metadata(self.root.join(path)).ok()?;
        Some(if metadata.is_file() {
            Kind::File
        } else if metadata.is_dir() {
            Kind::Folder
        } else {
            Kind::Other
        })
    }

    /// The text of a file of the project that is not Python.
    pub fn text(&self, path: &str) -> Result<String, Unreadable> {
        let path = paths::join("", path).ok_or(Unreadable::Missing)?;
        text::read_lossy(self, &path)
    }

    /// Whether a name is there, be it a link to nothing.
    pub fn has(&self, path: &str) -> bool {
        let found = self.is_there(path);
        self.asked
            .note(Question::Has, path, answers::of_bool(found));
        found
    }

    fn is_there(&self, path: &str) -> bool {
        match &self.revision {
            Some(_) => {
                let entries = self.look(paths::folder(path)).unwrap_or_default();
                entries.iter().any(|entry| entry.name == paths::name(path))
            }
            None => fs::symlink_metadata(self.root.join(path)).is_ok(),
        }
    }

    /// The bytes of a regular file. The kind is asked first: opening a pipe would wait for a writer.
    pub(super) fn bytes(&self, path: &str, largest: u64) -> Result<Vec<u8>, Unreadable> {
        let (found, sum) = match &self.revision {
            Some(revision) => (revision.bytes(path, largest), revision.sum(path)),
            None => {
                let found = read_disk(&self.root.join(path), largest);
                let sum = of_bytes(&found);
                (found, sum)
            }
        };
        self.asked.note(Question::Bytes, path, sum);
        found
    }

    /// Notes what git is asked about a path elsewhere.
    pub(super) fn note_tracked(&self, path: &str, answer: bool) {
        self.asked
            .note(Question::Tracked, path, answers::of_bool(answer));
    }

    /// All questions so far with the sums of their answers, for [`Answers`](super::Answers).
    pub fn asked(&self) -> Option<String> {
        self.asked.text()
    }

    /// What would be answered now, without noting it.
    pub(super) fn answer(&self, question: Question, path: &str) -> [u8; 20] {
        match question {
            Question::List => of_list(&self.look(path)),
            Question::Kind => answers::of_kind(self.find(path)),
            Question::Has => answers::of_bool(self.is_there(path)),
            Question::Bytes => match &self.revision {
                Some(revision) => revision.sum(path),
                None => of_bytes(&read_disk(&self.root.join(path), text::LARGEST)),
            },
            Question::Above => of_above(&self.above()),
            Question::Tracked => answers::of_bool(false),
        }
    }

    /// The tree of a revision and the part of it that the project is. None: the disk.
    pub fn tree(&self) -> Option<String> {
        self.revision.as_ref().map(Revision::name)
    }

    /// The texts of the `.gitignore` files in the folders above the root, with those folders, the nearest first.
    pub(super) fn ignores_above(&self) -> Vec<(PathBuf, String)> {
        let found = self.above();
        self.asked.note(Question::Above, "", of_above(&found));
        found
    }

    fn above(&self) -> Vec<(PathBuf, String)> {
        let lossy = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        if let Some(revision) = &self.revision {
            let found = revision.ignores_above().into_iter();
            let above = self.root.ancestors().skip(1);
            return above
                .zip(found)
                .filter_map(|(dir, bytes)| Some((dir.to_path_buf(), lossy(bytes?))))
                .collect();
        }
        let Some(repository) = self.repository_on_disk() else {
            return Vec::new();
        };
        let outside = self.root.ancestors().skip(1);
        outside
            .take_while(|dir| dir.starts_with(repository))
            .filter_map(|dir| {
                let bytes = read_disk(&dir.join(".gitignore"), u64::MAX).ok()?;
                Some((dir.to_path_buf(), lossy(bytes)))
            })
            .collect()
    }

    /// Whether git tracks all there is: then nothing is ignored.
    pub(super) fn is_all_tracked(&self) -> bool {
        self.revision.is_some()
    }

    /// The folder on the disk that holds `.git`.
    pub(super) fn repository_on_disk(&self) -> Option<&Path> {
        self.root.ancestors().find(|dir| dir.join(".git").exists())
    }

    /// Fails if something was wanted that the clone does not have, as in a clone without blobs: what was found is not all there is.
    pub fn refuse_absent(&self) -> Result<(), Error> {
        match self.revision.as_ref().and_then(Revision::absent) {
            None => Ok(()),
            Some(object) => Err(Error::at(
                &self.root,
                format!("the clone does not have all files of the revision: object {object} is not there"),
            )
            .help("a clone with `--filter` has what was checked out; `git fetch --refetch --no-filter` brings the rest")),
        }
    }
}

/// Whether a path of the system is a file.
pub fn is_file(path: &Path) -> bool {
    path.is_file()
}

pub(super) fn check_root(root: &Path) -> Result<(), Error> {
    let metadata = fs::metadata(root)
        .map_err(|_| Error::at(root, "no such folder").help("give the folder of a project"))?;
    if !metadata.is_dir() {
        return Err(Error::at(root, "not a folder").help("give the folder that the file is in"));
    }
    Ok(())
}

fn of_list(found: &Result<Vec<Entry>, String>) -> [u8; 20] {
    let Ok(entries) = found else {
        return sum(b"refused");
    };
    let mut lines: Vec<String> = entries
        .iter()
        .map(|entry| format!("{}\0{:?}\n", entry.name, entry.kind))
        .collect();
    lines.sort();
    sum(lines.concat().as_bytes())
}

fn of_bytes(found: &Result<Vec<u8>, Unreadable>) -> [u8; 20] {
    match found {
        Ok(bytes) => sum(bytes),
        Err(why) => sum(format!("\0{why}").as_bytes()),
    }
}

/// The folders above are the same wherever the project lies.
fn of_above(found: &[(PathBuf, String)]) -> [u8; 20] {
    let texts: Vec<String> = found.iter().map(|(_, text)| format!("{text}\0")).collect();
    sum(texts.concat().as_bytes())
}

fn list_disk(dir: &Path) -> io::Result<Vec<Entry>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir)?.flatten() {
        let kind = match entry.file_type() {
            Ok(kind) if kind.is_dir() => Kind::Folder,
            Ok(kind) if kind.is_file() => Kind::File,
            Ok(kind) if kind.is_symlink() => Kind::Link,
            Ok(_) => Kind::Other,
            Err(_) => Kind::Refused,
        };
        found.push(match entry.file_name().into_string() {
            Ok(name) => Entry { name, kind },
            Err(name) => Entry {
                name: name.to_string_lossy().into_owned(),
                kind: Kind::BadName,
            },
        });
    }
    Ok(found)
}

/// The bytes of a regular file at a path of the system.
pub(super) fn read_disk(path: &Path, largest: u64) -> Result<Vec<u8>, Unreadable> {
    let refused = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => Unreadable::Missing,
        kind => Unreadable::Refused(kind.to_string()),
    };
    let metadata = fs::metadata(path).map_err(refused)?;
    if !metadata.is_file() {
        return Err(Unreadable::NotAFile);
    }
    if metadata.len() > largest {
        return Err(Unreadable::TooLarge(metadata.len()));
    }
    fs::read(path).map_err(refused)
}
