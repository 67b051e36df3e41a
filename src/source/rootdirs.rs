//! pytest's rootdir, and which options hold there.
//!
//! ```text
//! pytest backend/tests     backend/tests, backend and the root are asked, in this order, for a file that configures pytest;
//!                          if none does, the nearest pyproject.toml is the rootdir, then the nearest setup.py, then the root
//! ```
//! Source: `_pytest/config/findpaths.py`.
//! Not handled: files above the folder that is analyzed; `--rootdir`.

use rustc_hash::{FxHashMap, FxHashSet};

use super::paths;
use super::pytest_config::{self, FILE_NAMES, PytestConfig};
use super::tree::Tree;

/// The folders that say something about pytest's rootdir.
pub struct Places {
    /// The options of each folder that configures pytest.
    pub configured: FxHashMap<String, PytestConfig>,
    /// With a `pyproject.toml` that does not mention pytest.
    pyproject: FxHashSet<String>,
    setup: FxHashSet<String>,
}

impl Places {
    /// Reads every file that can configure pytest.
    pub fn new(tree: &Tree) -> Self {
        let mut candidates: FxHashMap<&str, [Option<&str>; FILE_NAMES.len()]> =
            FxHashMap::default();
        for path in tree.others {
            let name = paths::name(path);
            if let Some(rank) = FILE_NAMES.iter().position(|known| *known == name) {
                let slots = candidates.entry(paths::folder(path)).or_default();
                if let Some(slot) = slots.get_mut(rank) {
                    *slot = Some(path);
                }
            }
        }
        let mut configured = FxHashMap::default();
        let mut pyproject = FxHashSet::default();
        for (dir, files) in candidates {
            let config = files.into_iter().flatten().find_map(|path| {
                let name = paths::name(path);
                if name == "pyproject.toml" {
                    pyproject.insert(dir.to_string());
                }
                pytest_config::read(path, name, &(tree.read)(path)?)
            });
            if let Some(config) = config {
                configured.insert(dir.to_string(), config);
            }
        }
        let setups = tree.files.iter().map(|file| file.path.as_str());
        let setup = setups
            .filter(|path| paths::name(path) == "setup.py")
            .map(|path| paths::folder(path).to_string())
            .collect();
        Self {
            configured,
            pyproject,
            setup,
        }
    }

    /// pytest's rootdir for a folder it is given, and the options there (`determine_setup`).
    pub fn rootdir(&self, dir: &str) -> (String, PytestConfig) {
        let around = || std::iter::once(dir).chain(paths::ancestors(dir));
        for place in around() {
            if let Some(config) = self.configured.get(place) {
                return (place.to_string(), config.clone());
            }
        }
        let unconfigured = around()
            .find(|place| self.pyproject.contains(*place))
            .or_else(|| around().find(|place| self.setup.contains(*place)));
        (
            unconfigured.unwrap_or("").to_string(),
            PytestConfig::default(),
        )
    }
}
