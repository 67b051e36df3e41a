//! Every output format, and every command, with one sample audit.

#![allow(clippy::unwrap_used)]

mod sample;

use std::ffi::OsString;

use anstream::ColorChoice;
use covgap::cli::{self, Console, Engine, RulePage, RulesCheck};
use covgap::config::Cache;
use covgap::report::{self, Format};
use covgap::{Error, Options};
use sha2::{Digest, Sha256};

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
        compare: |_, _, _| Err(Error::new("nothing to compare")),
        trend: |_, _, _| Err(Error::new("no history")),
        baseline: |_| Err(Error::new("no baseline")),
        dump: |options, stage| Ok(format!("{stage:?} of {}\n", options.root.display())),
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
                problems: vec![Error::at("rules/x.toml", "the example finds nothing").on_line(4)],
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
fn json_is_the_same_for_lists_in_any_order() {
    let mut shuffled = sample::shop();
    // Nothing points into these.
    shuffled.gaps.reverse();
    shuffled.unknowns.reverse();
    shuffled.skips.reverse();
    for bar in &mut shuffled.bars {
        bar.items.reverse();
    }
    for route in &mut shuffled.routes {
        route.error_branches.reverse();
    }
    for exercise in &mut shuffled.exercises {
        exercise.statuses.reverse();
        exercise.doubles.reverse();
    }
    for branch in &mut shuffled.error_branches {
        branch.routes.reverse();
        branch.exercised_by.reverse();
    }
    let mut bytes = Vec::new();
    report::render(&shuffled, Format::Json, &mut bytes).unwrap();
    assert_eq!(String::from_utf8(bytes).unwrap(), rendered(Format::Json));
}

#[test]
fn json_of_hostile_names_is_inert_and_says_them() {
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

/// A page of the hostile shop, or text of it.
fn hostile_engine() -> Engine {
    Engine {
        analyze: |_: &Options| Ok(sample::hostile()),
        ..engine()
    }
}

#[test]
fn html() {
    let page = rendered(Format::Html).replace(env!("CARGO_PKG_VERSION"), "VERSION");
    insta::assert_snapshot!(page);
}

/// A browser runs and applies nothing whose hash the policy of the page does not name.
#[test]
fn the_policy_allows_exactly_the_style_and_the_script_of_the_page() {
    let page = rendered(Format::Html);
    for kind in ["style", "script"] {
        let (_, text) = page.rsplit_once(&format!("<{kind}>")).unwrap();
        let (text, _) = text.split_once(&format!("</{kind}>")).unwrap();
        let source = format!("{kind}-src 'sha256-{}'", base64(&Sha256::digest(text)));
        assert!(
            page.contains(&source),
            "the policy in page.rs must say {source}"
        );
    }
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let bits = (0..3).fold(0u32, |bits, at| {
            bits << 8 | u32::from(*chunk.get(at).unwrap_or(&0))
        });
        for at in 0..4 {
            let digit = char::from(DIGITS[(bits >> (18 - 6 * at)) as usize & 63]);
            text.push(if at <= chunk.len() { digit } else { '=' });
        }
    }
    text
}

/// What a browser makes of the page is tested in `tests/browser`; this holds what can be said of the bytes.
#[test]
fn html_of_hostile_names_holds_no_element_of_theirs() {
    let mut bytes = Vec::new();
    report::render(&sample::hostile(), Format::Html, &mut bytes).unwrap();
    let page = String::from_utf8(bytes).unwrap();
    assert_eq!(
        page.matches("<script").count(),
        2,
        "our own: the data and the script"
    );
    assert_eq!(page.matches("<style").count(), 1, "our own");
    assert!(!page.contains("<img"), "an element of a name");
    assert!(!page.contains("<b>x"), "an element of a name");
    assert!(
        !page.chars().any(|c| c.is_control() && c != '\n'),
        "a control character"
    );
    assert!(
        !page.contains(['\u{202e}', '\u{2066}']),
        "a direction character"
    );
    assert!(
        page.contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;`"),
        "the name, escaped"
    );
}

/// The policy of the page forbids both, so they would silently not work.
#[test]
fn html_has_no_inline_handlers_or_styles() {
    let page = rendered(Format::Html);
    for attribute in [
        " style=",
        " onclick=",
        " onload=",
        " onerror=",
        "javascript:",
        " src=",
        "http://",
        "https://",
    ] {
        assert!(!page.contains(attribute), "{attribute}");
    }
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
fn terminal_of_80_cells_in_color() {
    let run = run_with(engine(), 80, ColorChoice::Always, &["--gaps", "0"]);
    insta::assert_snapshot!(run.out.replace('\u{1b}', "␛"));
}

#[test]
fn no_line_is_wider_than_the_terminal_and_nothing_in_it_is_obeyed() {
    for width in [1, 20, 40, 80, 200] {
        let arguments: [&[&str]; 2] = [&[], &["--gaps", "100"]];
        for arguments in arguments {
            let run = run_with(hostile_engine(), width, ColorChoice::Never, arguments);
            for line in run.out.lines() {
                assert!(
                    cells(line) <= width,
                    "{} cells of {width}: {line}",
                    cells(line)
                );
            }
            assert_inert(&run.out);
        }
    }
}

/// Whatever a project has: all bars, several wrapped lines, many kinds of gaps.
#[test]
fn one_screen_of_80_cells_tells_the_story() {
    let engine = Engine {
        analyze: |_| {
            let mut audit = sample::shop();
            for bar in &mut audit.bars {
                bar.state = covgap::coverage::audit::BarState::Measured;
                bar.total = bar.total.max(1);
            }
            Ok(audit)
        },
        ..engine()
    };
    let run = run_with(engine, 80, ColorChoice::Never, &[]);
    assert!(run.out.lines().count() <= 23, "{}", run.out);
    insta::assert_snapshot!(run.out);
}

#[test]
fn terminal_in_full() {
    insta::assert_snapshot!(run(&["--format", "full"]).out);
}

#[test]
fn nothing_is_left_out_in_full() {
    let audit = sample::shop();
    let run = run_with(engine(), 10_000, ColorChoice::Never, &["--format", "full"]);
    let routes = audit.routes.iter().map(|route| &route.path);
    let gaps = audit.gaps.iter().flat_map(|gap| [&gap.id, &gap.title]);
    let gates = audit.gates.iter().map(|gate| &gate.says);
    let unknowns = audit.unknowns.iter().map(|unknown| &unknown.says);
    let left_out = audit.left_out.iter().map(|left| &left.path);
    for text in routes
        .chain(gaps)
        .chain(gates)
        .chain(unknowns)
        .chain(left_out)
    {
        assert!(run.out.contains(text), "{text} in\n{}", run.out);
    }
}

#[test]
fn markdown() {
    insta::assert_snapshot!(rendered(Format::Markdown));
}

/// GitHub refuses more than 65,536 characters.
#[test]
fn markdown_of_any_project_fits_a_comment() {
    let mut audit = sample::hostile();
    let many = |count: usize| (0..count).map(|number| number * 7919);
    let (gap, unknown) = (audit.gaps[1].clone(), audit.unknowns[0].clone());
    audit.gaps.extend(many(20_000).map(|number| {
        let mut gap = gap.clone();
        gap.kind = format!("{}{number}", gap.kind);
        gap.title = gap.title.repeat(40);
        gap
    }));
    audit.unknowns.extend(many(20_000).map(|_| unknown.clone()));
    audit.gates = audit.gates.iter().cycle().take(1_000).cloned().collect();
    audit.project.name = audit.project.name.repeat(100);
    let mut bytes = Vec::new();
    report::render(&audit, Format::Markdown, &mut bytes).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    assert!(text.len() < 65_536, "{}", text.len());
    assert_eq!(
        text.matches("<details>").count(),
        text.matches("</details>").count()
    );
    assert!(text.contains(" more lines, which the HTML report has"));
    let outside = without_code(&text);
    assert!(
        !outside.contains("<script") && !outside.contains("<img"),
        "an element of a name"
    );
    let is_ours = |c: char| c == '\n' || c == '\u{200b}';
    assert!(!text.chars().any(|c| c.is_control() && !is_ours(c)));
    assert!(
        !text.contains(['\u{202e}', '\u{2066}']),
        "a direction character"
    );
}

/// Markdown without its spans of code, in which a name may say what it likes.
fn without_code(markdown: &str) -> String {
    let mut outside = String::new();
    let mut rest = markdown;
    while let Some(at) = rest.find('`') {
        outside += &rest[..at];
        let is_escaped = rest[..at].ends_with('\\');
        let marks: String = rest[at..].chars().take_while(|mark| *mark == '`').collect();
        rest = &rest[at + marks.len()..];
        let is_end =
            |end: usize| !rest[..end].ends_with('`') && !rest[end + marks.len()..].starts_with('`');
        if !is_escaped {
            let mut ends = rest.match_indices(&marks).map(|(end, _)| end);
            let end = ends.find(|&end| is_end(end)).expect("the end of a span");
            rest = &rest[end + marks.len()..];
        }
    }
    outside + rest
}

#[test]
fn scaffold() {
    insta::assert_snapshot!(run(&["scaffold", "-o", "-"]).out);
}

#[test]
fn scaffold_of_a_suite_without_a_client() {
    let engine = Engine {
        analyze: |_| {
            let mut audit = sample::shop();
            audit.clients.clear();
            Ok(audit)
        },
        ..engine()
    };
    insta::assert_snapshot!(
        run_with(
            engine,
            80,
            ColorChoice::Never,
            &["scaffold", "untested-route", "-o", "-"]
        )
        .out
    );
}

#[test]
fn scaffolds_of_hostile_names_are_inert() {
    let engine = Engine {
        analyze: |_| {
            let mut audit = sample::hostile();
            for gap in &mut audit.gaps {
                // The kinds are our own.
                gap.kind = gap.kind.trim_start_matches(sample::HOSTILE).to_owned();
            }
            Ok(audit)
        },
        ..engine()
    };
    let run = run_with(engine, 80, ColorChoice::Never, &["scaffold", "-o", "-"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.out.contains("def test_"));
    assert_inert(&run.out);
}

#[test]
fn scaffolds_are_written_over_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let output = folder.path().to_str().unwrap();
    let first = run(&["scaffold", "P0", "-o", output]);
    assert_eq!(first.code, 0, "{}", first.err);
    let written = || {
        let mut files: Vec<_> = std::fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        files.sort();
        files
    };
    let files = written();
    assert!(files.len() > 1, "{}", first.out);
    std::fs::write(&files[1], "mine").unwrap();
    std::fs::remove_file(&files[0]).unwrap();
    let second = run(&["scaffold", "-o", output]);
    assert_eq!(second.code, 2);
    assert!(
        second.err.contains("there is such a file already"),
        "{}",
        second.err
    );
    assert_eq!(written(), files[1..], "nothing was written");
    assert_eq!(std::fs::read_to_string(&files[1]).unwrap(), "mine");
    let unknown = run(&["scaffold", "untested-rout", "-o", output]);
    assert_eq!(unknown.code, 2);
    assert!(
        unknown.err.contains("did you mean `untested-route`?"),
        "{}",
        unknown.err
    );
}

/// Wide enough for the sample: of its characters only the Chinese ones take two cells.
fn cells(line: &str) -> usize {
    line.chars().map(|c| if c == '漢' { 2 } else { 1 }).sum()
}

fn assert_inert(text: &str) {
    let active = text.chars().find(|c| {
        (c.is_control() && *c != '\n')
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    });
    assert_eq!(active, None, "{text:?}");
}

#[test]
fn stories_of_hostile_names_are_inert() {
    let route = format!(
        "{}http:GET:/items@shop.main:app#list_items",
        sample::HOSTILE
    );
    let gap = format!(
        "{}untested-route:POST:/orders/{{order_id}}/refund",
        sample::HOSTILE
    );
    let test = format!(
        "{}tests/test_items.py::TestItems::test_list",
        sample::HOSTILE
    );
    for what in [&route, &gap, &test] {
        let run = run_with(hostile_engine(), 80, ColorChoice::Never, &["explain", what]);
        assert_eq!(run.code, 0, "{what:?} {}", run.err);
        assert_inert(&run.out);
    }
    let unknown = run_with(
        hostile_engine(),
        80,
        ColorChoice::Never,
        &["explain", "nothing\u{1b}[2J"],
    );
    assert_eq!(unknown.code, 2);
    assert_inert(&unknown.err);
}

#[test]
fn explain_route() {
    insta::assert_snapshot!(run(&["explain", "POST /orders"]).out);
}

#[test]
fn explain_route_by_a_path_that_it_serves() {
    insta::assert_snapshot!(run(&["explain", "/items/42"]).out);
}

#[test]
fn explain_test() {
    insta::assert_snapshot!(run(&["explain", "tests/test_orders.py::test_place[card]"]).out);
}

#[test]
fn explain_gap() {
    insta::assert_snapshot!(run(&["explain", "untested-route:POST:/orders/{order_id}/refund"]).out);
}

#[test]
fn explain_what_is_not_there() {
    let run = run(&["explain", "GET /refunds"]);
    assert_eq!((run.code, run.out.as_str()), (cli::exit_codes::CANNOT, ""));
    insta::assert_snapshot!(run.err);
}

/// (arguments, exit code, what stands in the output, what stands in the errors)
#[test]
fn commands_answer_with_text_and_exit_code() {
    let case = |arguments: &[&str], code: u8, out: &str, err: &str| {
        let run = run(arguments);
        assert_eq!(run.code, code, "{arguments:?}\n{}\n{}", run.out, run.err);
        assert!(run.out.contains(out), "{arguments:?} prints\n{}", run.out);
        assert!(
            run.err.contains(err),
            "{arguments:?} complains\n{}",
            run.err
        );
    };
    case(&["check", "somewhere"], 1, "shop", "");
    case(&["explain", "untested-route"], 0, "# untested-route", "");
    case(
        &[
            "explain",
            "websocket::/orders/{order_id}/events@shop.main:app#events",
        ],
        0,
        "WS /orders/{order_id}/events  untested",
        "",
    );
    case(
        &["explain", "ws /orders/7/events"],
        0,
        "WS /orders/{order_id}/events  untested",
        "",
    );
    case(
        &["explain", "tests/test_mail.py"],
        0,
        "no: skipped when MAIL_HOST is not set",
        "",
    );
    case(
        &["rules", "list"],
        0,
        "untested-route  a route that no test reaches",
        "",
    );
    case(
        &["rules", "explain", "untested-route"],
        0,
        "Why it matters.",
        "",
    );
    case(
        &["rules", "explain", "nothing"],
        2,
        "",
        "help: `covgap rules list`",
    );
    case(
        &["rules", "check"],
        1,
        "7 examples, 1 of them do not hold",
        "--> rules/x.toml:4",
    );
    case(&["--dump", "links", "here"], 0, "Links of here", "");
    case(
        &["report", "--format", "json", "-o", "-"],
        0,
        "\"schema\": 1",
        "",
    );
    case(
        &["report", "--format", "json,html", "-o", "-"],
        2,
        "",
        "`-o -` prints a single report",
    );
    case(
        &["report", "--format", "xml"],
        2,
        "",
        "possible values: html, json",
    );
    case(&["somewhere", "report"], 2, "", "a path before the command");
    case(
        &["--format", "full", "--gaps", "3"],
        2,
        "",
        "--format full lists all gaps",
    );
    case(
        &["scaffold", "--revision", "main"],
        2,
        "",
        "tests are written for the files on the disk",
    );
    case(&["--threads", "0"], 2, "", "--threads 0");
    case(&["--nonsense"], 2, "", "unexpected argument");
    case(
        &["--version"],
        0,
        concat!("covgap ", env!("CARGO_PKG_VERSION")),
        "",
    );
}

#[test]
fn options_reach_the_engine() {
    let engine = Engine {
        analyze: |options| {
            // Whoever runs the tests may have named a cache.
            let cache = match std::env::var_os("COVGAP_CACHE") {
                Some(_) => options.cache.clone(),
                None => Cache::OfProject,
            };
            assert_eq!(
                *options,
                Options {
                    root: "there".into(),
                    tests: vec!["a".into(), "b".into()],
                    apps: vec!["x:app".to_owned()],
                    threads: Some(2),
                    config: Some("c.toml".into()),
                    possible: true,
                    cache,
                    ..Options::default()
                }
            );
            Err(Error::new("seen"))
        },
        ..engine()
    };
    let arguments =
        "check there --tests a --tests b --app x:app --threads 2 --config c.toml --possible";
    let words: Vec<&str> = arguments.split(' ').collect();
    assert_eq!(
        run_with(engine, 80, ColorChoice::Never, &words).err,
        "error: seen\n"
    );
}

#[test]
fn reports_are_written_into_a_folder_or_to_a_named_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let both = run(&["report", "--format", "json,html", "-o", &path("both")]);
    assert_eq!(both.code, 0);
    assert_eq!(
        both.out,
        format!(
            "wrote {0}/index.html\nwrote {0}/covgap.json\n",
            path("both")
        )
    );
    let one = run(&["report", "--format", "json", "-o", &path("one.json")]);
    assert_eq!(one.out, format!("wrote {}\n", path("one.json")));
    let read = |name: &str| std::fs::read_to_string(path(name)).unwrap();
    assert_eq!(read("one.json"), read("both/covgap.json"));
    assert_eq!(read("both/index.html"), rendered(Format::Html));
    let taken = run(&["report", "-o", &path("one.json/deeper")]);
    assert_eq!(taken.code, 2);
    assert!(
        taken.err.contains("cannot write the report"),
        "{}",
        taken.err
    );
}

#[test]
fn nothing_to_analyze_is_no_pass() {
    let without = |analyze| {
        run_with(
            Engine {
                analyze,
                ..engine()
            },
            80,
            ColorChoice::Never,
            &[],
        )
    };
    let no_routes = without(|_| {
        Ok(covgap::coverage::Audit {
            tests: sample::shop().tests,
            ..Default::default()
        })
    });
    assert_eq!(no_routes.code, 2);
    assert!(
        no_routes.err.contains("found no route"),
        "{}",
        no_routes.err
    );
    let no_tests = without(|_| {
        let mut audit = sample::shop();
        audit.tests.clear();
        audit.exercises.clear();
        audit.gates.clear();
        Ok(audit)
    });
    assert_eq!(no_tests.code, 2);
    assert!(no_tests.err.contains("found no test"), "{}", no_tests.err);
}
