//! What stands between a page and the app, and changes paths: rewrites of the frontend's own server, proxies, gateways.
//!
//! `location /api/ { proxy_pass http://backend:8000/; }` sends `/api/items` to `@app.get("/items")`.

use std::sync::Arc;

use super::addresses;
use super::machine::{DEFAULT, Machine};
use super::scripts::Scripts;
use super::value::{Hole, Scope, Value};
use crate::rules::frontend::Gateways;
use crate::source::{Sources, paths};

/// A path that begins so is sent on with another beginning.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rewrite {
    pub from: String,
    pub to: String,
    /// What comes before `to` is not known.
    pub has_unknown_base: bool,
    pub file: String,
}

/// A text that a path has nowhere else.
const MARK: &str = "covgap-rest";

pub fn find(scripts: &Scripts<'_>, machine: &mut Machine<'_>) -> Vec<Rewrite> {
    let mut found = Vec::new();
    for id in scripts.ids() {
        let path = scripts.path(id).to_string();
        if scripts.names().has_settings(paths::name(&path)) {
            of_settings(machine, id, &path, &mut found);
        }
    }
    of_gateways(scripts.sources, &scripts.names().gateways, &mut found);
    found.sort();
    found.dedup();
    found
}

fn of_settings(
    machine: &mut Machine<'_>,
    id: super::value::ScriptId,
    path: &str,
    found: &mut Vec<Rewrite>,
) {
    machine.steps = 0;
    let Some(scope) = machine.run_module(id) else {
        return;
    };
    let mut settings = Vec::new();
    settings.extend(machine.export(id, DEFAULT));
    settings.extend(values_of(&scope));
    for value in settings {
        let value = match value {
            Value::Function(_) => machine.call(&value, vec![Value::Unknown(Hole::Other)], None),
            value => value,
        };
        for value in value.alternatives().to_vec() {
            if !matches!(value, Value::Object(_)) {
                continue;
            }
            let rewrites = machine.member(&value, &Arc::from("rewrites"));
            if matches!(rewrites, Value::Function(_)) {
                let made = machine.call(&rewrites, Vec::new(), None);
                lists(machine, &made, path, found, 0);
            }
            let server = machine.member(&value, &Arc::from("server"));
            let proxy = machine.member(&server, &Arc::from("proxy"));
            of_proxy(machine, &proxy, path, found);
        }
    }
}

fn values_of(scope: &Scope) -> Vec<Value> {
    let names = scope.0.names.borrow();
    let mut all: Vec<(&Arc<str>, &Value)> = names.iter().collect();
    all.sort_by(|one, two| one.0.cmp(two.0));
    all.into_iter()
        .filter(|(_, value)| matches!(value, Value::Object(_)))
        .map(|(_, value)| value.clone())
        .collect()
}

/// `[{ source, destination }]`, or such lists under names.
fn lists(
    machine: &mut Machine<'_>,
    value: &Value,
    path: &str,
    found: &mut Vec<Rewrite>,
    depth: usize,
) {
    if depth > 4 {
        return;
    }
    for value in value.alternatives().to_vec() {
        let Value::Object(id) = value else { continue };
        let Some(object) = machine.object(id).cloned() else {
            continue;
        };
        let (source, destination) = (object.field("source"), object.field("destination"));
        if let (Some(source), Some(destination)) = (source, destination) {
            for source in source.spellings() {
                for destination in destination.spellings() {
                    found.extend(rewrite(&source, &destination, path));
                }
            }
            continue;
        }
        let inner = object.items.unwrap_or_default();
        let fields = object.fields.into_iter().map(|(_, value)| value);
        for value in inner.into_iter().chain(fields) {
            lists(machine, &value, path, found, depth + 1);
        }
    }
}

fn rewrite(source: &str, destination: &str, file: &str) -> Option<Rewrite> {
    let wild = |text: &str| text.find("/:").map(|at| text[..at].to_string());
    let (from, is_wild) = match wild(source) {
        Some(from) => (from, true),
        None => (source.to_string(), false),
    };
    let address = addresses::read(destination, &[])?;
    let to = match wild(&address.path) {
        Some(to) if is_wild => to,
        _ => address.path.clone(),
    };
    Some(Rewrite {
        from,
        to,
        has_unknown_base: address.has_unknown_base,
        file: file.to_string(),
    })
}

fn of_proxy(machine: &mut Machine<'_>, proxy: &Value, path: &str, found: &mut Vec<Rewrite>) {
    let Some(entries) = machine.entries_of(proxy) else {
        return;
    };
    for (from, value) in entries {
        let prefix = from
            .trim_start_matches('^')
            .trim_end_matches('/')
            .to_string();
        if !prefix.starts_with('/') {
            continue;
        }
        let change = machine.member(&value, &Arc::from("rewrite"));
        if !matches!(change, Value::Function(_)) {
            continue;
        }
        let asked = Value::text(format!("{prefix}/{MARK}"));
        let made = machine.call(&change, vec![asked], None);
        for text in made.spellings() {
            if let Some(to) = text.strip_suffix(MARK) {
                found.push(Rewrite {
                    from: prefix.clone(),
                    to: to.trim_end_matches('/').to_string(),
                    has_unknown_base: false,
                    file: path.to_string(),
                });
            }
        }
    }
}

/// Gateways in front of both: their settings are text.
fn of_gateways(sources: &Sources, gateways: &Gateways, found: &mut Vec<Rewrite>) {
    for path in &sources.others {
        let name = paths::name(path);
        let is_gateway = holds_any(&gateways.names, name)
            || gateways.ends.iter().any(|end| name.ends_with(end.as_str()));
        let is_yaml = name.ends_with(".yml") || name.ends_with(".yaml");
        if !(is_gateway || is_yaml && holds_any(&gateways.labels, path)) {
            continue;
        }
        let Ok(text) = sources.read_other(path) else {
            continue;
        };
        if text.len() > 300_000 {
            continue;
        }
        if is_gateway {
            of_locations(&text, path, found);
        } else {
            of_labels(&text, path, found);
        }
    }
}

fn holds_any(parts: &[String], path: &str) -> bool {
    parts.iter().any(|part| path.contains(part.as_str()))
}

fn of_locations(text: &str, path: &str, found: &mut Vec<Rewrite>) {
    let mut location: Option<String> = None;
    for line in text.lines() {
        let line = line.trim();
        let mut words = line.split_whitespace();
        let mut push = |from: &str, to: &str| {
            found.push(Rewrite {
                from: from.trim_end_matches('/').to_string(),
                to: to.trim_end_matches('/').to_string(),
                has_unknown_base: false,
                file: path.to_string(),
            });
        };
        match words.next() {
            Some("location") => {
                let pattern = words.find(|word| !matches!(*word, "=" | "~" | "~*" | "^~"));
                location = pattern
                    .map(|pattern| pattern.trim_start_matches('^').trim_end_matches('{'))
                    .filter(|pattern| pattern.starts_with('/'))
                    .map(|pattern| {
                        let end = pattern.find(['(', '?', '*', '$']).unwrap_or(pattern.len());
                        pattern[..end].to_string()
                    });
            }
            Some("proxy_pass") => {
                let target = words.next().unwrap_or_default().trim_end_matches(';');
                let after = target.split_once("://").map_or(target, |(_, rest)| rest);
                if let (Some(from), Some(slash)) = (&location, after.find('/')) {
                    let to = after[slash..].split('$').next().unwrap_or_default();
                    push(from, to);
                }
            }
            Some("rewrite") => {
                if let (Some(from), Some(to)) = (words.next(), words.next()) {
                    let from = from.trim_start_matches('^');
                    let end = from.find(['(', '?', '$']).unwrap_or(from.len());
                    let to = to.split('$').next().unwrap_or_default();
                    push(&from[..end], to);
                }
            }
            Some("handle_path") => {
                if let Some(pattern) = words.next() {
                    push(pattern.trim_end_matches('*'), "");
                }
            }
            _ => {}
        }
    }
}

/// `…stripprefix.prefixes=/api` of a label, or `prefixes: ["/api"]` of a middleware.
fn of_labels(text: &str, path: &str, found: &mut Vec<Rewrite>) {
    let mut strips = false;
    for line in text.lines() {
        let lower = line.to_ascii_lowercase();
        let label = lower.find("stripprefix.prefixes");
        let mut prefixes: Vec<&str> = Vec::new();
        if let Some(at) = label {
            let rest = line.get(at..).unwrap_or_default();
            let value = rest.split_once(['=', ':']).map_or("", |(_, value)| value);
            prefixes.extend(value.split(','));
        } else if lower.contains("stripprefix:") {
            strips = true;
        } else if strips {
            let value = lower.trim();
            if value.starts_with('-') || value.starts_with("prefixes:") {
                prefixes.extend(line.trim().trim_start_matches("prefixes:").split(','));
            } else {
                strips = false;
            }
        }
        for prefix in prefixes {
            let prefix = prefix.trim_matches(|c: char| {
                c.is_whitespace() || matches!(c, '"' | '\'' | '-' | '[' | ']' | '`')
            });
            if prefix.starts_with('/') {
                found.push(Rewrite {
                    from: prefix.trim_end_matches('/').to_string(),
                    to: String::new(),
                    has_unknown_base: false,
                    file: path.to_string(),
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gateways() {
        let mut found = Vec::new();
        let locations = "location /api/ {\n  proxy_pass http://backend:8000/;\n}\nlocation /v1 {\n proxy_pass http://b:1;\n}";
        of_locations(locations, "gateway.conf", &mut found);
        of_labels(
            "- \"gateway.http.middlewares.a.stripprefix.prefixes=/back\"",
            "c.yml",
            &mut found,
        );
        let found: Vec<(&str, &str)> = found
            .iter()
            .map(|one| (one.from.as_str(), one.to.as_str()))
            .collect();
        assert_eq!(found, [("/api", ""), ("/back", "")]);
    }

    #[test]
    fn rewrites() {
        let one = rewrite("/api/:path*", "http://localhost:8000/:path*", "f").unwrap();
        assert_eq!((one.from.as_str(), one.to.as_str()), ("/api", ""));
        let one = rewrite("/a", "http://localhost:8000/b", "f").unwrap();
        assert_eq!((one.from.as_str(), one.to.as_str()), ("/a", "/b"));
    }
}
