//! Bytes → text, as Python's own tokenizer decodes them.
//!
//! ```python
//! # -*- coding: latin-1 -*-
//! CITY = "Zürich"          # one byte for the ü: PEP 263 says which encoding
//! ```
//! A byte order mark is dropped, line ends stay. What Python would refuse to import for its encoding is [`Unreadable`].

use std::fmt;
use std::path::Path;

use encoding_rs::Encoding;

use super::origin::{self, Origin};

/// Python files larger than this are data that happens to be named `.py`.
const LARGEST_PYTHON: u64 = 3 * 1024 * 1024;
/// Lock files and schemas may be larger.
pub(super) const LARGEST: u64 = 20 * 1024 * 1024;

/// Why a file has no text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unreadable {
    /// It is gone, or never was.
    Missing,
    /// A folder, a pipe, a socket, a device.
    NotAFile,
    /// Larger than what is read of its kind; its size in bytes.
    TooLarge(u64),
    /// Not valid in the encoding it declares (UTF-8 if none); the first bad line, from 1.
    Undecodable { encoding: String, line: usize },
    /// It declares an encoding that Python does not know.
    UnknownEncoding(String),
    /// Python refuses source code with a null byte.
    NullByte,
    /// The system said no; its words.
    Refused(String),
}

impl fmt::Display for Unreadable {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => write!(out, "no such file"),
            Self::NotAFile => write!(out, "not a regular file"),
            Self::TooLarge(bytes) => write!(out, "too large ({} MB)", bytes / 1024 / 1024),
            Self::Undecodable { encoding, line } => write!(out, "line {line} is not {encoding}"),
            Self::UnknownEncoding(name) => write!(out, "declares an unknown encoding, `{name}`"),
            Self::NullByte => write!(out, "contains a null byte"),
            Self::Refused(says) => write!(out, "{says}"),
        }
    }
}

/// The text of a Python file.
pub fn read_python(origin: &Origin, path: &str) -> Result<String, Unreadable> {
    let text = decode(origin.bytes(path, LARGEST_PYTHON)?)?;
    if text.contains('\0') {
        return Err(Unreadable::NullByte);
    }
    Ok(text)
}

/// The text of any other file: UTF-8, or whatever can be made of it.
pub fn read_lossy(origin: &Origin, path: &str) -> Result<String, Unreadable> {
    Ok(lossy(origin.bytes(path, LARGEST)?))
}

/// The text of a file that is not the project's, at a path of the system.
pub fn read_foreign(path: &Path) -> Result<String, Unreadable> {
    Ok(lossy(origin::read_disk(path, LARGEST)?))
}

fn lossy(bytes: Vec<u8>) -> String {
    let bytes = bytes
        .strip_prefix(UTF8_MARK)
        .map(<[u8]>::to_vec)
        .unwrap_or(bytes);
    String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

const UTF8_MARK: &[u8] = b"\xef\xbb\xbf";

fn decode(bytes: Vec<u8>) -> Result<String, Unreadable> {
    let (bytes, has_mark) = match bytes.strip_prefix(UTF8_MARK) {
        Some(rest) => (rest.to_vec(), true),
        None => (bytes, false),
    };
    let declared = cookie(&bytes);
    match declared.as_deref().map(encoding) {
        None | Some(Known::Utf8) => String::from_utf8(bytes).map_err(|error| {
            let valid = error.utf8_error().valid_up_to();
            undecodable("UTF-8", error.as_bytes(), valid)
        }),
        // A mark says UTF-8, and Python does not let the cookie contradict it.
        Some(_) if has_mark => Err(Unreadable::UnknownEncoding(declared.unwrap_or_default())),
        Some(Known::Ascii) => match bytes.iter().position(|byte| !byte.is_ascii()) {
            Some(valid) => Err(undecodable("ASCII", &bytes, valid)),
            None => String::from_utf8(bytes).map_err(|_| undecodable("ASCII", &[], 0)),
        },
        Some(Known::Latin1) => Ok(encoding_rs::mem::decode_latin1(&bytes).into_owned()),
        Some(Known::Other(encoding)) => {
            match encoding.decode_without_bom_handling_and_without_replacement(&bytes) {
                Some(text) => Ok(text.into_owned()),
                None => Err(undecodable(encoding.name(), &bytes, 0)),
            }
        }
        Some(Known::Nothing) => Err(Unreadable::UnknownEncoding(declared.unwrap_or_default())),
    }
}

fn undecodable(encoding: &str, bytes: &[u8], valid: usize) -> Unreadable {
    let line = bytes
        .iter()
        .take(valid)
        .filter(|byte| **byte == b'\n')
        .count()
        + 1;
    Unreadable::Undecodable {
        encoding: encoding.to_string(),
        line,
    }
}

/// The encoding that one of the first two lines declares (PEP 263); the second counts only below a blank line or a comment.
fn cookie(bytes: &[u8]) -> Option<String> {
    let mut lines = bytes.splitn(3, |byte| *byte == b'\n');
    for _ in 0..2 {
        let line = lines.next()?.trim_ascii();
        let Some(comment) = line.strip_prefix(b"#") else {
            if line.is_empty() {
                continue;
            }
            return None;
        };
        let comment = String::from_utf8_lossy(comment);
        if let Some(name) = cookie_in(&comment) {
            return Some(name);
        }
    }
    None
}

/// `coding[:=]\s*([-\w.]+)`, anywhere in the comment.
fn cookie_in(comment: &str) -> Option<String> {
    comment.match_indices("coding").find_map(|(at, word)| {
        let rest = comment.get(at + word.len()..)?;
        let rest = rest.strip_prefix([':', '='])?.trim_start();
        let is_part = |char: char| char.is_alphanumeric() || matches!(char, '-' | '_' | '.');
        let end = rest.find(|char| !is_part(char)).unwrap_or(rest.len());
        rest.get(..end)
            .filter(|name| !name.is_empty())
            .map(str::to_string)
    })
}

enum Known {
    Utf8,
    Ascii,
    Latin1,
    Other(&'static Encoding),
    Nothing,
}

/// Python's names for encodings (`Lib/encodings/aliases.py`), brought to the ones that the WHATWG standard knows.
fn encoding(name: &str) -> Known {
    let name = name.to_ascii_lowercase().replace('_', "-");
    match name.as_str() {
        "utf-8" | "utf8" | "utf-8-sig" | "u8" | "utf" | "utf8-ucs2" | "utf8-ucs4" => Known::Utf8,
        "ascii" | "us-ascii" | "646" => Known::Ascii,
        "latin-1" | "latin1" | "latin" | "iso-8859-1" | "iso8859-1" | "8859" | "l1"
        | "iso-latin-1" => Known::Latin1,
        _ if name.starts_with("utf-16") || name.starts_with("utf-32") => Known::Nothing,
        _ => {
            let label = if let Some(number) = name.strip_prefix("cp125") {
                format!("windows-125{number}")
            } else if let Some(number) = name.strip_prefix("iso8859-") {
                format!("iso-8859-{number}")
            } else if let Some(number) = name.strip_prefix("latin-") {
                format!("latin{number}")
            } else {
                match name.as_str() {
                    "cp932" | "ms932" => "shift_jis".to_string(),
                    "cp949" => "euc-kr".to_string(),
                    "cp950" => "big5".to_string(),
                    "cp936" => "gbk".to_string(),
                    "cp866" => "ibm866".to_string(),
                    "shift-jis" | "sjis" => "shift_jis".to_string(),
                    _ => name,
                }
            };
            Encoding::for_label(label.as_bytes()).map_or(Known::Nothing, Known::Other)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Unreadable, cookie, decode};

    #[test]
    fn decodes_as_python_does() {
        let ok = |text: &str| Ok(text.to_string());
        let cases: [(&[u8], Result<String, Unreadable>); 14] = [
            (b"x = 1\r\n", ok("x = 1\r\n")),
            (b"\xef\xbb\xbfx = 1\n", ok("x = 1\n")),
            ("x = 'ü'\n".as_bytes(), ok("x = 'ü'\n")),
            (
                b"# coding: latin-1\nx = '\xfc'\n",
                ok("# coding: latin-1\nx = 'ü'\n"),
            ),
            (
                b"#!/usr/bin/python\n# -*- coding: iso-8859-15 -*-\n'\xa4'",
                ok("#!/usr/bin/python\n# -*- coding: iso-8859-15 -*-\n'€'"),
            ),
            (
                b"# vim: set fileencoding=cp1252 :\n'\x80'",
                ok("# vim: set fileencoding=cp1252 :\n'€'"),
            ),
            (
                b"x = 1\n\n'\xfc'\n",
                Err(Unreadable::Undecodable {
                    encoding: "UTF-8".into(),
                    line: 3,
                }),
            ),
            (
                b"x = 1\n# coding: latin-1\n'\xfc'\n",
                Err(Unreadable::Undecodable {
                    encoding: "UTF-8".into(),
                    line: 3,
                }),
            ),
            (
                b"# coding: klingon\n",
                Err(Unreadable::UnknownEncoding("klingon".into())),
            ),
            (
                b"\xef\xbb\xbf# coding: latin-1\n",
                Err(Unreadable::UnknownEncoding("latin-1".into())),
            ),
            (b"\xef\xbb\xbf# coding: utf-8\n", ok("# coding: utf-8\n")),
            (
                b"# coding: ascii\n\n'\xfc'",
                Err(Unreadable::Undecodable {
                    encoding: "ASCII".into(),
                    line: 3,
                }),
            ),
            (
                b"# coding: shift_jis\n'\x82\xa0'",
                ok("# coding: shift_jis\n'あ'"),
            ),
            (b"", ok("")),
        ];
        for (bytes, expected) in cases {
            assert_eq!(decode(bytes.to_vec()), expected, "{bytes:?}");
        }
    }

    #[test]
    fn finds_the_cookie() {
        let cases: [(&[u8], Option<&str>); 6] = [
            (b"# coding=utf-8", Some("utf-8")),
            (b"\n# coding: utf8\n", Some("utf8")),
            (b"\n\n# coding: utf8\n", None),
            (b"import x # coding: utf8\n", None),
            (b"# encoding is nothing\n# coding : x\n", None),
            (b"   # -*- coding:   koi8-r -*-\n", Some("koi8-r")),
        ];
        for (bytes, expected) in cases {
            assert_eq!(cookie(bytes).as_deref(), expected, "{bytes:?}");
        }
    }
}
