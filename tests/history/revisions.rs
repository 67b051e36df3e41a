//! A revision is read without a checkout, and says what its checkout says.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use crate::repositories::{MAIN, Repository, Run, covgap, git};

/// Everything that discovery looks at: configuration, lock files, compose files, ignored and tracked files, links, odd names.
fn full() -> Repository {
    let shop = Repository::shop();
    shop.write(
        "pyproject.toml",
        "[project]\nname = \"shop\"\ndependencies = [\"fastapi\"]\n[tool.pytest.ini_options]\ntestpaths = [\"tests\"]\n[tool.covgap]\nrules = [\"rules\"]\n",
    );
    shop.write("rules/acme/__init__.py", "def send():\n    pass\n");
    shop.write(
        "uv.lock",
        "version = 1\n\n[[package]]\nname = \"fastapi\"\nversion = \"0.115.0\"\n",
    );
    shop.write(
        "compose.yml",
        "services:\n  api:\n    build: .\n    command: uvicorn app.main:app\n",
    );
    shop.write(".gitignore", "local/\n*.gen.py\n");
    shop.write("app/forced.gen.py", "X = 1\n");
    shop.git(&["add", "--force", "app/forced.gen.py"]);
    shop.write("archive/old.py", "def gone():\n    pass\n");
    shop.write("app/broken.py", "def (:\n");
    fs::write(shop.root().join("app/latin.py"), b"# \xfc\n").unwrap();
    symlink("main.py", shop.root().join("app/linked.py")).unwrap();
    symlink("nowhere.py", shop.root().join("app/dangling.py")).unwrap();
    symlink("app", shop.root().join("also")).unwrap();
    symlink("../app/main.py", shop.root().join("tests/upward.py")).unwrap();
    shop.commit("everything");
    shop
}

/// A run that prints the JSON report, with more arguments.
fn report(root: &Path, arguments: &[&str]) -> Run {
    covgap(
        root,
        &[&["report", "--format", "json", "-o", "-"], arguments].concat(),
    )
}

#[test]
fn a_revision_equals_its_checkout_byte_for_byte() {
    let shop = full();
    let everything = shop.git(&["rev-parse", "HEAD"]).trim().to_string();
    shop.write("app/main.py", &MAIN.replace("/items", "/things"));
    shop.git(&["rm", "--quiet", "archive/old.py"]);
    shop.commit("renamed");
    let revisions = ["HEAD~2", everything.as_str(), "HEAD"];
    let from_objects: Vec<String> = revisions
        .iter()
        .map(|revision| shop.json(&["--revision", revision]))
        .collect();
    assert_eq!(shop.json(&[]), from_objects[2]);
    for (revision, expected) in revisions.iter().zip(&from_objects) {
        let place = tempfile::tempdir().unwrap();
        let checkout = place.path().join("shop");
        shop.git(&[
            "worktree",
            "add",
            "--quiet",
            "--detach",
            checkout.to_str().unwrap(),
            revision,
        ]);
        let run = report(&checkout, &[]);
        assert_eq!(run.code, 0, "{}", run.err);
        assert!(run.out == *expected, "{revision} differs from its checkout");
        // A linked work tree has the same revisions.
        let inside = report(&checkout, &["--revision", "main"]);
        assert!(inside.out == from_objects[2], "{}", inside.err);
    }
}

#[test]
fn what_is_not_committed_is_not_in_a_revision() {
    let shop = Repository::shop();
    let before = shop.json(&["--revision", "HEAD"]);
    shop.write("app/main.py", "syntax error here");
    shop.write("app/new.py", "x = 1\n");
    assert_eq!(shop.json(&["--revision", "HEAD"]), before);
    assert_eq!(shop.json(&["--revision", "main"]), before);
}

#[test]
fn a_part_of_a_repository() {
    let repository = Repository::empty();
    repository.write(".gitignore", "generated/\n");
    repository.write("backend/app/main.py", MAIN);
    repository.write("backend/tests/test_items.py", crate::repositories::TESTS);
    repository.write("frontend/x.py", "x = 1\n");
    repository.commit("first");
    let backend = repository.root().join("backend");
    let disk = report(&backend, &[]);
    let objects = report(&backend, &["--revision", "HEAD"]);
    assert_eq!(disk.code, 0, "{}", disk.err);
    assert!(disk.out == objects.out, "{}", objects.err);
    let run = repository.covgap(&["--revision", "HEAD", "."]);
    assert!(run.out.contains("HTTP"), "{}{}", run.out, run.err);
}

#[test]
fn a_submodule_is_an_empty_folder_as_in_a_fresh_clone() {
    let library = Repository::shop();
    let shop = Repository::shop();
    shop.git(&[
        "submodule",
        "--quiet",
        "add",
        library.root().to_str().unwrap(),
        "library",
    ]);
    shop.commit("a submodule");
    let place = tempfile::tempdir().unwrap();
    let clone = place.path().join("shop");
    git(
        place.path(),
        &["clone", "--quiet", shop.root().to_str().unwrap(), "shop"],
    );
    let disk = report(&clone, &[]);
    assert_eq!(disk.code, 0, "{}", disk.err);
    assert!(disk.out == shop.json(&["--revision", "HEAD"]));
    // From inside of it, the submodule is a repository like any other.
    let inside = report(&shop.root().join("library"), &["--revision", "HEAD"]);
    assert_eq!(inside.code, 0, "{}", inside.err);
}

/// (what is done, the arguments, what is said)
#[test]
fn what_can_not_be_read_is_said() {
    let without_commits = Repository::empty();
    let shop = Repository::shop();
    shop.commit("second");
    shop.commit("third");
    let place = tempfile::tempdir().unwrap();
    let from = format!("file://{}", shop.root().display());
    git(
        place.path(),
        &["clone", "--quiet", "--depth", "1", &from, "shallow"],
    );
    let bare = place.path().join("nothing");
    fs::create_dir(&bare).unwrap();
    let cases = [
        (
            without_commits.root(),
            "HEAD",
            "the repository has no commit yet",
        ),
        (
            without_commits.root(),
            "main",
            "the repository has no commit yet",
        ),
        (shop.root(), "nowhere", "no such revision: `nowhere`"),
        (shop.root(), "--help", "a value is required for '--revision"),
        (shop.root(), "", "no such revision"),
        (shop.root(), "HEAD~9", "no such revision: `HEAD~9`"),
        (
            place.path().join("shallow"),
            "HEAD~1",
            "the clone is shallow",
        ),
        (bare, "HEAD", "no git repository that can be read"),
    ];
    for (root, revision, says) in cases {
        let run = covgap(&root, &["--revision", revision]);
        assert_eq!(run.code, 2, "{revision}: {}", run.out);
        assert!(run.err.contains(says), "{revision}: {}", run.err);
    }
    let shallow = covgap(&place.path().join("shallow"), &["--revision", "HEAD"]);
    assert_eq!(shallow.err, "");
}

#[test]
fn a_clone_without_blobs_is_not_taken_for_an_empty_project() {
    let shop = Repository::shop();
    shop.git(&["config", "uploadpack.allowFilter", "true"]);
    shop.write("app/main.py", &MAIN.replace("/items", "/things"));
    shop.commit("second");
    let place = tempfile::tempdir().unwrap();
    let from = format!("file://{}", shop.root().display());
    git(
        place.path(),
        &["clone", "--quiet", "--filter=blob:none", &from, "shop"],
    );
    let root = place.path().join("shop");
    let head = report(&root, &["--revision", "HEAD"]);
    assert!(head.out == shop.json(&[]), "{}", head.err);
    let before = report(&root, &["--revision", "HEAD~1"]);
    assert_eq!(before.code, 2);
    assert!(
        before.err.contains("does not have all files"),
        "{}",
        before.err
    );
}
