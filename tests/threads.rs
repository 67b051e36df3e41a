//! Same input, same bytes, whatever the number of threads: what one thread has found out others may use, and it must not show.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;

use covgap::Options;
use covgap::report::{self, Format};

fn report_with(root: &Path, threads: usize) -> String {
    let options = Options {
        root: root.into(),
        threads: Some(threads),
        ..Options::default()
    };
    let audit = covgap::analyze(&options).unwrap();
    let mut bytes = Vec::new();
    report::render(&audit, Format::Json, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

#[test]
fn the_number_of_threads_can_not_be_seen() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/corpus/shop");
    let alone = report_with(root.as_ref(), 1);
    for threads in [2, 3, 8] {
        let report = report_with(root.as_ref(), threads);
        assert_eq!(alone, report, "{threads} threads");
    }
}

/// What `reject` does with `status != 200` says something of the answer, with an unknown number in its place it does not: the
/// thread that comes first must not decide for the others.
#[test]
fn what_a_helper_does_is_kept_for_the_same_arguments_only() {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("threads");
    let write = |name: &str, text: &str| {
        let path = root.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write(
        "app/main.py",
        "from fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.get(\"/items\")\ndef read():\n    return []\n",
    );
    write(
        "tests/helpers.py",
        "def reject(bad):\n    if bad:\n        raise AssertionError\n",
    );
    for number in 0..30 {
        let other = if number % 2 == 0 {
            "int(os.getenv(\"CODE\"))"
        } else {
            "404"
        };
        let text = format!(
            "import os\n\nfrom fastapi.testclient import TestClient\n\nfrom app.main import app\nfrom tests.helpers import reject\n\n\n\
             def test_read():\n    response = TestClient(app).get(\"/items\")\n    reject(response.status_code != {other})\n"
        );
        write(&format!("tests/test_{number}.py"), &text);
    }
    let alone = report_with(&root, 1);
    assert_eq!(alone.matches("404").count(), 15);
    for threads in [4, 16] {
        assert_eq!(alone, report_with(&root, threads), "{threads} threads");
    }
}

/// Behind many dependencies few steps are left, and a generator may be cut off behind its `yield`: that says nothing of what it raises
/// where more of them are left.
#[test]
fn a_generator_that_is_cut_off_stands_for_none_that_is_not() {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cut-off");
    fs::create_dir_all(root.join("app")).unwrap();
    for length in 45..65 {
        let mut text =
            "from fastapi import Depends, FastAPI, HTTPException, Request\n\napp = FastAPI()\n\n\n\
             def level(request: Request):\n    try:\n"
                .to_string();
        text += &"        number = 1\n".repeat(length);
        text += "        yield request.state.connect()\n    except ConnectionRefusedError:\n        raise HTTPException(503)\n";
        let mut below = "level".to_string();
        for depth in 0..10 {
            let own = format!("level_{depth}");
            text += &format!(
                "\n\ndef {own}(below=Depends({below})):\n    number = 1\n    return below\n"
            );
            below = own;
        }
        // The deepest first.
        for depth in (0..10).rev() {
            text += &format!(
                "\n\n@app.get(\"/{}\")\ndef route_{depth}(below=Depends(level_{depth})):\n    return 1\n",
                9 - depth
            );
        }
        fs::write(root.join("app/main.py"), text).unwrap();
        let report = report_with(&root, 1);
        let gap = "no test asserts 503 of GET /9";
        assert!(report.contains(gap), "{length} statements before it yields");
    }
}
