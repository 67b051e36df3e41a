//! The user's mistake: what is wrong, where it stands, and what would be right.
//!
//! A misspelled key `gtaes` in `pyproject.toml` is an [`Error`] with the file, the line of the key, and the known keys as help.

use std::fmt;
use std::path::{Path, PathBuf};

/// Why covgap could not do what it was asked. What cannot be decided about the project is no error but an unknown of the audit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// One sentence, in lower case, without a full stop.
    pub message: String,
    /// The file that is wrong, as the user spelled it.
    pub file: Option<PathBuf>,
    /// From 1; only with a file.
    pub line: Option<u32>,
    /// What to do about it.
    pub help: Option<String>,
}

impl Error {
    pub fn new(message: impl Into<String>) -> Error {
        Error {
            message: message.into(),
            file: None,
            line: None,
            help: None,
        }
    }

    pub fn in_file(self, file: impl AsRef<Path>) -> Error {
        Error {
            file: Some(file.as_ref().to_owned()),
            ..self
        }
    }

    /// Means nothing without [`Error::in_file`].
    pub fn on_line(self, line: u32) -> Error {
        Error {
            line: Some(line),
            ..self
        }
    }

    pub fn with_help(self, help: impl Into<String>) -> Error {
        Error {
            help: Some(help.into()),
            ..self
        }
    }

    /// `file:line`, `file`, or nothing.
    pub fn place(&self) -> Option<String> {
        let file = self.file.as_ref()?.display();
        Some(match self.line {
            Some(line) => format!("{file}:{line}"),
            None => file.to_string(),
        })
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.message)?;
        if let Some(place) = self.place() {
            write!(f, "\n  --> {place}")?;
        }
        if let Some(help) = &self.help {
            write!(f, "\nhelp: {help}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}
