//! Clashes: test files that pytest cannot import because another one has their name.
//!
//! ```text
//! tests/api/test_users.py     imported as `test_users`
//! tests/unit/test_users.py    the same name: "import file mismatch"
//! tests/a/jobs/__init__.py    the package `jobs`
//! tests/b/jobs/test_late.py   `jobs.test_late`, which that package does not have
//! ```
//! Source: <https://docs.pytest.org/en/stable/explanation/pythonpath.html#import-modes>

use rustc_hash::FxHashMap;

use crate::project::world::World;
use crate::source::{FileId, ImportMode, Suite, paths};

/// The files of a suite that a file before them keeps from being imported, with what Python says. What `fails` to be imported
/// leaves no module of its name behind, but its packages.
pub fn find(
    world: &World<'_>,
    suite: &Suite,
    fails: impl Fn(FileId) -> bool,
) -> FxHashMap<FileId, String> {
    let mut clashes = FxHashMap::default();
    if suite.config.import_mode == ImportMode::Importlib {
        return clashes;
    }
    // Names of `sys.modules` → the folder that they were imported from. Only what lies in one folder that pytest is given
    // certainly runs together.
    let mut owners: FxHashMap<(usize, String), String> = FxHashMap::default();
    for &file in &suite.tests {
        let path = world.sources.path(file);
        let Some(argument) = suite.arguments.iter().position(|argument| {
            !matches!(argument.as_str(), "" | ".") && paths::is_within(path, argument)
        }) else {
            continue;
        };
        let base = world.sources.modules.base(path);
        let inner = paths::below(path, base).unwrap_or(path);
        let name = inner.strip_suffix(".py").unwrap_or(inner).replace('/', ".");
        let top = name.split('.').next().unwrap_or(&name).to_string();
        let key = (argument, top);
        let Some(owner) = owners.get(&key) else {
            if name.contains('.') || !fails(file) {
                owners.insert(key, base.to_string());
            }
            continue;
        };
        if owner == base {
            continue;
        }
        let there = paths::child(owner, inner);
        let says = if world.sources.modules.file(&there).is_some() {
            format!("import file mismatch: {there} has the same name")
        } else {
            format!("ModuleNotFoundError: No module named '{name}': its package is {owner}")
        };
        clashes.insert(file, says);
    }
    clashes
}
