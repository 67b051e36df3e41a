//! The rules that a project brings: the files and folders that `rules = […]` in its configuration names.
//!
//! ```text
//! rules = ["covgap_rules"]
//! covgap_rules/acme.py               the model of `import acme`
//! covgap_rules/acme/clients.py       the model of `import acme.clients`, as is `acme.clients.py`
//! covgap_rules/names.toml            lists of names
//! ```

use super::origin::{Kind, Origin};
use super::{paths, text};
use crate::config::{Config, Error};

/// A file of rules, before anybody has looked into it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleFile {
    /// For messages: relative to the project's root, or below `rules/` for the embedded ones.
    pub path: String,
    /// Below the folder that holds rules, without its ending, with dots between.
    pub name: String,
    pub kind: RuleKind,
    pub text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RuleKind {
    /// Python that stands for a library.
    Model,
    /// TOML with lists of names.
    Names,
}

/// Deepest folder of rules: nobody nests packages deeper, and a link that leads back would never end.
const DEEPEST: usize = 12;

/// Reads all of them, in the order in which they are named; a folder's in the order of their paths. The errors are the user's.
pub fn own_rules(origin: &Origin, config: &Config) -> Result<Vec<RuleFile>, Error> {
    let mut found = Vec::new();
    for named in &config.rules {
        let path = named.trim_end_matches('/');
        let mistake = |says: &str| {
            let written_in = config.written_in.as_deref().unwrap_or("the configuration");
            Error::at(written_in, format!("`rules` names `{named}`, {says}"))
        };
        if origin.kind(path) == Some(Kind::Folder) {
            let before = found.len();
            folder(origin, path, "", 0, &mut found)?;
            if found.len() == before {
                return Err(mistake("a folder without a rule")
                    .help("a rule is a Python file that stands for a library, or a TOML file with lists of names"));
            }
            continue;
        }
        if !origin.has(path) {
            return Err(
                mistake("which is not there").help("paths are relative to the project's root")
            );
        }
        match kind_of(path) {
            Some(kind) => found.push(read(origin, path, paths::name(path), kind)?),
            None => {
                return Err(mistake("which is neither Python nor TOML")
                    .help("a rule is a Python file that stands for a library, or a TOML file with lists of names"));
            }
        }
    }
    Ok(found)
}

fn folder(
    origin: &Origin,
    dir: &str,
    inside: &str,
    depth: usize,
    found: &mut Vec<RuleFile>,
) -> Result<(), Error> {
    let refused = |error: String| {
        Error::at(dir, format!("cannot list the folder: {error}"))
            .help("make it readable, or take it out of `rules`")
    };
    if depth > DEEPEST {
        return Err(Error::at(dir, "folders of rules are nested too deep"));
    }
    let mut names: Vec<String> = origin
        .list(dir)
        .map_err(refused)?
        .into_iter()
        .filter(|entry| entry.kind != Kind::BadName)
        .map(|entry| entry.name)
        .collect();
    names.sort();
    for name in names {
        let path = paths::child(dir, &name);
        let inner = paths::child(inside, &name);
        if origin.kind(&path) == Some(Kind::Folder) {
            if name != "__pycache__" && !name.starts_with('.') {
                folder(origin, &path, &inner, depth + 1, found)?;
            }
        } else if let Some(kind) = kind_of(&name) {
            found.push(read(origin, &path, &inner, kind)?);
        }
    }
    Ok(())
}

fn kind_of(name: &str) -> Option<RuleKind> {
    if name.ends_with(".py") {
        Some(RuleKind::Model)
    } else if name.ends_with(".toml") {
        Some(RuleKind::Names)
    } else {
        None
    }
}

fn read(origin: &Origin, path: &str, inside: &str, kind: RuleKind) -> Result<RuleFile, Error> {
    let text = match kind {
        RuleKind::Model => text::read_python(origin, path),
        RuleKind::Names => text::read_lossy(origin, path),
    };
    let text = text.map_err(|why| {
        Error::at(path, format!("cannot read the rule: {why}"))
            .help("correct the file, or take it out of `rules`")
    })?;
    Ok(RuleFile {
        path: path.to_owned(),
        name: module_name(inside),
        kind,
        text,
    })
}

/// `acme/clients.py` → `acme.clients`, `acme/__init__.py` → `acme`.
pub fn module_name(inside: &str) -> String {
    let bare = inside
        .strip_suffix(".py")
        .or_else(|| inside.strip_suffix(".toml"))
        .unwrap_or(inside);
    let bare = bare.strip_suffix("/__init__").unwrap_or(bare);
    bare.replace('/', ".")
}

#[cfg(test)]
mod tests {
    use super::module_name;

    #[test]
    fn names_of_models() {
        let case = |inside: &str, expected: &str| assert_eq!(module_name(inside), expected);
        case("acme.py", "acme");
        case("acme/__init__.py", "acme");
        case("acme/clients.py", "acme.clients");
        case("acme.clients.py", "acme.clients");
    }
}
