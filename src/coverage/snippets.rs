//! Lines of source that a report shows beside what it says: handlers, and the places that evidence names.
//!
//! ```python
//! @router.get("/items/{item_id}")     # from the line that registers the handler
//! def read_item(item_id: int):        # to the end of its body, at most a screen of it
//!     return find(item_id)
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use crate::coverage::audit::{Audit, Evidence};
use crate::coverage::judge::Case;
use crate::facts::program::Facts;

/// Lines of one handler, decorators included.
const MOST_OF_HANDLER: u32 = 40;
/// Characters of a line.
const MOST_OF_LINE: usize = 160;
/// Lines of all handlers, and of all evidence: of the largest projects a part has to do.
const MOST_LINES: usize = 20_000;

#[derive(Default)]
struct Wanted {
    /// The lines of their `def`s.
    handlers: BTreeSet<u32>,
    lines: BTreeSet<u32>,
}

/// Fills [`Audit::source`].
pub fn find(case: &Case<'_>, audit: &mut Audit) {
    let mut wanted: BTreeMap<&str, Wanted> = BTreeMap::new();
    for route in &audit.routes {
        let Some(file) = &route.handler.file else {
            continue;
        };
        let wanted = wanted.entry(file).or_default();
        wanted.handlers.insert(route.handler.line);
    }
    for place in audit.routes.iter().flat_map(|route| &route.registered_by) {
        let wanted = wanted.entry(&place.file).or_default();
        wanted.lines.insert(place.line);
    }
    let chains = (audit
        .exercises
        .iter()
        .map(|exercise| &exercise.evidence[..]))
    .chain(audit.gaps.iter().map(|gap| &gap.evidence[..]));
    let mut left = MOST_LINES;
    for Evidence { place, .. } in chains.flatten() {
        if left > 0
            && wanted
                .entry(&place.file)
                .or_default()
                .lines
                .insert(place.line)
        {
            left -= 1;
        }
    }
    let mut left = MOST_LINES;
    let mut source = BTreeMap::new();
    for (path, wanted) in wanted {
        let Some(file) = case.world.sources.file(path) else {
            continue;
        };
        let Ok(text) = case.world.sources.read(file) else {
            continue;
        };
        let lines: Vec<&str> = text.lines().collect();
        let mut numbers = wanted.lines;
        let unit = case.world.loaded(case.world.module_of(file));
        for head in wanted.handlers {
            if let Some(unit) = unit
                && left > 0
            {
                let handler = lines_of(&unit.facts, head);
                left = left.saturating_sub(handler.clone().count());
                numbers.extend(handler);
            }
        }
        let taken: BTreeMap<u32, String> = numbers
            .into_iter()
            .filter_map(|number| {
                Some((number, shown(lines.get((number as usize).checked_sub(1)?)?)))
            })
            .collect();
        source.insert(path.to_string(), taken);
    }
    audit.source = source;
}

/// The lines of the function or class whose `def` or `class` stands at a line, from its first decorator on.
fn lines_of(facts: &Facts, head: u32) -> RangeInclusive<u32> {
    let functions = facts.functions.iter().skip(1);
    let functions = functions.map(|one| (one.line, one.first_line, one.last_line));
    let classes = facts.classes.iter();
    let mut all = functions.chain(classes.map(|one| (one.line, one.first_line, one.last_line)));
    let found = all.find(|(line, ..)| *line == head);
    let (_, first, last) = found.unwrap_or((head, head, head));
    first..=last.min(first + MOST_OF_HANDLER - 1)
}

fn shown(line: &str) -> String {
    let line = line.trim_end().replace('\t', "    ");
    match line.char_indices().nth(MOST_OF_LINE) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}
