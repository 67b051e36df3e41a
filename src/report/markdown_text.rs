//! Texts of a project in Markdown: nothing of them is markup, mentions a person, or is followed.
//!
//! A test that is named `test_@octocat` mentions nobody, and a path like `/a|b` ends no cell of a table.

use super::text;

/// Text that is only text in Markdown as GitHub and GitLab read it: no markup of its own, no mention, no link, no number of an
/// issue. They look for those in what the escapes stand for, so only a character in between keeps them from finding one.
pub(super) fn escaped(text: &str) -> String {
    const NOTHING: char = '\u{200b}';
    let mut safe = String::new();
    let text = text::inert(text);
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '&' => safe.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '|' | '~' | '!' | '$' => {
                safe.push('\\');
                safe.push(character);
            }
            // GH-1 is an issue, too.
            '@' | '#' | ':' | '.' | '-' => {
                safe.push(character);
                let is_end = characters.peek().is_none_or(|next| next.is_whitespace());
                safe.extend((!is_end).then_some(NOTHING));
            }
            other => safe.push(other),
        }
    }
    safe
}

/// Text as code, with as many marks around it as it needs. Not for a table, whose cells end at a `|` even in code.
pub(super) fn code(text: &str) -> String {
    let text = text::inert(text);
    if text.is_empty() {
        return String::new();
    }
    let longest = text
        .split(|character| character != '`')
        .map(str::len)
        .max()
        .unwrap_or(0);
    let marks = "`".repeat(longest + 1);
    // One space on each side belongs to the marks.
    let is_padded = text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']);
    let space = if is_padded { " " } else { "" };
    format!("{marks}{space}{text}{space}{marks}")
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::report) const HOSTILE: &str = "@octocat #1 GH-1 o/n#1 www.x.example https://x.example a@x.example <b>&#64;[l](u)![i](u) | `c` ``d`` *e* $f$";

    /// What a reader of Markdown takes for text: without spans of code, and with its escapes resolved.
    pub(in crate::report) fn read(markdown: &str) -> String {
        let mut text = String::new();
        let mut rest = markdown;
        while let Some(at) = rest.find('`') {
            let is_escaped = rest[..at].ends_with('\\');
            text += &rest[..at];
            let marks: String = rest[at..].chars().take_while(|mark| *mark == '`').collect();
            rest = &rest[at + marks.len()..];
            if is_escaped {
                continue;
            }
            let is_end = |end: usize| {
                !rest[..end].ends_with('`') && !rest[end + marks.len()..].starts_with('`')
            };
            let mut ends = rest.match_indices(&marks).map(|(end, _)| end);
            let end = ends.find(|&end| is_end(end)).expect("the end of a span");
            rest = &rest[end + marks.len()..];
        }
        text += rest;
        text.replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&amp;", "&")
    }

    #[test]
    fn escaped_text_has_no_markup() {
        let text = escaped(HOSTILE);
        assert!(!text.contains(['<', '>']), "{text}");
        for (at, mark) in text.match_indices(['`', '*', '[', ']', '!', '|', '$']) {
            assert!(text[..at].ends_with('\\'), "{mark} at {at} in {text}");
        }
    }

    #[test]
    fn code_holds_any_text() {
        let case = |text: &str, expected: &str| assert_eq!(code(text), expected);
        case("", "");
        case("GET /a|b", "`GET /a|b`");
        case("a`b", "``a`b``");
        case("`a", "`` `a ``");
        case(" a ", "`  a  `");
        case("two\nlines", "`two\\nlines`");
    }
}
