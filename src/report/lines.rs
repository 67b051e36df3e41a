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

#[derive(Debug, Clone, Default)]
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

    /// As many lines as it takes, broken at spaces; what goes on is as far in as what it goes on from, and a bit. Where there are more
    /// than `most`, the last has the rest, and is cut when it is shown. A word that is wider than a line stays whole.
    pub(crate) fn wrapped(&self, width: usize, most: usize) -> Vec<Line> {
        let whole: String = self.pieces.iter().map(|(_, text)| text.as_str()).collect();
        let margin = match whole.len() - whole.trim_start().len() {
            0 => 0,
            margin => (margin + 2).min(width / 3),
        };
        let mut lines = vec![Line::default()];
        let mut used = 0;
        for (style, text) in &self.pieces {
            for word in text.split_inclusive(' ') {
                let is_full = used + word.trim_end().width() > width && used > margin;
                if is_full && !word.trim_end().is_empty() && lines.len() < most {
                    if let Some(full) = lines.last_mut() {
                        full.trim_end();
                    }
                    lines.push(Line::default().with(PLAIN, " ".repeat(margin)));
                    used = margin;
                }
                used += word.width();
                if let Some(last) = lines.last_mut() {
                    last.append(*style, word);
                }
            }
        }
        lines
    }

    fn trim_end(&mut self) {
        if let Some((_, text)) = self.pieces.last_mut() {
            text.truncate(text.trim_end().len());
        }
    }

    /// To the last piece, if that has the same style.
    fn append(&mut self, style: Style, text: &str) {
        match self.pieces.last_mut() {
            Some((last, known)) if *last == style => known.push_str(text),
            _ => self.pieces.push((style, text.to_owned())),
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_broken_at_spaces() {
        let case = |text: &str, width, most, expected: &[&str]| {
            let lines = Line::default().with(PLAIN, text).wrapped(width, most);
            let shown: Vec<String> = lines.iter().map(|line| line.show(width)).collect();
            let shown: Vec<&str> = shown.iter().map(|line| line.trim_end()).collect();
            assert_eq!(shown, expected, "{text:?} in {width}");
        };
        case("", 10, 2, &[""]);
        case("one two", 10, 2, &["one two"]);
        case("one two three", 8, 9, &["one two", "three"]);
        case("one two three four", 8, 2, &["one two", "three f…"]);
        case("  one two three", 9, 9, &["  one two", "   three"]);
        case("wider-than-a-line x", 8, 9, &["wider-t…", "x"]);
    }
}
