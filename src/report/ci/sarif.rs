//! SARIF 2.1.0 (OASIS), which code scanning shows: a rule for each kind of gap with its page as help, a result for each gap.
//!
//! The fingerprint is the gap's id, so a result is the same one when its line moves. A waived gap is a suppressed result. What could not be seen is a notification of
//! the run, one for each reason.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

use crate::coverage::Audit;
use crate::coverage::audit::{Evidence, Gap, Place, Priority};
use crate::report::inert;
use crate::report::item_per_line;
use crate::rules::pages::{self, Page};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
const FINGERPRINT: &str = "covgapId/v1";
const ROOT: &str = "SRCROOT";
/// All but the characters of a relative path (RFC 3986, `pchar` and `/`; no `:`, which would end a scheme).
const IN_PATHS: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Tool<'a>,
    automation_details: AutomationDetails,
    column_kind: &'static str,
    invocations: [Invocation; 1],
    results: Vec<SarifResult<'a>>,
}

#[derive(Serialize)]
struct AutomationDetails {
    id: &'static str,
}

#[derive(Serialize)]
struct Tool<'a> {
    driver: Driver<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver<'a> {
    name: &'static str,
    version: &'static str,
    semantic_version: &'static str,
    rules: Vec<Rule<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    short_description: Option<Message>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<Help>,
    default_configuration: Configuration,
}

#[derive(Serialize)]
struct Help {
    text: String,
    markdown: String,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
struct Message {
    text: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation {
    execution_successful: bool,
    tool_execution_notifications: Vec<Notification>,
}

#[derive(Serialize)]
struct Notification {
    level: &'static str,
    message: Message,
}

/// A `result`: the standard's name, which Rust's prelude has, too.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifResult<'a> {
    rule_id: &'a str,
    rule_index: usize,
    level: &'static str,
    message: Message,
    locations: Vec<Location>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location>,
    partial_fingerprints: BTreeMap<&'static str, &'a str>,
    rank: f64,
    /// The standard wants it of all results or of none (3.27.23).
    #[serde(skip_serializing_if = "Option::is_none")]
    suppressions: Option<Vec<Suppression<'a>>>,
}

#[derive(Serialize)]
struct Suppression<'a> {
    kind: &'static str,
    status: &'static str,
    justification: Cow<'a, str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    physical_location: PhysicalLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Message>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    region: Region,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactLocation {
    uri: String,
    uri_base_id: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u32,
}

pub(in crate::report) fn render(audit: &Audit, out: &mut dyn Write) -> io::Result<()> {
    let pages = pages::pages().unwrap_or_default();
    let mut kinds: Vec<(&str, Priority)> = Vec::new();
    for gap in &audit.gaps {
        match kinds.iter_mut().find(|(kind, _)| *kind == gap.kind) {
            Some((_, priority)) => *priority = gap.priority.min(*priority),
            None => kinds.push((&gap.kind, gap.priority)),
        }
    }
    kinds.sort_unstable();
    let rules = kinds
        .iter()
        .map(|(kind, priority)| rule(kind, *priority, &pages));
    let has_waivers = audit.gaps.iter().any(Gap::is_waived);
    let results = audit.gaps.iter().map(|gap| {
        let at = kinds.iter().position(|(kind, _)| *kind == gap.kind);
        SarifResult {
            suppressions: has_waivers.then(|| suppressions(gap)),
            ..result(gap, at.unwrap_or_default())
        }
    });
    let log = Log {
        schema: SCHEMA,
        version: "2.1.0",
        runs: [Run {
            tool: Tool {
                driver: Driver {
                    name: "covgap",
                    version: env!("CARGO_PKG_VERSION"),
                    semantic_version: env!("CARGO_PKG_VERSION"),
                    rules: rules.collect(),
                },
            },
            automation_details: AutomationDetails { id: "covgap/" },
            column_kind: "unicodeCodePoints",
            invocations: [Invocation {
                execution_successful: true,
                tool_execution_notifications: notifications(audit),
            }],
            results: results.collect(),
        }],
    };
    item_per_line::write(&log, out)
}

fn rule<'a>(kind: &'a str, priority: Priority, pages: &[Page]) -> Rule<'a> {
    let page = pages.iter().find(|page| page.id == kind);
    Rule {
        id: kind,
        short_description: page.map(|page| message(&page.summary)),
        help: page.map(|page| Help {
            text: page.text.clone(),
            markdown: page.text.clone(),
        }),
        default_configuration: Configuration {
            level: level(priority),
        },
    }
}

fn result(gap: &Gap, rule_index: usize) -> SarifResult<'_> {
    let mut places = gap
        .evidence
        .iter()
        .filter(|evidence| !evidence.place.file.is_empty());
    let first = places.next().map(|evidence| location(&evidence.place));
    let related = places
        .enumerate()
        .map(|(number, evidence)| related(number, evidence));
    SarifResult {
        rule_id: &gap.kind,
        rule_index,
        level: level(gap.priority),
        message: message(&format!("{}: {}", gap.title, gap.fix)),
        related_locations: related.collect(),
        locations: first.into_iter().collect(),
        partial_fingerprints: BTreeMap::from([(FINGERPRINT, gap.id.as_str())]),
        rank: match gap.priority {
            Priority::P0 => 100.0,
            Priority::P1 => 60.0,
            Priority::P2 => 20.0,
        },
        suppressions: None,
    }
}

/// A waiver that holds; one that is over suppresses nothing.
fn suppressions(gap: &Gap) -> Vec<Suppression<'_>> {
    let waiver = gap.waiver.iter().filter(|waiver| !waiver.is_expired);
    waiver
        .map(|waiver| Suppression {
            kind: "external",
            status: "accepted",
            justification: inert(&waiver.reason),
        })
        .collect()
}

fn related(number: usize, evidence: &Evidence) -> Location {
    Location {
        id: Some(number + 1),
        message: Some(message(&evidence.says)),
        ..location(&evidence.place)
    }
}

fn location(place: &Place) -> Location {
    Location {
        id: None,
        physical_location: PhysicalLocation {
            artifact_location: ArtifactLocation {
                uri: utf8_percent_encode(&place.file, IN_PATHS).to_string(),
                uri_base_id: ROOT,
            },
            region: Region {
                start_line: place.line.max(1),
            },
        },
        message: None,
    }
}

fn message(text: &str) -> Message {
    Message {
        text: inert(text).into_owned(),
    }
}

fn level(priority: Priority) -> &'static str {
    match priority {
        Priority::P0 => "error",
        Priority::P1 => "warning",
        Priority::P2 => "note",
    }
}

/// What could not be seen, by reason.
fn notifications(audit: &Audit) -> Vec<Notification> {
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for unknown in &audit.unknowns {
        *reasons.entry(unknown.reason).or_default() += 1;
    }
    let notification = |(reason, number): (&str, usize)| Notification {
        level: "note",
        message: message(&format!("not seen: {reason}, {number} times")),
    };
    reasons.into_iter().map(notification).collect()
}
