//! A curve in the terminal: one line per point, and a sparkline for each bar.
//!
//! ```text
//! 2026-03-16  4f1d0c92ab   http 55%   P0  9  P1 14   +1 -4
//! HTTP Endpoints           ▁▃▅▆█   21% → 55%
//! ```

use super::lines::{BAD, BOLD, DIM, GOOD, HALF, Line, PLAIN};
use super::text;
use crate::history::Trend;
use crate::history::trend::{Measured, Point, State};

const STEPS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// Text with styles, each line at most `width` cells wide.
pub fn terminal(trend: &Trend, width: usize) -> String {
    let mut lines = vec![
        Line::default()
            .with(BOLD, text::cut(&trend.project, 40))
            .with(
                PLAIN,
                format!(
                    ": {}",
                    text::count(trend.points.len(), "revision", "revisions")
                ),
            ),
    ];
    if trend.is_shallow {
        let says = "the clone is shallow: the history goes on before it";
        lines.push(Line::default().with(HALF, says));
    }
    lines.push(Line::default());
    lines.push(Line::default().with(
        DIM,
        format!(
            "{:12}{:12}{:>7}{:>7}{:>7}{:>9}{:>6}{:>6}{:>6}{:>8}{:>8}  oldest",
            "", "", "routes", "tests", "http", "overall", "P0", "P1", "P2", "opened", "closed"
        ),
    ));
    lines.extend(trend.points.iter().map(line));
    let measured: Vec<&Measured> = trend.points.iter().filter_map(Point::measured).collect();
    lines.push(Line::default());
    if let Some(last) = measured.last() {
        for bar in last.bars.iter().filter(|bar| bar.state == "measured") {
            let values = measured.iter().map(|point| percent_of(point, &bar.id));
            lines.push(curve(&bar.label, &values.collect::<Vec<_>>()));
        }
        let overall = measured.iter().map(|point| point.totals.overall);
        lines.push(curve("Overall", &overall.collect::<Vec<_>>()));
    }
    lines.iter().map(|line| line.show(width)).collect()
}

pub(super) fn percent_of(measured: &Measured, bar: &str) -> Option<f64> {
    let bar = measured.bars.iter().find(|known| known.id == bar)?;
    bar.percent
}

fn line(point: &Point) -> Line {
    let head = Line::default()
        .with(PLAIN, format!("{:12}", text::cut(&point.label, 11)))
        .with(DIM, format!("{:12}", point.short()));
    let measured = match &point.state {
        State::Measured(measured) => measured,
        State::NotAnalyzed(why) => return head.with(DIM, format!("  not analyzed: {why}")),
    };
    let [p0, p1, p2] = measured.open;
    head.with(
        PLAIN,
        format!(
            "{:>7}{:>7}{:>7}",
            measured.routes,
            measured.tests,
            text::percent_or_dash(percent_of(measured, "http"))
        ),
    )
    .with(
        BOLD,
        format!("{:>9}", text::percent_or_dash(measured.totals.overall)),
    )
    .with(BAD, format!("{p0:>6}"))
    .with(HALF, format!("{p1:>6}"))
    .with(DIM, format!("{p2:>6}"))
    .with(
        if measured.opened > 0 { BAD } else { DIM },
        format!("{:>+8}", measured.opened),
    )
    .with(
        if measured.closed > 0 { GOOD } else { DIM },
        format!("{:>8}", format!("-{}", measured.closed)),
    )
    .with(DIM, format!("  {}", age(measured)))
}

pub(super) fn age(measured: &Measured) -> String {
    if measured.open == [0, 0, 0] {
        return String::new();
    }
    let sign = if measured.oldest_is_at_least {
        "≥ "
    } else {
        ""
    };
    let days = usize::try_from(measured.oldest_days).unwrap_or(0);
    format!("{sign}{}", text::count(days, "day", "days"))
}

fn curve(label: &str, values: &[Option<f64>]) -> Line {
    let cells: String = values
        .iter()
        .map(|value| match value {
            Some(percent) => {
                let step = (percent / 100.0 * 7.0).round().clamp(0.0, 7.0);
                STEPS[step as usize]
            }
            None => ' ',
        })
        .collect();
    let first = values.iter().flatten().next().copied();
    let last = values.last().copied().flatten();
    Line::default()
        .with(PLAIN, text::fit(label, 23))
        .with(GOOD, cells)
        .with(
            DIM,
            format!(
                "  {} → {}",
                text::percent_or_dash(first),
                text::percent_or_dash(last)
            ),
        )
}
