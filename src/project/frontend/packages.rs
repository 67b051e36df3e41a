//! Packages of scripts: a folder with a `package.json`, or with the settings of a tool that builds pages.
//!
//! `{"compilerOptions": {"paths": {"@/*": ["./src/*"]}}}` lets `@/lib/api` be `src/lib/api`, as Python's import roots do.

use crate::facts::script::program::{Expr, ExprId, Key, Member};
use crate::facts::script::{Script, extract};
use crate::rules::frontend::ScriptNames;
use crate::source::{Sources, paths};
use crate::syntax::Dialect;

/// Files of settings refer to others at most so often.
const MOST_EXTENDS: usize = 4;

#[derive(Debug, Clone, Default)]
pub struct Package {
    pub folder: String,
    pub name: String,
    pub dependencies: Vec<String>,
    /// Pattern with at most one `*`, and the paths from the root that it stands for.
    aliases: Vec<(String, Vec<String>)>,
    /// Where names that are no paths may be, too.
    bases: Vec<String>,
    /// What the package gives to others: below it (`""`, `button`), and the file.
    entries: Vec<(String, String)>,
}

/// A JSON file as a script's literal.
pub struct Json(Script);

impl Json {
    pub fn read(text: &str) -> Json {
        Json(extract(&format!("({text}\n)"), Dialect::Jsx))
    }

    pub fn root(&self) -> Option<ExprId> {
        use crate::facts::script::program::Stmt;
        match self.0.body.first() {
            Some(Stmt::Expr(expr)) => Some(*expr),
            _ => None,
        }
    }

    pub fn entries(&self, at: ExprId) -> Vec<(&str, ExprId)> {
        let Expr::Object(members) = self.0.expr(at) else {
            return Vec::new();
        };
        members
            .iter()
            .filter_map(|member| match member {
                Member::Value(Key::Name(name), value) => Some((&**name, *value)),
                _ => None,
            })
            .collect()
    }

    pub fn get(&self, at: ExprId, key: &str) -> Option<ExprId> {
        self.entries(at)
            .into_iter()
            .rfind(|(name, _)| *name == key)
            .map(|(_, value)| value)
    }

    pub fn text(&self, at: ExprId) -> Option<&str> {
        match self.0.expr(at) {
            Expr::Text(text) => Some(text),
            _ => None,
        }
    }

    pub fn items(&self, at: ExprId) -> &[ExprId] {
        match self.0.expr(at) {
            Expr::Array(items) => items,
            _ => &[],
        }
    }
}

/// All packages, sorted by folder.
pub fn find(sources: &Sources, names: &ScriptNames) -> Vec<Package> {
    let mut packages: Vec<Package> = Vec::new();
    for path in &sources.others {
        let name = paths::name(path);
        let makes_pages = names.has_settings(name);
        let is_package = name == "package.json";
        let has_aliases = matches!(name, "tsconfig.json" | "jsconfig.json");
        if !is_package && !makes_pages && !has_aliases {
            continue;
        }
        let folder = paths::folder(path).to_string();
        let position = packages
            .iter()
            .position(|package| package.folder == folder)
            .unwrap_or_else(|| {
                packages.push(Package {
                    folder: folder.clone(),
                    ..Package::default()
                });
                packages.len() - 1
            });
        let Some(package) = packages.get_mut(position) else {
            continue;
        };
        if is_package {
            read_package(sources, path, package);
        } else if has_aliases {
            read_aliases(sources, path, package, 0);
        } else if let Ok(text) = sources.read_other(path) {
            read_tool(&text, package);
        }
    }
    packages.sort_by(|one, two| one.folder.cmp(&two.folder));
    packages
}

fn read_package(sources: &Sources, path: &str, package: &mut Package) {
    let Ok(text) = sources.read_other(path) else {
        return;
    };
    let json = Json::read(&text);
    let Some(root) = json.root() else { return };
    let text_of = |key: &str| json.get(root, key).and_then(|value| json.text(value));
    package.name = text_of("name").unwrap_or_default().to_string();
    for key in ["dependencies", "devDependencies", "peerDependencies"] {
        if let Some(list) = json.get(root, key) {
            let names = json.entries(list).into_iter();
            package
                .dependencies
                .extend(names.map(|(name, _)| name.to_string()));
        }
    }
    if let Some(exports) = json.get(root, "exports") {
        for (below, value) in json.entries(exports) {
            if let Some(below) = below.strip_prefix('.') {
                let below = below.trim_start_matches('/');
                for target in all_texts(&json, value, 0) {
                    package.entries.push((below.to_string(), target));
                }
            }
        }
    }
    for key in ["source", "module", "main", "types"] {
        if let Some(target) = text_of(key) {
            package.entries.push((String::new(), target.to_string()));
        }
    }
}

fn all_texts(json: &Json, at: ExprId, depth: usize) -> Vec<String> {
    if let Some(text) = json.text(at) {
        return vec![text.to_string()];
    }
    if depth > 5 {
        return Vec::new();
    }
    json.entries(at)
        .into_iter()
        .flat_map(|(_, value)| all_texts(json, value, depth + 1))
        .collect()
}

fn read_aliases(sources: &Sources, path: &str, package: &mut Package, depth: usize) {
    let Ok(text) = sources.read_other(path) else {
        return;
    };
    let json = Json::read(&text);
    let Some(root) = json.root() else { return };
    let folder = paths::folder(path);
    if let Some(options) = json.get(root, "compilerOptions") {
        let base = json
            .get(options, "baseUrl")
            .and_then(|value| json.text(value));
        let base_folder = base.and_then(|base| paths::join(folder, base));
        if let Some(base) = &base_folder {
            package.bases.push(base.clone());
        }
        let from = base_folder.unwrap_or_else(|| folder.to_string());
        if let Some(list) = json.get(options, "paths") {
            for (pattern, targets) in json.entries(list) {
                let targets: Vec<String> = json
                    .items(targets)
                    .iter()
                    .filter_map(|target| paths::join(&from, json.text(*target)?))
                    .collect();
                package.aliases.push((pattern.to_string(), targets));
            }
        }
    }
    let mut others: Vec<&str> = Vec::new();
    if let Some(extends) = json.get(root, "extends") {
        others.extend(json.text(extends));
    }
    if let Some(references) = json.get(root, "references") {
        for reference in json.items(references) {
            others.extend(
                json.get(*reference, "path")
                    .and_then(|value| json.text(value)),
            );
        }
    }
    if depth < MOST_EXTENDS {
        for other in others.into_iter().filter(|other| other.starts_with('.')) {
            if let Some(target) = paths::join(folder, other) {
                let target = if target.ends_with(".json") {
                    target
                } else {
                    format!("{target}.json")
                };
                read_aliases(sources, &target, package, depth + 1);
            }
        }
    }
}

/// Aliases that a tool's settings spell: `"@": path.resolve(__dirname, "./src")`.
fn read_tool(text: &str, package: &mut Package) {
    let Some(from) = text.find("alias") else {
        return;
    };
    let part: String = text
        .get(from..)
        .unwrap_or_default()
        .chars()
        .take(1_500)
        .collect();
    for line in part.lines() {
        let mut quoted = quoted(line).into_iter();
        let (Some(name), Some(target)) = (quoted.next(), quoted.last()) else {
            continue;
        };
        if name.len() > 30 || name.contains(' ') || target.contains(' ') {
            continue;
        }
        if let Some(target) = paths::join(&package.folder, target.trim_start_matches('/')) {
            let name = name.trim_end_matches('/');
            package
                .aliases
                .push((format!("{name}/*"), vec![format!("{target}/*")]));
            package.aliases.push((name.to_string(), vec![target]));
        }
    }
}

/// The texts in quotes of a line.
fn quoted(line: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = line;
    while let Some(open) = rest.find(['"', '\'']) {
        let Some(quote) = rest.get(open..).and_then(|rest| rest.chars().next()) else {
            break;
        };
        let inner = rest.get(open + 1..).unwrap_or_default();
        let Some(close) = inner.find(quote) else {
            break;
        };
        found.extend(inner.get(..close));
        rest = inner.get(close + 1..).unwrap_or_default();
    }
    found
}

impl Package {
    pub fn public(&self) -> String {
        paths::child(&self.folder, "public")
    }

    pub fn depends_on(&self, name: &str) -> bool {
        self.dependencies.iter().any(|known| known == name)
    }

    /// Does the module belong to a library that the package depends on?
    pub fn depends_on_module(&self, module: &str) -> bool {
        self.dependencies.iter().any(|name| {
            module
                .strip_prefix(name.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    }

    /// Does the name begin as an alias does?
    pub fn is_alias(&self, module: &str, names: &ScriptNames) -> bool {
        let mut usual = names.aliases.iter();
        let mut own = self.aliases.iter();
        usual.any(|prefix| module.starts_with(prefix.as_str()))
            || own.any(|(pattern, _)| pattern.len() > 1 && matched(pattern, module).is_some())
    }

    /// The paths that a module's name may stand for.
    pub fn alias_targets(&self, module: &str, names: &ScriptNames) -> Vec<String> {
        let mut targets = Vec::new();
        for (pattern, places) in &self.aliases {
            if let Some(rest) = matched(pattern, module) {
                for place in places {
                    targets.push(place.replacen('*', rest, 1));
                }
            }
        }
        for prefix in &names.aliases {
            if let Some(rest) = module.strip_prefix(prefix.as_str()) {
                for below in &names.alias_folders {
                    if let Some(place) = paths::join(&self.folder, &format!("{below}/{rest}")) {
                        targets.push(place);
                    }
                }
            }
        }
        targets.extend(self.bases.iter().map(|base| paths::child(base, module)));
        targets
    }

    /// The files that `below` of the package may be.
    fn spelled_targets(&self, below: &str) -> Vec<String> {
        let mut targets = Vec::new();
        for (pattern, target) in &self.entries {
            if let Some(rest) = matched(pattern, below) {
                targets.push(target.replacen('*', rest, 1));
            }
        }
        targets
    }

    pub fn entry_targets(&self, below: &str) -> Vec<String> {
        let mut targets = self.spelled_targets(below);
        // What is built is not there; what it is built from is.
        let sources: Vec<String> = targets
            .iter()
            .flat_map(|target| {
                let stem = target
                    .strip_suffix(".d.ts")
                    .or_else(|| target.rsplit_once('.').map(|(stem, _)| stem))
                    .unwrap_or(target);
                ["dist/", "build/", "lib/"].map(|built| stem.replacen(built, "src/", 1))
            })
            .collect();
        targets.extend(sources);
        for folder in ["src", "lib", ""] {
            targets.push(if below.is_empty() {
                format!("{folder}/index")
            } else {
                format!("{folder}/{below}")
            });
        }
        targets
            .iter()
            .filter_map(|target| paths::join(&self.folder, target.trim_start_matches('/')))
            .collect()
    }
}

/// What the `*` of a pattern stands for.
fn matched<'name>(pattern: &str, name: &'name str) -> Option<&'name str> {
    match pattern.split_once('*') {
        Some((before, after)) => name
            .strip_prefix(before)
            .and_then(|rest| rest.strip_suffix(after)),
        None => (pattern == name).then_some(""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns() {
        assert_eq!(matched("@/*", "@/lib/api"), Some("lib/api"));
        assert_eq!(matched("@openapi", "@openapi"), Some(""));
        assert_eq!(matched("@/*", "react"), None);
    }

    #[test]
    fn settings_with_comments() {
        let json = Json::read("{\n // why\n \"a\": {\"b\": [\"c\",]},\n}");
        let root = json.root().unwrap();
        let inner = json.get(json.get(root, "a").unwrap(), "b").unwrap();
        assert_eq!(json.text(json.items(inner)[0]), Some("c"));
    }

    #[test]
    fn quotes() {
        assert_eq!(
            quoted("\"@\": path.resolve(__dirname, './src'),"),
            ["@", "./src"]
        );
    }
}
