//! Which tests there are, and where their names are counted from.

use covgap::source::{ImportMode, Sources};

use crate::trees::{found, found_with, tests, tree};

/// Each suite as `rootdir: files`, conftest files in parentheses.
fn said(sources: &Sources) -> Vec<String> {
    let suites = sources.suites.iter();
    suites
        .map(|suite| {
            let names = |ids: &[covgap::source::FileId]| -> Vec<String> {
                ids.iter().map(|id| sources.path(*id).to_string()).collect()
            };
            let conftests = names(&suite.conftests);
            let conftests = match conftests.is_empty() {
                true => String::new(),
                false => format!(" ({})", conftests.join(" ")),
            };
            format!(
                "{}: {}{conftests}",
                suite.root,
                names(&suite.tests).join(" ")
            )
        })
        .collect()
}

#[test]
fn without_any_configuration() {
    let dir = tree(&[
        ("app/main.py", ""),
        ("app/test_main.py", ""),
        ("tests/conftest.py", ""),
        ("tests/test_b.py", ""),
        ("tests/a/test_c.py", ""),
        ("tests/a_test.py", ""),
        ("tests/helper.py", ""),
    ]);
    assert_eq!(
        said(&found(&dir)),
        [
            ": app/test_main.py tests/a/test_c.py tests/a_test.py tests/test_b.py (tests/conftest.py)"
        ]
    );
}

#[test]
fn a_project_file_marks_the_root_of_a_suite() {
    let dir = tree(&[
        (
            "pyproject.toml",
            "[tool.uv.workspace]\nmembers = [\"backend\"]\n",
        ),
        ("backend/pyproject.toml", "[project]\nname = \"app\"\n"),
        ("backend/app/main.py", ""),
        ("backend/tests/test_a.py", ""),
        ("legacy/setup.py", ""),
        ("legacy/test/test_b.py", ""),
    ]);
    // As pytest has it, a pyproject.toml anywhere above comes before a setup.py.
    assert_eq!(
        said(&found(&dir)),
        [
            ": legacy/test/test_b.py",
            "backend: backend/tests/test_a.py"
        ]
    );
}

#[test]
fn testpaths_and_nested_places() {
    let dir = tree(&[
        (
            "pyproject.toml",
            "[tool.pytest.ini_options]\ntestpaths = [\"tests\", \"more*\"]\n",
        ),
        ("tests/test_a.py", ""),
        ("more_1/test_b.py", ""),
        ("elsewhere/test_c.py", ""),
        (
            "services/mail/pytest.ini",
            "[pytest]\npython_files = check_*.py\n",
        ),
        ("services/mail/check_d.py", ""),
        ("services/mail/test_e.py", ""),
        ("tools/tests/test_f.py", ""),
    ]);
    assert_eq!(
        said(&found(&dir)),
        [
            ": tests/test_a.py more_1/test_b.py",
            "services/mail: services/mail/check_d.py"
        ]
    );
}

#[test]
fn testpaths_that_are_not_there() {
    let dir = tree(&[
        ("setup.cfg", "[tool:pytest]\ntestpaths = gone\n"),
        ("src/test_a.py", ""),
    ]);
    assert_eq!(said(&found(&dir)), [": src/test_a.py"]);
}

#[test]
fn test_folders_beside_a_configured_place() {
    let dir = tree(&[
        ("server/pyproject.toml", "[tool.pytest.ini_options]\n"),
        ("server/tests/test_a.py", ""),
        ("sdk/tests/test_b.py", ""),
        ("scripts/test_connection.py", ""),
    ]);
    assert_eq!(
        said(&found(&dir)),
        [": sdk/tests/test_b.py", "server: server/tests/test_a.py"]
    );
}

#[test]
fn what_options_leave_out() {
    let dir = tree(&[
        (
            "tox.ini",
            "[pytest]\naddopts = --ignore=docs --ignore-glob=tests/slow_* --import-mode importlib\nnorecursedirs = fixtures data/x\n",
        ),
        ("docs/test_a.py", ""),
        ("tests/slow_1/test_b.py", ""),
        ("tests/fixtures/test_c.py", ""),
        ("tests/data/x/test_d.py", ""),
        ("tests/data/y/test_e.py", ""),
        ("build/test_f.py", ""),
    ]);
    let sources = found(&dir);
    assert_eq!(said(&sources), [": tests/data/y/test_e.py"]);
    assert_eq!(sources.suites[0].config.import_mode, ImportMode::Importlib);
    assert!(sources.suites[0].inserted.is_empty());
}

#[test]
fn tests_that_are_asked_for() {
    let dir = tree(&[
        (
            "pyproject.toml",
            "[tool.pytest.ini_options]\ntestpaths = [\"tests\"]\n",
        ),
        ("tests/test_a.py", ""),
        ("old_archive/conftest.py", ""),
        (
            "old_archive/pytest.ini",
            "[pytest]\npythonpath = ../app .\n",
        ),
        ("old_archive/unit/conftest.py", ""),
        ("old_archive/unit/test_b.py", ""),
        ("old_archive/unit/odd.py", ""),
        ("app/main.py", ""),
    ]);
    let asked = |paths: &[&str]| said(&found_with(&dir, &tests(paths)).unwrap());
    assert_eq!(
        asked(&["old_archive"]),
        [
            "old_archive: old_archive/unit/test_b.py (old_archive/conftest.py old_archive/unit/conftest.py)"
        ]
    );
    assert_eq!(
        asked(&["old_archive/unit/odd.py::test_x", "tests"]),
        [
            "old_archive: old_archive/unit/odd.py (old_archive/conftest.py old_archive/unit/conftest.py)",
            ": tests/test_a.py",
        ]
    );
    let sources = found_with(&dir, &tests(&["old_archive"])).unwrap();
    let suite = &sources.suites[0];
    assert_eq!(suite.python_path, ["app", "old_archive"]);
    assert_eq!(suite.inserted, ["old_archive", "old_archive/unit"]);
    let test = sources.file("old_archive/unit/test_b.py").unwrap();
    assert_eq!(sources.conftests_of(suite, test).len(), 2);
    assert_eq!(sources.suite_of(test), Some(suite));
}

#[test]
fn order_is_by_name_level_by_level() {
    let dir = tree(&[
        ("tests/a/test_z.py", ""),
        ("tests/a-b/test_y.py", ""),
        ("tests/test_a.py", ""),
        ("tests/b/test_x.py", ""),
    ]);
    assert_eq!(
        said(&found(&dir)),
        [": tests/a/test_z.py tests/a-b/test_y.py tests/b/test_x.py tests/test_a.py"]
    );
}

#[test]
fn what_a_pipeline_gives_beside_the_testpaths() {
    let dir = tree(&[
        (
            "pyproject.toml",
            "[tool.pytest.ini_options]\ntestpaths = [\"tests/unit\"]\n",
        ),
        (
            ".github/workflows/test.yml",
            "jobs:\n  test:\n    steps:\n      - run: pytest tests/unit/test_a.py tests/integration -v\n",
        ),
        ("tests/unit/test_a.py", ""),
        ("tests/unit/test_b.py", ""),
        ("tests/integration/conftest.py", ""),
        ("tests/integration/test_c.py", ""),
        ("tests/by_hand/test_d.py", ""),
    ]);
    assert_eq!(
        said(&found(&dir)),
        [
            ": tests/unit/test_a.py tests/unit/test_b.py tests/integration/test_c.py (tests/integration/conftest.py)"
        ]
    );
}
