//! A small project on the disk for as long as somebody looks at it: an example of a rule's page.
//!
//! ```python
//! # tests/test_orders.py of the example of `untested-route`
//! ```

use std::fs;
use std::path::Path;

use super::paths;
use crate::config::Error;

/// A folder that is gone when this is dropped.
pub struct Scratch(tempfile::TempDir);

impl Scratch {
    /// Writes the files, given as (path, text).
    pub fn new(files: &[(String, String)]) -> Result<Scratch, Error> {
        let cannot = |error: std::io::Error| {
            Error::new(format!("cannot write an example: {error}"))
                .help("examples are written to the system's temporary folder")
        };
        let folder = tempfile::tempdir().map_err(cannot)?;
        for (path, text) in files {
            let inside = paths::join("", path)
                .ok_or_else(|| Error::new(format!("`{path}` leads out of the example")))?;
            let path = folder.path().join(inside);
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent).map_err(cannot)?;
            }
            fs::write(path, text).map_err(cannot)?;
        }
        Ok(Scratch(folder))
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }
}
