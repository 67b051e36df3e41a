//! Who answers for a file, as the forges read `CODEOWNERS`: the last line that fits it.
//!
//! ```text
//! *             @acme/backend
//! /shop/mail/   @acme/mail      # owns shop/mail/send.py
//! ```
//!
//! Source: <https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners>
//! Of a project that is a folder of a repository, the repository's own file counts before one of the folder.

use ignore::gitignore::{Gitignore, GitignoreBuilder};

use std::path::{Path, PathBuf};

use super::origin::read_disk;
use super::repository::Repository;
use super::tree::Tree;

/// A larger file is none that somebody wrote.
const LARGEST: u64 = 3 << 20;

/// Where it may be: the first that is there counts.
const PLACES: [&str; 4] = [
    ".github/CODEOWNERS",
    "CODEOWNERS",
    "docs/CODEOWNERS",
    ".gitlab/CODEOWNERS",
];

/// Patterns in the order of the file, each with those who own what it fits; nobody is an empty text.
#[derive(Debug, Default)]
pub struct Owners {
    rules: Vec<(Gitignore, String)>,
}

pub(super) fn find(tree: &Tree<'_>) -> Owners {
    let text = PLACES.iter().find_map(|path| (tree.read)(path));
    text.map_or_else(Owners::default, |text| read(&text))
}

/// Those whom the repository around the project names, of the revision or of the disk. None: it names nobody, or the project is all of it.
pub fn above(repository: &Repository, revision: Option<&str>) -> Option<Owners> {
    if repository.prefix().is_empty() {
        return None;
    }
    let text = match revision {
        Some(revision) => {
            let commit = repository.commit(revision).ok()?;
            let mut places = PLACES.iter();
            places.find_map(|path| repository.text(&commit, path))
        }
        None => {
            let top = top(repository.root(), repository.prefix())?;
            let mut places = PLACES.iter();
            let found = places.find_map(|path| read_disk(&top.join(path), LARGEST).ok());
            found.map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        }
    };
    Some(read(&text?))
}

/// The folder of the repository in which the project's folder is.
fn top(root: &Path, prefix: &str) -> Option<PathBuf> {
    root.ancestors()
        .nth(prefix.split('/').count())
        .map(Path::to_path_buf)
}

impl Owners {
    /// `@acme/backend @ada`, if somebody owns the file.
    pub fn of(&self, path: &str) -> Option<&str> {
        let fits = |patterns: &Gitignore| {
            let path = path.trim_start_matches('/');
            patterns
                .matched_path_or_any_parents(path, false)
                .is_ignore()
        };
        let rule = self.rules.iter().rev().find(|(patterns, _)| fits(patterns));
        rule.map(|(_, owners)| owners.as_str())
            .filter(|owners| !owners.is_empty())
    }
}

/// A line that is no pattern is passed over, as the forges do: headings of sections, and patterns that exclude.
fn read(text: &str) -> Owners {
    let rules = text.lines().filter_map(|line| {
        let line = line.split(" #").next().unwrap_or(line).trim();
        if line.is_empty() || line.starts_with(['#', '[', '^', '!']) {
            return None;
        }
        let (pattern, owners) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let mut builder = GitignoreBuilder::new("");
        builder.add_line(None, pattern).ok()?;
        let owners: Vec<&str> = owners.split_whitespace().collect();
        Some((builder.build().ok()?, owners.join(" ")))
    });
    Owners {
        rules: rules.collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn the_last_line_that_fits_says_who_owns_a_file() {
        let owners = read(
            "# who\n[Section]\n*  @all\n/app/ @app @ada # both\napp/mail/*.py @mail\n/app/free.py\n!no @no\n\u{0}[\n",
        );
        let case = |path: &str, expected: Option<&str>| assert_eq!(owners.of(path), expected);
        case("main.py", Some("@all"));
        case("app/items.py", Some("@app @ada"));
        case("app/mail/send.py", Some("@mail"));
        case("app/free.py", None);
        case("other/app/x.py", Some("@all"));
        assert_eq!(read("").of("main.py"), None);
    }
}
