//! Cobertura's coverage report (`coverage-04.dtd`), which GitLab, Codecov and diff-cover show: a line is hit by as many tests as
//! reach it through a real interface.
//!
//! `<line number="12" hits="0"/>` is a `raise` that no test provokes.

use std::collections::BTreeMap;
use std::io::{self, Write};

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::lines::{self, Lines};
use crate::coverage::Audit;
use crate::report::inert;

const DOCTYPE: &str = "coverage SYSTEM \"http://cobertura.sourceforge.net/xml/coverage-04.dtd\"";

pub(in crate::report) fn render(audit: &Audit, out: &mut dyn Write) -> io::Result<()> {
    let lines = lines::of(audit);
    let mut writer = Writer::new_with_indent(out, b' ', 1);
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    writer.write_event(Event::DocType(BytesText::from_escaped(DOCTYPE)))?;
    let (covered, valid) = sum(lines.values());
    let rate = rate(covered, valid);
    writer
        .create_element("coverage")
        .with_attributes([
            ("line-rate", rate.as_str()),
            ("branch-rate", "0"),
            ("lines-covered", &covered.to_string()),
            ("lines-valid", &valid.to_string()),
            ("branches-covered", "0"),
            ("branches-valid", "0"),
            ("complexity", "0"),
            ("version", concat!("covgap ", env!("CARGO_PKG_VERSION"))),
            // The same input gives the same bytes, so no time.
            ("timestamp", "0"),
        ])
        .write_inner_content(|writer| {
            writer
                .create_element("sources")
                .write_inner_content(|writer| {
                    writer
                        .create_element("source")
                        .write_text_content(BytesText::new("."))?;
                    Ok(())
                })?;
            writer
                .create_element("packages")
                .write_inner_content(|writer| packages(&lines, writer))?;
            Ok(())
        })?;
    writer.into_inner().write_all(b"\n")
}

/// A package is a folder.
fn packages(lines: &Lines<'_>, writer: &mut Writer<&mut dyn Write>) -> io::Result<()> {
    let mut folders: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for file in lines.keys() {
        let folder = file.rsplit_once('/').map_or(".", |(folder, _)| folder);
        folders.entry(folder).or_default().push(file);
    }
    for (folder, files) in folders {
        let (covered, valid) = sum(files.iter().map(|file| &lines[file]));
        let rate = rate(covered, valid);
        writer
            .create_element("package")
            .with_attributes([
                ("name", &*inert(folder)),
                ("line-rate", &rate),
                ("branch-rate", "0"),
                ("complexity", "0"),
            ])
            .write_inner_content(|writer| {
                writer
                    .create_element("classes")
                    .write_inner_content(|writer| {
                        files
                            .iter()
                            .try_for_each(|file| class(file, &lines[file], writer))
                    })?;
                Ok(())
            })?;
    }
    Ok(())
}

/// A class is a file.
fn class(
    file: &str,
    lines: &BTreeMap<u32, usize>,
    writer: &mut Writer<&mut dyn Write>,
) -> io::Result<()> {
    let (covered, valid) = lines::count(lines);
    let name = file.rsplit_once('/').map_or(file, |(_, name)| name);
    let rate = rate(covered, valid);
    writer
        .create_element("class")
        .with_attributes([
            ("name", &*inert(name)),
            ("filename", &*inert(file)),
            ("line-rate", &rate),
            ("branch-rate", "0"),
            ("complexity", "0"),
        ])
        .write_inner_content(|writer| {
            writer.create_element("methods").write_empty()?;
            writer
                .create_element("lines")
                .write_inner_content(|writer| {
                    for (line, hits) in lines {
                        writer
                            .create_element("line")
                            .with_attributes([
                                ("number", line.to_string().as_str()),
                                ("hits", &hits.to_string()),
                                ("branch", "false"),
                            ])
                            .write_empty()?;
                    }
                    Ok(())
                })?;
            Ok(())
        })?;
    Ok(())
}

fn sum<'l>(files: impl Iterator<Item = &'l BTreeMap<u32, usize>>) -> (usize, usize) {
    files.map(lines::count).fold((0, 0), |sum, of_file| {
        (sum.0 + of_file.0, sum.1 + of_file.1)
    })
}

fn rate(covered: usize, valid: usize) -> String {
    // Coverage of nothing is whole, as in coverage.py.
    let rate = if valid == 0 {
        1.0
    } else {
        covered as f64 / valid as f64
    };
    format!("{rate:.4}")
}
