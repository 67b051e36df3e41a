//! GitLab's code quality report (a subset of Code Climate's): one object for each gap that has a place.
//!
//! `{"check_name": "untested-route", "fingerprint": "…", "severity": "critical", "location": {"path": "app/items.py", …}}`

use std::io::{self, Write};

use serde::Serialize;

use crate::coverage::Audit;
use crate::coverage::audit::{Gap, Priority};
use crate::report::inert;
use crate::report::item_per_line;

#[derive(Serialize)]
struct Issue<'a> {
    description: String,
    check_name: &'a str,
    fingerprint: &'a str,
    severity: &'static str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
}

pub(in crate::report) fn render(audit: &Audit, out: &mut dyn Write) -> io::Result<()> {
    let issues: Vec<Issue<'_>> = audit.gaps.iter().filter_map(issue).collect();
    item_per_line::write(&issues, out)
}

/// None for a gap without a place: GitLab shows nothing that has none.
fn issue(gap: &Gap) -> Option<Issue<'_>> {
    let evidence = gap
        .evidence
        .iter()
        .find(|evidence| !evidence.place.file.is_empty())?;
    Some(Issue {
        description: inert(&format!("{}: {}", gap.title, gap.fix)).into_owned(),
        check_name: &gap.kind,
        fingerprint: &gap.id,
        severity: match gap.priority {
            Priority::P0 => "critical",
            Priority::P1 => "major",
            Priority::P2 => "minor",
        },
        location: Location {
            path: &evidence.place.file,
            lines: Lines {
                begin: evidence.place.line.max(1),
            },
        },
    })
}
