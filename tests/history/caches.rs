//! The cache: a run with it says what a run without it says, whatever is done to the project or to the cache.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::Command;
use std::thread;

use covgap::source::{Origin, Store};

use crate::repositories::{MAIN, Repository, TESTS, text};

fn run(root: &Path, cache: &str, arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_covgap"))
        .args(["report", "--format", "json", "-o", "-"])
        .args(arguments)
        .current_dir(root)
        .env("COVGAP_CACHE", cache)
        .output()
        .unwrap();
    format!("{}{}", text(&output.stdout), text(&output.stderr))
}

fn entries(cache: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(cache) else {
        return Vec::new();
    };
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

/// The entries, and which file each is: one that is written again is another file.
fn files(cache: &Path) -> Vec<(String, u64)> {
    let file = |name: String| {
        let number = fs::metadata(cache.join(&name)).unwrap().ino();
        (name, number)
    };
    entries(cache).into_iter().map(file).collect()
}

/// A run without a cache, and two with it, say the same; the second takes what the first kept.
fn is_kept_and_taken(root: &Path, cache: &Path, arguments: &[&str], what: &str) {
    let place = cache.to_str().unwrap();
    let without = run(root, "off", arguments);
    assert!(run(root, place, arguments) == without, "{what}, first");
    let kept = files(cache);
    assert!(!kept.is_empty(), "{what}");
    assert!(run(root, place, arguments) == without, "{what}, again");
    assert_eq!(files(cache), kept, "{what}: taken, and not made anew");
}

/// What is done to the project between two runs.
type Change = (&'static str, fn(&Repository));
/// Does something to an entry, given another.
type Damage = (&'static str, fn(&Path, &Path));

#[test]
fn no_change_is_missed() {
    let changes: [Change; 14] = [
        ("nothing", |_| {}),
        ("a route, in as many bytes", |shop| {
            shop.write("app/main.py", &MAIN.replace("/items", "/thing"));
        }),
        ("a test is gone", |shop| shop.remove("tests/test_items.py")),
        ("it is back", |shop| {
            shop.write("tests/test_items.py", TESTS)
        }),
        ("a module shadows another", |shop| {
            shop.write("fastapi.py", "FastAPI = None\n")
        }),
        ("and is gone", |shop| shop.remove("fastapi.py")),
        ("a conftest", |shop| {
            shop.write(
                "tests/conftest.py",
                "import pytest\n\n\n@pytest.fixture(autouse=True)\ndef x(): pass\n",
            )
        }),
        ("a configuration", |shop| {
            shop.write("covgap.toml", "exclude = [\"tests/\"]\n")
        }),
        ("another", |shop| {
            shop.write("covgap.toml", "tests = [\"tests\"]\n")
        }),
        ("a lock file", |shop| {
            shop.write(
                "uv.lock",
                "version = 1\n\n[[package]]\nname = \"fastapi\"\nversion = \"0.1.0\"\n",
            )
        }),
        ("an ignored file", |shop| {
            shop.write(".gitignore", "more/\n");
            shop.write("more/x.py", "x = 1\n");
        }),
        ("which git tracks", |shop| {
            shop.git(&["add", "--force", "more/x.py"]);
        }),
        ("an empty folder", |shop| {
            fs::create_dir(shop.root().join("archive")).unwrap()
        }),
        ("with something in it", |shop| {
            shop.write("archive/x.py", "x = 1\n")
        }),
    ];
    let shop = Repository::shop();
    let place = tempfile::tempdir().unwrap();
    let cache = place.path().join("cache");
    for (what, change) in changes {
        change(&shop);
        is_kept_and_taken(&shop.root(), &cache, &[], what);
    }
    assert!(entries(&cache).len() > 6);
    // A revision and the disk use the same entries, and are told apart where they differ.
    shop.commit("all of it");
    for arguments in [
        &["--revision", "HEAD"][..],
        &["--revision", "HEAD~1"],
        &["--tests", "tests"],
        &["--app", "app.main:app"],
        &["--possible"],
    ] {
        is_kept_and_taken(&shop.root(), &cache, arguments, &arguments.join(" "));
    }
    let other = place.path().join("other");
    let copied = Command::new("cp")
        .arg("-r")
        .arg(shop.root())
        .arg(&other)
        .status()
        .unwrap();
    assert!(copied.success());
    is_kept_and_taken(&other, &cache, &[], "another name");
}

#[test]
fn what_is_wrong_with_an_entry_makes_it_nothing() {
    let shop = Repository::shop();
    let other = Repository::shop();
    other.write("app/main.py", &MAIN.replace("/items", "/others"));
    let expected = run(&shop.root(), "off", &[]);
    let damages: [Damage; 7] = [
        ("cut off", |entry, _| {
            let bytes = fs::read(entry).unwrap();
            fs::write(entry, &bytes[..bytes.len() / 2]).unwrap();
        }),
        ("empty", |entry, _| fs::write(entry, "").unwrap()),
        ("one byte", |entry, _| {
            let mut bytes = fs::read(entry).unwrap();
            let middle = bytes.len() * 2 / 3;
            bytes[middle] ^= 1;
            fs::write(entry, bytes).unwrap();
        }),
        ("of another program", |entry, _| {
            fs::write(entry, "{\"schema\": 1}").unwrap()
        }),
        ("a folder", |entry, _| {
            fs::remove_file(entry).unwrap();
            fs::create_dir(entry).unwrap();
        }),
        ("gone", |entry, _| fs::remove_file(entry).unwrap()),
        ("of another project", |entry, foreign| {
            fs::copy(foreign, entry).unwrap();
        }),
    ];
    for (what, damage) in damages {
        let place = tempfile::tempdir().unwrap();
        let elsewhere = tempfile::tempdir().unwrap();
        assert!(run(&shop.root(), place.path().to_str().unwrap(), &[]) == expected);
        run(&other.root(), elsewhere.path().to_str().unwrap(), &[]);
        for name in entries(place.path()) {
            let ending = name.rsplit('.').next().unwrap();
            let foreign = entries(elsewhere.path())
                .into_iter()
                .find(|other| other.ends_with(ending))
                .unwrap();
            damage(&place.path().join(&name), &elsewhere.path().join(foreign));
        }
        for _ in 0..2 {
            let again = run(&shop.root(), place.path().to_str().unwrap(), &[]);
            assert!(again == expected, "{what}");
        }
    }
}

#[test]
fn several_runs_at_once_and_no_place_to_write() {
    let shop = Repository::shop();
    let expected = run(&shop.root(), "off", &[]);
    let place = tempfile::tempdir().unwrap();
    let cache = place.path().join("new").to_str().unwrap().to_string();
    thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| assert!(run(&shop.root(), &cache, &[]) == expected));
        }
    });
    let left = entries(Path::new(&cache));
    assert!(
        left.iter().all(|name| !name.starts_with(".new-")),
        "{left:?}"
    );
    // A killed run leaves a part of an entry.
    fs::write(Path::new(&cache).join(".new-killed"), "half").unwrap();
    assert!(run(&shop.root(), &cache, &[]) == expected);
    let file = place.path().join("file");
    fs::write(&file, "not a folder").unwrap();
    for nowhere in [file.to_str().unwrap(), "/dev/null/cache", "/proc/cache", ""] {
        assert!(run(&shop.root(), nowhere, &[]) == expected, "{nowhere}");
    }
    assert_eq!(fs::read_to_string(file).unwrap(), "not a folder");
}

#[test]
fn a_cache_that_is_not_ours_is_none() {
    let shop = Repository::shop();
    let has_store = || Store::of(&Origin::disk(&shop.root()).unwrap()).is_some();
    let (own, cache) = (
        shop.root().join(".covgap"),
        shop.root().join(".covgap/cache"),
    );
    assert!(has_store(), "nothing is there");
    fs::create_dir_all(&cache).unwrap();
    assert!(has_store());
    // Entries that came with the repository.
    shop.write(".covgap/cache/x.audit", "made elsewhere");
    assert!(has_store());
    shop.git(&["add", "--force", ".covgap"]);
    assert!(!has_store(), "git tracks it");
    shop.git(&["rm", "--quiet", "-r", "--cached", ".covgap"]);
    assert!(has_store());
    fs::remove_dir_all(&cache).unwrap();
    fs::write(&cache, "a file").unwrap();
    assert!(!has_store(), "a file");
    fs::remove_dir_all(&own).unwrap();
    #[cfg(unix)]
    {
        let elsewhere = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink(elsewhere.path(), &own).unwrap();
        assert!(!has_store(), "a link to a folder elsewhere");
        fs::remove_file(&own).unwrap();
        fs::create_dir(&own).unwrap();
        std::os::unix::fs::symlink(elsewhere.path(), &cache).unwrap();
        assert!(!has_store(), "a link below it");
    }
}
