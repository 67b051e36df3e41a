//! Every arrow of the flow as text, for developers of covgap and of rules.
//!
//! `covgap --dump project shop` prints the apps of `shop` with what they hold; see [`crate::facts::dump`],
//! [`crate::project::outline`] and [`crate::report::explain`] for what a stage looks like.

use rayon::prelude::*;

use crate::analyze::analyze;
use crate::audits::over_world;
use crate::cli::Stage;
use crate::config::{Error, Options};
use crate::facts;
use crate::links::grounds;
use crate::project::outline::outline;
use crate::project::world::{ModuleKind, World};
use crate::report::{explain, inert};
use crate::source::FileId;

/// The text of a stage, on lines that end.
pub fn dump(options: &Options, stage: Stage) -> Result<String, Error> {
    match stage {
        Stage::Facts => over_world(options, |world, _, _| facts_of(world)),
        Stage::Project => over_world(options, |world, targets, _| {
            let mut live = grounds::start(world, targets).live;
            harmless(&outline(&mut live.machine, &live.served))
        }),
        Stage::Links => Ok(explain::every_test(&analyze(options)?)),
    }
}

/// What every Python file says, in the order of their paths.
fn facts_of(world: &World<'_>) -> String {
    let ids: Vec<FileId> = world.sources.ids().collect();
    let texts: Vec<String> = ids
        .par_iter()
        .map(|&file| facts_of_file(world, file))
        .collect();
    texts.concat()
}

fn facts_of_file(world: &World<'_>, file: FileId) -> String {
    let module = world.module_of(file);
    let kind = match world.kind(module) {
        ModuleKind::App => "app",
        ModuleKind::Test => "test",
        ModuleKind::Model => "model",
    };
    let path = world.sources.path(file);
    match world.sources.read(file) {
        Ok(text) => {
            let facts = facts::extract(&text);
            let body = facts::dump::dump(&facts);
            harmless(&format!(
                "== {path}  {kind}, {} lines\n{body}\n",
                facts.lines
            ))
        }
        Err(why) => harmless(&format!("== {path}  {kind}, cannot be read: {why}\n\n")),
    }
}

/// Names of a project move no cursor.
fn harmless(text: &str) -> String {
    text.lines()
        .map(|line| format!("{}\n", inert(line)))
        .collect()
}
