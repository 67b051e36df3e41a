//! How a mistake of the user is said: where, what, and what to do.
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
    /// The file or folder the mistake is in, as the user would name it.
    pub path: PathBuf,
    /// The line in it, from 1, where there is one.
    pub line: Option<usize>,
    /// What is wrong, and what was expected.
    pub says: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl Error {
    /// A mistake about a path as a whole.
    pub fn at(path: impl Into<PathBuf>, says: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            line: None,
            says: says.into(),
            help: None,
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
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "error: {}\n  --> {}", self.says, self.path.display())?;
        if let Some(line) = self.line {
            write!(out, ":{line}")?;
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
    }
}
