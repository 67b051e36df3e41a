//! Where a project's packaging says that its packages are: folders that an (editable) installation puts on `sys.path`.
//!
//! ```toml
//! [tool.hatch.build.targets.wheel]
//! packages = ["src/shop"]          # → root `src`, which has `shop`
//! ```
//! Sources: the build backends' own documentation (setuptools, Poetry, Hatch, Flit, PDM, uv, Maturin).

use toml::de::{DeTable, DeValue};

use super::{ini, paths};

/// A folder whose packages are importable by their names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declared {
    pub dir: String,
    /// Names or patterns of the top-level packages; empty: whatever is there.
    pub packages: Vec<String>,
}

/// What a `pyproject.toml` in `dir` declares; `has_folder` answers whether a path is a folder with Python files in it.
pub fn of_pyproject(dir: &str, text: &str, has_folder: &dyn Fn(&str) -> bool) -> Vec<Declared> {
    let Ok(document) = DeTable::parse(text) else {
        return Vec::new();
    };
    let document = document.get_ref();
    let mut declared = Vec::new();
    poetry(dir, document, &mut declared);
    setuptools(dir, document, &mut declared);
    hatch(dir, document, &mut declared);
    other_backends(dir, document, &mut declared);
    let project_name = text_at(document, &["project", "name"])
        .or_else(|| text_at(document, &["tool", "poetry", "name"]));
    if declared.is_empty() {
        declared.extend(by_convention(dir, project_name, has_folder));
    }
    declared.retain(|declared| has_folder(&declared.dir));
    declared
}

/// Every backend looks for a package called like the project, here or in `src`.
fn by_convention(
    dir: &str,
    project_name: Option<&str>,
    has_folder: &dyn Fn(&str) -> bool,
) -> Option<Declared> {
    let name = project_name?.replace(['-', '.'], "_");
    let source = paths::child(dir, "src");
    let place = [source.as_str(), dir]
        .into_iter()
        .find(|place| has_folder(&paths::child(place, &name)));
    match place {
        Some(place) => Some(Declared {
            dir: place.to_string(),
            packages: vec![name],
        }),
        None if has_folder(&source) => Some(Declared {
            dir: source,
            packages: Vec::new(),
        }),
        None => None,
    }
}

fn poetry(dir: &str, document: &DeTable, declared: &mut Vec<Declared>) {
    let Some(DeValue::Array(packages)) = value_at(document, &["tool", "poetry", "packages"]) else {
        return;
    };
    for package in packages.iter() {
        let DeValue::Table(package) = package.get_ref() else {
            continue;
        };
        let Some(include) = text_at(package, &["include"]) else {
            continue;
        };
        let from = text_at(package, &["from"]).unwrap_or("");
        let first = include.split('/').next().unwrap_or(include);
        let first = first.strip_suffix(".py").unwrap_or(first);
        declare(dir, from, vec![first.to_string()], declared);
    }
}

fn setuptools(dir: &str, document: &DeTable, declared: &mut Vec<Declared>) {
    let package_dir = ["tool", "setuptools", "package-dir"];
    if let Some(DeValue::Table(table)) = value_at(document, &package_dir) {
        for (package, place) in table {
            if let (package, DeValue::String(place)) = (package.get_ref(), place.get_ref()) {
                if package.is_empty() {
                    declare(dir, place, Vec::new(), declared);
                } else if let Some(parent) = parent_of_package(dir, place, package) {
                    declare("", &parent, vec![package.to_string()], declared);
                }
            }
        }
    }
    let find = ["tool", "setuptools", "packages", "find"];
    if let Some(DeValue::Table(find)) = value_at(document, &find) {
        let include: Vec<String> = texts_at(find, &["include"])
            .iter()
            .map(|pattern| pattern.split('.').next().unwrap_or(pattern).to_string())
            .collect();
        let places = texts_at(find, &["where"]);
        for place in &places {
            declare(dir, place, include.clone(), declared);
        }
        if places.is_empty() && !include.is_empty() {
            declare(dir, "", include, declared);
        }
    }
    let packages = texts_at(document, &["tool", "setuptools", "packages"]);
    if !packages.is_empty() && declared.is_empty() {
        let mut names: Vec<String> = packages
            .iter()
            .map(|name| name.split('.').next().unwrap_or(name).to_string())
            .collect();
        names.dedup();
        declare(dir, "", names, declared);
    }
}

/// `{"shop": "lib/shop"}` puts `lib` on the path, as long as the folder is called like the package; `{"shop": "."}` in a folder `shop`
/// puts the folder around it there.
fn parent_of_package(dir: &str, place: &str, package: &str) -> Option<String> {
    let place = paths::join(dir, place.trim_end_matches('/'))?;
    (paths::name(&place) == package).then(|| paths::folder(&place).to_string())
}

fn hatch(dir: &str, document: &DeTable, declared: &mut Vec<Declared>) {
    let build = ["tool", "hatch", "build"];
    let wheel = ["tool", "hatch", "build", "targets", "wheel"];
    for place in [&wheel[..], &build[..]] {
        let Some(DeValue::Table(table)) = value_at(document, place) else {
            continue;
        };
        let mut included = texts_at(table, &["packages"]);
        included.extend(texts_at(table, &["only-include"]));
        for source in texts_at(table, &["sources"]) {
            declare(dir, &source, Vec::new(), declared);
        }
        if !declared.is_empty() {
            continue;
        }
        for package in included {
            let package = package.trim_matches('/');
            // `only-include` may name one file of a package; what is importable is the package.
            let first = package.strip_suffix(".py").unwrap_or(package);
            declare(
                dir,
                paths::folder(first),
                vec![paths::name(first).to_string()],
                declared,
            );
        }
    }
}

fn other_backends(dir: &str, document: &DeTable, declared: &mut Vec<Declared>) {
    if let Some(place) = text_at(document, &["tool", "pdm", "build", "package-dir"]) {
        declare(dir, place, Vec::new(), declared);
    }
    if let Some(place) = text_at(document, &["tool", "maturin", "python-source"]) {
        declare(dir, place, Vec::new(), declared);
    }
    let uv = ["tool", "uv", "build-backend"];
    if let Some(DeValue::Table(table)) = value_at(document, &uv) {
        let mut names = texts_at(table, &["module-name"]);
        for name in &mut names {
            *name = name.split('.').next().unwrap_or(name).to_string();
        }
        let place = text_at(table, &["module-root"]).unwrap_or("src");
        declare(dir, place, names, declared);
    }
    if let Some(name) = text_at(document, &["tool", "flit", "module", "name"]) {
        let first = name.split('.').next().unwrap_or(name);
        declare(dir, "src", vec![first.to_string()], declared);
        declare(dir, "", vec![first.to_string()], declared);
    }
}

fn declare(dir: &str, place: &str, packages: Vec<String>, declared: &mut Vec<Declared>) {
    let Some(dir) = paths::join(dir, place.trim_matches('/')) else {
        return;
    };
    match declared.iter_mut().find(|known| known.dir == dir) {
        Some(known) if known.packages.is_empty() || packages.is_empty() => known.packages.clear(),
        Some(known) => known.packages.extend(packages),
        None => declared.push(Declared { dir, packages }),
    }
}

/// What a `setup.cfg` in `dir` declares.
pub fn of_setup_cfg(dir: &str, text: &str) -> Vec<Declared> {
    let mut declared = Vec::new();
    let package_dir = ini::section(text, "options");
    let package_dir = package_dir
        .as_ref()
        .and_then(|section| section.get("package_dir"));
    for line in package_dir.unwrap_or("").lines() {
        if let Some(("", place)) = line
            .split_once('=')
            .map(|(name, place)| (name.trim(), place))
        {
            declare(dir, place.trim(), Vec::new(), &mut declared);
        }
    }
    let find = ini::section(text, "options.packages.find");
    if let Some(place) = find.as_ref().and_then(|section| section.get("where")) {
        declare(dir, place, Vec::new(), &mut declared);
    }
    declared
}

/// What a `setup.py` in `dir` declares, as far as its text shows it: a `src` folder that it mentions.
/// Not handled: everything else that a program can do.
pub fn of_setup_py(dir: &str, text: &str) -> Vec<Declared> {
    if !text.contains("setup(") {
        return Vec::new();
    }
    let mentions_source = text.contains("\"src\"") || text.contains("'src'");
    let place = if mentions_source { "src" } else { "" };
    let mut declared = Vec::new();
    declare(dir, place, Vec::new(), &mut declared);
    declared
}

fn value_at<'table, 'text>(
    table: &'table DeTable<'text>,
    path: &[&str],
) -> Option<&'table DeValue<'text>> {
    let (first, rest) = path.split_first()?;
    let value = table.get(*first)?.get_ref();
    match (rest.is_empty(), value) {
        (true, value) => Some(value),
        (false, DeValue::Table(table)) => value_at(table, rest),
        (false, _) => None,
    }
}

fn text_at<'table>(table: &'table DeTable, path: &[&str]) -> Option<&'table str> {
    match value_at(table, path)? {
        DeValue::String(text) => Some(text),
        _ => None,
    }
}

/// A list of strings, or one string.
fn texts_at(table: &DeTable, path: &[&str]) -> Vec<String> {
    match value_at(table, path) {
        Some(DeValue::String(text)) => vec![text.to_string()],
        Some(DeValue::Array(items)) => {
            let texts = items.iter().filter_map(|item| match item.get_ref() {
                DeValue::String(text) => Some(text.to_string()),
                _ => None,
            });
            texts.collect()
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Declared, of_pyproject, of_setup_cfg, of_setup_py};

    fn declared(dir: &str, packages: &[&str]) -> Declared {
        Declared {
            dir: dir.to_string(),
            packages: packages.iter().map(|name| (*name).to_string()).collect(),
        }
    }

    #[test]
    fn backends() {
        let cases = [
            (
                "[tool.poetry]\npackages = [{include = \"backend\"}, {include = \"shop\", from = \"lib\"}]\n",
                vec![declared("p", &["backend"]), declared("p/lib", &["shop"])],
            ),
            (
                "[tool.setuptools.packages.find]\nwhere = [\".\"]\ninclude = [\"shop*\"]\n",
                vec![declared("p", &["shop*"])],
            ),
            (
                "[tool.setuptools.package-dir]\n\"\" = \"src\"\n",
                vec![declared("p/src", &[])],
            ),
            (
                "[tool.setuptools]\npackages = [\"shop\", \"shop.api\"]\n",
                vec![declared("p", &["shop"])],
            ),
            (
                "[tool.setuptools]\npackage-dir = {p = \".\"}\npackages = [\"p\", \"p.api\"]\n",
                vec![declared("", &["p"])],
            ),
            (
                "[tool.setuptools]\npackage-dir = {shop = \"lib/shop\", p = \"lib\"}\n",
                vec![declared("p/lib", &["shop"])],
            ),
            (
                "[tool.hatch.build.targets.wheel]\npackages = [\"src/shop\"]\n",
                vec![declared("p/src", &["shop"])],
            ),
            (
                "[tool.hatch.build.targets.wheel]\nonly-include = [\"store\"]\n",
                vec![declared("p", &["store"])],
            ),
            (
                "[tool.hatch.build.targets.wheel]\nsources = [\"src\"]\n",
                vec![declared("p/src", &[])],
            ),
            (
                "[tool.uv.build-backend]\nmodule-name = \"notes\"\nmodule-root = \"\"\n",
                vec![declared("p", &["notes"])],
            ),
            (
                "[tool.pdm.build]\npackage-dir = \"src\"\n",
                vec![declared("p/src", &[])],
            ),
            (
                "[project]\nname = \"my-app\"\n",
                vec![declared("p/src", &[])],
            ),
            ("[tool.black]\n", vec![]),
        ];
        for (text, expected) in cases {
            let found = of_pyproject("p", text, &|dir| dir != "p/my_app" && dir != "p/src/my_app");
            assert_eq!(found, expected, "{text}");
        }
        let found = of_pyproject("", "[project]\nname = \"my-app\"\n", &|dir| {
            dir == "my_app" || dir.is_empty()
        });
        assert_eq!(found, [declared("", &["my_app"])]);
    }

    #[test]
    fn setup_files() {
        let text = "[options]\npackage_dir =\n    = src\n[options.packages.find]\nwhere = src\n";
        assert_eq!(of_setup_cfg("p", text), [declared("p/src", &[])]);
        assert_eq!(of_setup_cfg("p", "[flake8]\n"), []);
        assert_eq!(
            of_setup_py("", "setup(package_dir={'': 'src'})"),
            [declared("src", &[])]
        );
        assert_eq!(of_setup_py("p", "setup()"), [declared("p", &[])]);
    }
}
