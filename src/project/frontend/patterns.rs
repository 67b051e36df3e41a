//! The few regular expressions that scripts bring addresses into form with.
//!
//! `base.replace(/\/+$/, "")` is Python's `base.rstrip("/")`.

use super::value::is_hole;

/// The text with what matches replaced. None: the expression is not one of those known here.
pub fn replace(pattern: &str, text: &str, new: &str) -> Option<String> {
    let (anchored_start, rest) = match pattern.strip_prefix('^') {
        Some(rest) => (true, rest),
        None => (false, pattern),
    };
    let (anchored_end, rest) = match rest.strip_suffix('$') {
        Some(rest) if !rest.ends_with('\\') => (true, rest),
        _ => (false, rest),
    };
    let (repeats, rest) = match rest.strip_suffix(['+', '*']) {
        Some(shorter) if !shorter.ends_with('\\') => (true, shorter),
        _ => (false, rest),
    };
    let literal = literal(rest)?;
    if literal.is_empty() {
        return None;
    }
    match (anchored_start, anchored_end, repeats) {
        (true, false, _) => match text.strip_prefix(&*literal) {
            Some(mut rest) => {
                while repeats && let Some(shorter) = rest.strip_prefix(&*literal) {
                    rest = shorter;
                }
                Some(format!("{new}{rest}"))
            }
            // `http` of a base that is not known becomes `ws` in it.
            None => Some(text.to_string()),
        },
        (false, true, _) => match text.strip_suffix(&*literal) {
            Some(mut rest) => {
                while repeats && let Some(shorter) = rest.strip_suffix(&*literal) {
                    rest = shorter;
                }
                Some(format!("{rest}{new}"))
            }
            None => Some(text.to_string()),
        },
        (true, true, _) => Some(if text == literal {
            new.to_string()
        } else {
            text.to_string()
        }),
        (false, false, false) => Some(text.replacen(&*literal, new, 1)),
        (false, false, true) => None,
    }
}

/// What the expression spells, when it spells one text.
fn literal(pattern: &str) -> Option<String> {
    let mut text = String::new();
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next()? {
                c if c.is_ascii_alphanumeric() => return None,
                c => text.push(c),
            },
            '[' | ']' | '(' | ')' | '{' | '}' | '.' | '*' | '+' | '?' | '|' | '^' | '$' => {
                return None;
            }
            c if is_hole(c) => return None,
            c => text.push(c),
        }
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::replace;

    #[test]
    fn replaces() {
        let case = |pattern: &str, text: &str, expected: Option<&str>| {
            assert_eq!(
                replace(pattern, text, "").as_deref(),
                expected,
                "{pattern} {text}"
            );
        };
        case(r"\/$", "http://a/", Some("http://a"));
        case(r"\/+$", "http://a//", Some("http://a"));
        case(r"^\/api", "/api/items", Some("/items"));
        case(r"^\/api", "/items", Some("/items"));
        case(r"\{(\w+)\}", "/items/{id}", None);
        case("$", "a", None);
        assert_eq!(
            replace("^http", "http://a", "ws").as_deref(),
            Some("ws://a")
        );
    }
}
