//! A difference of two runs, for people: in the terminal, and as Markdown for a comment on a change.
//!
//! ```text
//! main → HEAD: 1 gap opened, 2 closed
//! added without a test    POST /orders    app/orders.py:12
//! ```

use super::lines::{BAD, BOLD, DIM, GOOD, HALF, Line, PLAIN};
use super::markdown_text::{code, escaped};
use super::text;
use crate::history::Difference;
use crate::history::difference::{BarChange, Measure};
use crate::history::snapshot::{Gap, Route};

/// What a list shows at most in Markdown, where a comment has an end.
const MOST_IN_MARKDOWN: usize = 50;

/// Text with styles, each line at most `width` cells wide.
pub fn terminal(difference: &Difference, width: usize) -> String {
    let mut lines = vec![
        Line::default()
            .with(BOLD, text::cut(&difference.project, 40))
            .with(
                PLAIN,
                format!(": {} → {}", difference.base, difference.head),
            ),
        Line::default().with(PLAIN, summary(difference)),
    ];
    lines.push(Line::default());
    for bar in difference.bars.iter().filter(|bar| is_shown(bar)) {
        lines.push(bar_line(bar));
    }
    for (name, before, after) in &difference.totals {
        if before.is_some() || after.is_some() {
            let line = Line::default().with(PLAIN, text::fit(&capital(name), 23));
            lines.push(change(line, *before, *after, String::new()));
        }
    }
    let untested: Vec<&Route> = difference.added_without_test().collect();
    section(
        &mut lines,
        ["route added without a test", "routes added without a test"],
        &untested,
        |route| {
            Line::default()
                .with(BAD, format!("  {:15}", route.verdict))
                .with(PLAIN, format!("{}  ", route.name()))
                .with(DIM, handler(route))
        },
    );
    let tested: Vec<&Route> = difference
        .added
        .iter()
        .filter(|route| route.is_tested())
        .collect();
    section(
        &mut lines,
        ["route added with a test", "routes added with a test"],
        &tested,
        |route| {
            Line::default()
                .with(GOOD, "  behavior       ")
                .with(PLAIN, route.name())
        },
    );
    let removed: Vec<&Route> = difference.removed.iter().collect();
    section(
        &mut lines,
        ["route removed", "routes removed"],
        &removed,
        |route| Line::default().with(PLAIN, format!("  {}", route.name())),
    );
    let anew: Vec<&(Route, Route)> = difference.judged_anew.iter().collect();
    section(
        &mut lines,
        ["route judged anew", "routes judged anew"],
        &anew,
        |(before, after)| {
            Line::default()
                .with(PLAIN, format!("  {}: ", after.name()))
                .with(PLAIN, format!("{} → {}", before.verdict, after.verdict))
        },
    );
    let gaps = |gaps: &'_ [Gap]| gaps.to_vec();
    for (title, list, style) in [
        (["gap opened", "gaps opened"], gaps(&difference.opened), BAD),
        (
            ["gap closed", "gaps closed"],
            gaps(&difference.closed),
            GOOD,
        ),
    ] {
        section(&mut lines, title, &list.iter().collect::<Vec<_>>(), |gap| {
            Line::default()
                .with(style, format!("  {}  ", gap.priority))
                .with(PLAIN, format!("{}  ", gap.title))
                .with(DIM, &gap.id)
        });
    }
    let changed: Vec<&(Gap, Gap)> = difference.changed.iter().collect();
    section(
        &mut lines,
        ["gap changed", "gaps changed"],
        &changed,
        |(before, after)| {
            Line::default()
                .with(HALF, format!("  {}  ", after.priority))
                .with(PLAIN, format!("{}  ", after.title))
                .with(DIM, format!("was {} {}", before.priority, before.kind))
        },
    );
    lines.iter().map(|line| line.show(width)).collect()
}

/// A heading with a number, and a line for each; nothing if there is none.
fn section<T>(
    lines: &mut Vec<Line>,
    [one, many]: [&str; 2],
    items: &[&T],
    line: impl Fn(&T) -> Line,
) {
    if items.is_empty() {
        return;
    }
    lines.push(Line::default());
    lines.push(Line::default().with(BOLD, text::count(items.len(), one, many)));
    lines.extend(items.iter().map(|item| line(item)));
}

fn summary(difference: &Difference) -> String {
    let mut parts = vec![
        format!(
            "{} opened",
            text::count(difference.opened.len(), "gap", "gaps")
        ),
        format!("{} closed", difference.closed.len()),
    ];
    if !difference.changed.is_empty() {
        parts.push(format!("{} changed", difference.changed.len()));
    }
    let untested = difference.added_without_test().count();
    if !difference.added.is_empty() {
        let added = text::count(difference.added.len(), "route", "routes");
        parts.push(format!("{added} added, {untested} of them without a test"));
    }
    if !difference.removed.is_empty() {
        let removed = text::count(difference.removed.len(), "route", "routes");
        parts.push(format!("{removed} removed"));
    }
    format!(
        "{}; {} → {}",
        parts.join(", "),
        text::grouped(difference.tests.0),
        text::count(difference.tests.1, "test", "tests"),
    )
}

fn is_shown(bar: &BarChange) -> bool {
    bar.before.is_some() || bar.after.is_some()
}

fn bar_line(bar: &BarChange) -> Line {
    let percent = |measure: &Option<Measure>| measure.as_ref().and_then(|measure| measure.percent);
    let line = Line::default().with(PLAIN, text::fit(&bar.label, 23));
    change(line, percent(&bar.before), percent(&bar.after), counts(bar))
}

/// ` 40% →  55%  +15.0  (5/14 → 8/14)`.
fn change(line: Line, before: Option<f64>, after: Option<f64>, counts: String) -> Line {
    let (from, to) = (text::percent_or_dash(before), text::percent_or_dash(after));
    let line = line.with(PLAIN, format!("{from:>6} → {to:>5}"));
    let line = match delta(before, after) {
        Some(delta) if delta > 0.0 => line.with(GOOD, format!("  {delta:+.1}")),
        Some(delta) if delta < 0.0 => line.with(BAD, format!("  {delta:+.1}")),
        Some(_) => line.with(DIM, "   0.0"),
        None => line.with(PLAIN, "      "),
    };
    line.with(DIM, counts)
}

fn delta(before: Option<f64>, after: Option<f64>) -> Option<f64> {
    let delta = ((after? - before?) * 10.0).round() / 10.0;
    // No minus before a zero.
    Some(if delta == 0.0 { 0.0 } else { delta })
}

fn counts(bar: &BarChange) -> String {
    let shown = |measure: &Option<Measure>| match measure {
        Some(measure) => format!("{}/{}", measure.covered, measure.total),
        None => "–".to_string(),
    };
    format!("  {} → {}", shown(&bar.before), shown(&bar.after))
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

fn handler(route: &Route) -> String {
    match &route.handler.file {
        Some(file) => format!("{file}:{}", route.handler.line),
        None => String::new(),
    }
}

/// For a comment on a change: what a reviewer asks first stands first.
pub fn markdown(difference: &Difference) -> String {
    let mut out = format!(
        "### covgap: {} → {}\n\n{}\n",
        code(&difference.base),
        code(&difference.head),
        summary(difference),
    );
    let untested: Vec<String> = difference
        .added_without_test()
        .map(|route| {
            format!(
                "{} ({}) {}",
                code(&route.name()),
                escaped(&route.verdict),
                code(&handler(route))
            )
        })
        .collect();
    list(&mut out, "Routes added without a test", &untested);
    let gap = |gap: &Gap| {
        format!(
            "**{}** {} {}",
            escaped(&gap.priority),
            code(&gap.title),
            code(&gap.id)
        )
    };
    list(
        &mut out,
        "Gaps opened",
        &difference.opened.iter().map(gap).collect::<Vec<_>>(),
    );
    list(
        &mut out,
        "Gaps closed",
        &difference.closed.iter().map(gap).collect::<Vec<_>>(),
    );
    let changed: Vec<String> = difference
        .changed
        .iter()
        .map(|(before, after)| {
            let was = escaped(&before.priority);
            format!("{} (was {was} {})", gap(after), code(&before.kind))
        })
        .collect();
    list(&mut out, "Gaps changed", &changed);
    let removed: Vec<String> = difference
        .removed
        .iter()
        .map(|route| code(&route.name()))
        .collect();
    list(&mut out, "Routes removed", &removed);
    out += "\n| | before | after | |\n|---|--:|--:|--:|\n";
    let percent = text::percent_or_dash;
    let difference_of = |before, after| match delta(before, after) {
        Some(0.0) | None => String::new(),
        Some(delta) => format!("{delta:+.1}"),
    };
    for bar in difference.bars.iter().filter(|bar| is_shown(bar)) {
        let of = |measure: &Option<Measure>| measure.as_ref().and_then(|measure| measure.percent);
        let (before, after) = (of(&bar.before), of(&bar.after));
        out += &format!(
            "| {} | {} | {} | {} |\n",
            escaped(&bar.label),
            percent(before),
            percent(after),
            difference_of(before, after)
        );
    }
    for (name, before, after) in &difference.totals {
        if before.is_some() || after.is_some() {
            out += &format!(
                "| **{}** | {} | {} | {} |\n",
                capital(name),
                percent(*before),
                percent(*after),
                difference_of(*before, *after)
            );
        }
    }
    out
}

fn list(out: &mut String, title: &str, items: &[String]) {
    if items.is_empty() {
        return;
    }
    *out += &format!("\n**{title}** ({})\n\n", items.len());
    for item in items.iter().take(MOST_IN_MARKDOWN) {
        *out += &format!("- {item}\n");
    }
    if items.len() > MOST_IN_MARKDOWN {
        *out += &format!("- … and {} more\n", items.len() - MOST_IN_MARKDOWN);
    }
}

#[cfg(test)]
mod tests {
    use super::markdown;
    use crate::history::Difference;
    use crate::history::difference::{BarChange, Measure};
    use crate::history::snapshot::{Gap, Handler, Route};
    use crate::report::markdown_text::tests::{HOSTILE, read};

    fn hostile() -> Difference {
        let text = HOSTILE.to_string();
        let gap = Gap {
            id: text.clone(),
            kind: text.clone(),
            priority: text.clone(),
            title: text.clone(),
            ..Gap::default()
        };
        let route = Route {
            method: text.clone(),
            path: text.clone(),
            served: true,
            verdict: text.clone(),
            handler: Handler {
                file: Some(text.clone()),
                ..Handler::default()
            },
            ..Route::default()
        };
        Difference {
            base: text.clone(),
            head: text.clone(),
            bars: vec![BarChange {
                id: text.clone(),
                label: text,
                before: Some(Measure {
                    covered: 1,
                    total: 2,
                    percent: Some(50.0),
                }),
                after: None,
            }],
            opened: vec![gap.clone()],
            closed: vec![gap.clone()],
            changed: vec![(gap.clone(), gap)],
            added: vec![route.clone()],
            removed: vec![route],
            ..Difference::default()
        }
    }

    #[test]
    fn hostile_text_mentions_nobody_and_links_to_nothing() {
        let whole = markdown(&hostile());
        let text = read(&whole);
        for active in ["@o", "#1", "GH-1", "www.x", "://", "a@x"] {
            assert!(!text.contains(active), "{active} in {text}");
        }
        for line in whole.lines().filter(|line| line.starts_with('|')) {
            let cells = line.replace("\\|", "").matches('|').count();
            assert_eq!(cells, 5, "{line}");
        }
        assert_eq!(whole.matches("@octocat #1").count(), 14, "{whole}");
    }
}
