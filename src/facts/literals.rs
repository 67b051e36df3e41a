//! What the text of a literal says: `'\x41\n'` is an `A` and a line break, `0x_ff` is 255, `1.5` is some number.
//!
//! Not handled: `'\N{BULLET}'` stays as it is spelled. A lone surrogate (`'\ud800'`) becomes U+FFFD.

use super::program::Expr;

/// How a string literal begins: its prefix letters and its quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Opening {
    pub is_raw: bool,
    pub is_bytes: bool,
    /// An f-string or a template string.
    pub is_format: bool,
    /// The bytes of prefix and opening quotes.
    pub len: usize,
    /// The bytes of the closing quotes.
    pub quotes: usize,
}

/// The prefix and the quotes of a literal such as `rb"…"`.
pub(super) fn opening(literal: &str) -> Opening {
    let bytes = literal.as_bytes();
    let mut opening = Opening {
        is_raw: false,
        is_bytes: false,
        is_format: false,
        len: 0,
        quotes: 0,
    };
    let mut at = 0;
    while let Some(letter) = bytes.get(at) {
        match letter {
            b'r' | b'R' => opening.is_raw = true,
            b'b' | b'B' => opening.is_bytes = true,
            b'f' | b'F' | b't' | b'T' => opening.is_format = true,
            b'u' | b'U' => {}
            _ => break,
        }
        at += 1;
    }
    if let Some(quote) = bytes.get(at) {
        let is_triple = bytes.len() >= at + 6 && bytes[at + 1] == *quote && bytes[at + 2] == *quote;
        opening.quotes = if is_triple { 3 } else { 1 };
    }
    opening.len = at + opening.quotes;
    opening
}

/// Appends what the text between the quotes says.
pub(super) fn decode(content: &str, opening: Opening, into: &mut String) {
    if opening.is_raw || !content.as_bytes().contains(&b'\\') {
        into.push_str(content);
        return;
    }
    let mut rest = content;
    while let Some(at) = rest.find('\\') {
        into.push_str(&rest[..at]);
        let escape = &rest[at + 1..];
        let taken = decode_escape(escape, opening, into);
        rest = &escape[taken..];
    }
    into.push_str(rest);
}

/// Appends what the text after a backslash says, and returns how many bytes of it that was.
fn decode_escape(escape: &str, opening: Opening, into: &mut String) -> usize {
    let Some(letter) = escape.bytes().next() else {
        into.push('\\');
        return 0;
    };
    let plain = match letter {
        b'\n' => return 1,
        b'\\' => '\\',
        b'\'' => '\'',
        b'"' => '"',
        b'a' => '\x07',
        b'b' => '\x08',
        b'f' => '\x0c',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'v' => '\x0b',
        b'0'..=b'7' => return decode_octal(escape, opening, into),
        b'x' => return decode_hex(escape, 2, into),
        b'u' if !opening.is_bytes => return decode_hex(escape, 4, into),
        b'U' if !opening.is_bytes => return decode_hex(escape, 8, into),
        _ => {
            into.push('\\');
            return 0;
        }
    };
    into.push(plain);
    1
}

fn decode_hex(escape: &str, digits: usize, into: &mut String) -> usize {
    let code = escape
        .get(1..1 + digits)
        .and_then(|text| u32::from_str_radix(text, 16).ok());
    match code {
        Some(code) => {
            into.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            1 + digits
        }
        None => {
            into.push('\\');
            0
        }
    }
}

fn decode_octal(escape: &str, opening: Opening, into: &mut String) -> usize {
    let len = escape
        .bytes()
        .take(3)
        .take_while(|digit| (b'0'..=b'7').contains(digit))
        .count();
    let code = escape
        .bytes()
        .take(len)
        .fold(0, |code, digit| code * 8 + u32::from(digit - b'0'));
    let code = if opening.is_bytes { code & 0xff } else { code };
    into.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
    len
}

/// A float literal; an imaginary one is some [`Expr::Number`].
pub(super) fn float(literal: &str) -> Expr {
    let value = if literal.contains('_') {
        literal.replace('_', "").parse::<f64>()
    } else {
        literal.parse()
    };
    value.map_or(Expr::Number, |value| Expr::Float(value.to_bits()))
}

/// An integer literal; one that does not fit, or is complex, is some [`Expr::Number`].
pub(super) fn integer(literal: &str) -> Expr {
    let bytes = literal.as_bytes();
    let (digits, radix) = match bytes {
        [b'0', b'x' | b'X', ..] => (&literal[2..], 16),
        [b'0', b'o' | b'O', ..] => (&literal[2..], 8),
        [b'0', b'b' | b'B', ..] => (&literal[2..], 2),
        _ => (literal, 10),
    };
    let value = if digits.contains('_') {
        i64::from_str_radix(&digits.replace('_', ""), radix)
    } else {
        i64::from_str_radix(digits, radix)
    };
    value.map_or(Expr::Number, Expr::Int)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(literal: &str, expected: &str) {
        let opening = opening(literal);
        let mut decoded = String::new();
        decode(
            &literal[opening.len..literal.len() - opening.quotes],
            opening,
            &mut decoded,
        );
        assert_eq!(decoded, expected, "{literal}");
    }

    #[test]
    fn strings() {
        case(r#""""#, "");
        case(r#"'''a'b'''"#, "a'b");
        case(r#"'a\n\t\\\'\"\a\b\f\v\r'"#, "a\n\t\\'\"\x07\x08\x0c\x0b\r");
        case(r"'\x41\u00e9\U0001F600'", "A\u{e9}\u{1F600}");
        case(r"'\101\0\08\777'", "A\0\08\u{1ff}");
        case(r"b'\777\u00e9\xff'", "\u{ff}\\u00e9\u{ff}");
        case(r"r'\d\''", r"\d\'");
        case(r"Rb'\x41'", r"\x41");
        case(r"'\d\N{BULLET}\x4'", r"\d\N{BULLET}\x4");
        case("'a\\\nb'", "ab");
        case(r"u'\ud800'", "\u{fffd}");
    }

    #[test]
    fn numbers() {
        let case = |literal, expected| assert_eq!(integer(literal), expected, "{literal}");
        case("0", Expr::Int(0));
        case("00", Expr::Int(0));
        case("1_000", Expr::Int(1000));
        case("0xFF", Expr::Int(255));
        case("0b1_0", Expr::Int(2));
        case("0O17", Expr::Int(15));
        case("9223372036854775808", Expr::Number);
        case("10L", Expr::Number);
        case("3j", Expr::Number);
    }
}
