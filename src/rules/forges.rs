//! Forges: where each shows a file of a commit, as data of `rules/forges.toml` and of a file of that name by a project.
//!
//! ```toml
//! [[forge]]
//! host = "git.acme.example"
//! link = "https://{host}/{repository}/blob/{revision}/{path}#L{line}"
//! ```

use serde::Deserialize;

use crate::config::Error;
use crate::rules::lists::mistake;

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Forge {
    pub host: String,
    /// With `{host}`, `{repository}`, `{revision}`, `{path}` and `{line}`.
    pub link: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    forge: Vec<Forge>,
}

/// Reads them. `path` is only for messages.
pub fn read(text: &str, path: &str) -> Result<Vec<Forge>, Error> {
    let file: File = toml::from_str(text).map_err(|error| {
        mistake(text, path, &error, "not a list of forges")
            .help("a forge is `[[forge]]` with `host` and `link`")
    })?;
    Ok(file.forge)
}

/// Where a file of a commit is shown, with `{path}` from the project's folder and `{line}` left open: of `git@github.com:acme/shop.git`
/// and the like. None for a forge that is not known, and for a remote that could be read as anything else than host and repository.
pub fn link(forges: &[Forge], remote: &str, revision: &str, folder: &str) -> Option<String> {
    let rest = match remote.split_once("://") {
        Some((_, rest)) => rest.to_string(),
        None => remote.replacen(':', "/", 1),
    };
    let (host, repository) = rest.split_once('/')?;
    // Not the user, nor the port.
    let host = host.rsplit('@').next()?.split(':').next()?;
    let repository = repository.trim_matches('/').trim_end_matches(".git");
    let is_plain = |text: &str| {
        let known = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte);
        !text.is_empty() && text.bytes().all(known)
    };
    let is_folder = folder.is_empty() || is_plain(folder);
    if !is_plain(repository) || !is_plain(revision) || !is_folder {
        return None;
    }
    let forge = forges.iter().find(|forge| forge.host == host)?;
    let filled = forge.link.replace("{host}", host);
    let filled = filled.replace("{repository}", repository);
    let mut link = filled.replace("{revision}", revision);
    if !folder.is_empty() {
        link = link.replace("{path}", &format!("{folder}/{{path}}"));
    }
    link.starts_with("https://").then_some(link)
}

#[cfg(test)]
mod tests {
    use super::{Forge, link};

    #[test]
    fn remotes_are_spelled_in_many_ways() {
        let forges = [Forge {
            host: "github.com".into(),
            link: "https://{host}/{repository}/blob/{revision}/{path}#L{line}".into(),
        }];
        let case = |remote: &str, expected: Option<&str>| {
            let link = link(&forges, remote, "1a2b", "");
            let repository = link.as_deref().map(|link| {
                let rest = link.strip_prefix("https://github.com/").unwrap_or(link);
                rest.strip_suffix("/blob/1a2b/{path}#L{line}")
                    .unwrap_or(rest)
            });
            assert_eq!(repository, expected, "{remote}");
        };
        case("https://github.com/acme/shop.git", Some("acme/shop"));
        case("https://token@github.com/acme/shop", Some("acme/shop"));
        case("git@github.com:acme/shop.git", Some("acme/shop"));
        case("ssh://git@github.com:22/acme/shop/", Some("acme/shop"));
        case("https://forge.example/acme/shop", None);
        case("/srv/git/shop", None);
        case("https://github.com/a\"><script>", None);
        case("", None);
        let below = link(&forges, "https://github.com/acme/shop", "1a2b", "backend");
        let below = below.unwrap_or_default();
        assert!(
            below.ends_with("/blob/1a2b/backend/{path}#L{line}"),
            "{below}"
        );
    }
}
