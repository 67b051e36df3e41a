//! Files that are read once: whoever asks again for the same path gets what was found first.
//!
//! A hundred tests that read `cases.json` share one text.

use std::sync::RwLock;

use rustc_hash::FxHashMap;

use crate::project::world::ModuleId;

/// What files hold, by importer and path. None: the project has no such file.
pub type ReadOnce<T> = RwLock<FxHashMap<(ModuleId, Box<str>), Option<T>>>;

/// What was found before, else what is found now.
pub fn once<T: Clone>(
    known: &ReadOnce<T>,
    (importer, path): (ModuleId, &str),
    find: impl FnOnce() -> Option<T>,
) -> Option<T> {
    let asked = (importer, Box::from(path));
    if let Ok(known) = known.read()
        && let Some(known) = known.get(&asked)
    {
        return known.clone();
    }
    let found = find();
    if let Ok(mut known) = known.write() {
        known.insert(asked, found.clone());
    }
    found
}
