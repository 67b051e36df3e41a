//! A badge for a README: the total of production behavior, as an SVG picture that needs no font of its own.
//!
//! `behavior | 62%`, green from 80, yellow from 50, red below; gray when nothing is measured.

use std::io::{self, Write};

use askama::Template;

use crate::coverage::Audit;

#[derive(Template)]
#[template(path = "badge.svg", config = "templates/askama.toml")]
struct Badge {
    says: String,
    /// Of the right half.
    color: &'static str,
    /// Pixels.
    right: usize,
    width: usize,
    middle: usize,
}

/// Of the left half, which always says the same.
const LEFT: usize = 110;
/// A digit of Verdana at 11 pixels, with room around.
const DIGIT: usize = 8;

pub(in crate::report) fn render(audit: &Audit, out: &mut dyn Write) -> io::Result<()> {
    let (says, color) = match audit.totals.behavior {
        Some(percent) => (format!("{percent:.0}%"), color(percent)),
        None => ("unknown".to_owned(), "#6b7280"),
    };
    let right = says.chars().count() * DIGIT + 12;
    let badge = Badge {
        color,
        right,
        width: LEFT + right,
        middle: LEFT + right / 2,
        says,
    };
    let picture = badge.render().map_err(io::Error::other)?;
    out.write_all(picture.as_bytes())?;
    out.write_all(b"\n")
}

/// Dark enough for white text (WCAG 2.2, 4.5:1).
fn color(percent: f64) -> &'static str {
    match percent {
        80.0.. => "#15803d",
        50.0.. => "#a16207",
        _ => "#b91c1c",
    }
}
