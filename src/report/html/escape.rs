//! Escapes every value that the template prints: nothing of a project can end an element or an attribute, or change what a reader sees.
//!
//! A test that is named `test_<b>` shows as `test_<b>`, and a right-to-left override as `\u{202e}`.

use std::fmt::{self, Write};

use askama::filters::Escaper;

use crate::report::text;

/// A longer text is cut: nobody reads it here, and the JSON report has the whole.
const MOST_CELLS: usize = 600;

/// The template engine applies it to each `{{ value }}` (see `templates/askama.toml`), so none can be forgotten.
#[derive(Debug, Clone, Copy, Default)]
pub struct Inert;

impl Escaper for Inert {
    fn write_escaped_str<W: Write>(&self, mut out: W, string: &str) -> fmt::Result {
        out.write_str(&escaped(string, MOST_CELLS))
    }
}

/// Text that can stand in an element or an attribute, cut to a number of cells.
pub(in crate::report) fn escaped(text: &str, cells: usize) -> String {
    let mut safe = String::new();
    for character in text::cut(text, cells).chars() {
        match character {
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '&' => safe.push_str("&amp;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            harmless => safe.push(harmless),
        }
    }
    safe
}
