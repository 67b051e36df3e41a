//! What one run was asked for, after the command line is understood; the configuration file is not in it yet.
//!
//! `covgap backend --tests backend/tests` is the root `backend` and one suite.

use std::path::PathBuf;

/// Asked for on the command line, which wins over the configuration file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Options {
    /// The project's root, as the user spelled it.
    pub root: PathBuf,
    /// Folders or files of tests, as spelled; empty: let discovery find them.
    pub tests: Vec<PathBuf>,
    /// Served apps as `module:attribute`; empty: let discovery find them.
    pub apps: Vec<String>,
    /// At least 1; none: as many as there are processors.
    pub threads: Option<usize>,
    /// The configuration file; none: the project's own, if any.
    pub config: Option<PathBuf>,
    /// The git revision to analyze; none: the files on the disk.
    pub revision: Option<String>,
    /// Are gaps wanted that are only possible?
    pub possible: bool,
}
