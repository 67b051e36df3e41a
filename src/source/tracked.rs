//! Which files git tracks, read from `.git/index` when it is first asked.
//!
//! ```text
//! .gitignore     build/
//! git add -f build/settings.py      tracked, so not ignored
//! ```
//! Not handled: repositories with SHA-256 names, split and sparse indexes; they answer as if nothing were tracked.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use rustc_hash::FxHashSet;

use super::origin::Origin;

/// The tracked paths below one folder.
#[derive(Debug)]
pub struct Tracked {
    index: Option<PathBuf>,
    /// A revision is nothing but what is tracked.
    is_all: bool,
    /// The project's root seen from the repository's, with a `/` at its end unless it is the same.
    prefix: String,
    paths: OnceLock<FxHashSet<String>>,
}

impl Tracked {
    /// Where to look, without looking yet.
    pub fn new(origin: &Origin) -> Self {
        let root = &origin.root;
        let repository = match origin.is_all_tracked() {
            true => None,
            false => origin.repository_on_disk(),
        };
        let index = repository.and_then(git_dir).map(|dir| dir.join("index"));
        let prefix = repository.map_or_else(String::new, |found| prefix_of(root, found));
        Self {
            index,
            is_all: origin.is_all_tracked(),
            prefix,
            paths: OnceLock::new(),
        }
    }

    /// Whether this path, relative to the project's root, is tracked, or a folder of something tracked.
    pub fn holds(&self, path: &str) -> bool {
        if self.is_all {
            return true;
        }
        let paths = self.paths.get_or_init(|| {
            let bytes = self.index.as_ref().and_then(|index| fs::read(index).ok());
            let names = bytes.and_then(|bytes| names(&bytes)).unwrap_or_default();
            with_folders(&names, &self.prefix)
        });
        paths.contains(path)
    }
}

/// Does git track anything below this folder of the disk? An index that can't be read may say so.
pub fn is_any_below(origin: &Origin, folder: &str) -> bool {
    let Some(repository) = origin.repository_on_disk() else {
        return false;
    };
    let index = git_dir(repository).map(|dir| dir.join("index"));
    let Some(bytes) = index.and_then(|index| fs::read(index).ok()) else {
        return false;
    };
    let below = format!("{}{folder}/", prefix_of(&origin.root, repository));
    names(&bytes).is_none_or(|names| names.iter().any(|name| name.starts_with(below.as_bytes())))
}

/// The root seen from the repository's, with a `/` at its end unless it is the same.
fn prefix_of(root: &Path, repository: &Path) -> String {
    let prefix = root.strip_prefix(repository).ok().and_then(Path::to_str);
    prefix
        .filter(|prefix| !prefix.is_empty())
        .map(|prefix| format!("{}/", prefix.replace('\\', "/")))
        .unwrap_or_default()
}

/// `.git` is a folder, or in a linked work tree a file that says `gitdir: <path>`.
fn git_dir(repository: &Path) -> Option<PathBuf> {
    let git = repository.join(".git");
    if git.is_dir() {
        return Some(git);
    }
    let text = fs::read_to_string(&git).ok()?;
    let target = text.strip_prefix("gitdir:")?.trim();
    Some(repository.join(target))
}

fn with_folders(names: &[Vec<u8>], prefix: &str) -> FxHashSet<String> {
    let mut paths = FxHashSet::default();
    for name in names {
        let Ok(name) = std::str::from_utf8(name) else {
            continue;
        };
        let Some(path) = name.strip_prefix(prefix) else {
            continue;
        };
        for (slash, _) in path.match_indices('/') {
            let folder = path.get(..slash).unwrap_or_default();
            if !paths.contains(folder) {
                paths.insert(folder.to_string());
            }
        }
        paths.insert(path.to_string());
    }
    paths
}

/// The paths of an index file, versions 2 to 4 (`gitformat-index`). `None`: it is something else.
fn names(bytes: &[u8]) -> Option<Vec<Vec<u8>>> {
    if bytes.get(..4)? != b"DIRC" {
        return None;
    }
    let version = number(bytes, 4)?;
    let count = number(bytes, 8)?;
    if !(2..=4).contains(&version) {
        return None;
    }
    let mut names: Vec<Vec<u8>> = Vec::new();
    let mut at = 12;
    for _ in 0..count {
        let start = at;
        // Ten numbers of the file's state, its 20-byte object name, and the flags; one flag says that there are more flags.
        let flags = bytes.get(start + 60).copied()?;
        at = start
            + 62
            + if version >= 3 && flags & 0x40 != 0 {
                2
            } else {
                0
            };
        let mut name = Vec::new();
        if version == 4 {
            let (dropped, length) = offset_number(bytes.get(at..)?)?;
            at += length;
            if let Some(before) = names.last() {
                name.extend_from_slice(before.get(..before.len().checked_sub(dropped)?)?);
            }
        }
        let rest = bytes.get(at..)?;
        let length = rest.iter().position(|byte| *byte == 0)?;
        name.extend_from_slice(rest.get(..length)?);
        at += length + 1;
        if version != 4 {
            // Padded with null bytes to a multiple of eight.
            at = start + (at - start).next_multiple_of(8);
        }
        names.push(name);
    }
    Some(names)
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes: [u8; 4] = bytes.get(at..at + 4)?.try_into().ok()?;
    Some(u32::from_be_bytes(bytes))
}

/// The variable-width number of pack files (`gitformat-pack`, "offset encoding"), and its length.
fn offset_number(bytes: &[u8]) -> Option<(usize, usize)> {
    let mut value = 0_usize;
    for (index, byte) in bytes.iter().enumerate().take(8) {
        if index > 0 {
            value += 1;
        }
        value = (value << 7) | usize::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return Some((value, index + 1));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{names, offset_number, with_folders};

    fn entry(version: u32, name: &[u8], dropped: u8) -> Vec<u8> {
        let mut bytes = vec![0; 62];
        bytes[61] = name.len() as u8;
        if version == 4 {
            bytes.push(dropped);
        }
        bytes.extend_from_slice(name);
        bytes.push(0);
        if version != 4 {
            bytes.resize(bytes.len().next_multiple_of(8), 0);
        }
        bytes
    }

    fn index(version: u32, entries: &[(&[u8], u8)]) -> Vec<u8> {
        let mut bytes = b"DIRC".to_vec();
        bytes.extend_from_slice(&version.to_be_bytes());
        bytes.extend_from_slice(&(entries.len() as u32).to_be_bytes());
        for (name, dropped) in entries {
            bytes.extend(entry(version, name, *dropped));
        }
        bytes
    }

    #[test]
    fn reads_the_versions() {
        let expected = vec![b"app/a.py".to_vec(), b"app/b.py".to_vec(), b"c.py".to_vec()];
        let plain = index(2, &[(b"app/a.py", 0), (b"app/b.py", 0), (b"c.py", 0)]);
        assert_eq!(names(&plain), Some(expected.clone()));
        let compressed = index(4, &[(b"app/a.py", 0), (b"b.py", 4), (b"c.py", 8)]);
        assert_eq!(names(&compressed), Some(expected));
        assert_eq!(names(b"PACK"), None);
        assert_eq!(names(plain.get(..40).unwrap()), None);
    }

    #[test]
    fn knows_the_folders_of_what_is_tracked() {
        let names = vec![b"backend/app/a.py".to_vec(), b"x.py".to_vec()];
        let mut paths: Vec<_> = with_folders(&names, "backend/").into_iter().collect();
        paths.sort();
        assert_eq!(paths, ["app", "app/a.py"]);
    }

    #[test]
    fn numbers() {
        assert_eq!(offset_number(&[5]), Some((5, 1)));
        assert_eq!(offset_number(&[0x80, 0]), Some((128, 2)));
    }
}
