//! URLs: taken apart and joined, where parts of them are not known.
//!
//! In `client.get(f"http://test{prefix}/items")` the hole stands for the begin of the path.

use crate::project::values::value::{HOLE, HOLE_TEXT};

/// Scheme, host, path and query of a URL.
pub fn split_url(url: &str) -> (&str, &str, &str, &str) {
    let url = url.split('#').next().unwrap_or(url);
    let (rest, query) = url.split_once('?').unwrap_or((url, ""));
    match rest.split_once("://").filter(|_| is_absolute(rest)) {
        Some((scheme, rest)) => {
            let (host, path) = rest.split_at(end_of_host(rest));
            (scheme, host, path, query)
        }
        None => match rest.split_at(end_of_origin(rest)) {
            ("", path) => ("", "", path, query),
            (host, path) => (HOLE_TEXT, host, path, query),
        },
    }
}

/// Where the path begins of a URL whose scheme nobody knows, with a port behind it: `{}:{}/items`, `{}:8000/items`. Nothing else
/// has a colon before its first slash.
fn end_of_origin(url: &str) -> usize {
    let slash = url.find('/').unwrap_or(url.len());
    let is_port =
        |port: &str| port.chars().all(|c| c == HOLE || c.is_ascii_digit()) && !port.is_empty();
    match url[..slash].split_once(':') {
        Some((host, port)) if host.starts_with(HOLE) && is_port(port) => slash,
        _ => 0,
    }
}

/// Does it begin with a scheme? `/proxy/http://other/x` and `/login?next=http://test/` do not.
pub fn is_absolute(url: &str) -> bool {
    url.split_once("://")
        .is_some_and(|(scheme, _)| !scheme.contains(['/', '?', '#']))
}

/// Where the path begins, of a URL without its scheme. In `host{}` and `host{}/items` the hole may hold the path or its begin; in
/// `host:{}/items`, `node-{}/items` and `{}.host/items` it is of the host.
fn end_of_host(url: &str) -> usize {
    let slash = url.find('/').unwrap_or(url.len());
    let authority = &url[..slash];
    let hole = match slash == url.len() {
        true => authority.find(HOLE).unwrap_or(slash),
        false => authority.trim_end_matches(HOLE).len(),
    };
    if hole == 0 || authority[..hole].ends_with([':', '.', '@', '-']) {
        slash
    } else {
        hole
    }
}

/// `urllib.parse.urljoin`, as far as paths go.
pub fn join_url(base: &str, url: &str) -> String {
    if is_absolute(url) || base.is_empty() {
        return url.to_string();
    }
    if url.is_empty() {
        return base.to_string();
    }
    let (scheme, host, path, _) = split_url(base);
    let origin = if scheme.is_empty() {
        String::new()
    } else {
        format!("{scheme}://{host}")
    };
    if url.starts_with('/') || url.starts_with(HOLE) && path.is_empty() {
        return format!("{origin}{url}");
    }
    if url.starts_with('?') {
        return format!("{origin}{path}{url}");
    }
    let folder = path.rfind('/').map_or("/", |slash| &path[..=slash]);
    let mut parts: Vec<&str> = folder.split('/').collect();
    parts.pop();
    for part in url.split('/') {
        match part {
            "." => {}
            ".." => {
                parts.pop();
            }
            other => parts.push(other),
        }
    }
    format!("{origin}{}", parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::values::requests::under_base;

    #[test]
    fn urls_with_a_hole_behind_the_host() {
        let case = |url: &str, host: &str, path: &str| {
            let [url, host, path] = [url, host, path].map(|text| text.replace("{}", HOLE_TEXT));
            let (_, found_host, found_path, _) = split_url(&url);
            assert_eq!((found_host, found_path), (&*host, &*path), "{url}");
        };
        case("http://test/items", "test", "/items");
        case("http://test{}/items", "test", "{}/items");
        case("http://test{}", "test", "{}");
        case("http://test{}items", "test", "{}items");
        case("http://{}/items", "{}", "/items");
        case("http://test:{}/items", "test:{}", "/items");
        case("http://{}.test/items", "{}.test", "/items");
        case("http://node-{}/items", "node-{}", "/items");
        case("/proxy/http://test/items", "", "/proxy/http://test/items");
        case("{}:{}/items", "{}:{}", "/items");
        case("{}:8000/items/a:b", "{}:8000", "/items/a:b");
        case("{}/items:{}", "", "{}/items:{}");
        case("{}:search/items", "", "{}:search/items");
    }

    #[test]
    pub(super) fn urls_join_as_clients_join_them() {
        let case =
            |base: &str, url: &str, expected: &str| assert_eq!(under_base(base, url), expected);
        case("http://test", "/items", "http://test/items");
        case("http://test/api/", "/items", "http://test/api/items");
        case("http://test/api", "items", "http://test/api/items");
        let [from, to] =
            ["{}/items", "http://test{}/items"].map(|text| text.replace("{}", HOLE_TEXT));
        case("http://test/", &from, &to);
        let to = to.replace("test", "test/api/");
        case("http://test/api/", &from, &to);
        case("http://test", "http://other/x", "http://other/x");
        case("", "/x", "/x");
        case(
            "http://test",
            "/proxy/file://a/b",
            "http://test/proxy/file://a/b",
        );
        case(
            "http://test",
            "/login?next=http://a/b",
            "http://test/login?next=http://a/b",
        );
        let case =
            |base: &str, url: &str, expected: &str| assert_eq!(join_url(base, url), expected);
        case("http://a/b/c", "d", "http://a/b/d");
        case("http://a/b/c/", "d", "http://a/b/c/d");
        case("http://a/b", "/d", "http://a/d");
        case("http://a/b/c", "../d", "http://a/d");
    }
}
