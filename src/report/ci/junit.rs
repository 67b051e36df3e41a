//! Gates as test cases of JUnit's XML (the form that Jenkins and GitLab read): one suite for each stage, one case for each gate.
//!
//! `<testcase classname="covgap.deployment" name="no-p0-gap"><failure message="3 gaps of P0"/></testcase>`

use std::collections::BTreeMap;
use std::io::{self, Write};

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, Event};

use crate::coverage::Audit;
use crate::coverage::audit::Gate;
use crate::report::inert;

pub(in crate::report) fn render(audit: &Audit, out: &mut dyn Write) -> io::Result<()> {
    let mut stages: BTreeMap<&str, Vec<&Gate>> = BTreeMap::new();
    for gate in &audit.gates {
        stages.entry(&gate.stage).or_default().push(gate);
    }
    let mut writer = Writer::new_with_indent(out, b' ', 1);
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let (tests, failures) = counts(audit.gates.iter());
    writer
        .create_element("testsuites")
        .with_attributes([
            ("name", "covgap"),
            ("tests", tests.as_str()),
            ("failures", &failures),
        ])
        .write_inner_content(|writer| {
            stages
                .iter()
                .try_for_each(|(stage, gates)| suite(stage, gates, writer))
        })?;
    writer.into_inner().write_all(b"\n")
}

fn suite(stage: &str, gates: &[&Gate], writer: &mut Writer<&mut dyn Write>) -> io::Result<()> {
    let name = format!("covgap.{}", inert(stage));
    let (tests, failures) = counts(gates.iter().copied());
    writer
        .create_element("testsuite")
        .with_attributes([
            ("name", name.as_str()),
            ("tests", &tests),
            ("failures", &failures),
            ("errors", "0"),
            ("skipped", "0"),
        ])
        .write_inner_content(|writer| {
            for gate in gates {
                let case = writer
                    .create_element("testcase")
                    .with_attributes([("classname", name.as_str()), ("name", &*inert(&gate.id))]);
                if gate.passed {
                    case.write_empty()?;
                    continue;
                }
                case.write_inner_content(|writer| {
                    writer
                        .create_element("failure")
                        .with_attributes([("type", "gate"), ("message", &*inert(&gate.says))])
                        .write_empty()?;
                    Ok(())
                })?;
            }
            Ok(())
        })?;
    Ok(())
}

/// Of gates: all, and those that failed.
fn counts<'g>(gates: impl Iterator<Item = &'g Gate> + Clone) -> (String, String) {
    let failed = gates.clone().filter(|gate| !gate.passed).count();
    (gates.count().to_string(), failed.to_string())
}
