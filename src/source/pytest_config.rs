//! What a project tells pytest: which file says it, and what the options are.
//!
//! ```toml
//! [tool.pytest.ini_options]
//! testpaths = ["tests"]
//! python_files = "check_*.py"
//! addopts = "--import-mode=importlib --ignore tests/slow"
//! ```
//! Source: <https://docs.pytest.org/en/stable/reference/customize.html> and `_pytest/config/findpaths.py`.

use std::borrow::Cow;

use toml::de::{DeTable, DeValue};

use super::ini;

/// The files that can hold pytest's options, in the order in which pytest looks for them.
pub const FILE_NAMES: [&str; 7] = [
    "pytest.toml",
    ".pytest.toml",
    "pytest.ini",
    ".pytest.ini",
    "pyproject.toml",
    "tox.ini",
    "setup.cfg",
];

/// How pytest imports a test file (`--import-mode`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportMode {
    /// The first folder upward without an `__init__.py` goes to the front of `sys.path`.
    Prepend,
    /// It goes to its end.
    Append,
    /// `sys.path` stays as it is.
    Importlib,
}

/// pytest's options; the default is pytest's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PytestConfig {
    /// The file it was read from, relative to the project's root.
    pub file: Option<String>,
    /// Globs of what to collect when nothing is asked for.
    pub testpaths: Vec<String>,
    /// Patterns of test files' names.
    pub python_files: Vec<String>,
    /// Prefixes or patterns of test classes' names.
    pub python_classes: Vec<String>,
    /// Prefixes or patterns of test functions' names.
    pub python_functions: Vec<String>,
    /// Patterns of folders that are not entered.
    pub norecursedirs: Vec<String>,
    /// Folders for the front of `sys.path`, from the rootdir.
    pub pythonpath: Vec<String>,
    /// Fixtures that every test uses.
    pub usefixtures: Vec<String>,
    /// Environment variables that the `env` plugin sets.
    pub env: Vec<(String, String)>,
    /// Files of variables that the `dotenv` plugin reads, from the rootdir.
    pub env_files: Vec<String>,
    /// Modules loaded as plugins (`-p name`; `no:name` is among them).
    pub plugins: Vec<String>,
    /// Paths left out by `--ignore`.
    pub ignore: Vec<String>,
    /// Globs left out by `--ignore-glob`.
    pub ignore_glob: Vec<String>,
    /// Node ids left out by `--deselect`.
    pub deselect: Vec<String>,
    /// The expression of `-m`.
    pub marker_expression: Option<String>,
    /// The expression of `-k`.
    pub keyword_expression: Option<String>,
    pub import_mode: ImportMode,
    /// `asyncio_mode`, or `--asyncio-mode` on the command line.
    pub asyncio_mode: Option<String>,
    /// `--confcutdir`: conftest files above are not loaded.
    pub confcutdir: Option<String>,
    /// `--collect-in-virtualenv`.
    pub collects_in_virtualenv: bool,
}

impl Default for PytestConfig {
    fn default() -> Self {
        let owned = |items: &[&str]| items.iter().map(|item| (*item).to_string()).collect();
        Self {
            file: None,
            testpaths: Vec::new(),
            python_files: owned(&["test_*.py", "*_test.py"]),
            python_classes: owned(&["Test"]),
            python_functions: owned(&["test"]),
            norecursedirs: owned(&[
                "*.egg",
                ".*",
                "_darcs",
                "build",
                "CVS",
                "dist",
                "node_modules",
                "venv",
                "{arch}",
            ]),
            pythonpath: Vec::new(),
            usefixtures: Vec::new(),
            env: Vec::new(),
            env_files: Vec::new(),
            plugins: Vec::new(),
            ignore: Vec::new(),
            ignore_glob: Vec::new(),
            deselect: Vec::new(),
            marker_expression: None,
            keyword_expression: None,
            import_mode: ImportMode::Prepend,
            asyncio_mode: None,
            confcutdir: None,
            collects_in_virtualenv: false,
        }
    }
}

/// Reads a file's options. `None`: this file does not configure pytest.
pub fn read(path: &str, file_name: &str, text: &str) -> Option<PytestConfig> {
    let mut config = PytestConfig {
        file: Some(path.to_string()),
        ..PytestConfig::default()
    };
    match file_name {
        "pytest.toml" | ".pytest.toml" => {
            let document = DeTable::parse(text).ok()?;
            if let Some(DeValue::Table(table)) = get(document.get_ref(), &["pytest"]) {
                read_table(&mut config, table);
            }
        }
        // These two count even without the section (`load_config_dict_from_file`).
        "pytest.ini" | ".pytest.ini" => {
            if let Some(section) = ini::section(text, "pytest") {
                read_section(&mut config, &section);
            }
        }
        "pyproject.toml" => {
            let document = DeTable::parse(text).ok()?;
            let pytest = match get(document.get_ref(), &["tool", "pytest"])? {
                DeValue::Table(table) => table,
                _ => return None,
            };
            match get(pytest, &["ini_options"]) {
                Some(DeValue::Table(table)) => read_table(&mut config, table),
                _ => read_table(&mut config, pytest),
            }
            if let Some(DeValue::Table(env)) = get(document.get_ref(), &["tool", "pytest_env"]) {
                read_env_table(&mut config, env);
            }
        }
        "tox.ini" => read_section(&mut config, &ini::section(text, "pytest")?),
        "setup.cfg" => read_section(&mut config, &ini::section(text, "tool:pytest")?),
        _ => return None,
    }
    Some(config)
}

fn get<'table, 'text>(
    table: &'table DeTable<'text>,
    path: &[&str],
) -> Option<&'table DeValue<'text>> {
    let (first, rest) = path.split_first()?;
    let value = table.get(*first)?.get_ref();
    match (rest.is_empty(), value) {
        (true, value) => Some(value),
        (false, DeValue::Table(table)) => get(table, rest),
        (false, _) => None,
    }
}

fn read_section(config: &mut PytestConfig, section: &ini::Section) {
    for entry in &section.entries {
        let words = || split_words(&entry.value);
        let lines = || {
            let lines = entry.value.lines().map(str::trim);
            lines
                .filter(|line| !line.is_empty())
                .map(str::to_string)
                .collect()
        };
        set(config, &entry.key, &words, &lines);
    }
}

fn read_table(config: &mut PytestConfig, table: &DeTable) {
    for (key, value) in table {
        match value.get_ref() {
            DeValue::Array(items) => {
                let items = items.iter().filter_map(|item| plain_text(item.get_ref()));
                let items: Vec<String> = items.map(Cow::into_owned).collect();
                set(config, key.get_ref(), &|| items.clone(), &|| items.clone());
            }
            value => {
                let Some(text) = plain_text(value) else {
                    continue;
                };
                let lines = || {
                    let lines = text.lines().map(str::trim);
                    lines
                        .filter(|line| !line.is_empty())
                        .map(str::to_string)
                        .collect()
                };
                set(config, key.get_ref(), &|| split_words(&text), &lines);
            }
        }
    }
}

fn plain_text<'value>(value: &'value DeValue) -> Option<Cow<'value, str>> {
    match value {
        DeValue::String(text) => Some(Cow::Borrowed(text)),
        DeValue::Integer(number) => Some(Cow::Borrowed(number.as_str())),
        DeValue::Boolean(answer) => Some(Cow::Owned(answer.to_string())),
        DeValue::Float(_) | DeValue::Datetime(_) | DeValue::Array(_) | DeValue::Table(_) => None,
    }
}

/// One option; a value is read as shell words or as lines, as its kind in pytest is.
fn set(
    config: &mut PytestConfig,
    key: &str,
    words: &dyn Fn() -> Vec<String>,
    lines: &dyn Fn() -> Vec<String>,
) {
    match key {
        "testpaths" => config.testpaths = words(),
        "python_files" => config.python_files = words(),
        "python_classes" => config.python_classes = words(),
        "python_functions" => config.python_functions = words(),
        "norecursedirs" => config.norecursedirs = words(),
        "pythonpath" => config.pythonpath = words(),
        "usefixtures" => config.usefixtures = words(),
        "asyncio_mode" => config.asyncio_mode = words().into_iter().next(),
        "env" => config
            .env
            .extend(lines().iter().filter_map(|line| env_line(line))),
        "env_files" => config.env_files = lines(),
        "addopts" => read_options(config, words()),
        _ => {}
    }
}

/// `D:NAME=value`: the flags before the name say default, raw, or unset.
fn env_line(line: &str) -> Option<(String, String)> {
    let (name, value) = line.split_once('=')?;
    let name = name.rsplit(':').next().unwrap_or(name).trim();
    Some((name.to_string(), value.trim().to_string()))
}

fn read_env_table(config: &mut PytestConfig, table: &DeTable) {
    for (key, value) in table {
        let written = match value.get_ref() {
            DeValue::Table(table) => get(table, &["value"]).and_then(plain_text),
            value => plain_text(value),
        };
        if let Some(text) = written {
            let variable = (key.get_ref().to_string(), text.into_owned());
            config.env.push(variable);
        }
    }
}

/// The options of `addopts` that decide what is collected and how.
/// Not handled: paths among them, which pytest would collect besides those it was asked for.
fn read_options(config: &mut PytestConfig, options: Vec<String>) {
    let mut options = options.into_iter();
    while let Some(option) = options.next() {
        let (name, attached) = match option.split_once('=') {
            Some((name, value)) if name.starts_with("--") => (name, Some(value.to_string())),
            _ => match (option.get(..2), option.get(2..)) {
                (Some(short @ ("-p" | "-m" | "-k")), Some(rest)) if !rest.is_empty() => {
                    (short, Some(rest.to_string()))
                }
                _ => (option.as_str(), None),
            },
        };
        let mut value = || attached.clone().or_else(|| options.next());
        match name {
            "--import-mode" => {
                config.import_mode = match value().as_deref() {
                    Some("importlib") => ImportMode::Importlib,
                    Some("append") => ImportMode::Append,
                    _ => ImportMode::Prepend,
                }
            }
            "--ignore" => config.ignore.extend(value()),
            "--ignore-glob" => config.ignore_glob.extend(value()),
            "--deselect" => config.deselect.extend(value()),
            "--confcutdir" => config.confcutdir = value(),
            "--asyncio-mode" => config.asyncio_mode = value(),
            "--collect-in-virtualenv" => config.collects_in_virtualenv = true,
            "-p" => config.plugins.extend(value()),
            "-m" => config.marker_expression = value(),
            "-k" => config.keyword_expression = value(),
            _ => {}
        }
    }
}

/// Shell words; text that the shell would not take is split at spaces.
fn split_words(text: &str) -> Vec<String> {
    shlex::split(text).unwrap_or_else(|| text.split_whitespace().map(str::to_string).collect())
}

#[cfg(test)]
mod tests {
    use super::{ImportMode, PytestConfig, read};

    #[test]
    fn which_files_configure_pytest() {
        let cases = [
            ("pytest.ini", "", true),
            (".pytest.ini", "[other]\n", true),
            ("pyproject.toml", "[tool.black]\n", false),
            ("pyproject.toml", "[tool.pytest.ini_options]\n", true),
            (
                "pyproject.toml",
                "[tool.pytest]\nminversion = \"9.0\"\n",
                true,
            ),
            ("pyproject.toml", "not toml [", false),
            ("tox.ini", "[tox]\n", false),
            ("tox.ini", "[pytest]\n", true),
            ("setup.cfg", "[pytest]\n", false),
            ("setup.cfg", "[tool:pytest]\n", true),
        ];
        for (name, text, expected) in cases {
            assert_eq!(read(name, name, text).is_some(), expected, "{name} {text}");
        }
    }

    #[test]
    fn reads_options() {
        let text = r#"
[tool.pytest.ini_options]
testpaths = "tests e2e"
python_files = ["test_*.py", "check_*.py"]
python_classes = "*Tests"
asyncio_mode = "auto"
pythonpath = [".", "src"]
env = ["D:A=1", "B = x=y"]
addopts = "-ra -q --import-mode=importlib --ignore tests/slow --ignore=docs -p my.plugin -pno:warnings -m 'not slow' --deselect tests/test_a.py::test_b"
timeout = 20
"#;
        let config = read("pyproject.toml", "pyproject.toml", text).unwrap();
        let expected = PytestConfig {
            file: Some("pyproject.toml".into()),
            testpaths: vec!["tests".into(), "e2e".into()],
            python_files: vec!["test_*.py".into(), "check_*.py".into()],
            python_classes: vec!["*Tests".into()],
            asyncio_mode: Some("auto".into()),
            pythonpath: vec![".".into(), "src".into()],
            env: vec![("A".into(), "1".into()), ("B".into(), "x=y".into())],
            import_mode: ImportMode::Importlib,
            ignore: vec!["tests/slow".into(), "docs".into()],
            plugins: vec!["my.plugin".into(), "no:warnings".into()],
            marker_expression: Some("not slow".into()),
            deselect: vec!["tests/test_a.py::test_b".into()],
            ..PytestConfig::default()
        };
        assert_eq!(config, expected);
    }

    #[test]
    fn reads_ini_options() {
        let text = "[pytest]\npythonpath =\n    ../app\n    .\naddopts =\n    -v\n    --asyncio-mode=auto\nenv =\n    A=1\n    R:B=2\n";
        let config = read("tests/pytest.ini", "pytest.ini", text).unwrap();
        assert_eq!(config.pythonpath, ["../app", "."]);
        assert_eq!(config.asyncio_mode.as_deref(), Some("auto"));
        assert_eq!(
            config.env,
            [("A".into(), "1".into()), ("B".into(), "2".into())]
        );
    }
}
