//! The facts of a file are what Python's own `ast` says of it: checked for the standard library of the installed Python.
//!
//! Another Python is taken with `COVGAP_TEST_PYTHON=python3.13`, another folder with `COVGAP_TEST_FOLDER=/some/project`.

#![allow(clippy::panic, reason = "a test says in full why it cannot run")]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use covgap::facts;

/// Folders of the standard library that are taken as a whole.
const PACKAGES: &[&str] = &[
    "",
    "asyncio",
    "collections",
    "concurrent/futures",
    "email",
    "importlib",
    "json",
    "unittest",
];

/// Tests of Python's own syntax.
const SYNTAX_TESTS: &[&str] = &[
    "argparse",
    "coroutines",
    "dataclasses",
    "decorators",
    "enum",
    "except_star",
    "fstring",
    "generators",
    "genexps",
    "grammar",
    "keywordonlyarg",
    "lambda",
    "listcomps",
    "named_expressions",
    "patma",
    "positional_only_arg",
    "scope",
    "string_literals",
    "super",
    "type_aliases",
    "type_params",
    "unpack_ex",
    "with",
];

#[test]
fn facts_are_what_python_says() {
    let python = std::env::var("COVGAP_TEST_PYTHON").unwrap_or_else(|_| "python3".into());
    let files = match std::env::var_os("COVGAP_TEST_FOLDER") {
        Some(folder) => all_files(Path::new(&folder)),
        None => standard_library(&python),
    };
    let expected = dump_of_python(&python, &files);
    let mut compared = 0;
    let mut differences = Vec::new();
    for file in expected.split('\x1e').skip(1) {
        let (path, dump) = file.split_once('\n').expect("a path and a dump");
        let source = std::fs::read_to_string(path).expect("Python has read it");
        compared += 1;
        differences.extend(first_difference(
            path,
            dump,
            &facts::dump::dump(&facts::extract(&source)),
        ));
    }
    assert!(
        compared * 10 >= files.len() * 8,
        "Python dumped only {compared} of {} files",
        files.len()
    );
    assert!(
        differences.is_empty(),
        "{} of {compared} files differ:\n{}",
        differences.len(),
        differences.join("\n")
    );
    assert!(compared > 0, "no file was compared");
}

fn run(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| {
        panic!("this test needs Python 3.10 or newer: {command:?}: {error}")
    });
    assert!(
        output.status.success(),
        "{command:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn standard_library(python: &str) -> Vec<PathBuf> {
    let stdlib = run(Command::new(python).args([
        "-c",
        "import sysconfig; print(sysconfig.get_paths()['stdlib'])",
    ]));
    let stdlib = Path::new(stdlib.trim());
    let mut files: Vec<PathBuf> = PACKAGES
        .iter()
        .flat_map(|package| files_in(&stdlib.join(package)))
        .collect();
    let tests = SYNTAX_TESTS
        .iter()
        .map(|name| stdlib.join(format!("test/test_{name}.py")));
    files.extend(tests.filter(|path| path.exists()));
    assert!(
        files.len() >= 100,
        "only {} files in {}",
        files.len(),
        stdlib.display()
    );
    files
}

fn files_in(folder: &Path) -> Vec<PathBuf> {
    let entries =
        std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| is_python(path))
        .collect();
    files.sort();
    files
}

fn all_files(folder: &Path) -> Vec<PathBuf> {
    let entries = walkdir::WalkDir::new(folder)
        .sort_by_file_name()
        .into_iter();
    entries
        .map(|entry| entry.expect("an entry").into_path())
        .filter(|path| is_python(path))
        .collect()
}

fn is_python(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "py") && path.is_file()
}

/// For each file that Python can compile, a record separator, its path and its dump.
fn dump_of_python(python: &str, files: &[PathBuf]) -> String {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python/dump_facts.py");
    let mut list = tempfile::tempfile().expect("a temporary file");
    for file in files {
        writeln!(list, "{}", file.display()).expect("a writable file");
    }
    std::io::Seek::rewind(&mut list).expect("a file");
    run(Command::new(python)
        .args(["-W", "ignore"])
        .arg(script)
        .stdin(Stdio::from(list)))
}

fn first_difference(path: &str, expected: &str, found: &str) -> Option<String> {
    if expected.trim_end() == found.trim_end() {
        return None;
    }
    let mut expected = expected.lines();
    let mut found = found.lines();
    loop {
        match (expected.next(), found.next()) {
            (Some(expected), Some(found)) if expected == found => {}
            (None, None) => return Some(format!("{path}: line breaks\n")),
            (expected, found) => {
                let [expected, found] = [expected, found].map(Option::unwrap_or_default);
                return Some(format!("{path}\n  Python: {expected}\n  facts:  {found}"));
            }
        }
    }
}
