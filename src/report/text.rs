//! Makes text that comes from a project harmless to look at: no control, escape or direction characters survive.
//!
//! A handler that is named `"\x1b[2Jgone"` in some string shows as `\u{1b}[2Jgone` and clears no screen.

use std::borrow::Cow;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The text on one line, with every character spelled out that a terminal or a browser would obey or hide.
pub fn inert(text: &str) -> Cow<'_, str> {
    if !text.contains(is_active) {
        return Cow::Borrowed(text);
    }
    let mut spelled = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            '\n' => spelled.push_str("\\n"),
            '\t' => spelled.push_str("\\t"),
            '\r' => spelled.push_str("\\r"),
            active if is_active(active) => {
                spelled.extend(active.escape_unicode());
            }
            harmless => spelled.push(harmless),
        }
    }
    Cow::Owned(spelled)
}

/// Control characters, and those that Unicode lists as changing direction, joining, or showing nothing
/// (UTS 39 and UAX 9: what a reader cannot see must not change what is seen).
pub(crate) fn is_active(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Inert, and cut with an ellipsis to a number of terminal cells.
pub(crate) fn cut(text: &str, cells: usize) -> String {
    let text = inert(text);
    if text.width() <= cells {
        return text.into_owned();
    }
    format!("{}…", head(&text, cells.saturating_sub(1)))
}

/// Inert, and without its beginning, where that is wider than a number of terminal cells.
pub(crate) fn tail(text: &str, cells: usize) -> String {
    let text = inert(text);
    if text.width() <= cells {
        return text.into_owned();
    }
    let mut used = 1;
    let mut from = text.len();
    for (at, character) in text.char_indices().rev() {
        used += character.width().unwrap_or(0);
        if used > cells {
            break;
        }
        from = at;
    }
    format!("…{}", &text[from..])
}

/// As much of the beginning as fits into a number of terminal cells.
pub(crate) fn head(text: &str, cells: usize) -> &str {
    let mut used = 0;
    for (at, character) in text.char_indices() {
        used += character.width().unwrap_or(0);
        if used > cells {
            return &text[..at];
        }
    }
    text
}

/// As [`cut`], and filled with spaces to exactly that number of cells.
pub(crate) fn fit(text: &str, cells: usize) -> String {
    let mut text = cut(text, cells);
    let missing = cells.saturating_sub(text.width());
    text.extend(std::iter::repeat_n(' ', missing));
    text
}

/// `1 test`, `2 tests`.
pub(crate) fn count(number: usize, one: &str, many: &str) -> String {
    let noun = if number == 1 { one } else { many };
    format!("{} {noun}", grouped(number))
}

/// `12,345`.
pub(crate) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A percentage for a reader: `36%`; never 0% or 100% for what is only near it.
pub(crate) fn percent(value: f64) -> String {
    let rounded = value.round();
    if (rounded == 0.0 && value > 0.0) || (rounded == 100.0 && value < 100.0) {
        return format!("{value:.1}%");
    }
    format!("{rounded:.0}%")
}

/// As [`percent`], or a dash where there is no number.
pub(crate) fn percent_or_dash(value: Option<f64>) -> String {
    value.map_or("–".to_owned(), percent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_a_project_is_made_inert() {
        let case = |input: &str, expected: &str| assert_eq!(inert(input), expected, "{input:?}");
        case("plain é 漢字 שלום", "plain é 漢字 שלום");
        case("two\nlines\tand\r", "two\\nlines\\tand\\r");
        case("\u{1b}[31mred", "\\u{1b}[31mred");
        case("\u{9b}31m", "\\u{9b}31m");
        case("a\u{202e}b\u{2066}c", "a\\u{202e}b\\u{2066}c");
        case("zero\u{200b}width\u{feff}", "zero\\u{200b}width\\u{feff}");
        case("\u{e0041}", "\\u{e0041}");
    }

    #[test]
    fn text_is_cut_by_cells() {
        let case = |input: &str, cells, expected: &str| assert_eq!(fit(input, cells), expected);
        case("abc", 5, "abc  ");
        case("abcdef", 4, "abc…");
        case("漢字漢字", 6, "漢字… ");
        case("", 2, "  ");
    }

    #[test]
    fn text_keeps_its_end() {
        let case = |input: &str, cells, expected: &str| assert_eq!(tail(input, cells), expected);
        case("abc", 3, "abc");
        case("app/items.py:12", 9, "…ms.py:12");
        case("漢字漢字", 6, "…漢字");
        case("abc", 0, "…");
    }

    #[test]
    fn percentages_do_not_round_into_all_or_nothing() {
        let case = |value, expected: &str| assert_eq!(percent(value), expected);
        case(0.0, "0%");
        case(0.2, "0.2%");
        case(35.7, "36%");
        case(99.7, "99.7%");
        case(100.0, "100%");
    }

    #[test]
    fn numbers_are_grouped() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1234567), "1,234,567");
    }
}
