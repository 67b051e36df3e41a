//! `covgap diff`: what is between two revisions, two reports, or a revision and the disk.

use crate::repositories::{MAIN, Repository, TESTS, covgap};

const ORDERS: &str = "

@app.get(\"/orders\")
def list_orders():
    return []
";

/// On `main`: two routes, one tested. On `change`: a third route without a test, and the second route tested.
fn branched() -> Repository {
    let shop = Repository::shop();
    shop.git(&["switch", "--quiet", "--create", "change"]);
    shop.write("app/main.py", &format!("{MAIN}{ORDERS}"));
    shop.commit("orders");
    let create = "\n\ndef test_create():\n    assert client.post(\"/items\").status_code == 200\n";
    shop.write("tests/test_items.py", &format!("{TESTS}{create}"));
    shop.commit("a test");
    shop.git(&["switch", "--quiet", "main"]);
    shop.write("README.md", "More.\n");
    shop.commit("more");
    shop.git(&["switch", "--quiet", "change"]);
    shop
}

#[test]
fn what_every_reviewer_asks() {
    let shop = branched();
    let run = shop.covgap(&["diff", "main...HEAD"]);
    assert_eq!(run.code, 0, "{}", run.err);
    for says in [
        "1 gap opened, 1 closed, 1 route added, 1 of them without a test; 1 → 2 tests",
        "1 route added without a test\n",
        "1 route judged anew\n",
        "1 gap opened\n",
        "1 gap closed\n",
        "GET /orders  app/main.py:17",
        "POST /items: untested → behavior",
    ] {
        assert!(run.out.contains(says), "{says}\n{}", run.out);
    }
    let markdown = shop.covgap(&["diff", "main...HEAD", "--format", "markdown"]);
    assert!(
        markdown
            .out
            .contains("**Routes added without a test** (1)\n\n- `GET /orders` (untested)"),
        "{}",
        markdown.out
    );
    let json = shop.covgap(&["diff", "main", "HEAD", "--format", "json", "-o", "-"]);
    assert!(
        json.out.contains("\"routes_added_without_test\": [\n"),
        "{}",
        json.out
    );
    assert!(json.out.contains("\"base\": \"main ("), "{}", json.out);
    let nothing = shop.covgap(&["diff", "HEAD"]);
    assert!(
        nothing.out.contains("0 gaps opened, 0 closed; 2 → 2 tests"),
        "{}",
        nothing.out
    );
    let other_way = shop.covgap(&["diff", "HEAD..main"]);
    assert!(
        other_way.out.contains("\n1 route removed\n"),
        "{}",
        other_way.out
    );
}

#[test]
fn two_reports_say_what_their_revisions_say() {
    let shop = branched();
    let place = tempfile::tempdir().unwrap();
    for (revision, name) in [("main", "before.json"), ("HEAD", "after.json")] {
        std::fs::write(
            place.path().join(name),
            shop.json(&["--revision", revision]),
        )
        .unwrap();
    }
    let json = |arguments: &[&str], root: &std::path::Path| {
        let run = covgap(
            root,
            &[&["diff"], arguments, &["--format", "json"]].concat(),
        );
        assert_eq!(run.code, 0, "{}", run.err);
        let lines = run
            .out
            .lines()
            .filter(|line| !line.contains("\"base\"") && !line.contains("\"head\""));
        lines.map(str::to_string).collect::<Vec<_>>()
    };
    assert_eq!(
        json(&["before.json", "after.json"], place.path()),
        json(&["main", "HEAD"], &shop.root())
    );
}

/// A gap stays the same gap when lines move, files and functions are called otherwise, and a formatter has been there.
#[test]
fn gaps_keep_their_ids() {
    let shop = Repository::shop();
    let nothing = "\n\ndef test_nothing():\n    client.get(\"/items\")\n";
    shop.write("tests/test_items.py", &format!("{TESTS}{nothing}"));
    shop.commit("a test that asserts nothing");
    let ids = |shop: &Repository| -> Vec<String> {
        let json = shop.json(&[]);
        let gaps = json.split("\"gaps\": [").nth(1).unwrap();
        let gaps = gaps.split("\n  ]").next().unwrap();
        gaps.lines()
            .filter_map(|line| line.split("\"id\": \"").nth(1)?.split('"').next())
            .map(str::to_string)
            .collect()
    };
    let before = ids(&shop);
    assert!(before.len() >= 2, "{before:?}");
    let moved = MAIN
        .replace("app = FastAPI()", "\n\n# more\napp = FastAPI()")
        .replace(
            "def create_item():",
            "def create_item(\n):\n    # says nothing\n",
        );
    shop.write("app/main.py", &moved);
    assert_eq!(ids(&shop), before, "lines moved");
    let called = MAIN.replace("create_item", "add_item");
    shop.write("app/main.py", &called);
    assert_eq!(ids(&shop), before, "a function is called otherwise");
    // Files are called otherwise: of a route's gap the id stays, of a test's gap `diff` knows by the rename that it is the same.
    shop.git(&["checkout", "--quiet", "."]);
    shop.git(&["mv", "app/main.py", "app/api.py"]);
    shop.git(&["mv", "tests/test_items.py", "tests/test_shop.py"]);
    let text = shop
        .read("tests/test_shop.py")
        .replace("app.main", "app.api");
    shop.write("tests/test_shop.py", &text);
    shop.commit("renamed");
    let after = ids(&shop);
    let routes = |ids: &[String]| -> Vec<String> {
        let of_routes = ids.iter().filter(|id| !id.starts_with("test-"));
        of_routes.cloned().collect()
    };
    assert_eq!(
        routes(&after),
        routes(&before),
        "files are called otherwise"
    );
    let run = shop.covgap(&["diff", "HEAD~1", "HEAD"]);
    assert!(run.out.contains("0 gaps opened, 0 closed;"), "{}", run.out);
}

#[test]
fn mistakes_are_said() {
    let shop = branched();
    std::fs::write(shop.around().join("broken.json"), "{").unwrap();
    std::fs::write(
        shop.around().join("later.json"),
        shop.json(&[]).replacen("\"schema\": 1", "\"schema\": 9", 1),
    )
    .unwrap();
    std::fs::write(shop.around().join("sound.json"), shop.json(&[])).unwrap();
    let sound = "../sound.json";
    let cases: [(&[&str], &str); 12] = [
        (&["nowhere"], "no such revision: `nowhere`"),
        (&["main..HEAD", "HEAD"], "is a range"),
        (&["main", "nowhere"], "no such revision: `nowhere`"),
        (
            &["../broken.json", "../broken.json"],
            "not a JSON report of covgap",
        ),
        (&["../later.json", "../later.json"], "a report of schema 9"),
        (&["../broken.json", "main"], "not a JSON report of covgap"),
        (&["absent.json", "main"], "no such revision"),
        (&["main", "--revision", "HEAD"], "takes no --revision"),
        (&[sound, sound, "--tests", "tests"], "--tests means nothing"),
        (
            &[sound, sound, "--app", "app.main:app"],
            "--app means nothing",
        ),
        (
            &[sound, sound, "--config", "x.toml"],
            "--config means nothing",
        ),
        (&[sound, sound, "--possible"], "--possible means nothing"),
    ];
    for (arguments, says) in cases {
        let run = shop.covgap(&[&["diff"], arguments].concat());
        assert_eq!(run.code, 2, "{arguments:?} {}", run.out);
        assert!(run.err.contains(says), "{arguments:?}: {}", run.err);
    }
}
