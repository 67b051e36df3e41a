//! Annotations of a pull request on GitHub, as workflow commands that a step prints (GitHub Docs, *Workflow commands for GitHub
//! Actions*, "Setting an error message").
//!
//! `::error file=app/items.py,line=12,title=untested-route::GET /items: no test reaches it`

use std::borrow::Cow;
use std::io::{self, Write};

use crate::coverage::Audit;
use crate::coverage::audit::{Gap, Priority};
use crate::report::{inert, words};

/// GitHub shows ten of each level for a step, and drops the rest without a word.
const MOST_OF_A_LEVEL: usize = 10;

pub(in crate::report) fn render(audit: &Audit, out: &mut dyn Write) -> io::Result<()> {
    let mut left_over = 0;
    for (priority, level) in [
        (Priority::P0, "error"),
        (Priority::P1, "warning"),
        (Priority::P2, "notice"),
    ] {
        let gaps = || audit.gaps.iter().filter(|gap| gap.priority == priority);
        // One of the notices says how many are not shown.
        let most = match priority {
            Priority::P0 | Priority::P1 => MOST_OF_A_LEVEL,
            Priority::P2 => MOST_OF_A_LEVEL - 1,
        };
        for gap in gaps().take(most) {
            writeln!(out, "{}", command(level, gap))?;
        }
        left_over += gaps().count().saturating_sub(most);
    }
    if left_over > 0 {
        writeln!(
            out,
            "::notice title=covgap::{left_over} more gaps are in the report"
        )?;
    }
    Ok(())
}

fn command(level: &str, gap: &Gap) -> String {
    let place = gap
        .evidence
        .iter()
        .map(|evidence| &evidence.place)
        .find(|place| !place.file.is_empty());
    let at = place.map_or_else(String::new, |place| {
        format!("file={},line={},", property(&place.file), place.line.max(1))
    });
    let title = property(&gap.kind).into_owned();
    let says = format!(
        "{}: {}: {}",
        words::priority(gap.priority),
        gap.title,
        gap.fix
    );
    format!("::{level} {at}title={title}::{}", data(&says))
}

fn data(text: &str) -> Cow<'_, str> {
    escaped(text, &['%'])
}

fn property(text: &str) -> Cow<'_, str> {
    escaped(text, &['%', ':', ','])
}

/// Percent-encodes what a workflow command reads as its own. Line ends are none after [`inert`].
fn escaped<'t>(text: &'t str, reserved: &[char]) -> Cow<'t, str> {
    let text = inert(text);
    if !text.contains(reserved) {
        return text;
    }
    let mut spelled = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        if reserved.contains(&character) {
            spelled.push_str(&format!("%{:02X}", u32::from(character)));
        } else {
            spelled.push(character);
        }
    }
    Cow::Owned(spelled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reserved_characters() {
        let case = |text: &str, as_property: &str, as_data: &str| {
            assert_eq!(property(text), as_property);
            assert_eq!(data(text), as_data);
        };
        case("app/items.py", "app/items.py", "app/items.py");
        case("a,b:c 100%", "a%2Cb%3Ac 100%25", "a,b:c 100%25");
        case("two\nlines", "two\\nlines", "two\\nlines");
    }
}
