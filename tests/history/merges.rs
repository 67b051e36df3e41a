//! `covgap merge`: shards of a suite, and the services of a system.

use std::fs;
use std::path::Path;

use crate::repositories::{MAIN, Repository, TESTS, covgap};

/// The `covered` and `total` of a bar.
fn bar(json: &str, id: &str) -> (u64, u64) {
    let line = json
        .lines()
        .find(|line| line.contains("\"covered\"") && line.contains(&format!("\"id\": \"{id}\"")))
        .unwrap();
    let number = |key: &str| {
        let rest = line.split(&format!("\"{key}\": ")).nth(1).unwrap();
        rest.split([',', '}']).next().unwrap().parse().unwrap()
    };
    (number("covered"), number("total"))
}

fn merge(root: &Path, reports: &[&str]) -> String {
    let run = covgap(root, &[&["merge"], reports].concat());
    assert_eq!(run.code, 0, "{}", run.err);
    run.out
}

#[test]
fn shards_of_a_suite() {
    let shop = Repository::shop();
    shop.write(
        "tests/test_create.py",
        &TESTS
            .replace("def test_list", "def test_create")
            .replace(".get(", ".post("),
    );
    let whole = shop.json(&[]);
    let place = tempfile::tempdir().unwrap();
    for name in ["test_items", "test_create"] {
        let part = shop.json(&["--tests", &format!("tests/{name}.py")]);
        assert_eq!(bar(&part, "http"), (1, 2));
        fs::write(place.path().join(format!("{name}.json")), part).unwrap();
    }
    let merged = merge(place.path(), &["test_items.json", "test_create.json"]);
    assert_eq!(bar(&merged, "http"), bar(&whole, "http"));
    assert_eq!(bar(&merged, "http"), (2, 2));
    fs::write(place.path().join("merged.json"), &merged).unwrap();
    fs::write(place.path().join("whole.json"), &whole).unwrap();
    // What is merged can be compared as any report.
    let run = covgap(place.path(), &["diff", "whole.json", "merged.json"]);
    assert!(
        run.out.contains("0 gaps opened, 0 closed; 2 → 2 tests"),
        "{}{}",
        run.out,
        run.err
    );
}

#[test]
fn services_of_a_system() {
    let place = tempfile::tempdir().unwrap();
    for (name, text) in [
        ("orders", MAIN.to_string()),
        ("users", MAIN.replace("/items", "/users")),
    ] {
        let root = place.path().join(name);
        for (path, text) in [
            ("app/__init__.py", ""),
            ("app/main.py", text.as_str()),
            ("tests/test_items.py", TESTS),
        ] {
            let full = root.join(path);
            fs::create_dir_all(full.parent().unwrap()).unwrap();
            fs::write(full, text).unwrap();
        }
        let run = covgap(
            &root,
            &[
                "report",
                "--format",
                "json",
                "-o",
                &format!("../{name}.json"),
            ],
        );
        assert_eq!(run.code, 0, "{}", run.err);
    }
    let merged = merge(place.path(), &["users.json", "orders.json"]);
    assert_eq!(bar(&merged, "http"), (1, 4));
    for says in [
        "\"name\": \"orders, users\"",
        "orders/app/main.py",
        "users/app/main.py",
    ] {
        assert!(merged.contains(says), "{says}");
    }
    let cases: [(&[&str], &str); 6] = [
        (
            &["users.json", "users.json"],
            "the same report was given before",
        ),
        (
            &["users.json", "absent.json"],
            "cannot read the report: no such file",
        ),
        (&["users/app/main.py"], "not a JSON report of covgap"),
        (&[], "required"),
        (&["users.json", "--tests", "tests"], "takes no --tests"),
        (&["users.json", "--revision", "HEAD"], "takes no --revision"),
    ];
    for (reports, says) in cases {
        let run = covgap(place.path(), &[&["merge"], reports].concat());
        assert_eq!(run.code, 2, "{reports:?}");
        assert!(run.err.contains(says), "{reports:?} {}", run.err);
    }
}
