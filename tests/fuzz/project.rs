//! One text that stands for a small project: what the fuzzers invent and change.
//!
//! ```text
//! #:: main.py
//! from fastapi import FastAPI
//! app = FastAPI()
//! #:: tests/test_main.py
//! def test_it(): ...
//! ```
//! A text without such a line is one file that is both the app and its test.

use std::fs;
use std::path::Path;

use covgap::report::{self, Format};
use covgap::{Options, analyze};

const MARK: &str = "#:: ";

/// Writes the project into the folder, which is emptied before, analyzes it, and renders every report.
pub fn run(text: &str, folder: &Path) {
    clear(folder);
    for (path, content) in files(text) {
        let path = folder.join(path);
        if let Some(parent) = path.parent() {
            let _ = fs::create_dir_all(parent);
        }
        // A file may stand where a folder should: then there is one file less.
        let _ = fs::write(path, content);
    }
    let options = Options {
        root: folder.to_path_buf(),
        threads: Some(1),
        ..Options::default()
    };
    // An error is the user's mistake, and an answer.
    if let Ok(audit) = analyze(&options) {
        for format in [Format::Html, Format::Json] {
            report::render(&audit, format, &mut std::io::sink()).expect("a sink takes everything");
        }
    }
}

/// The files of a text by their paths, which never lead out of a folder.
pub fn files(text: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for line in text.split_inclusive('\n') {
        if let Some(path) = line.strip_prefix(MARK).and_then(inner_path) {
            found.push((path, String::new()));
            continue;
        }
        match found.last_mut() {
            Some((_, content)) => content.push_str(line),
            None => found.push(("test_main.py".to_owned(), line.to_owned())),
        }
    }
    found
}

/// Of a fuzzer's invention only plain, short paths are taken.
fn inner_path(written: &str) -> Option<String> {
    let path = written.trim();
    let is_plain = |part: &str| {
        !part.is_empty()
            && part.len() < 40
            && part != "."
            && part != ".."
            && part
                .chars()
                .all(|letter| letter.is_ascii_alphanumeric() || "._-".contains(letter))
    };
    (path.len() < 120 && path.split('/').all(is_plain)).then(|| path.to_owned())
}

fn clear(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        let _ = fs::remove_dir_all(&path).or_else(|_| fs::remove_file(&path));
    }
}
