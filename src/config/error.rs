//! How a mistake of the user is said: what, where, and what to do.
//!
//! ```text
//! error: unknown key `test`
//!   --> pyproject.toml:12
//!   help: did you mean `tests`?
//! ```

use std::fmt;
use std::path::PathBuf;

/// The user's mistake, as opposed to something that could not be decided (a value) and to our bug (a panic).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Error {
    /// The file or folder the mistake is in, as the user would name it; none when the command line itself is wrong.
    pub path: Option<PathBuf>,
    /// The line in it, from 1, where there is one.
    pub line: Option<usize>,
    /// What is wrong, and what was expected.
    pub says: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl Error {
    /// A mistake in no file.
    pub fn new(says: impl Into<String>) -> Self {
        Self {
            path: None,
            line: None,
            says: says.into(),
            help: None,
        }
    }

    /// A mistake about a path as a whole.
    pub fn at(path: impl Into<PathBuf>, says: impl Into<String>) -> Self {
        Self {
            path: Some(path.into()),
            ..Self::new(says)
        }
    }

    /// The same mistake, with its line (from 1).
    pub fn on_line(mut self, line: usize) -> Self {
        self.line = Some(line);
        self
    }

    /// The same mistake, with what to do about it.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// `path:line`, `path`, or nothing.
    pub fn place(&self) -> Option<String> {
        let path = self.path.as_ref()?.display();
        Some(match self.line {
            Some(line) => format!("{path}:{line}"),
            None => path.to_string(),
        })
    }
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "error: {}", self.says)?;
        if let Some(place) = self.place() {
            write!(out, "\n  --> {place}")?;
        }
        if let Some(help) = &self.help {
            write!(out, "\n  help: {help}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Error;

    #[test]
    fn is_displayed_like_a_compilers_diagnostic() {
        let error = Error::at("pyproject.toml", "unknown key `test`")
            .on_line(12)
            .help("did you mean `tests`?");
        assert_eq!(
            error.to_string(),
            "error: unknown key `test`\n  --> pyproject.toml:12\n  help: did you mean `tests`?"
        );
        assert_eq!(
            Error::at("x", "no such path").to_string(),
            "error: no such path\n  --> x"
        );
        assert_eq!(Error::new("no name").to_string(), "error: no name");
    }
}
