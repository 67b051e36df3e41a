//! What the literals of a script say.
//!
//! `'it\'s'` is `it's`; Python would write `"it's"`.

use std::fmt::Write;

/// The text of a string or of a piece of a template: escapes are what they stand for.
pub fn unescape(raw: &str) -> String {
    if !raw.contains('\\') {
        return raw.to_string();
    }
    let mut text = String::with_capacity(raw.len());
    let mut chars = raw.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '\\' {
            text.push(c);
            continue;
        }
        match chars.next() {
            Some('n') => text.push('\n'),
            Some('t') => text.push('\t'),
            Some('r') => text.push('\r'),
            Some('\n') | None => {}
            Some('u') => {
                let mut digits = String::new();
                if chars.peek() == Some(&'{') {
                    chars.next();
                    digits.extend(chars.by_ref().take_while(|c| *c != '}'));
                } else {
                    digits.extend(chars.by_ref().take(4));
                }
                push_number(&mut text, &digits);
            }
            Some('x') => {
                let digits: String = chars.by_ref().take(2).collect();
                push_number(&mut text, &digits);
            }
            Some(other) => text.push(other),
        }
    }
    text
}

fn push_number(text: &mut String, digits: &str) {
    match u32::from_str_radix(digits, 16)
        .ok()
        .and_then(char::from_u32)
    {
        Some(c) => text.push(c),
        None => {
            let _ = write!(text, "\\u{digits}");
        }
    }
}

/// What stands between the quotes.
pub fn unquote(raw: &str) -> String {
    let inner = raw.get(1..raw.len().saturating_sub(1)).unwrap_or_default();
    unescape(inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals() {
        for (raw, expected) in [
            ("'/items'", "/items"),
            ("\"a\\\"b\"", "a\"b"),
            ("'\\u002fx\\x2f'", "/x/"),
            ("'\\u{2f}'", "/"),
            ("'", ""),
            ("''", ""),
        ] {
            assert_eq!(unquote(raw), expected, "{raw}");
        }
    }
}
