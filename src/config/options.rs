//! What one run was asked for, after the command line is understood; the configuration file is not in it yet.
//!
//! `covgap backend --tests backend/tests` is the root `backend` and one suite.

use std::path::PathBuf;

use crate::config::Error;

/// Asked for on the command line, which wins over the configuration file.
#[derive(Debug, Clone, PartialEq, Default)]
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
    pub cache: Cache,
    /// The gates of this stage only.
    pub stage: Option<String>,
    /// Lowest percentages by bar, over those of the configuration.
    pub fail_under: Vec<(String, f64)>,
    /// The gates of what has changed since this revision only.
    pub changed_since: Option<String>,
    /// The file with the accepted gaps; none: what the configuration says, else the usual one if it is there.
    pub baseline: Option<PathBuf>,
    /// Are gaps wanted that are only possible?
    pub possible: bool,
}

impl Options {
    /// Only the files on the disk can be written to. `what` is to be written: "a baseline is".
    pub fn refuse_revision(&self, what: &str) -> Result<(), Error> {
        match self.revision {
            Some(_) => Err(
                Error::new(format!("{what} written for the files on the disk"))
                    .help("leave --revision out"),
            ),
            None => Ok(()),
        }
    }
}

/// May the result of an earlier run of the same files be taken, and this one kept?
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Cache {
    #[default]
    Off,
    /// In the project's own folder, if it pays.
    OfProject,
    /// In a folder that somebody named.
    At(PathBuf),
}

impl Options {
    /// Those that were given of the options that say what to analyze, and how: a command that analyzes nothing refuses them.
    pub fn of_analysis(&self) -> Vec<&'static str> {
        [
            ("--tests", !self.tests.is_empty()),
            ("--app", !self.apps.is_empty()),
            ("--config", self.config.is_some()),
            ("--revision", self.revision.is_some()),
            ("--possible", self.possible),
        ]
        .into_iter()
        .filter_map(|(name, is_given)| is_given.then_some(name))
        .collect()
    }

    /// The same project and the same files, and no question of what passes.
    pub fn plain(&self) -> Options {
        Options {
            stage: None,
            fail_under: Vec::new(),
            changed_since: None,
            baseline: None,
            ..self.clone()
        }
    }
}
