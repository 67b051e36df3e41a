//! Every way to cheat the gate that we could think of, and what happens. `README.md` has the table in words.

use std::fs;

use crate::repositories::{MAIN, Repository, TESTS};

const CONFIGURED: &str = "baseline = \"covgap-baseline.json\"\n";

/// A project with one accepted gap, which passes; committed.
fn accepted() -> Repository {
    let shop = Repository::shop();
    shop.write("covgap.toml", CONFIGURED);
    let run = shop.covgap(&["baseline"]);
    assert_eq!(run.code, 0, "{}", run.err);
    shop.commit("accepted");
    let run = shop.covgap(&[]);
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    shop
}

fn more(text: &str) -> String {
    format!("{MAIN}\n\n@app.delete(\"/items\")\ndef delete_items():\n    {text}\n")
}

/// What is done to a project that passes, the arguments, the exit code, and what is said.
type Case = (
    &'static str,
    fn(&Repository),
    &'static [&'static str],
    i32,
    &'static str,
);

const CASES: &[Case] = &[
    (
        "a new route without a test",
        |shop| shop.write("app/main.py", &more("return 1")),
        &[],
        1,
        "1 new: no test is about DELETE /items",
    ),
    (
        "the test is deleted",
        |shop| {
            shop.write(
                "tests/test_items.py",
                &TESTS.replace(
                    "def test_list():\n    assert client.get(\"/items\").status_code == 200",
                    "def test_list():\n    pass",
                ),
            )
        },
        &[],
        1,
        "1 new: no test is about GET /items",
    ),
    (
        "the test is skipped",
        |shop| {
            shop.write(
                "tests/test_items.py",
                &TESTS.replace(
                    "def test_list",
                    "import pytest\n\n\n@pytest.mark.skip\ndef test_list",
                ),
            )
        },
        &[],
        1,
        "1 new: no test is about GET /items",
    ),
    (
        "the assertion is deleted",
        |shop| {
            shop.write(
                "tests/test_items.py",
                &TESTS.replace(
                    "assert client.get(\"/items\").status_code == 200",
                    "client.get(\"/items\")",
                ),
            )
        },
        &[],
        1,
        "asserts nothing",
    ),
    (
        "all tests are deleted",
        |shop| shop.remove("tests/test_items.py"),
        &[],
        2,
        "found no test",
    ),
    (
        "all routes are gone",
        |shop| shop.write("app/main.py", "app = None\n"),
        &[],
        2,
        "found no route",
    ),
    (
        "all routes are gone, and tests make their own",
        |shop| {
            shop.write(
                "app/main.py",
                "from fastapi import FastAPI\n\napp = FastAPI(openapi_url=None)\n",
            );
            shop.write(
                "tests/test_toy.py",
                "from fastapi import FastAPI\nfrom fastapi.testclient import TestClient\n\ntoy = FastAPI()\n\n\n\
                 @toy.get(\"/x\")\ndef x():\n    return 1\n\n\n\
                 def test_x():\n    assert TestClient(toy).get(\"/x\").json() == 1\n",
            )
        },
        &[],
        2,
        "found no route that production serves",
    ),
    (
        "the app is excluded",
        |shop| {
            shop.write(
                "covgap.toml",
                &format!("{CONFIGURED}exclude = [\"app/\"]\n"),
            )
        },
        &[],
        2,
        "found no route",
    ),
    (
        "the baseline is deleted",
        |shop| shop.remove("covgap-baseline.json"),
        &[],
        1,
        "cannot read the baseline: no such file",
    ),
    (
        "the baseline is empty",
        |shop| shop.write("covgap-baseline.json", ""),
        &[],
        1,
        "not a baseline",
    ),
    (
        "the baseline accepts nothing",
        |shop| shop.write("covgap-baseline.json", "{\"schema\": 1, \"gaps\": []}"),
        &[],
        1,
        "1 new: no test is about POST /items",
    ),
    (
        "the baseline is cut off",
        |shop| {
            let text = shop.read("covgap-baseline.json");
            shop.write("covgap-baseline.json", &text[..text.len() / 2]);
        },
        &[],
        1,
        "not a baseline",
    ),
    (
        "the baseline is a folder",
        |shop| {
            shop.remove("covgap-baseline.json");
            fs::create_dir(shop.root().join("covgap-baseline.json")).unwrap();
        },
        &[],
        1,
        "cannot read the baseline: not a regular file",
    ),
    (
        "the baseline has a merge conflict",
        |shop| {
            let text = shop.read("covgap-baseline.json");
            shop.write("covgap-baseline.json", &format!("<<<<<<< ours\n{text}"));
        },
        &[],
        1,
        "not a baseline",
    ),
    (
        "the baseline accepts what is closed already, for later",
        |shop| {
            let text = shop.read("covgap-baseline.json");
            let entry = text
                .lines()
                .find(|line| line.contains("untested-route"))
                .unwrap();
            let spare = entry
                .replace("POST", "GET")
                .replace("untested-route-", "untested-route-0");
            let spare = format!("{},\n{entry}", spare.trim_end_matches(','));
            shop.write("covgap-baseline.json", &text.replace(entry, &spare));
        },
        &[],
        1,
        "1 closed; --update-baseline takes them out",
    ),
    (
        "the baseline is updated without a reason",
        |shop| shop.write("app/main.py", &more("return 1")),
        &["--update-baseline"],
        1,
        "the baseline would grow by 1",
    ),
    (
        "the baseline is written anew",
        |shop| shop.write("app/main.py", &more("return 1")),
        &["baseline"],
        2,
        "there is a baseline already",
    ),
    (
        "another baseline is named",
        |_| {},
        &["--baseline", "nowhere.json"],
        1,
        "cannot read the baseline: no such file",
    ),
    (
        "a closed gap's place is taken by a new one",
        |shop| {
            shop.write("app/main.py", &more("return 1"));
            let create =
                "\n\ndef test_create():\n    assert client.post(\"/items\").status_code == 200\n";
            shop.write("tests/test_items.py", &format!("{TESTS}{create}"));
        },
        &[],
        1,
        "1 new: no test is about DELETE /items",
    ),
    (
        "a route is tested only with a double",
        |shop| {
            let store = "\n\ndef save():\n    return {}\n";
            let main = MAIN.replace("    return {}", "    return save()");
            shop.write("app/main.py", &format!("{main}{store}"));
            let double = "\n\ndef test_create(monkeypatch):\n    monkeypatch.setattr(\"app.main.save\", lambda: {})\n    assert client.post(\"/items\").status_code == 200\n";
            shop.write("tests/test_items.py", &format!("{TESTS}{double}"));
        },
        &[],
        1,
        "1 new: POST /items is only reached with its own code or infrastructure replaced",
    ),
    (
        "a waiver without an end",
        |shop| waive(shop, "untested-route-*", "expires = \"\""),
        &[],
        2,
        "must be a string that says something",
    ),
    (
        "a waiver without an owner",
        |shop| {
            shop.write("covgap.toml", &format!("{CONFIGURED}[[waivers]]\ngap = \"untested-route-*\"\nreason = \"x\"\nexpires = \"2999-01-01\"\n"))
        },
        &[],
        2,
        "a waiver does not say its `owner`",
    ),
    (
        "a waiver that ends on a day that is none",
        |shop| waive(shop, "untested-route-*", "expires = \"2999-02-31\""),
        &[],
        2,
        "a day that is none",
    ),
    (
        "a waiver for everything",
        |shop| waive(shop, "*", "expires = \"2999-01-01\""),
        &[],
        2,
        "a waiver for gaps of any kind",
    ),
    (
        "a waiver that is over",
        |shop| waive(shop, "untested-route-*", "expires = \"2020-01-01\""),
        &[],
        1,
        "1 expired: untested-route-* (shop, 2020-01-01)",
    ),
    (
        "a waiver for later",
        |shop| waive(shop, "untested-websocket-*", "expires = \"2999-01-01\""),
        &[],
        1,
        "1 for nothing; take them out: untested-websocket-*",
    ),
    (
        "a misspelled key",
        |shop| shop.write("covgap.toml", "base-line = \"covgap-baseline.json\"\n"),
        &[],
        2,
        "unknown key `base-line`",
    ),
    (
        "an unknown stage",
        |_| {},
        &["--stage", "deploiment"],
        2,
        "no such stage",
    ),
    (
        "an unknown bar",
        |_| {},
        &["--fail-under", "https=10"],
        2,
        "names no bar: `https`",
    ),
    (
        "no number",
        |_| {},
        &["--fail-under", "http=much"],
        2,
        "write a bar and its lowest percentage",
    ),
    (
        "not a percentage",
        |_| {},
        &["--fail-under", "http=-5"],
        2,
        "write a bar and its lowest percentage",
    ),
    (
        "a bar is too low",
        |_| {},
        &["--fail-under", "http=60"],
        1,
        "HTTP Endpoints shows 50%, wanted 60%",
    ),
    (
        "a bar is high enough",
        |_| {},
        &["--fail-under", "http=50"],
        0,
        "",
    ),
    (
        "a changed route is not tested",
        |shop| {
            shop.git(&["switch", "--quiet", "--create", "change"]);
            shop.write(
                "app/main.py",
                &MAIN.replace("return {}", "return {\"a\": 1}"),
            );
            shop.commit("changed");
        },
        &["--changed-since", "main"],
        1,
        "of 1 routes that changed since main have critical gaps: POST /items",
    ),
    (
        "a new route is not tested",
        |shop| {
            shop.git(&["switch", "--quiet", "--create", "change"]);
            shop.write("app/main.py", &more("return 1"));
            shop.commit("changed");
        },
        &["--changed-since", "main"],
        1,
        "DELETE /items",
    ),
    (
        "a change is not committed",
        |shop| shop.write("app/main.py", &more("return 1")),
        &["--changed-since", "main"],
        1,
        "DELETE /items",
    ),
    (
        "a formatter has been there, and nothing else",
        |shop| {
            shop.write(
                "app/main.py",
                &MAIN
                    .replace("def create_item():", "def create_item(\n):")
                    .replace("return {}", "return { }"),
            )
        },
        &["--changed-since", "main"],
        0,
        "",
    ),
    (
        "the base is not there",
        |_| {},
        &["--changed-since", "nowhere"],
        2,
        "no such revision",
    ),
    (
        "the routes are moved into an app that nobody serves",
        |shop| {
            shop.write(
                "app/main.py",
                &MAIN.replace("@app.post", "other = FastAPI()\n\n\n@other.post"),
            )
        },
        &["--app", "app.main:app"],
        1,
        "1 closed",
    ),
];

fn waive(shop: &Repository, gap: &str, expires: &str) {
    shop.write(
        "covgap.toml",
        &format!("{CONFIGURED}[[waivers]]\ngap = \"{gap}\"\nreason = \"later\"\nowner = \"shop\"\n{expires}\n"),
    );
}

#[test]
fn the_gate_is_not_cheated() {
    let mut wrong = Vec::new();
    for (what, cheat, arguments, code, says) in CASES {
        let shop = accepted();
        cheat(&shop);
        let run = shop.covgap(arguments);
        let said = format!("{}{}", run.out, run.err);
        if run.code != *code || !said.contains(says) {
            wrong.push(format!(
                "== {what}: exit {} instead of {code}, no `{says}` in\n{said}",
                run.code
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_baseline_shrinks_and_grows_only_with_a_reason() {
    let shop = accepted();
    let create = "\n\ndef test_create():\n    assert client.post(\"/items\").status_code == 200\n";
    shop.write("tests/test_items.py", &format!("{TESTS}{create}"));
    let stale = shop.covgap(&[]);
    assert_eq!(stale.code, 1);
    let updated = shop.covgap(&["--update-baseline"]);
    assert!(
        updated
            .out
            .contains("1 closed and taken out, 0 accepted anew"),
        "{}{}",
        updated.out,
        updated.err
    );
    let empty = shop.covgap(&[]);
    assert_eq!(empty.code, 0, "nothing is open: {}{}", empty.out, empty.err);
    shop.write("app/main.py", &more("return 1"));
    assert_eq!(shop.covgap(&["--update-baseline"]).code, 1);
    let grown = shop.covgap(&["--update-baseline", "--reason", "goes in March"]);
    assert_eq!(grown.code, 0, "{}", grown.err);
    assert!(shop.read("covgap-baseline.json").contains("goes in March"));
    assert_eq!(shop.covgap(&[]).code, 0);
}

#[test]
fn a_waiver_holds_and_stays_visible() {
    let shop = Repository::shop();
    shop.write(
        "covgap.toml",
        "[[waivers]]\ngap = \"untested-route-*\"\nreason = \"later\"\nowner = \"shop\"\nexpires = \"2999-01-01\"\n",
    );
    let json = shop.json(&[]);
    assert!(json.contains("\"waiver\": {\"reason\": \"later\", \"owner\": \"shop\", \"expires\": \"2999-01-01\", \"expired\": false}"));
    let screen = shop.covgap(&["."]);
    assert!(
        screen.out.contains("1 gap: 1 P0, 1 waived"),
        "{}",
        screen.out
    );
    let all = shop.covgap(&[".", "--format", "full"]);
    assert!(
        all.out.contains("no test is about POST /items"),
        "{}",
        all.out
    );
}

#[test]
fn a_rename_is_no_new_gap() {
    let shop = Repository::shop();
    let nothing = "\n\ndef test_nothing():\n    client.get(\"/items\")\n";
    shop.write("tests/test_items.py", &format!("{TESTS}{nothing}"));
    assert_eq!(shop.covgap(&["baseline"]).code, 0);
    fs::create_dir_all(shop.root().join("tests/api")).unwrap();
    fs::rename(
        shop.root().join("tests/test_items.py"),
        shop.root().join("tests/api/test_items.py"),
    )
    .unwrap();
    let run = shop.covgap(&[]);
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
}

/// A project whose code needs a setting that nothing provides for production.
fn without_a_setting() -> Repository {
    let shop = Repository::shop();
    let reads = "import os\n\nbucket = os.environ[\"BUCKET\"]\nregion = os.getenv(\"REGION\", \"eu\")\nlevel = os.getenv(\"LEVEL\", \"info\")\n";
    shop.write("app/main.py", &format!("{MAIN}\n\n{reads}"));
    shop.write(
        "tests/conftest.py",
        "import os\n\nos.environ[\"BUCKET\"] = \"test\"\n",
    );
    shop.write("config/production.env", "REGION=eu-1\nLEVEL=warning\n");
    shop
}

/// Writes a report into the project itself.
const WRITTEN: [&str; 6] = [
    "report",
    "--possible",
    "--format",
    "json",
    "-o",
    "audit.json",
];

#[test]
fn what_covgap_writes_closes_no_gap() {
    let shop = without_a_setting();
    let before = shop.json(&["--possible"]);
    assert!(before.contains("BUCKET is read"), "{before}");
    for arguments in [
        &["baseline"][..],
        &WRITTEN,
        &[
            "report",
            "--possible",
            "--format",
            "json,sarif,code-quality",
            "-o",
            "out",
        ],
        &["report", "--possible", "-o", "covgap-report"],
    ] {
        let run = shop.covgap(arguments);
        assert_eq!(run.code, 0, "{arguments:?}: {}", run.err);
    }
    shop.write("covgap.toml", "# BUCKET=\nexclude = [\"BUCKET\"]\n");
    let gaps = |json: &str| {
        let lines = json
            .lines()
            .filter(|line| line.contains("\"id\": \"missing-setting"));
        lines.map(str::to_string).collect::<Vec<String>>()
    };
    assert_eq!(gaps(&before), gaps(&shop.json(&["--possible"])));
    let written = || {
        shop.covgap(&WRITTEN);
        shop.read("audit.json")
    };
    assert!(written() == written(), "the second report differs");
}

#[test]
fn what_is_only_possible_decides_nothing() {
    let shop = without_a_setting();
    shop.write("tests/test_more.py", &TESTS.replace("get", "post"));
    for arguments in [&[][..], &["--possible"]] {
        let run = shop.covgap(arguments);
        assert_eq!(run.code, 0, "{arguments:?}: {}{}", run.out, run.err);
        assert_eq!(run.out.contains("BUCKET is read"), !arguments.is_empty());
    }
    // A waiver for such a gap is for something, whether it is shown or not.
    waive(&shop, "missing-setting-*", "expires = \"2999-01-01\"");
    shop.write(
        "covgap.toml",
        &shop.read("covgap.toml").replace(CONFIGURED, ""),
    );
    for arguments in [&[][..], &["--possible"]] {
        let run = shop.covgap(arguments);
        assert_eq!(run.code, 0, "{arguments:?}: {}{}", run.out, run.err);
    }
}
