//! The names of the libraries that a project requires, and which top-level modules they may bring.
//!
//! ```text
//! PyJWT                       # import jwt
//! llama-index-workflows       # import workflows
//! acme-mail                   # import acme.mail, beside the project's own acme.core
//! ```

use rustc_hash::FxHashSet;

use crate::source::Sources;

/// Names as they are required, in lower case, with dashes; whole and up to each dash.
pub struct Libraries(FxHashSet<String>);

impl Libraries {
    pub fn of(sources: &Sources) -> Libraries {
        let mut names = FxHashSet::default();
        for name in sources.versions.by_name.keys() {
            let name = required(name).replace('.', "-");
            let dashes = name.match_indices('-').map(|(dash, _)| dash);
            names.extend(dashes.map(|dash| name[..dash].to_string()));
            names.insert(name);
        }
        Libraries(names)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// May a library have modules in the namespace package? `acme.core` of the project and an installed `acme-mail` share `acme`.
    pub fn share(&self, top: &str) -> bool {
        self.0.contains(&required(top))
    }

    /// `llama-index-workflows` is `workflows`: may a library be called so?
    pub fn end_with(&self, top: &str) -> bool {
        let end = required(top);
        let mut names = self.0.iter();
        names.any(|name| {
            let before = name.strip_suffix(&*end);
            before.is_some_and(|before| before.ends_with('-'))
        })
    }

    /// `PyJWT` is `jwt`, `python-telegram-bot` is `telegram`: may the module be a library's?
    pub fn may_have(&self, top: &str) -> bool {
        let top = required(top);
        ["", "py", "python-"]
            .iter()
            .any(|before| self.0.contains(&format!("{before}{top}")))
    }
}

fn required(module: &str) -> String {
    module.to_ascii_lowercase().replace('_', "-")
}
