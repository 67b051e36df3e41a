//! One line of a terminal: styled pieces, cut to a width as a whole, with every text made inert.
//!
//! A line of the pieces `P0` (red) and a title of 5,000 characters is 80 cells wide on a terminal of 80.

use anstyle::{AnsiColor, Style};
use unicode_width::UnicodeWidthStr;

use super::text;
use crate::coverage::audit::{Priority, Verdict};

pub(crate) const PLAIN: Style = Style::new();
pub(crate) const BOLD: Style = Style::new().bold();
pub(crate) const DIM: Style = Style::new().dimmed();
pub(crate) const GOOD: Style = AnsiColor::Green.on_default();
pub(crate) const HALF: Style = AnsiColor::Yellow.on_default();
pub(crate) const ASIDE: Style = AnsiColor::Blue.on_default();
pub(crate) const BAD: Style = AnsiColor::Red.on_default();

#[derive(Default)]
pub(crate) struct Line {
    pieces: Vec<(Style, String)>,
}

impl Line {
    /// Appends text of any origin.
    pub(crate) fn with(mut self, style: Style, text: impl AsRef<str>) -> Line {
        self.pieces
            .push((style, text::inert(text.as_ref()).into_owned()));
        self
    }

    pub(crate) fn cells(&self) -> usize {
        self.pieces.iter().map(|(_, text)| text.width()).sum()
    }

    /// The line with its end, at most `width` cells of it; an ellipsis says that something is missing.
    pub(crate) fn show(&self, width: usize) -> String {
        let mut shown = String::new();
        let mut left = width;
        let is_too_long = self.cells() > width;
        if is_too_long {
            left = left.saturating_sub(1);
        }
        for (style, text) in &self.pieces {
            let piece = text::head(text, left);
            left -= piece.width();
            if !piece.is_empty() {
                shown += &format!("{style}{piece}{style:#}");
            }
            if piece.len() < text.len() {
                break;
            }
        }
        shown += if is_too_long { "…\n" } else { "\n" };
        shown
    }
}

pub(crate) fn of_priority(priority: Priority) -> Style {
    match priority {
        Priority::P0 => BAD.bold(),
        Priority::P1 => HALF.bold(),
        Priority::P2 => DIM,
    }
}

pub(crate) fn of_verdict(verdict: Verdict) -> Style {
    match verdict {
        Verdict::Behavior => GOOD,
        Verdict::Doubled | Verdict::Implementation => HALF,
        Verdict::Setup => ASIDE,
        Verdict::Unknown => PLAIN,
        Verdict::Untested => BAD,
    }
}
