//! Lines of source that a report shows beside what it says: handlers, and the places that evidence names.
//!
//! ```python
//! @router.get("/items/{item_id}")     # from the line that registers the handler
//! def read_item(item_id: int):        # to the end of its body, at most a screen of it
//!     return find(item_id)
//! ```

use std::collections::{BTreeMap, BTreeSet};

use crate::coverage::audit::{Audit, Evidence};
use crate::coverage::judge::Case;

/// Lines of one handler, decorators included.
const MOST_OF_HANDLER: usize = 40;
/// A decorator further above its function than this belongs to something else.
const MOST_DECORATORS: u32 = 12;
/// Characters of a line.
const MOST_OF_LINE: usize = 160;
/// Lines of all handlers, and of all evidence: of the largest projects a part has to do.
const MOST_LINES: usize = 20_000;

#[derive(Default)]
struct Wanted {
    /// (first line, line of the `def`).
    handlers: BTreeSet<(u32, u32)>,
    lines: BTreeSet<u32>,
}

/// Fills [`Audit::source`].
pub fn find(case: &Case<'_>, audit: &mut Audit) {
    let mut wanted: BTreeMap<&str, Wanted> = BTreeMap::new();
    for route in &audit.routes {
        let Some(file) = &route.handler.file else {
            continue;
        };
        let def = route.handler.line;
        let first = route
            .registered_by
            .iter()
            .filter(|place| place.file == *file && place.line <= def)
            .map(|place| place.line)
            .filter(|line| def - line <= MOST_DECORATORS)
            .min();
        let wanted = wanted.entry(file).or_default();
        wanted.handlers.insert((first.unwrap_or(def), def));
    }
    for place in audit.routes.iter().flat_map(|route| &route.registered_by) {
        let wanted = wanted.entry(&place.file).or_default();
        wanted.lines.insert(place.line);
    }
    let chains = (audit.exercises.iter().map(|exercise| &exercise.evidence))
        .chain(audit.gaps.iter().map(|gap| &gap.evidence));
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
        for (first, def) in wanted.handlers {
            let last = last_line(&lines, first, def);
            if left > 0 {
                left = left.saturating_sub((last - first) as usize + 1);
                numbers.extend(first..=last);
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

/// The last line of the function whose `def` stands at a line: the one before something that is indented as little.
fn last_line(lines: &[&str], first: u32, def: u32) -> u32 {
    let end = lines.len().min(first as usize + MOST_OF_HANDLER - 1);
    let indent = |line: &str| line.len() - line.trim_start().len();
    let Some(head) = lines.get((def as usize).saturating_sub(1)) else {
        return def;
    };
    let margin = indent(head);
    let mut last = def;
    for (at, line) in lines.iter().enumerate().take(end).skip(def as usize) {
        let text = line.trim_start();
        if text.is_empty() {
            continue;
        }
        if indent(line) <= margin && !text.starts_with(')') {
            break;
        }
        last = at as u32 + 1;
    }
    last.max(first)
}

fn shown(line: &str) -> String {
    let line = line.trim_end().replace('\t', "    ");
    match line.char_indices().nth(MOST_OF_LINE) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_ends_before_what_stands_beside_it() {
        let text = "@get\ndef a(\n    b,\n):\n    x\n\n    y\n\n\nclass C:\n    def d(self): z\n    e = 1\n";
        let lines: Vec<&str> = text.lines().collect();
        let case = |first, def, expected| assert_eq!(last_line(&lines, first, def), expected);
        case(1, 2, 7);
        case(11, 11, 11);
        case(12, 12, 12);
        case(99, 99, 99);
    }
}
