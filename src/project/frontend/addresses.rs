//! Addresses: which part of a URL of a script is a host or a base, and which is the path that a route must serve.
//!
//! `http://localhost:8000/api/items?limit=10` is the path `/api/items`, for `@app.get("/api/items")`.

use super::value::{ENVIRONMENT, PARAMETER, is_hole};
use crate::project::values::value::HOLE;
use crate::rules::frontend::ScriptNames;
use crate::source::Sources;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// Begins with `/`; holes are [`HOLE`].
    pub path: String,
    /// Another program's.
    pub is_foreign: bool,
    /// What stands before the path is not known, and may hold a part of it.
    pub has_unknown_base: bool,
    /// A parameter decides more than a segment.
    pub is_open: bool,
    /// Which segments are parameters.
    pub parameters: usize,
}

const SCHEMES: [&str; 4] = ["http", "https", "ws", "wss"];

/// Hosts of the project itself: those that every machine knows, and those that its files name.
pub fn own_hosts(sources: &Sources, names: &ScriptNames) -> Vec<String> {
    let mut hosts = names.own_hosts.clone();
    hosts.extend(sources.environments.own_hosts.iter().cloned());
    hosts
}

/// None: nothing of the path is known.
pub fn read(url: &str, own_hosts: &[String]) -> Option<Address> {
    let mut is_foreign = false;
    let mut has_unknown_base = false;
    let mut rest = url.trim();
    let colon = rest.find(':');
    if let Some((before, after)) = split_scheme(rest) {
        let scheme = before.trim_end_matches(|c| is_hole(c) || c == ':');
        if !scheme.is_empty() && !SCHEMES.contains(&scheme) {
            is_foreign = !scheme.contains(is_hole);
        }
        let end = after.find(['/', '?']).unwrap_or(after.len());
        let host = &after[..end];
        let name = host.split('@').next_back().unwrap_or(host);
        let name = name.split(':').next().unwrap_or(name);
        let is_known = !host.contains(is_hole);
        if is_known && name.contains('.') && !own_hosts.iter().any(|own| own == name) {
            is_foreign = true;
        }
        if host.ends_with(is_hole) {
            has_unknown_base = true;
        }
        rest = &after[end..];
        if rest.is_empty() {
            rest = "/";
        }
    } else if rest.starts_with("//") || colon.is_some_and(|at| is_scheme(&rest[..at])) {
        is_foreign = true;
    } else if rest.starts_with(is_hole) {
        has_unknown_base = true;
        let first = rest.chars().next()?;
        let after = rest.trim_start_matches(is_hole);
        if !after.starts_with('/') && (first == PARAMETER || after.is_empty()) {
            // A function that is given all of its address.
            return if after.is_empty() || after.starts_with(['?', '#']) {
                None
            } else {
                Some(finish(after, is_foreign, true, true))
            };
        }
        rest = after;
    }
    if rest.is_empty() {
        return None;
    }
    let address = finish(rest, is_foreign, has_unknown_base, false);
    let is_blank = address.path.chars().all(|c| c == HOLE || c == '/');
    if is_blank && (has_unknown_base || address.path.contains(HOLE)) {
        return None;
    }
    Some(address)
}

/// What a browser test opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opened {
    /// A page of the project, by its path.
    Page(String),
    Foreign,
    Unknown,
}

/// The page that a test opens with a URL. A base alone is the first page.
pub fn page(url: &str, own_hosts: &[String]) -> Opened {
    let url = url.trim();
    let is_host = |(_, host): (&str, &str)| {
        host.contains(is_hole) && !host.trim_end_matches('/').contains('/')
    };
    let is_base = url.chars().all(|c| c == ENVIRONMENT)
        || url.contains("://") && split_scheme(url).is_some_and(is_host);
    if is_base {
        return Opened::Page("/".into());
    }
    match read(url, own_hosts) {
        Some(address) if address.is_foreign => Opened::Foreign,
        Some(address) => Opened::Page(address.path),
        None => Opened::Unknown,
    }
}

/// What stands before and after the `//` of a URL with a host.
fn split_scheme(url: &str) -> Option<(&str, &str)> {
    if let Some((before, after)) = url.split_once("://") {
        return Some((before, after));
    }
    // `${protocol}//${host}/ws`, and not `${base}//items`.
    let (before, after) = url.split_once("//")?;
    let is_protocol = !before.is_empty() && before.chars().all(|c| is_hole(c) || c == ':');
    let host = after.split(['/', '?']).next().unwrap_or(after);
    let is_host = host.starts_with(is_hole) || host.contains(['.', ':']) || host == "localhost";
    (is_protocol && is_host).then_some((before, after))
}

fn is_scheme(text: &str) -> bool {
    !text.is_empty() && text.len() < 12 && text.chars().all(|c| c.is_ascii_lowercase())
}

fn finish(rest: &str, is_foreign: bool, has_unknown_base: bool, is_open: bool) -> Address {
    let path = rest.split(['?', '#']).next().unwrap_or(rest);
    let mut is_open = is_open;
    let mut plain = String::with_capacity(path.len() + 1);
    if !path.starts_with('/') {
        plain.push('/');
    }
    let mut parameters = 0;
    let mut before = '/';
    for c in path.chars() {
        if c == PARAMETER {
            parameters += 1;
            // `/items${rest}` may be given more of the path.
            is_open |= before != '/' && !is_hole(before);
        }
        let shown = if matches!(c, PARAMETER | ENVIRONMENT) {
            HOLE
        } else {
            c
        };
        let is_double =
            (shown == '/' && plain.ends_with('/')) || (shown == HOLE && plain.ends_with(HOLE));
        if !is_double {
            plain.push(shown);
        }
        before = c;
    }
    // Behind a text, a hole at the end is a query.
    let trimmed = plain.trim_end_matches(HOLE);
    if trimmed.len() < plain.len() && !trimmed.ends_with('/') && !trimmed.is_empty() {
        plain.truncate(trimmed.len());
    }
    Address {
        path: plain,
        is_foreign,
        has_unknown_base,
        is_open,
        parameters,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages() {
        let own = ["localhost".to_string()];
        let case = |url: &str, expected: Option<&str>| {
            let url = url
                .replace("{e}", &ENVIRONMENT.to_string())
                .replace("{}", &HOLE.to_string());
            let expected = match expected {
                Some("elsewhere") => Opened::Foreign,
                Some(path) => Opened::Page(path.to_string()),
                None => Opened::Unknown,
            };
            assert_eq!(page(&url, &own), expected, "{url}");
        };
        case("/items", Some("/items"));
        case("", Some("/"));
        case("{e}", Some("/"));
        case("{e}/items", Some("/items"));
        case("http://localhost:8000", Some("/"));
        case("http://{}:{}", Some("/"));
        case("http://{}:{}/items", Some("/items"));
        case("https://example.com/items", Some("elsewhere"));
        case("about:blank", Some("elsewhere"));
        case("{}", None);
    }

    #[test]
    fn addresses() {
        let own = ["localhost".to_string()];
        let case = |url: &str, expected: Option<(&str, bool, bool)>| {
            let url = url
                .replace("{p}", &PARAMETER.to_string())
                .replace("{e}", &ENVIRONMENT.to_string());
            let found = read(&url, &own);
            let found = found.as_ref().map(|one| {
                (
                    one.path.replace(HOLE, "{}"),
                    one.is_foreign,
                    one.has_unknown_base,
                )
            });
            let found = found
                .as_ref()
                .map(|(path, foreign, base)| (path.as_str(), *foreign, *base));
            assert_eq!(found, expected, "{url}");
        };
        case("/api/items?limit=1", Some(("/api/items", false, false)));
        case("http://localhost:8000/api", Some(("/api", false, false)));
        case("http://api:8000/api/", Some(("/api/", false, false)));
        case("https://api.example.com/x", Some(("/x", true, false)));
        case("{e}/api/items/{p}", Some(("/api/items/{}", false, true)));
        case("{e}api/items", Some(("/api/items", false, true)));
        case("{p}", None);
        case("{e}", None);
        case("{p}?a=1", None);
        case("ws{e}://{e}/ws", Some(("/ws", false, true)));
        case("{e}//{e}/ws", Some(("/ws", false, true)));
        case("{e}//v1/users", Some(("/v1/users", false, true)));
        case("{e}//", None);
        case("items/{p}", Some(("/items/{}", false, false)));
        case("/items{p}", Some(("/items", false, false)));
        case(
            "data:text/plain,a",
            Some(("/data:text/plain,a", true, false)),
        );
        case("/", Some(("/", false, false)));
    }
}
