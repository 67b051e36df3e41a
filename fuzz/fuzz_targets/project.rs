//! Whole small projects made of what the fuzzer invents: parse → facts → project → links → verdicts → reports.
//!
//! A crash is a panic, a hang or too much memory; see `fuzz/README.md`.

#![no_main]

#[path = "../../tests/fuzz/project.rs"]
mod project;

use std::cell::RefCell;

use libfuzzer_sys::fuzz_target;

thread_local! {
    static FOLDER: RefCell<Option<tempfile::TempDir>> = const { RefCell::new(None) };
}

fuzz_target!(|input: &[u8]| {
    FOLDER.with_borrow_mut(|slot| {
        let folder = slot.get_or_insert_with(|| tempfile::tempdir().expect("a temporary folder"));
        project::run(&String::from_utf8_lossy(input), folder.path());
    });
});
