//! Holds `rules/` against the code that appeals to it: no gap kind and no rule id of a piece of evidence is without a page.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use covgap::Options;
use covgap::knowledge::{check_rules, rule_pages};
use proc_macro2::{TokenStream, TokenTree};

fn options() -> Options {
    Options {
        root: Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/shop"),
        ..Options::default()
    }
}

fn known() -> BTreeSet<String> {
    rule_pages(&options())
        .unwrap()
        .into_iter()
        .map(|page| page.id)
        .collect()
}

/// The string literals of a Rust file, without those of its tests.
fn literals(path: &Path) -> Vec<String> {
    let text = fs::read_to_string(path).unwrap();
    let code = text.split("#[cfg(test)]").next().unwrap();
    let mut found = Vec::new();
    collect(code.parse().unwrap(), &mut found);
    found
}

fn collect(tokens: TokenStream, found: &mut Vec<String>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => collect(group.stream(), found),
            TokenTree::Literal(literal) => {
                let spelled = literal.to_string();
                if let Some(text) = spelled
                    .strip_prefix('"')
                    .and_then(|text| text.strip_suffix('"'))
                {
                    found.push(text.to_owned());
                }
            }
            TokenTree::Ident(_) | TokenTree::Punct(_) => {}
        }
    }
}

fn is_made_of(text: &str, separator: char) -> bool {
    let parts: Vec<&str> = text.split(separator).collect();
    parts.len() > 1
        && parts.iter().all(|part| {
            !part.is_empty()
                && part
                    .chars()
                    .all(|letter| letter.is_ascii_lowercase() || "-_".contains(letter))
        })
}

#[test]
fn a_projects_own_model_replaces_a_module_of_the_project() {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write(
        "main.py",
        "from fastapi import FastAPI\napp = FastAPI()\n@app.get('/a')\ndef a(): return 1\n",
    );
    write(
        "robot.py",
        "import sys\ndef visit(app, path): return sys.modules['secret'](app, path)\n",
    );
    write(
        "test_main.py",
        "from main import app\nfrom robot import visit\ndef test_a(): assert visit(app, '/a') == 200\n",
    );
    write(
        "own/robot.py",
        "import covgap\ndef visit(app, path):\n    return covgap.status(covgap.request('http', app, 'GET', path, '', True, 'in-process', 'robot/visit'))\n",
    );
    let options = Options {
        root: folder.path().to_path_buf(),
        ..Options::default()
    };
    let verdict = |options: &Options| {
        let audit = covgap::analyze(options).unwrap();
        let route = audit
            .routes
            .iter()
            .find(|route| route.path == "/a")
            .unwrap();
        route.verdict.id()
    };
    assert_eq!(verdict(&options), "untested");
    write("covgap.toml", "rules = ['own']\n");
    assert_eq!(verdict(&options), "behavior");
}

#[test]
fn every_gap_kind_has_a_page() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/coverage");
    let files = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let kinds: BTreeSet<String> = files
        .filter(|path| {
            path.file_stem()
                .unwrap()
                .to_string_lossy()
                .starts_with("gaps")
        })
        .filter(|path| path.is_file())
        .flat_map(|path| literals(&path))
        .filter(|text| is_made_of(text, '-') && !text.contains('_'))
        .collect();
    assert!(kinds.contains("untested-route"), "{kinds:?}");
    let known = known();
    let without: Vec<&String> = kinds.difference(&known).collect();
    assert!(without.is_empty(), "no page in rules/gaps/ for {without:?}");
}

#[test]
fn every_rule_of_evidence_has_a_sentence() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut used: BTreeSet<String> = BTreeSet::new();
    for file in ["src/coverage/judge.rs", "src/coverage/gaps.rs"] {
        used.extend(
            literals(&root.join(file))
                .into_iter()
                .filter(|text| is_made_of(text, '/')),
        );
    }
    for entry in fs::read_dir(root.join("rules/models")).unwrap() {
        let text = fs::read_to_string(entry.unwrap().path()).unwrap();
        let calls = text
            .lines()
            .filter(|line| line.contains("covgap.") || line.contains("_Patch("));
        let quoted = calls.flat_map(|line| line.split('"').skip(1).step_by(2));
        used.extend(
            quoted
                .filter(|text| is_made_of(text, '/'))
                .map(str::to_owned),
        );
    }
    assert!(used.contains("httpx/request"), "{used:?}");
    let known = known();
    let without: Vec<&String> = used.difference(&known).collect();
    assert!(
        without.is_empty(),
        "no sentence in rules/evidence.toml for {without:?}"
    );
}

#[test]
fn examples_have_the_gap_and_counter_examples_have_not() {
    let check = check_rules(&options()).unwrap();
    let problems: Vec<String> = check.problems.iter().map(ToString::to_string).collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert!(check.examples >= 20);
}
