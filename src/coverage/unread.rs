//! What of the project's own files could not be read, or not to their end: each is an unknown, never a silence.
//!
//! ```text
//! app/legacy.py:1    unreadable-file    line 3 is not UTF-8
//! app/views.py:12    syntax-error       `def` without a name
//! pyproject.toml:4   broken-settings    not valid TOML: …
//! ```

use crate::coverage::audit::{Place, Unknown};
use crate::project::world::{ModuleId, World};

/// Most broken places of one file that are worth telling.
const MOST_OF_A_FILE: usize = 3;

/// Of the files that were needed.
pub fn find(world: &World<'_>) -> Vec<Unknown> {
    let mut found = Vec::new();
    for file in world.sources.ids() {
        let path = world.sources.path(file);
        let module = world.module_of(file);
        if let Some(why) = world.unreadable(module) {
            found.push(unknown("unreadable-file", path, 1, why.to_string()));
        }
        found.extend(broken_places(world, module, path));
    }
    for warning in &world.sources.warnings {
        let path = warning.path.as_ref().map(|path| path.to_string_lossy());
        let line = u32::try_from(warning.line.unwrap_or(1)).unwrap_or(u32::MAX);
        found.push(unknown(
            "broken-settings",
            &path.unwrap_or_default(),
            line,
            warning.says.clone(),
        ));
    }
    found
}

fn broken_places(world: &World<'_>, module: ModuleId, path: &str) -> Vec<Unknown> {
    let Some(unit) = world.loaded(module) else {
        return Vec::new();
    };
    let problems = unit.facts.problems.iter().take(MOST_OF_A_FILE);
    problems
        .map(|problem| unknown("syntax-error", path, problem.line, problem.says.to_string()))
        .collect()
}

fn unknown(reason: &'static str, file: &str, line: u32, says: String) -> Unknown {
    Unknown {
        reason,
        place: Place {
            file: file.to_owned(),
            line,
        },
        says,
    }
}
