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
        text::cut(string, MOST_CELLS)
            .chars()
            .try_for_each(|character| match character {
                '<' => out.write_str("&lt;"),
                '>' => out.write_str("&gt;"),
                '&' => out.write_str("&amp;"),
                '"' => out.write_str("&quot;"),
                '\'' => out.write_str("&#39;"),
                harmless => out.write_char(harmless),
            })
    }
}
