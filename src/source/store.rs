//! Bytes kept from one run for the next: in `.covgap/cache` of the project, or in a folder that somebody named. Whatever is wrong
//! with it, a run goes on without.
//!
//! ```text
//! .covgap/cache/8c1f…-0b7e….audit      written beside its place and renamed: whole, or not there
//! ```
//! An entry that is cut off, changed, or of another program does not have the sum that it says, and is nothing.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::origin::Origin;
use super::tracked;

/// The folder of a project that is covgap's own.
pub(super) const OWN_FOLDER: &str = ".covgap";
const MAGIC: &[u8] = b"covgap-cache-1\n";
/// What all entries may take, in bytes; the oldest go first.
const MOST_BYTES: u64 = 256 * 1024 * 1024;
/// How long the first part of an entry's name is.
pub const KEY_LENGTH: usize = 16;
const ENDINGS: [&str; 4] = ["audit", "asked", "same", "part"];
/// How many entries of one kind are looked through.
const MOST_LOOKS: usize = 12;

/// A folder of entries, which may not be there, or not writable.
#[derive(Debug, Clone)]
pub struct Store {
    folder: PathBuf,
    is_own: bool,
}

impl Store {
    /// That of a project. None: it leads out of the project, or git tracks it, so that its entries are what somebody else made.
    pub fn of(origin: &Origin) -> Option<Store> {
        let own = origin.root.join(OWN_FOLDER);
        let folder = own.join("cache");
        let is_fit = |path: &Path| match fs::symlink_metadata(path) {
            Ok(metadata) => metadata.is_dir(),
            Err(_) => true,
        };
        let is_tracked = || own.exists() && tracked::is_any_below(origin, OWN_FOLDER);
        (is_fit(&own) && is_fit(&folder) && !is_tracked()).then_some(Store {
            folder,
            is_own: true,
        })
    }

    pub fn at(folder: &Path) -> Store {
        Store {
            folder: folder.to_path_buf(),
            is_own: false,
        }
    }

    /// The names of the entries with a beginning and an ending, the newest first.
    pub fn names(&self, beginning: &str, ending: &str) -> Vec<String> {
        let Ok(entries) = fs::read_dir(&self.folder) else {
            return Vec::new();
        };
        let mut found: Vec<(SystemTime, String)> = entries
            .flatten()
            .filter_map(|entry| {
                let name = entry.file_name().into_string().ok()?;
                let is_wanted = name.starts_with(beginning) && name.ends_with(ending);
                let changed = entry
                    .metadata()
                    .ok()
                    .filter(|_| is_wanted)?
                    .modified()
                    .ok()?;
                Some((changed, name))
            })
            .collect();
        found.sort_by(|one, two| two.cmp(one));
        let names = found.into_iter().map(|(_, name)| name);
        names.take(MOST_LOOKS).collect()
    }

    /// What an entry holds; nothing if anything about it is odd.
    pub fn get(&self, name: &str) -> Option<Vec<u8>> {
        let bytes = fs::read(self.folder.join(name)).ok()?;
        let rest = bytes.strip_prefix(MAGIC)?;
        let (said, held) = rest.split_at_checked(20)?;
        (said == sum(held)).then(|| held.to_vec())
    }

    /// Keeps an entry, if that can be done; two at once keep the same.
    pub fn put(&self, name: &str, held: &[u8]) {
        let _ = self.write(name, held);
    }

    fn write(&self, name: &str, held: &[u8]) -> std::io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        if self.is_own
            && let Some(own) = self.folder.parent()
        {
            // Nobody wants it in a repository.
            let ignore = own.join(".gitignore");
            if !ignore.exists() {
                fs::write(ignore, "*\n")?;
            }
        }
        let mut file = tempfile::Builder::new()
            .prefix(".new-")
            .tempfile_in(&self.folder)?;
        file.write_all(MAGIC)?;
        file.write_all(&sum(held))?;
        file.write_all(held)?;
        file.persist(self.folder.join(name))
            .map_err(|error| error.error)?;
        Ok(())
    }

    /// Says that an entry was of use: it will be among the last to go.
    pub fn touch(&self, name: &str) {
        let file = fs::File::options()
            .append(true)
            .open(self.folder.join(name));
        if let Ok(file) = file {
            let _ = file.set_modified(SystemTime::now());
        }
    }

    /// Removes the oldest entries until the rest is small enough, and what killed runs have left.
    pub fn prune(&self) {
        self.prune_to(MOST_BYTES);
    }

    fn prune_to(&self, most: u64) {
        let Ok(entries) = fs::read_dir(&self.folder) else {
            return;
        };
        let now = SystemTime::now();
        let mut found: Vec<(SystemTime, u64, PathBuf)> = Vec::new();
        for entry in entries.flatten() {
            let (path, Ok(metadata)) = (entry.path(), entry.metadata()) else {
                continue;
            };
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let changed = metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH);
            let age = now.duration_since(changed).unwrap_or_default();
            if name.starts_with(".new-") {
                if age.as_secs() > 3_600 {
                    let _ = fs::remove_file(path);
                }
            } else if is_entry(&name) {
                // What is not ours, in a folder that somebody named, stays.
                found.push((changed, metadata.len(), path));
            }
        }
        found.sort();
        let mut total: u64 = found.iter().map(|(_, size, _)| size).sum();
        for (_, size, path) in found {
            if total <= most {
                break;
            }
            let _ = fs::remove_file(path);
            total -= size;
        }
    }
}

/// `KEY-SUM.audit`, both in hexadecimal digits.
fn is_entry(name: &str) -> bool {
    let is_hex = |text: &str, length: usize| {
        text.len() == length && text.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    let parts = name.split_once('.').and_then(|(stem, ending)| {
        let (key, sum) = stem.split_once('-')?;
        Some((key, sum, ending))
    });
    parts.is_some_and(|(key, sum, ending)| {
        is_hex(key, KEY_LENGTH) && is_hex(sum, 40) && ENDINGS.contains(&ending)
    })
}

/// Bytes in hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;

    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// The name of some bytes: git's name of the blob that holds them.
pub fn sum(bytes: &[u8]) -> [u8; 20] {
    let mut sum = [0; 20];
    if let Ok(id) = gix::objs::compute_hash(gix::hash::Kind::Sha1, gix::objs::Kind::Blob, bytes) {
        sum.copy_from_slice(id.as_slice());
    }
    sum
}

/// What tells this program from another: a development build changes without its version.
pub fn build() -> Option<String> {
    let metadata = std::env::current_exe().and_then(fs::metadata).ok()?;
    let changed = metadata.modified().ok()?;
    let changed = changed.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    Some(format!("{} {changed:?}", metadata.len()))
}

#[cfg(test)]
mod tests {
    use super::Store;

    #[test]
    fn the_oldest_entries_go_first_and_only_entries() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::at(folder.path());
        let name = |letter: char, ending: &str| {
            let digits = letter.to_string();
            format!("{}-{}.{ending}", digits.repeat(16), digits.repeat(40))
        };
        let others = [
            "letter.txt",
            "my-audit",
            "tax.audit",
            "all.the.same",
            "a-b.asked",
        ];
        for other in others {
            std::fs::write(folder.path().join(other), vec![0; 5000]).unwrap();
        }
        for letter in ['a', 'b', 'c'] {
            store.put(&name(letter, "audit"), &[1; 1000]);
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        store.touch(&name('a', "audit"));
        store.prune_to(2500);
        let is_there = |letter: char| store.get(&name(letter, "audit")).is_some();
        assert!(is_there('a') && is_there('c') && !is_there('b'));
        for other in others {
            assert!(folder.path().join(other).exists(), "{other}");
        }
        assert_eq!(store.names("cc", "audit"), [name('c', "audit")]);
    }
}
