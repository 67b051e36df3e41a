//! Every output format, and every command, with one sample audit.

#![allow(clippy::unwrap_used)]

mod sample;

use std::ffi::OsString;

use anstream::ColorChoice;
use covgap::cli::{self, Console, Engine, RulePage, RulesCheck};
use covgap::report::{self, Format};
use covgap::{Error, Options};

fn rendered(format: Format) -> String {
    let mut bytes = Vec::new();
    report::render(&sample::shop(), format, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

/// A run of the command line with the sample for every project.
struct Run {
    out: String,
    err: String,
    code: u8,
}

fn run_with(engine: Engine, width: usize, colors: ColorChoice, arguments: &[&str]) -> Run {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let console = Console {
        out: &mut out,
        err: &mut err,
        out_colors: colors,
        err_colors: colors,
        width,
    };
    let words = ["covgap"].iter().chain(arguments).map(OsString::from);
    let code = cli::run(words, &engine, console);
    Run {
        out: String::from_utf8(out).unwrap(),
        err: String::from_utf8(err).unwrap(),
        code,
    }
}

fn engine() -> Engine {
    Engine {
        analyze: |_: &Options| Ok(sample::shop()),
        dump: |options, stage, out| {
            out.extend(format!("{stage:?} of {}\n", options.root.display()).bytes());
            Ok(())
        },
        rules: |_| {
            Ok(vec![RulePage {
                id: "untested-route".to_owned(),
                summary: "a route that no test reaches".to_owned(),
                page: "# untested-route\n\nWhy it matters.\n".to_owned(),
            }])
        },
        check_rules: |_| {
            Ok(RulesCheck {
                rules: 3,
                examples: 7,
                problems: vec![
                    Error::new("the example finds nothing")
                        .in_file("rules/x.toml")
                        .on_line(4),
                ],
            })
        },
    }
}

fn run(arguments: &[&str]) -> Run {
    run_with(engine(), 100, ColorChoice::Never, arguments)
}

#[test]
fn json() {
    insta::assert_snapshot!(rendered(Format::Json).replace(env!("CARGO_PKG_VERSION"), "VERSION"));
}

#[test]
fn json_is_the_same_for_lists_in_any_order_and_survives_any_text() {
    let mut bytes = Vec::new();
    report::render(&sample::hostile(), Format::Json, &mut bytes).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    assert!(
        !text.chars().any(|c| c.is_control() && c != '\n'),
        "a control character"
    );
    assert!(!text.contains('\u{202e}'), "a direction character");
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value["project"]["name"], format!("{}shop", sample::HOSTILE));
}

#[test]
fn terminal() {
    let run = run(&[]);
    assert_eq!(run.code, cli::exit_codes::GATE_FAILED);
    assert_eq!(run.err, "");
    assert!(run.out.lines().count() <= 23, "does not fit a screen");
    insta::assert_snapshot!(run.out);
}

#[test]
fn html() {
    let page = rendered(Format::Html).replace(env!("CARGO_PKG_VERSION"), "VERSION");
    std::fs::write(concat!(env!("CARGO_TARGET_TMPDIR"), "/shop.html"), &page).unwrap();
    insta::assert_snapshot!(page);
}
