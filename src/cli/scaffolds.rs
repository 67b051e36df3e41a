//! Does what `covgap scaffold` asks for: writes the tests that are missing, and says which gaps no test closes.
//!
//! `covgap scaffold P0` writes `tests/test_gaps_shop_routes_orders.py`, and never over a file that is there.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::console::Console;
use super::engine::Engine;
use super::exit_codes;
use super::run::analyze;
use crate::config::nearest;
use crate::coverage::Audit;
use crate::coverage::audit::Gap;
use crate::report::scaffold::{self, NewFile};
use crate::report::{count, inert, names_gap, write};
use crate::{Error, Options};

pub(super) fn write(
    options: &Options,
    wanted: &[String],
    output: Option<&Path>,
    engine: &Engine,
    console: &mut Console<'_>,
) -> Result<u8, Error> {
    options.refuse_revision("tests are")?;
    let audit = analyze(options, engine)?;
    let gaps = chosen(&audit, wanted)?;
    let scaffold = scaffold::of_gaps(&audit, &gaps);
    if output == Some(Path::new("-")) {
        for file in &scaffold.files {
            console.print(&format!("# {}\n{}\n", inert(&file.path), file.text))?;
        }
        return Ok(exit_codes::FINE);
    }
    let place = |file: &NewFile| -> PathBuf {
        let name = file.path.rsplit('/').next().unwrap_or(&file.path);
        match output {
            Some(folder) => folder.join(name),
            None => options.root.join(&file.path),
        }
    };
    let files: Vec<(PathBuf, &str)> = scaffold
        .files
        .iter()
        .map(|file| (place(file), file.text.as_str()))
        .collect();
    write::to_new_files(&files)?;
    for (file, (path, _)) in scaffold.files.iter().zip(&files) {
        console.print(&format!(
            "wrote {} with {}\n",
            inert(&path.to_string_lossy()),
            count(file.tests, "test", "tests")
        ))?;
    }
    console.print(&left(&scaffold.left))?;
    Ok(exit_codes::FINE)
}

/// All that nobody answers for, or those that are named. The errors are the user's: a name that fits none.
fn chosen<'a>(audit: &'a Audit, wanted: &[String]) -> Result<Vec<&'a Gap>, Error> {
    let mut is_chosen = vec![false; audit.gaps.len()];
    for name in wanted {
        let mut fits = false;
        for (at, gap) in audit.gaps.iter().enumerate() {
            if names_gap(audit, gap, name) {
                (is_chosen[at], fits) = (true, true);
            }
        }
        if !fits {
            let ids: Vec<&str> = audit
                .gaps
                .iter()
                .flat_map(|gap| [gap.id.as_str(), gap.kind.as_str()])
                .collect();
            let error = Error::new(format!("no gap is named {name}"));
            return Err(match nearest(name, &ids) {
                Some(near) => error.help(format!("did you mean `{near}`?")),
                None => error.help("`covgap --format full` lists all gaps"),
            });
        }
    }
    let gaps = audit.gaps.iter().zip(is_chosen);
    Ok(gaps
        .filter(|(gap, is_chosen)| *is_chosen || (wanted.is_empty() && !gap.is_waived()))
        .map(|(gap, _)| gap)
        .collect())
}

/// `6 blocking-call: the code must change, and then a test be written of it`.
fn left(gaps: &[&Gap]) -> String {
    if gaps.is_empty() {
        return String::new();
    }
    let mut kinds: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for gap in gaps {
        *kinds
            .entry((&gap.kind, scaffold::why_not(gap)))
            .or_default() += 1;
    }
    let kinds: String = kinds
        .iter()
        .map(|((kind, why), number)| format!("  {number} {}: {why}\n", inert(kind)))
        .collect();
    format!(
        "no test written for {}; `covgap explain KIND` says what to do\n{kinds}",
        count(gaps.len(), "gap", "gaps")
    )
}
