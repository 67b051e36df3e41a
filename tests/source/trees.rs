//! Small projects in temporary folders.

use std::fs;
use std::path::Path;

use covgap::config::{Config, Error};
use covgap::source::{Sources, discover, open};
use tempfile::TempDir;

/// A folder with these files; a path that ends in `/` is an empty folder.
pub fn tree(files: &[(&str, &str)]) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (path, text) in files {
        write(dir.path(), path, text.as_bytes());
    }
    dir
}

pub fn write(root: &Path, path: &str, bytes: &[u8]) {
    let full = root.join(path);
    if path.ends_with('/') {
        fs::create_dir_all(full).unwrap();
        return;
    }
    fs::create_dir_all(full.parent().unwrap()).unwrap();
    fs::write(full, bytes).unwrap();
}

/// What discovery finds there, without any configuration.
pub fn found(dir: &TempDir) -> Sources {
    found_with(dir, &Config::default()).unwrap()
}

pub fn found_with(dir: &TempDir, config: &Config) -> Result<Sources, Error> {
    discover(open(dir.path(), None)?, config)
}

/// A config with tests, as `--tests` gives them.
pub fn tests(paths: &[&str]) -> Config {
    Config {
        tests: owned(paths),
        ..Config::default()
    }
}

pub fn owned(items: &[&str]) -> Vec<String> {
    items.iter().map(|item| (*item).to_string()).collect()
}

/// The Python files, in order.
pub fn paths(sources: &Sources) -> Vec<&str> {
    sources
        .files
        .iter()
        .map(|file| file.path.as_str())
        .collect()
}
