//! What is known of frontends beside the models of their libraries: `rules/frontend.toml`.
//!
//! A file `app/items/page.tsx` of a framework whose pages lie in `app` is the page `/items`, which calls what Python serves with
//! `@app.get("/api/items")`.

use serde::Deserialize;

use crate::config::Error;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScriptNames {
    pub senders: Vec<String>,
    pub test_marks: Vec<String>,
    pub assets: Vec<String>,
    pub marks: Vec<String>,
    /// Endings without their dot.
    pub scripts: Vec<String>,
    pub plain: Vec<String>,
    pub components: Vec<String>,
    pub views: Vec<String>,
    pub made: Vec<String>,
    pub aliases: Vec<String>,
    pub alias_folders: Vec<String>,
    pub test_files: Vec<String>,
    pub test_folders: Vec<String>,
    pub aside_files: Vec<String>,
    pub aside_folders: Vec<String>,
    pub own_hosts: Vec<String>,
    pub mains: Vec<String>,
    pub gateways: Gateways,
    pub replaced: Vec<Replaced>,
    pub framework: Vec<Framework>,
}

/// Where the settings of gateways are, see `rules/frontend.toml`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gateways {
    pub names: Vec<String>,
    pub ends: Vec<String>,
    pub labels: Vec<String>,
}

/// A generated file that a model stands for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Replaced {
    /// How its path ends.
    pub ends: String,
    /// A text that it holds.
    pub says: String,
    pub model: String,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Framework {
    pub name: String,
    /// How the names of its settings files begin.
    pub settings: Vec<String>,
    pub dependencies: Vec<String>,
    pub pages: Vec<Files>,
    /// Files that answer requests in the frontend itself.
    pub serves: Vec<Files>,
    /// Files that every page runs.
    pub starts: Vec<Files>,
}

/// Files by their folder and name, which say their address.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Files {
    pub folders: Vec<String>,
    /// Names without ending, of files whose folder is the address; none: the file itself is.
    pub stems: Vec<String>,
    /// Names of files that go with the pages of their folder and below.
    pub beside: Vec<String>,
    /// Folders below that hold none.
    pub except: Vec<String>,
    /// What stands before the address.
    pub prefix: String,
}

impl ScriptNames {
    /// Is the file a script, by its name?
    pub fn is_script(&self, name: &str) -> bool {
        has_ending(&self.scripts, name) && !self.made.iter().any(|part| name.contains(&**part))
    }

    /// Does the file hold settings of a framework, by its name?
    pub fn has_settings(&self, name: &str) -> bool {
        let mut settings = self.framework.iter().flat_map(|one| &one.settings);
        settings.any(|start| name.starts_with(start.as_str()))
    }
}

/// Has the path one of the endings?
pub fn has_ending(endings: &[String], path: &str) -> bool {
    let ending = path.rsplit_once('.').map(|(_, ending)| ending);
    ending.is_some_and(|ending| endings.iter().any(|known| known == ending))
}

/// Reads the file. `path` is only for messages.
pub fn read(text: &str, path: &str) -> Result<ScriptNames, Error> {
    toml::from_str(text).map_err(|error| {
        Error::at(
            path,
            format!(
                "not what covgap knows of frontends: {}",
                error.message().trim()
            ),
        )
    })
}
