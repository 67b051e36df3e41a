//! Matching: which route of a table takes a request, as Starlette decides it.
//!
//! `/users/{}` (a hole) against `/users/me`, then `/users/{user_id}`: the hole is one segment, so the second takes it, and the
//! first might. Source: `starlette/routing.py`, `compile_path` and `Router.app`.

use std::sync::Arc;

use crate::project::routes::{Entry, EntryKind, Table};
use crate::project::values::value::HOLE;

/// How sure a match is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sureness {
    Possible,
    Likely,
    Certain,
}

/// Positions in the table with how sure each is; empty: no route takes it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Taken {
    pub routes: Vec<(usize, Sureness)>,
    /// Something that covgap can't look into takes it first.
    pub opaque: bool,
    /// Nothing in the URL says which route.
    pub is_blank: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fit {
    No,
    /// A hole would have to be just this literal text.
    Weak,
    Sure,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Token {
    Char(char),
    Parameter(Convertor),
    /// A prefix that is not known.
    Unknown,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Convertor {
    Text,
    Path,
    Int,
    Float,
    Uuid,
}

/// The routes that may take the request, in the order of the table.
pub fn take(
    table: &Table,
    is_websocket: bool,
    method: &str,
    path: &str,
    follows_redirects: bool,
) -> Taken {
    let taken = take_as_is(table, is_websocket, method, path);
    if !taken.routes.is_empty() || taken.opaque || !follows_redirects || is_websocket || path == "/"
    {
        return taken;
    }
    let other = match path.strip_suffix('/') {
        Some(shorter) => shorter.to_string(),
        None => format!("{path}/"),
    };
    let mut redirected = take_as_is(table, is_websocket, method, &other);
    let by_redirect = |position: usize| table.entries[position].redirects_slashes;
    redirected
        .routes
        .retain(|(position, _)| by_redirect(*position));
    if redirected.routes.is_empty() {
        taken
    } else {
        redirected
    }
}

fn take_as_is(table: &Table, is_websocket: bool, method: &str, path: &str) -> Taken {
    let path = if path.is_empty() { "/" } else { path };
    let mut taken = Taken::default();
    let url: Vec<char> = path.chars().collect();
    if url.iter().all(|c| *c == HOLE || *c == '/')
        && url.contains(&HOLE)
        && url.iter().filter(|c| **c == HOLE).count() == url.iter().filter(|c| **c != '/').count()
        && url[0] == HOLE
    {
        taken.is_blank = true;
        return taken;
    }
    if let Some(position) = under_the_same_prefix(table, is_websocket, method, path) {
        taken.routes.push((position, Sureness::Likely));
        return taken;
    }
    let any_method = method.contains(HOLE);
    let mut weak = Vec::new();
    for (position, entry) in table.entries.iter().enumerate() {
        if entry.kind == EntryKind::Opaque {
            if is_prefix(&entry.path, path) && !entry.is_conditional {
                taken.opaque = weak.is_empty();
                break;
            }
            continue;
        }
        if (entry.kind == EntryKind::Websocket) != is_websocket {
            continue;
        }
        if part_early(&entry.path, url.iter().copied())
            || !any_method && !takes_method(entry, method)
        {
            continue;
        }
        match fit(&entry.path, &url) {
            Fit::No => {}
            Fit::Weak => weak.push(position),
            Fit::Sure => {
                let sureness = if any_method {
                    Sureness::Possible
                } else if weak.is_empty()
                    && !path.contains(HOLE)
                    && !entry.path.contains(HOLE)
                    && !table.is_open
                {
                    Sureness::Certain
                } else {
                    Sureness::Likely
                };
                taken.routes.push((position, sureness));
                if !any_method {
                    break;
                }
            }
        }
    }
    if taken.routes.is_empty() && !taken.opaque {
        let sureness = if weak.len() == 1 && !any_method {
            Sureness::Likely
        } else {
            Sureness::Possible
        };
        taken
            .routes
            .extend(weak.into_iter().map(|position| (position, sureness)));
    }
    taken
}

/// Where both begin with something that nobody knows, it is most likely the same: a prefix that a setting gives.
fn under_the_same_prefix(
    table: &Table,
    is_websocket: bool,
    method: &str,
    path: &str,
) -> Option<usize> {
    let url: Vec<char> = behind_prefix(path)?.chars().collect();
    table.entries.iter().position(|entry| {
        let kind = match is_websocket {
            true => EntryKind::Websocket,
            false => EntryKind::Http,
        };
        entry.kind == kind
            && takes_method(entry, method)
            && behind_prefix(&entry.path).is_some_and(|template| fit(template, &url) == Fit::Sure)
    })
}

/// `{}/orders` and `/{}/orders` without the first part.
fn behind_prefix(path: &str) -> Option<&str> {
    let path = path.strip_prefix('/').unwrap_or(path);
    path.strip_prefix(HOLE)
        .filter(|rest| rest.starts_with('/') && rest.len() > 1)
}

fn takes_method(entry: &Entry, method: &str) -> bool {
    entry.kind == EntryKind::Websocket
        || entry.methods.is_empty()
        || entry.methods.iter().any(|known| {
            &**known == method || method == "HEAD" && &**known == "GET" || known.contains(HOLE)
        })
}

/// The values of a template's parameters in a path, segment by segment, from the end when the path's begin is not known.
pub fn parameters(template: &str, path: &str) -> Vec<(Arc<str>, Arc<str>)> {
    let names: Vec<&str> = template.trim_end_matches('/').split('/').collect();
    let values: Vec<&str> = path.trim_end_matches('/').split('/').collect();
    let mut found = Vec::new();
    for (from_end, name) in names.iter().rev().enumerate() {
        let Some(inner) = name
            .strip_prefix('{')
            .and_then(|name| name.strip_suffix('}'))
        else {
            continue;
        };
        let (name, convertor) = inner.split_once(':').unwrap_or((inner, ""));
        if convertor == "path" {
            // It may be of any number of segments.
            let before = names.len() - 1 - from_end;
            if from_end == 0 && values.len() > before && !path.starts_with(HOLE) {
                found.push((Arc::from(name), Arc::from(values[before..].join("/"))));
            }
            break;
        }
        if let Some(value) = values.iter().rev().nth(from_end) {
            found.push((Arc::from(name), Arc::from(*value)));
        }
    }
    found
}

fn is_prefix(prefix: &str, path: &str) -> bool {
    prefix.is_empty()
        || path == prefix
        || path
            .strip_prefix(prefix)
            .is_some_and(|rest| rest.starts_with('/'))
}

/// Does a template take a path? Weakly when a hole would have to be just this text.
pub fn fits(template: &str, path: &str) -> Option<Sureness> {
    if part_early(template, path.chars()) {
        return None;
    }
    let url: Vec<char> = path.chars().collect();
    match fit(template, &url) {
        Fit::No => None,
        Fit::Weak => Some(Sureness::Possible),
        Fit::Sure => Some(Sureness::Certain),
    }
}

/// Most templates of a table part from a path early, at a literal character.
fn part_early(template: &str, url: impl Iterator<Item = char>) -> bool {
    for (known, asked) in template.chars().zip(url) {
        if known == '{' || known == HOLE || asked == HOLE {
            return false;
        }
        if known != asked {
            return true;
        }
    }
    false
}

fn fit(template: &str, url: &[char]) -> Fit {
    if part_early(template, url.iter().copied()) {
        return Fit::No;
    }
    let tokens = tokenize(template);
    let mut memo = vec![None; (tokens.len() + 1) * (url.len() + 1)];
    matches(&tokens, url, 0, 0, &mut memo)
}

fn tokenize(template: &str) -> Vec<Token> {
    let mut tokens = Vec::with_capacity(template.len());
    let mut rest = template;
    loop {
        let Some(open) = rest.find('{') else {
            tokens.extend(rest.chars().map(plain));
            return tokens;
        };
        let Some(close) = rest[open..].find('}') else {
            tokens.extend(rest.chars().map(plain));
            return tokens;
        };
        tokens.extend(rest[..open].chars().map(plain));
        let convertor = match rest[open + 1..open + close]
            .split_once(':')
            .map(|(_, convertor)| convertor)
        {
            Some("path") => Convertor::Path,
            Some("int") => Convertor::Int,
            Some("float") => Convertor::Float,
            Some("uuid") => Convertor::Uuid,
            _ => Convertor::Text,
        };
        tokens.push(Token::Parameter(convertor));
        rest = &rest[open + close + 1..];
    }
}

fn plain(c: char) -> Token {
    if c == HOLE {
        Token::Unknown
    } else {
        Token::Char(c)
    }
}

/// A path template, taken apart.
#[derive(Debug)]
pub struct Shape(Vec<Token>);

impl Shape {
    pub fn of(template: &str) -> Shape {
        Shape(tokenize(template))
    }

    /// Does it take every path that the later one takes?
    pub fn covers(&self, later: &Shape) -> bool {
        covers_from(&self.0, &later.0)
    }
}

fn covers_from(earlier: &[Token], later: &[Token]) -> bool {
    let Some((first, rest)) = earlier.split_first() else {
        return later.is_empty();
    };
    match first {
        Token::Char(_) => later.first() == Some(first) && covers_from(rest, &later[1..]),
        Token::Unknown => false,
        Token::Parameter(Convertor::Path) => {
            (0..=later.len()).any(|end| covers_from(rest, &later[end..]))
        }
        Token::Parameter(convertor) => {
            let inside = later
                .iter()
                .take_while(|token| is_taken_by(*convertor, **token))
                .count();
            (1..=inside).any(|end| covers_from(rest, &later[end..]))
        }
    }
}

fn is_taken_by(convertor: Convertor, token: Token) -> bool {
    match (convertor, token) {
        (Convertor::Path, _) => true,
        (_, Token::Unknown) => false,
        (Convertor::Text, Token::Char(c)) => c != '/',
        (Convertor::Text, Token::Parameter(inner)) => inner != Convertor::Path,
        (_, Token::Parameter(inner)) => inner == convertor,
        (Convertor::Int, Token::Char(c)) => c.is_ascii_digit(),
        (Convertor::Float, Token::Char(c)) => c.is_ascii_digit() || c == '.',
        (Convertor::Uuid, Token::Char(_)) => false,
    }
}

fn better(one: Fit, two: Fit) -> Fit {
    match (one, two) {
        (Fit::Sure, _) | (_, Fit::Sure) => Fit::Sure,
        (Fit::Weak, _) | (_, Fit::Weak) => Fit::Weak,
        (Fit::No, Fit::No) => Fit::No,
    }
}

fn weaker(one: Fit) -> Fit {
    match one {
        Fit::No => Fit::No,
        Fit::Weak | Fit::Sure => Fit::Weak,
    }
}

fn matches(tokens: &[Token], url: &[char], t: usize, u: usize, memo: &mut [Option<Fit>]) -> Fit {
    let key = t * (url.len() + 1) + u;
    if let Some(known) = memo[key] {
        return known;
    }
    memo[key] = Some(Fit::No);
    let result = match (tokens.get(t), url.get(u)) {
        (None, None) => Fit::Sure,
        (None, Some(_)) => {
            // A hole at the end, right after a text, may be empty or a query; else it is the text before the end.
            let took_text = t > 0 && matches!(tokens[t - 1], Token::Char(c) if c != '/');
            if url[u..] == [HOLE] && u > 0 && (url[u - 1] != '/' || took_text) {
                Fit::Sure
            } else {
                Fit::No
            }
        }
        (Some(Token::Char(c)), Some(&d)) if d != HOLE => {
            if *c == d {
                matches(tokens, url, t + 1, u + 1, memo)
            } else {
                Fit::No
            }
        }
        (Some(Token::Char(c)), Some(_)) => {
            // The hole is this text, or ends here.
            let leading = u == 0;
            let mut found = Fit::No;
            if *c != '/' || leading {
                found = better(found, weaker(matches(tokens, url, t + 1, u, memo)));
            }
            let may_be_empty = leading || u > 0 && url[u - 1] != '/';
            let after = matches(tokens, url, t, u + 1, memo);
            if may_be_empty || t > 0 && tokens[t - 1] != Token::Char('/') {
                found = better(found, weaker(after));
            }
            // A leading hole is a host or a prefix that is not known.
            if leading && after == Fit::Sure {
                Fit::Sure
            } else {
                found
            }
        }
        (Some(Token::Char(_)), None) => Fit::No,
        (Some(Token::Unknown), _) => {
            let mut found = matches(tokens, url, t + 1, u, memo);
            let mut end = u;
            while end < url.len() && found != Fit::Sure {
                end += 1;
                found = better(found, weaker(matches(tokens, url, t + 1, end, memo)));
            }
            found
        }
        (Some(Token::Parameter(Convertor::Path)), _) => {
            let mut found = Fit::No;
            for end in (u..=url.len()).rev() {
                found = better(found, matches(tokens, url, t + 1, end, memo));
                if found == Fit::Sure {
                    break;
                }
            }
            found
        }
        (Some(Token::Parameter(convertor)), _) => {
            let mut found = Fit::No;
            let mut end = u;
            while end < url.len() && url[end] != '/' {
                end += 1;
                if suits(*convertor, &url[u..end]) {
                    found = better(found, matches(tokens, url, t + 1, end, memo));
                    if found == Fit::Sure {
                        break;
                    }
                }
            }
            found
        }
    };
    memo[key] = Some(result);
    result
}

fn suits(convertor: Convertor, text: &[char]) -> bool {
    if text.is_empty() {
        return false;
    }
    if text.contains(&HOLE) {
        return true;
    }
    match convertor {
        Convertor::Text | Convertor::Path => true,
        Convertor::Int => text.iter().all(char::is_ascii_digit),
        Convertor::Float => text.iter().all(|c| c.is_ascii_digit() || *c == '.'),
        Convertor::Uuid => {
            text.len() >= 32 && text.iter().all(|c| c.is_ascii_hexdigit() || *c == '-')
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(template: &str, url: &str) -> Fit {
        let url: Vec<char> = url.replace("{}", &HOLE.to_string()).chars().collect();
        fit(template, &url)
    }

    #[test]
    fn templates_that_hide_others() {
        let case = |earlier: &str, later: &str, expected: bool| {
            assert_eq!(
                Shape::of(earlier).covers(&Shape::of(later)),
                expected,
                "{earlier} {later}"
            )
        };
        case("/users/{id}", "/users/me", true);
        case("/users/{id}", "/users/me/posts", false);
        case("/users/{id}", "/users/{name}", true);
        case("/users/{id}", "/users/{name:int}", true);
        case("/users/{id:int}", "/users/{name}", false);
        case("/users/{id:int}", "/users/me", false);
        case("/users/{id:int}", "/users/12", true);
        case(
            "/api/{pillar}/{path:path}",
            "/api/clients/{id}/approve",
            true,
        );
        case("/api/{pillar}/{path:path}", "/api/clients", false);
        case("/{rest:path}", "/anything/at/all", true);
        case("/users/{id}", "/users/{path:path}", false);
        case("/users/me", "/users/me", true);
    }

    #[test]
    fn what_stands_behind_a_prefix_that_nobody_knows() {
        let case = |path: &str, expected: Option<&str>| {
            let hole = HOLE.to_string();
            let path = path.replace("{}", &hole);
            let expected = expected.map(|rest| rest.replace("{}", &hole));
            assert_eq!(
                behind_prefix(&path).map(ToString::to_string),
                expected,
                "{path}"
            );
        };
        case("{}/orders/{}", Some("/orders/{}"));
        case("/{}/orders", Some("/orders"));
        case("/api/orders", None);
        case("/orders/{}", None);
        case("{}", None);
        case("{}/", None);
        case("{}orders", None);
    }

    #[test]
    fn parameters_of_paths() {
        let case = |template: &str, path: &str, expected: &[(&str, &str)]| {
            let found = parameters(template, path);
            let found: Vec<(&str, &str)> = found.iter().map(|(a, b)| (&**a, &**b)).collect();
            assert_eq!(found, expected, "{template} {path}");
        };
        case("/items/{id}", "/items/7", &[("id", "7")]);
        case("/a/{b}/c/{d}/", "/a/1/c/2", &[("d", "2"), ("b", "1")]);
        case("/files/{p:path}", "/files/a/b", &[("p", "a/b")]);
        case("/files/{p:path}/x", "/files/a/b/x", &[]);
    }

    #[test]
    fn templates_and_urls() {
        let case = |template: &str, url: &str, expected: Fit| {
            assert_eq!(fits(template, url), expected, "{template} {url}")
        };
        case("/items/{id}", "/items/1", Fit::Sure);
        case("/items/{id}", "/items/{}", Fit::Sure);
        case("/items/{id}", "/items/", Fit::No);
        case("/items/{id}", "/items/1/2", Fit::No);
        case("/items/{id:int}", "/items/abc", Fit::No);
        case("/items/{id:int}", "/items/12", Fit::Sure);
        case("/files/{p:path}", "/files/a/b", Fit::Sure);
        case("/items/me", "/items/{}", Fit::Weak);
        case("/items/me", "/items/m{}", Fit::Weak);
        case("/items", "/items{}", Fit::Sure);
        case("/items/{id}/x", "/items/{}/x", Fit::Sure);
        case("/items/{id}/x", "/items/{}/y", Fit::No);
        case("/api/items", "{}/items", Fit::Weak);
        case("/a/{x}.json", "/a/b.json", Fit::Sure);
        case("/items/{a}/{b}", "/items/{}", Fit::No);
    }
}
