//! `covgap trend`: the curve of a history that the test makes, a commit a week.

use crate::repositories::{MAIN, Repository, Run, TESTS, covgap, git};

/// Six weeks: no Python, two routes, then a third route, then a test for the second, and a tag.
fn history() -> Repository {
    let shop = Repository::empty();
    shop.write("README.md", "A shop.\n");
    shop.commit("empty");
    shop.write("app/__init__.py", "");
    shop.write("app/main.py", MAIN);
    shop.write("tests/test_items.py", TESTS);
    shop.commit("two routes");
    let orders = "\n\n@app.get(\"/orders\")\ndef list_orders():\n    return []\n";
    shop.write("app/main.py", &format!("{MAIN}{orders}"));
    shop.commit("a third");
    let create = "\n\ndef test_create():\n    assert client.post(\"/items\").status_code == 200\n";
    shop.write("tests/test_items.py", &format!("{TESTS}{create}"));
    shop.commit("tested");
    shop.git(&["tag", "v1"]);
    shop.write("README.md", "A shop with orders.\n");
    shop.commit("words");
    shop
}

/// The label of each point; and of one that is measured how many P0 are open, were opened and closed, and the oldest gap's days.
fn points(json: &str) -> Vec<String> {
    let value = |line: &str, key: &str| {
        let rest = line.split(&format!("\"{key}\": ")).nth(1)?;
        Some(rest.split([',', '}']).next()?.trim_matches('"').to_string())
    };
    json.lines()
        .filter(|line| line.trim_start().starts_with("{\"revision\""))
        .map(|line| {
            let parts = ["label", "P0", "opened", "closed", "oldest_days"];
            let parts: Vec<String> = parts.iter().filter_map(|key| value(line, key)).collect();
            parts.join(" ")
        })
        .collect()
}

/// The curve from the beginning on, with more arguments.
fn trend(shop: &Repository, arguments: &[&str]) -> Run {
    shop.covgap(&[&["trend", "--since", "beginning"], arguments].concat())
}

#[test]
fn a_curve_of_weeks() {
    let shop = history();
    let run = trend(&shop, &["--every", "week", "--format", "json"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert_eq!(
        points(&run.out),
        [
            "2023-11-14",
            "2023-11-21 1 0 0 0",
            "2023-11-28 2 1 0 7",
            "2023-12-05 1 0 1 7",
            "2023-12-12 1 0 0 14",
        ],
        "{}",
        run.out
    );
    // The same from any number of threads, and again.
    let one_thread = ["--every", "week", "--format", "json", "--threads", "1"];
    let alone = trend(&shop, &one_thread);
    assert_eq!(alone.out, run.out);
    let sprints = trend(&shop, &["--format", "json"]);
    assert_eq!(points(&sprints.out).len(), 3);
    let tags = trend(&shop, &["--every", "tag", "--format", "json"]);
    assert_eq!(points(&tags.out), ["v1 1 0 0 0", "2023-12-12 1 0 0 7"]);
    let commits = shop.covgap(&[
        "trend", "--every", "commit", "--since", "8.days", "--format", "json",
    ]);
    assert_eq!(points(&commits.out).len(), 2);
    let text = trend(&shop, &["--every", "week"]);
    assert!(text.out.contains("HTTP Endpoints"), "{}", text.out);
    assert!(
        text.out.contains("not analyzed: nothing to analyze"),
        "{}",
        text.out
    );
    let page = trend(&shop, &["--every", "week", "--format", "html"]);
    assert!(
        page.out.contains("<svg") && page.out.contains("<tr id=\"r"),
        "{}",
        page.out
    );
    assert!(!page.out.contains("<script"));
}

#[test]
fn a_shallow_clone_says_so() {
    let shop = history();
    let place = tempfile::tempdir().unwrap();
    let from = format!("file://{}", shop.root().display());
    git(
        place.path(),
        &["clone", "--quiet", "--depth", "2", &from, "shop"],
    );
    let run = covgap(
        &place.path().join("shop"),
        &["trend", "--every", "week", "--since", "beginning"],
    );
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.out.contains("the clone is shallow"), "{}", run.out);
    assert!(run.out.contains("2 revisions"), "{}", run.out);
}

#[test]
fn mistakes_are_said() {
    let shop = history();
    let empty = Repository::empty();
    let cases: [(&Repository, &[&str], &str); 5] = [
        (&shop, &["--every", "soon"], "no period"),
        (&shop, &["--since", "soon"], "no time"),
        (&shop, &["--revision", "nowhere"], "no such revision"),
        (&shop, &["--revision", "HEAD~4"], "nothing to analyze"),
        (&empty, &[], "the repository has no commit yet"),
    ];
    for (repository, arguments, says) in cases {
        let run = repository.covgap(&[&["trend"], arguments].concat());
        assert_eq!(run.code, 2, "{arguments:?} {}", run.out);
        assert!(run.err.contains(says), "{arguments:?}: {}", run.err);
    }
}
