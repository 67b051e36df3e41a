//! The formats that other programs read, with the sample audit and its hostile twin. `tests/formats/consumers.py` gives the same
//! formats to programs that read them.

#![allow(clippy::unwrap_used)]

mod sample;

use covgap::coverage::Audit;
use covgap::coverage::audit::Waiver;
use covgap::report::{self, Format};
use quick_xml::Reader;
use quick_xml::events::Event;

fn rendered(audit: &Audit, format: Format) -> String {
    let mut bytes = Vec::new();
    report::render(audit, format, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

fn shop(format: Format) -> String {
    rendered(&sample::shop(), format).replace(env!("CARGO_PKG_VERSION"), "VERSION")
}

#[test]
fn sarif() {
    let text = shop(Format::Sarif);
    let mut value: serde_json::Value = serde_json::from_str(&text).unwrap();
    let rules = value["runs"][0]["tool"]["driver"]["rules"]
        .as_array_mut()
        .unwrap();
    for rule in rules {
        // Which kinds have a page, and its words, change for their own reasons.
        let rule = rule.as_object_mut().unwrap();
        rule.remove("shortDescription");
        if let Some(help) = rule.remove("help") {
            assert!(help["markdown"].as_str().unwrap().starts_with("# "));
            assert_eq!(help["text"], help["markdown"]);
        }
    }
    insta::assert_snapshot!(serde_json::to_string_pretty(&value).unwrap());
}

/// A waiver that holds suppresses its result; one that is over does not. The standard wants the key of all results or of none.
#[test]
fn sarif_of_waived_gaps() {
    let suppressions = |audit: &Audit| -> Vec<serde_json::Value> {
        let log: serde_json::Value = serde_json::from_str(&rendered(audit, Format::Sarif)).unwrap();
        let results = log["runs"][0]["results"].as_array().unwrap();
        let of_result = |result: &serde_json::Value| result["suppressions"].clone();
        results.iter().map(of_result).collect()
    };
    let mut audit = sample::shop();
    assert!(suppressions(&audit).iter().all(serde_json::Value::is_null));
    let waiver = |is_expired| Waiver {
        reason: "goes with\nthe next release".to_owned(),
        owner: "payments".to_owned(),
        expires: "2026-12-31".to_owned(),
        is_expired,
    };
    audit.gaps[0].waiver = Some(waiver(false));
    audit.gaps[1].waiver = Some(waiver(true));
    let found = suppressions(&audit);
    let accepted = serde_json::json!([
        {"kind": "external", "status": "accepted", "justification": "goes with\\nthe next release"}
    ]);
    assert_eq!(found[0], accepted);
    assert!(found[1..].iter().all(|one| *one == serde_json::json!([])));
}

#[test]
fn cobertura() {
    insta::assert_snapshot!(shop(Format::Cobertura));
}

#[test]
fn lcov() {
    insta::assert_snapshot!(shop(Format::Lcov));
}

#[test]
fn junit() {
    insta::assert_snapshot!(shop(Format::Junit));
}

#[test]
fn annotations() {
    insta::assert_snapshot!(shop(Format::Github));
}

#[test]
fn code_quality() {
    insta::assert_snapshot!(shop(Format::CodeQuality));
}

#[test]
fn badge() {
    insta::assert_snapshot!(shop(Format::Badge));
}

#[test]
fn badge_of_nothing_measured() {
    let mut audit = sample::shop();
    audit.totals.behavior = None;
    assert!(rendered(&audit, Format::Badge).contains(">unknown</text>"));
}

#[test]
fn hostile_names_stay_text() {
    let audit = sample::hostile();
    for format in [
        Format::Sarif,
        Format::Cobertura,
        Format::Lcov,
        Format::Junit,
        Format::Github,
        Format::CodeQuality,
        Format::Badge,
    ] {
        let text = rendered(&audit, format);
        let is_active = |c: char| c.is_control() && c != '\n' || c == '\u{202e}';
        assert!(!text.contains(is_active), "{format:?}");
    }
    for format in [Format::Sarif, Format::CodeQuality] {
        serde_json::from_str::<serde_json::Value>(&rendered(&audit, format)).unwrap();
    }
    for format in [Format::Cobertura, Format::Junit, Format::Badge] {
        let text = rendered(&audit, format);
        let elements = elements(&text);
        assert!(!elements.is_empty());
        assert!(!elements.iter().any(|name| name == "script"), "{format:?}");
    }
    for line in rendered(&audit, Format::Github).lines() {
        let command = line.split(' ').next().unwrap();
        assert!(
            ["::error", "::warning", "::notice"].contains(&command),
            "{line}"
        );
    }
    for line in rendered(&audit, Format::Lcov).lines() {
        let key = line.split(':').next().unwrap();
        assert!(
            ["TN", "SF", "DA", "LF", "LH", "end_of_record"].contains(&key),
            "{line}"
        );
    }
}

/// Names of the elements; panics where the text is not well-formed.
fn elements(text: &str) -> Vec<String> {
    let mut reader = Reader::from_str(text);
    let mut names = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Eof => return names,
            Event::Start(element) | Event::Empty(element) => {
                for attribute in element.attributes() {
                    attribute.unwrap();
                }
                names.push(element.name().0.to_owned());
            }
            _ => {}
        }
    }
}
