//! Charts of a curve as SVG: readable without a script, every point drawn, each a link to the figures of its revision.
//!
//! ```text
//! <a href="#4f1d0c92ab"><circle …><title>2026-03-16: HTTP Endpoints 55%</title></circle></a>
//! ```

use std::fmt::Write;

use super::html::escape::escaped;
use super::text;
use super::trends::percent_of;
use crate::history::Trend;
use crate::history::trend::{Measured, Point};

/// Room for labels: left, above, below.
const LEFT: f64 = 44.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 30.0;

/// A label is cut to so many cells.
const LABEL: usize = 80;

#[derive(Clone, Copy)]
struct Size {
    width: f64,
    height: f64,
    /// Room for labels on the right.
    right: f64,
}

const WIDE: Size = Size {
    width: 760.0,
    height: 240.0,
    right: 150.0,
};
/// Two of them stand side by side.
const SMALL: Size = Size {
    width: 520.0,
    height: 150.0,
    right: 122.0,
};

/// The name of a point within a page: a link to its figures.
pub fn anchor(point: &Point) -> String {
    format!("r{}", point.short())
}

/// The bars and the totals over time, in percent.
pub fn percents(trend: &Trend) -> String {
    let Some(last) = trend.points.iter().rev().find_map(Point::measured) else {
        return String::new();
    };
    let mut series: Vec<(String, Vec<Option<f64>>)> = vec![(
        "Overall".to_string(),
        values(trend, |measured| measured.totals.overall),
    )];
    for bar in last.bars.iter().filter(|bar| bar.state == "measured") {
        series.push((
            bar.label.clone(),
            values(trend, |measured| percent_of(measured, &bar.id)),
        ));
    }
    chart(
        trend,
        WIDE,
        "Bars over time, in percent",
        &series,
        100.0,
        "%",
    )
}

/// The totals over time, small.
pub fn totals(trend: &Trend) -> String {
    let series = [
        (
            "Implementation".to_string(),
            values(trend, |measured| measured.totals.implementation),
        ),
        (
            "Behavior".to_string(),
            values(trend, |measured| measured.totals.behavior),
        ),
        (
            "Overall".to_string(),
            values(trend, |measured| measured.totals.overall),
        ),
    ];
    chart(
        trend,
        SMALL,
        "Totals over time, in percent",
        &series,
        100.0,
        "%",
    )
}

/// The open gaps over time, small.
pub fn gaps_small(trend: &Trend) -> String {
    open_gaps(trend, SMALL)
}

/// The open gaps over time, by priority.
pub fn gaps(trend: &Trend) -> String {
    open_gaps(trend, WIDE)
}

fn open_gaps(trend: &Trend, size: Size) -> String {
    let series: Vec<(String, Vec<Option<f64>>)> = ["P0", "P1", "P2"]
        .iter()
        .enumerate()
        .map(|(at, name)| {
            let open = values(trend, |measured| Some(measured.open[at] as f64));
            ((*name).to_string(), open)
        })
        .collect();
    let all = series.iter().flat_map(|(_, values)| values).flatten();
    let most = all.copied().fold(1.0, f64::max);
    chart(
        trend,
        size,
        "Open gaps over time, by priority",
        &series,
        most,
        "",
    )
}

fn values(trend: &Trend, of: impl Fn(&Measured) -> Option<f64>) -> Vec<Option<f64>> {
    let points = trend.points.iter();
    points.map(|point| point.measured().and_then(&of)).collect()
}

fn chart(
    trend: &Trend,
    size: Size,
    title: &str,
    series: &[(String, Vec<Option<f64>>)],
    most: f64,
    unit: &str,
) -> String {
    let mut svg = format!(
        "<svg class=\"chart\" viewBox=\"0 0 {1} {2}\" role=\"img\" aria-label=\"{0}\" xmlns=\"http://www.w3.org/2000/svg\"><title>{0}</title>",
        escaped(title, LABEL),
        size.width,
        size.height
    );
    let places = Places::new(trend, size, most);
    let (end, bottom) = (size.width - size.right, size.height - BOTTOM);
    for quarter in 0..=4 {
        let value = most * f64::from(quarter) / 4.0;
        let y = places.y(value);
        let _ = write!(
            svg,
            "<line class=\"grid\" x1=\"{LEFT}\" x2=\"{}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/><text class=\"axis\" x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{value:.0}{unit}</text>",
            end,
            LEFT - 6.0,
            y + 4.0
        );
    }
    for (at, point) in [trend.points.first(), trend.points.last()]
        .into_iter()
        .flatten()
        .enumerate()
    {
        let anchor = if at == 0 { "start" } else { "end" };
        let x = if at == 0 { LEFT } else { end };
        let _ = write!(
            svg,
            "<text class=\"axis\" x=\"{x}\" y=\"{}\" text-anchor=\"{anchor}\">{}</text>",
            size.height - 8.0,
            escaped(&point.label, LABEL)
        );
    }
    let mut labels: Vec<(f64, usize)> = Vec::new();
    for (number, (name, values)) in series.iter().enumerate() {
        svg += &one_line(trend, &places, number, name, values, unit);
        if let Some(value) = values.iter().rev().flatten().next() {
            labels.push((places.y(*value), number));
        }
    }
    for (y, number) in apart(labels, bottom) {
        let _ = write!(
            svg,
            "<text class=\"label s{}\" x=\"{}\" y=\"{:.1}\">{}</text>",
            number % 12,
            end + 8.0,
            y + 4.0,
            escaped(&series[number].0, LABEL)
        );
    }
    svg += "</svg>";
    svg
}

/// A line with its points; where nothing was measured it is broken.
fn one_line(
    trend: &Trend,
    places: &Places,
    number: usize,
    name: &str,
    values: &[Option<f64>],
    unit: &str,
) -> String {
    let mut path = String::new();
    let mut circles = String::new();
    let mut is_down = false;
    for (at, value) in values.iter().enumerate() {
        let Some(value) = value else {
            is_down = false;
            continue;
        };
        let (x, y) = (places.x(at), places.y(*value));
        let _ = write!(path, "{}{x:.1} {y:.1}", if is_down { "L" } else { "M" });
        is_down = true;
        let point = &trend.points[at];
        let said = if unit == "%" {
            text::percent(*value)
        } else {
            format!("{value:.0}")
        };
        let _ = write!(
            circles,
            "<a href=\"#{}\"><circle class=\"s{}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\"><title>{}</title></circle></a>",
            escaped(&anchor(point), LABEL),
            number % 12,
            escaped(&format!("{}: {name} {said}", point.label), LABEL)
        );
    }
    format!("<path class=\"s{}\" d=\"{path}\"/>{circles}", number % 12)
}

/// Where things stand: time goes to the right as it went, values upward.
struct Places {
    times: Vec<i64>,
    size: Size,
    most: f64,
}

impl Places {
    fn new(trend: &Trend, size: Size, most: f64) -> Places {
        Places {
            size,
            times: trend.points.iter().map(|point| point.time).collect(),
            most,
        }
    }

    fn x(&self, at: usize) -> f64 {
        let first = self.times.iter().min().copied().unwrap_or(0);
        let last = self.times.iter().max().copied().unwrap_or(0);
        let width = self.size.width - LEFT - self.size.right;
        if last == first {
            return LEFT + width / 2.0;
        }
        LEFT + width * (self.times[at] - first) as f64 / (last - first) as f64
    }

    fn y(&self, value: f64) -> f64 {
        let height = self.size.height - TOP - BOTTOM;
        TOP + height * (1.0 - value / self.most)
    }
}

/// Labels that stand at least a line apart, as near to their lines as can be.
fn apart(mut labels: Vec<(f64, usize)>, bottom: f64) -> Vec<(f64, usize)> {
    const LINE: f64 = 14.0;
    labels.sort_by(|one, two| one.0.total_cmp(&two.0).then(one.1.cmp(&two.1)));
    for at in 1..labels.len() {
        labels[at].0 = labels[at].0.max(labels[at - 1].0 + LINE);
    }
    let over = labels.last().map_or(0.0, |last| last.0 - bottom);
    if over > 0.0 {
        for label in &mut labels {
            label.0 -= over;
        }
    }
    labels
}

#[cfg(test)]
mod tests {
    use super::{gaps, percents};
    use crate::history::Trend;
    use crate::history::trend::{Measured, Point, State};

    fn trend(points: usize) -> Trend {
        let point = |at: usize| Point {
            revision: format!("{at:040}"),
            label: "<b>".into(),
            time: at as i64 * 1000,
            state: if at == 1 {
                State::NotAnalyzed("nothing".into())
            } else {
                State::Measured(Box::new(Measured {
                    open: [at, 2, 3],
                    ..Measured::default()
                }))
            },
            ..Point::default()
        };
        Trend {
            points: (0..points).map(point).collect(),
            ..Trend::default()
        }
    }

    #[test]
    fn every_run_is_plotted() {
        assert_eq!(gaps(&trend(5)).matches("<circle").count(), 3 * 4);
        assert_eq!(gaps(&trend(5)).matches("<a href=\"#r").count(), 3 * 4);
        assert!(!gaps(&trend(5)).contains("<b>"));
        assert_eq!(percents(&trend(0)), "");
        for count in 0..3 {
            assert!(!gaps(&trend(count)).contains("NaN"));
        }
    }
}
