//! What a real browser makes of the HTML report: `cargo test --test browser`, which needs `chromium`.

#![allow(clippy::unwrap_used, clippy::panic)]

mod sample;

use std::fs;
use std::path::Path;
use std::process::Command;

use covgap::coverage::Audit;
use covgap::report::{self, Format, inert};

/// A page after its script has run.
struct Loaded {
    document: String,
    /// What the browser's console says, one message per line.
    console: Vec<String>,
}

fn load(name: &str, page: &str) -> Loaded {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, page).unwrap();
    let profile = tempfile::tempdir().unwrap();
    let output = Command::new("chromium")
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--no-first-run",
        ])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .args(["--enable-logging=stderr", "--dump-dom"])
        .arg(format!("file://{}", path.display()))
        .output()
        .expect("chromium, which this test needs (on Debian: apt-get install chromium)");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    Loaded {
        document: String::from_utf8(output.stdout).unwrap(),
        console: errors
            .lines()
            .filter(|line| line.contains("CONSOLE"))
            .map(str::to_owned)
            .collect(),
    }
}

fn page(audit: &Audit) -> String {
    let mut bytes = Vec::new();
    report::render(audit, Format::Html, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

#[test]
fn the_policy_lets_the_style_and_the_script_of_the_page_through() {
    let loaded = load("shop.html", &page(&sample::shop()));
    assert_eq!(loaded.console, [""; 0]);
    assert!(
        loaded.document.contains("class=\"filter\""),
        "the script has not run"
    );
}

#[test]
fn the_policy_stops_a_style_and_a_script_that_are_not_ours() {
    let page = page(&sample::shop()).replacen(
        "</h1>",
        "</h1><script>document.title = 'run'</script><i style=\"color: red\">x</i>",
        1,
    );
    let loaded = load("injected.html", &page);
    assert!(!loaded.document.contains("<title>run"), "it ran");
    let refused = loaded
        .console
        .iter()
        .filter(|line| line.contains("Content Security Policy"))
        .count();
    assert_eq!(refused, 2, "{:#?}", loaded.console);
}

#[test]
fn hostile_names_are_text() {
    let audit = sample::hostile();
    let loaded = load("hostile.html", &page(&audit));
    assert_eq!(loaded.console, [""; 0], "a name was obeyed, or tried to be");
    for (element, ours) in [
        ("<script", 2),
        ("<style", 1),
        ("<title", 1),
        ("<img", 0),
        ("<iframe", 0),
    ] {
        assert_eq!(loaded.document.matches(element).count(), ours, "{element}");
    }
    let name = inert(&audit.project.name)
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    assert!(
        loaded.document.contains(&format!("<h1>{name}</h1>")),
        "the heading shows the name"
    );
}
