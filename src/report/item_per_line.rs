//! How the JSON report is laid out: one key of the report, and one item of its lists, per line.
//!
//! `{"routes": [{…}, {…}]}` is five lines, so two reports can be searched and compared line by line.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{CharEscape, Formatter, Serializer};

use super::text;

/// Writes a value so, with the end of a line after it.
pub(super) fn write(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    value.serialize(&mut Serializer::with_formatter(
        &mut *out,
        ItemPerLine::default(),
    ))?;
    out.write_all(b"\n")
}

#[derive(Default)]
struct ItemPerLine {
    depth: usize,
    list_has_items: bool,
}

impl ItemPerLine {
    fn open<W: Write + ?Sized>(&mut self, writer: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.depth += 1;
        if self.depth == 2 {
            self.list_has_items = false;
        }
        writer.write_all(bracket)
    }

    fn next<W: Write + ?Sized>(
        &self,
        writer: &mut W,
        first: bool,
        indent: &[u8],
    ) -> io::Result<()> {
        if !first {
            writer.write_all(if indent.is_empty() { b", " } else { b"," })?;
        }
        writer.write_all(indent)
    }
}

impl Formatter for ItemPerLine {
    fn begin_array<W: Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        self.open(writer, b"[")
    }

    fn end_array<W: Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        self.depth -= 1;
        let ends_list = self.depth == 1 && self.list_has_items;
        writer.write_all(if ends_list { b"\n  ]" } else { b"]" })
    }

    fn begin_array_value<W: Write + ?Sized>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.list_has_items |= self.depth == 2;
        let indent: &[u8] = if self.depth == 2 { b"\n    " } else { b"" };
        self.next(writer, first, indent)
    }

    fn begin_object<W: Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        self.open(writer, b"{")
    }

    fn end_object<W: Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        self.depth -= 1;
        writer.write_all(if self.depth == 0 { b"\n}" } else { b"}" })
    }

    fn begin_object_key<W: Write + ?Sized>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        let indent: &[u8] = if self.depth == 1 { b"\n  " } else { b"" };
        self.next(writer, first, indent)
    }

    fn begin_object_value<W: Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b": ")
    }

    /// What a terminal would obey is spelled as an escape, like `\u001b`: the same JSON string, harmless when it is printed.
    fn write_string_fragment<W: Write + ?Sized>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut rest = fragment;
        if fragment.bytes().all(|byte| byte < 0x7f) {
            return writer.write_all(fragment.as_bytes());
        }
        while let Some((at, active)) = rest.char_indices().find(|&(_, c)| text::is_active(c)) {
            writer.write_all(&rest.as_bytes()[..at])?;
            for unit in active.encode_utf16(&mut [0; 2]) {
                write!(writer, "\\u{unit:04x}")?;
            }
            rest = &rest[at + active.len_utf8()..];
        }
        writer.write_all(rest.as_bytes())
    }

    fn write_char_escape<W: Write + ?Sized>(
        &mut self,
        writer: &mut W,
        escape: CharEscape,
    ) -> io::Result<()> {
        let letter = match escape {
            CharEscape::Quote => b'"',
            CharEscape::ReverseSolidus => b'\\',
            CharEscape::Solidus => b'/',
            CharEscape::Backspace => b'b',
            CharEscape::FormFeed => b'f',
            CharEscape::LineFeed => b'n',
            CharEscape::CarriageReturn => b'r',
            CharEscape::Tab => b't',
            CharEscape::AsciiControl(byte) => return write!(writer, "\\u{byte:04x}"),
        };
        writer.write_all(&[b'\\', letter])
    }
}
