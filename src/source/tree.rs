//! The tree as a walk left it, for everything that is derived from it.
//!
//! ```python
//! import shop.api      # is there a `shop/api.py`, or a `shop/api/__init__.py`?
//! ```

use rustc_hash::{FxHashMap, FxHashSet};

use super::{FileId, SourceFile, paths};

/// Files by number and by path, and a way to read them.
pub struct Tree<'tree> {
    pub files: &'tree [SourceFile],
    pub by_path: &'tree FxHashMap<String, FileId>,
    /// Files that are not Python.
    pub others: &'tree [String],
    /// The text of one of them.
    pub read: &'tree dyn Fn(&str) -> Option<String>,
}

impl<'tree> Tree<'tree> {
    /// Every folder with a Python file somewhere below it.
    pub fn python_folders(&self) -> FxHashSet<&'tree str> {
        let mut folders = FxHashSet::default();
        for file in self.files {
            for dir in paths::ancestors(&file.path) {
                if !folders.insert(dir) {
                    break;
                }
            }
        }
        folders
    }
}

/// The first folder upward without an `__init__.py`: where a file's package begins.
pub fn base_folder<'path>(by_path: &FxHashMap<String, FileId>, path: &'path str) -> &'path str {
    let mut around = paths::ancestors(path);
    around
        .find(|dir| dir.is_empty() || !by_path.contains_key(&paths::child(dir, "__init__.py")))
        .unwrap_or("")
}
