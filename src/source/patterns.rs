//! Name patterns as Python's `fnmatch` reads them: `*`, `?`, `[abc]`, `[!abc]`; a `*` also matches `/`.
//!
//! ```text
//! python_files = test_*.py check_?.py      pytest matches these against a file's name,
//! norecursedirs = build */generated        and a pattern with a `/` against the end of its path
//! ```

use super::paths;

/// Whether `text` as a whole matches `pattern`.
pub fn matches(pattern: &str, text: &str) -> bool {
    if !pattern.contains(['*', '?', '[']) {
        return pattern == text;
    }
    if let Some(start) = pattern.strip_suffix('*')
        && !start.contains(['*', '?', '['])
    {
        return text.starts_with(start);
    }
    match pattern.chars().next() {
        Some('*' | '?' | '[') | None => {}
        first if first != text.chars().next() => return false,
        _ => {}
    }
    let pattern: Vec<char> = pattern.chars().collect();
    let text: Vec<char> = text.chars().collect();
    let (mut at_pattern, mut at_text) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    while at_text < text.len() {
        match single(&pattern, at_pattern, text.get(at_text).copied()) {
            Single::Star => {
                retry = Some((at_pattern, at_text));
                at_pattern += 1;
            }
            Single::Match(length) => {
                at_pattern += length;
                at_text += 1;
            }
            Single::Mismatch => match retry {
                Some((star, start)) => {
                    retry = Some((star, start + 1));
                    at_pattern = star + 1;
                    at_text = start + 1;
                }
                None => return false,
            },
        }
    }
    pattern.iter().skip(at_pattern).all(|char| *char == '*')
}

enum Single {
    Star,
    Match(usize),
    Mismatch,
}

/// What the pattern's next item says about one character.
fn single(pattern: &[char], at: usize, char: Option<char>) -> Single {
    let (Some(item), Some(char)) = (pattern.get(at), char) else {
        return Single::Mismatch;
    };
    match item {
        '*' => Single::Star,
        '?' => Single::Match(1),
        '[' => match class(pattern, at) {
            Some((members, negated, length)) if in_class(members, char) != negated => {
                Single::Match(length)
            }
            Some(_) => Single::Mismatch,
            None if char == '[' => Single::Match(1),
            None => Single::Mismatch,
        },
        item if *item == char => Single::Match(1),
        _ => Single::Mismatch,
    }
}

/// The `[…]` that begins at `at`: its members, whether it is negated, and its length. `None`: it is not closed.
fn class(pattern: &[char], at: usize) -> Option<(&[char], bool, usize)> {
    let negated = pattern.get(at + 1) == Some(&'!');
    let start = at + 1 + usize::from(negated);
    let end = (start + 1..pattern.len()).find(|index| pattern.get(*index) == Some(&']'))?;
    Some((pattern.get(start..end)?, negated, end + 1 - at))
}

fn in_class(members: &[char], char: char) -> bool {
    let mut index = 0;
    while let Some(first) = members.get(index) {
        match (members.get(index + 1), members.get(index + 2)) {
            (Some('-'), Some(last)) => {
                if (*first..=*last).contains(&char) {
                    return true;
                }
                index += 3;
            }
            _ => {
                if *first == char {
                    return true;
                }
                index += 1;
            }
        }
    }
    false
}

/// How pytest matches a pattern against a path (`_pytest.pathlib.fnmatch_ex`): without a `/` against its last part,
/// with one against its end.
pub fn matches_path(pattern: &str, path: &str) -> bool {
    if !pattern.contains('/') {
        return matches(pattern, paths::name(path));
    }
    let pattern = pattern.trim_end_matches('/');
    matches(pattern, path) || matches(&format!("*/{pattern}"), &format!("/{path}"))
}

#[cfg(test)]
mod tests {
    use super::{matches, matches_path};

    #[test]
    fn matches_as_fnmatch_does() {
        let cases = [
            ("test_*.py", "test_a.py", true),
            ("test_*.py", "test_.py", true),
            ("test_*.py", "a_test_b.py", false),
            ("*_test.py", "a_test.py", true),
            ("test?.py", "test1.py", true),
            ("[ab]x", "bx", true),
            ("[!ab]x", "bx", false),
            ("[0-9]*", "2025_x", true),
            ("[0-9]*", "x2025", false),
            ("*a*b*c", "xxaxxbxxbc", true),
            ("*", "", true),
            ("", "", true),
            ("", "a", false),
            ("[", "[", true),
            ("a/*", "a/b/c", true),
        ];
        for (pattern, text, expected) in cases {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn matches_paths_as_pytest_does() {
        let cases = [
            ("test_*.py", "a/b/test_x.py", true),
            ("build", "a/build", true),
            ("a/build", "x/a/build", true),
            ("a/build", "a/build", true),
            ("a/build", "xa/build", false),
            (".*", "a/.tox", true),
        ];
        for (pattern, path, expected) in cases {
            assert_eq!(matches_path(pattern, path), expected, "{pattern} {path}");
        }
    }
}
