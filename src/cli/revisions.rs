//! Does what is asked about more than one run: `diff`, `trend`, `baseline`.
//!
//! `covgap diff main...HEAD --format markdown` prints what a change did, for a comment on it.

use std::path::{Path, PathBuf};

use super::console::Console;
use super::engine::Engine;
use super::exit_codes;
use super::meaning::{Comparing, DiffFormat, Drawing, TrendFormat};
use super::progress;
use crate::report::{
    baselines, count, difference, difference_json, inert, merged, trend_json, trend_page, trends,
    write,
};
use crate::{Error, Options};

pub(super) fn diff(
    options: &Options,
    asked: &Comparing,
    engine: &Engine,
    console: &mut Console<'_>,
) -> Result<u8, Error> {
    let found = progress::while_waiting("comparing", || {
        (engine.compare)(options, &asked.base, asked.head.as_deref())
    })?;
    let mut bytes = Vec::new();
    match asked.format {
        DiffFormat::Text => bytes = difference::terminal(&found, console.width).into_bytes(),
        DiffFormat::Markdown => bytes = difference::markdown(&found).into_bytes(),
        DiffFormat::Json => difference_json::render(&found, &mut bytes).map_err(unwritable)?,
    }
    give(&bytes, asked.output.as_deref(), console)
}

pub(super) fn trend(
    options: &Options,
    asked: &Drawing,
    engine: &Engine,
    console: &mut Console<'_>,
) -> Result<u8, Error> {
    let found = progress::while_waiting("reading the history", || {
        (engine.trend)(options, &asked.every, &asked.since)
    })?;
    let mut bytes = Vec::new();
    match asked.format {
        TrendFormat::Text => bytes = trends::terminal(&found, console.width).into_bytes(),
        TrendFormat::Json => trend_json::render(&found, &mut bytes).map_err(unwritable)?,
        TrendFormat::Html => trend_page::render(&found, &mut bytes).map_err(unwritable)?,
    }
    give(&bytes, asked.output.as_deref(), console)
}

/// Makes one report of several.
pub(super) fn merge(
    reports: &[PathBuf],
    output: Option<&Path>,
    console: &mut Console<'_>,
) -> Result<u8, Error> {
    let mut texts = Vec::new();
    for path in reports {
        let text = crate::source::read_foreign(path)
            .map_err(|why| Error::at(path, format!("cannot read the report: {why}")))?;
        texts.push((path.clone(), text));
    }
    let whole = merged::merge(&texts)?;
    let mut bytes = Vec::new();
    merged::render(&whole, &mut bytes).map_err(unwritable)?;
    give(&bytes, output, console)
}

/// Writes the first baseline of a project.
pub(super) fn baseline(
    options: &Options,
    engine: &Engine,
    console: &mut Console<'_>,
) -> Result<u8, Error> {
    let found = progress::while_waiting("analyzing", || (engine.baseline)(options))?;
    if found.before.is_some() {
        return Err(Error::at(&found.path, "there is a baseline already").help(
            "`covgap --update-baseline` takes out what is closed; with --reason it accepts what is new",
        ));
    }
    write_baseline(options, &found.path, &found.today, console)?;
    console.print(&format!(
        "Keep it in version control, and say `baseline = \"{}\"` in the configuration: then a run fails without it.\n",
        inert(&found.path)
    ))?;
    Ok(exit_codes::FINE)
}

/// Takes out what is closed, and with a reason accepts what is new.
pub(super) fn update_baseline(
    options: &Options,
    reason: Option<&str>,
    engine: &Engine,
    console: &mut Console<'_>,
) -> Result<u8, Error> {
    let found = progress::while_waiting("analyzing", || (engine.baseline)(options))?;
    let Some(before) = &found.before else {
        return Err(Error::at(&found.path, "there is no baseline to update")
            .help("`covgap baseline` writes the first one"));
    };
    let Some(updated) = before.updated(reason) else {
        for gap in &before.new {
            console.complain(&format!("new: {}  {}\n", inert(&gap.title), inert(&gap.id)));
        }
        console.complain_of(
            &Error::at(
                &found.path,
                format!("the baseline would grow by {}", before.new.len()),
            )
            .help("test them; or say why they are accepted, with --reason"),
        );
        return Ok(exit_codes::GATE_FAILED);
    };
    console.print(&format!(
        "{} closed and taken out, {} accepted anew\n",
        before.stale.len(),
        before.new.len()
    ))?;
    write_baseline(options, &found.path, &updated, console)?;
    Ok(exit_codes::FINE)
}

fn write_baseline(
    options: &Options,
    path: &str,
    baseline: &crate::history::Baseline,
    console: &mut Console<'_>,
) -> Result<(), Error> {
    options.refuse_revision("a baseline is")?;
    write::to_file(&options.root.join(path), |out| {
        baselines::render(baseline, out)
    })?;
    console.print(&format!(
        "wrote {} with {}\n",
        inert(path),
        count(baseline.entries.len(), "gap", "gaps")
    ))
}

fn unwritable(error: std::io::Error) -> Error {
    Error::new(format!("cannot write the report: {error}"))
}

/// To the file, or to the standard output.
fn give(bytes: &[u8], output: Option<&Path>, console: &mut Console<'_>) -> Result<u8, Error> {
    match output {
        Some(path) if path != Path::new("-") => {
            write::to_file(path, |out| out.write_all(bytes))?;
            console.print(&format!("wrote {}\n", inert(&path.to_string_lossy())))?;
        }
        Some(_) | None => console.print(&String::from_utf8_lossy(bytes))?,
    }
    Ok(exit_codes::FINE)
}
