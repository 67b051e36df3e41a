//! What is not the project's live code, judged by its name and its surroundings; the names are data (`rules/left_out.toml`).
//!
//! ```text
//! .venv/pyvenv.cfg          a virtual environment
//! services/archive/old.py   an archive (by name: what live code imports from it is taken all the same)
//! api/user_pb2.py           generated
//! ```

use std::fmt;
use std::sync::LazyLock;

use serde::Deserialize;

use super::patterns;

/// Something that was found and not taken.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LeftOut {
    /// Relative to the project's root; everything below a folder is left out with it.
    pub path: String,
    pub why: Why,
    /// How many Python files that is, where we looked.
    pub python_files: usize,
}

/// Why something was left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    Archive,
    Backup,
    Vendored,
    Generated,
    BuildOutput,
    Cache,
    InstalledPackages,
    VersionControl,
    VirtualEnvironment,
    /// A `.gitignore` says so, and git does not track it.
    Ignored,
    /// The project's `exclude` says so.
    Excluded,
    /// A link to a folder: followed, its files would be there twice, or for ever.
    LinkedFolder,
    /// A pipe, a socket, a device, or a link to nothing.
    NotAFile,
    /// A folder that the system does not let us list.
    Refused,
    /// A name that is not Unicode.
    BadName,
}

impl fmt::Display for Why {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Archive => "archive",
            Self::Backup => "backup",
            Self::Vendored => "vendored",
            Self::Generated => "generated",
            Self::BuildOutput => "build output",
            Self::Cache => "cache",
            Self::InstalledPackages => "installed packages",
            Self::VersionControl => "version control",
            Self::VirtualEnvironment => "virtual environment",
            Self::Ignored => "ignored by git",
            Self::Excluded => "excluded by the configuration",
            Self::LinkedFolder => "link to a folder",
            Self::NotAFile => "not a regular file",
            Self::Refused => "folder cannot be listed",
            Self::BadName => "name is not Unicode",
        })
    }
}

/// What a name alone says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ByName {
    /// Never the project's code.
    Certain(Why),
    /// Most likely not; what live code imports from it is.
    Likely(Why),
    /// Nothing speaks against it.
    Taken,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rules {
    group: Vec<Group>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Group {
    why: Why,
    #[serde(default)]
    unless_imported: bool,
    #[serde(default)]
    folders: Vec<String>,
    #[serde(default)]
    files: Vec<String>,
}

static RULES: LazyLock<Rules> = LazyLock::new(|| {
    toml::from_str(include_str!("../../rules/left_out.toml"))
        .expect("internal: rules/left_out.toml is not what source reads")
});

/// What the name of a folder says.
pub fn folder_by_name(name: &str) -> ByName {
    by_name(name, |group| &group.folders)
}

/// What the name of a Python file says.
pub fn file_by_name(name: &str) -> ByName {
    by_name(name, |group| &group.files)
}

fn by_name(name: &str, patterns_of: impl Fn(&Group) -> &Vec<String>) -> ByName {
    let group = RULES.group.iter().find(|group| {
        patterns_of(group)
            .iter()
            .any(|pattern| patterns::matches(pattern, name))
    });
    match group {
        Some(group) if group.unless_imported => ByName::Likely(group.why),
        Some(group) => ByName::Certain(group.why),
        None => ByName::Taken,
    }
}

#[cfg(test)]
mod tests {
    use super::{ByName, Why, file_by_name, folder_by_name};

    #[test]
    fn folders() {
        let cases = [
            ("archive", ByName::Likely(Why::Archive)),
            ("ARCHIVE_20251011", ByName::Likely(Why::Archive)),
            ("tests_old_archive", ByName::Likely(Why::Archive)),
            ("archived_implementations", ByName::Likely(Why::Archive)),
            (
                "current_platform_backup_20251025_005313",
                ByName::Likely(Why::Backup),
            ),
            ("cleanup_nov6_2025", ByName::Likely(Why::Backup)),
            ("third_party", ByName::Likely(Why::Vendored)),
            ("node_modules", ByName::Certain(Why::InstalledPackages)),
            ("app.egg-info", ByName::Certain(Why::BuildOutput)),
            // Features that are called so.
            ("backups_v2", ByName::Taken),
            ("archive_service", ByName::Taken),
            ("cleanup_jobs", ByName::Taken),
            ("old_folders", ByName::Taken),
            ("examples", ByName::Taken),
            ("docs_src", ByName::Taken),
        ];
        for (name, expected) in cases {
            assert_eq!(folder_by_name(name), expected, "{name}");
        }
    }

    #[test]
    fn files() {
        let cases = [
            ("service.archived.py", ByName::Likely(Why::Archive)),
            (
                "gateway_OLD_20251204_001455.py",
                ByName::Likely(Why::Backup),
            ),
            ("user_pb2.py", ByName::Likely(Why::Generated)),
            ("backup.py", ByName::Taken),
            ("admin_backup.py", ByName::Taken),
            ("test_admin_backup.py", ByName::Taken),
            ("delete_old_items.py", ByName::Taken),
        ];
        for (name, expected) in cases {
            assert_eq!(file_by_name(name), expected, "{name}");
        }
    }
}
