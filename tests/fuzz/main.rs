//! Changes the projects of `tests/mdtest/` at random, always the same way, and analyzes what comes out: no panic, no hang.
//!
//! `FUZZ_SEED=7 FUZZ_ROUNDS=100000 cargo test --test fuzz` goes on from another seed, for longer; `FUZZ_FILES=folder` takes the files
//! of a folder, too. `fuzz/` has a target for libFuzzer
//! that does the same with coverage as its guide.

#![allow(clippy::unwrap_used, clippy::print_stderr, clippy::panic)]

mod change;
#[allow(dead_code)] // Only its texts are wanted here.
#[path = "../support/page.rs"]
mod page;
mod project;

use std::panic::catch_unwind;
use std::path::Path;
use std::time::{Duration, Instant};

use change::{Dice, changed};

/// No small project takes longer, even on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |text| text.parse().unwrap())
}

/// Every scenario as one text.
fn seeds() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mdtest");
    let scenarios = page::load(&folder)
        .into_iter()
        .flat_map(|page| page.scenarios);
    let texts = scenarios.map(|scenario| {
        let files = scenario.files.iter();
        files
            .map(|(path, text)| format!("#:: {path}\n{text}"))
            .collect()
    });
    texts.chain(more_seeds()).collect()
}

/// The files of the folder that the environment names.
fn more_seeds() -> Vec<String> {
    let Some(folder) = std::env::var_os("FUZZ_FILES") else {
        return Vec::new();
    };
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    let texts = paths.iter().map(|path| std::fs::read(path).unwrap());
    texts
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        .collect()
}

#[test]
fn changed_projects_are_analyzed() {
    let seeds = seeds();
    let folder = tempfile::tempdir().unwrap();
    let first = number("FUZZ_SEED", 1);
    for seed in first..first + number("FUZZ_ROUNDS", 150) {
        let text = changed(&seeds, &mut Dice::new(seed));
        let begin = Instant::now();
        if catch_unwind(|| project::run(&text, folder.path())).is_err() {
            panic!("FUZZ_SEED={seed} FUZZ_ROUNDS=1 panics on\n{text}");
        }
        assert!(
            begin.elapsed() < PATIENCE,
            "FUZZ_SEED={seed} takes {:?} on\n{text}",
            begin.elapsed()
        );
    }
}

/// What fuzzing has found, each as small as it could be made.
#[test]
fn what_was_found_stays_fixed() {
    let folder = tempfile::tempdir().unwrap();
    for text in [
        "#:: main.py\nx = -(2**62) * 2 // -1\n",
        "#:: main.py\nx = 'a,b'.rsplit(',', -1)\n",
    ] {
        project::run(text, folder.path());
    }
}
