//! Regular expressions: what they find in a text, and what is in every text that one matches.
//!
//! `re.fullmatch(r"[a-z]+\.ico", path)` decides which way a handler goes, and `pytest.raises(ValueError, match="no such item: .*")`
//! says of the exception's text that it has `no such item: ` in it.
//!
//! Not handled: look-around, references back to groups, and flags of a part; nobody knows what such an expression finds.
//!
//! Source: <https://docs.python.org/3/library/re.html#regular-expression-syntax>

use std::cell::RefCell;

use regex::{Captures, Regex, RegexBuilder};
use rustc_hash::FxHashMap;

use crate::project::values::machine::Machine;
use crate::project::values::value::{HOLE, Reason, Value};

/// Texts of more bytes are not searched.
const LONGEST_SEARCHED: usize = 20_000;
/// Of what an expression finds in a text, so much is known.
const MOST_FOUND: usize = 64;
/// The bytes that a compiled expression may take.
const LARGEST: usize = 1 << 18;
/// Compiled expressions that a thread keeps.
const MOST_KEPT: usize = 256;

/// `re.IGNORECASE`, `re.MULTILINE`, `re.DOTALL`, `re.UNICODE` and `re.VERBOSE`, as Python numbers them.
const IGNORECASE: u16 = 2;
const MULTILINE: u16 = 8;
const DOTALL: u16 = 16;
const UNICODE: u16 = 32;
const VERBOSE: u16 = 64;

thread_local! {
    /// By the expression, how it is to match, and its flags; None: it can't be read.
    static COMPILED: RefCell<FxHashMap<(String, u16), Option<Regex>>> = RefCell::default();
}

/// What an expression is to match of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Extent {
    Beginning,
    Whole,
    AnyPart,
    AllParts,
}

impl<'w> Machine<'w> {
    /// What the expression finds in the text: None, or a row for each group, of its name, its text, where it begins and where it
    /// ends; with the extent `all`, the groups of all that it finds. Unknown, if it is not wholly known what is searched or for what.
    pub(super) fn search(&self, pattern: &Value, text: &Value, how: &Value) -> Value {
        let Value::Tuple(how) = how else {
            return Value::Unknown(Reason::Runtime);
        };
        let extent = match how.first().and_then(Value::literal) {
            Some("match") => Extent::Beginning,
            Some("fullmatch") => Extent::Whole,
            Some("search") => Extent::AnyPart,
            _ => Extent::AllParts,
        };
        let Some(flags) = how.get(1).and_then(|flags| self.number(flags)) else {
            return Value::Unknown(Reason::Runtime);
        };
        let mut result = Value::Unbound;
        for pattern in self.payload(pattern).alternatives() {
            for text in self.payload(text).alternatives() {
                let searched = pattern.literal().zip(text.literal());
                match searched.and_then(|(pattern, text)| found(pattern, text, extent, flags)) {
                    Some(found) => result = result.or(found),
                    None => return Value::Unknown(Reason::Runtime),
                }
            }
        }
        result
    }
}

fn found(pattern: &str, text: &str, extent: Extent, flags: u16) -> Option<Value> {
    // A `$` also stands before a line's end that is the last character.
    if text.len() > LONGEST_SEARCHED || text.ends_with('\n') && pattern.contains('$') {
        return None;
    }
    let body = translated(pattern)?;
    let end = if flags & VERBOSE == 0 { "" } else { "\n" };
    let whole = match extent {
        Extent::Beginning => format!("\\A(?:{body}{end})"),
        Extent::Whole => format!("\\A(?:{body}{end})\\z"),
        Extent::AnyPart | Extent::AllParts => body,
    };
    let regex = compiled(whole, flags)?;
    let rows = |captures: &Captures<'_>| {
        let position = |at: usize| Value::Int(text[..at].chars().count() as i64);
        let groups = regex.capture_names().zip(captures.iter());
        let rows = groups.map(|(name, group)| {
            let name = name.map_or(Value::None, Value::text);
            let row = match group {
                Some(group) => vec![
                    name,
                    Value::text(group.as_str()),
                    position(group.start()),
                    position(group.end()),
                ],
                None => vec![name, Value::None, Value::Int(-1), Value::Int(-1)],
            };
            Value::tuple(row)
        });
        Value::tuple(rows.collect())
    };
    if extent != Extent::AllParts {
        return Some(regex.captures(text).map_or(Value::None, |one| rows(&one)));
    }
    let all: Vec<Value> = regex
        .captures_iter(text)
        .take(MOST_FOUND + 1)
        .map(|one| rows(&one))
        .collect();
    (all.len() <= MOST_FOUND).then(|| Value::tuple(all))
}

fn compiled(expression: String, flags: u16) -> Option<Regex> {
    if flags & !(IGNORECASE | MULTILINE | DOTALL | UNICODE | VERBOSE) != 0 {
        return None;
    }
    let key = (expression, flags);
    COMPILED.with_borrow_mut(|kept| {
        if let Some(known) = kept.get(&key) {
            return known.clone();
        }
        let regex = RegexBuilder::new(&key.0)
            .case_insensitive(flags & IGNORECASE != 0)
            .multi_line(flags & MULTILINE != 0)
            .dot_matches_new_line(flags & DOTALL != 0)
            .ignore_whitespace(flags & VERBOSE != 0)
            .size_limit(LARGEST)
            .dfa_size_limit(LARGEST)
            .build()
            .ok();
        if kept.len() >= MOST_KEPT {
            kept.clear();
        }
        kept.insert(key, regex.clone());
        regex
    })
}

/// A regular expression of Python as one of Rust, where the two differ in what they mean; None: it has no such one.
fn translated(pattern: &str) -> Option<String> {
    let mut result = String::with_capacity(pattern.len());
    let mut letters = pattern.chars().peekable();
    let mut is_in_set = false;
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next()? {
                'Z' if !is_in_set => result.push_str("\\z"),
                plain @ ('<' | '>') => result.push(plain),
                // Python knows no classes by such names, and Rust no such numbers.
                'p' | 'P' | 'z' | '0'..='9' => return None,
                other => result.extend(['\\', other]),
            },
            '[' if !is_in_set => {
                result.push('[');
                if letters.next_if_eq(&'^').is_some() {
                    result.push('^');
                }
                if letters.next_if_eq(&']').is_some() {
                    result.push_str("\\]");
                }
                is_in_set = true;
            }
            ']' if is_in_set => {
                result.push(']');
                is_in_set = false;
            }
            '{' if !is_in_set && !is_repetition(letters.clone()) => result.push_str("\\{"),
            '-' if is_in_set && letters.peek() == Some(&'-') => return None,
            '[' | '&' | '~' if is_in_set => result.extend(['\\', letter]),
            other => result.push(other),
        }
    }
    Some(result)
}

/// Does the rest of an expression, behind a brace, say how often something is repeated: `2}`, `2,}`, `,3}`?
fn is_repetition(rest: impl Iterator<Item = char>) -> bool {
    let counts: String = rest.take_while(|letter| *letter != '}').collect();
    counts.chars().any(|letter| letter.is_ascii_digit())
        && counts.chars().filter(|letter| *letter == ',').count() <= 1
        && counts
            .chars()
            .all(|letter| letter.is_ascii_digit() || letter == ',')
}

/// The longest text that whatever matches the regular expression has in it; empty where none is certain.
pub fn literal_part(pattern: &str) -> String {
    let mut pieces = vec![String::new()];
    let mut characters = pattern.chars().peekable();
    let mut depth = 0_usize;
    while let Some(character) = characters.next() {
        let mut literal = None;
        match character {
            '|' => return String::new(),
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            '[' => while characters.next_if(|c| *c != ']').is_some() {},
            '{' => {
                while characters.next_if(|c| *c != '}').is_some() {}
                drop_last(&mut pieces);
            }
            '*' | '?' => drop_last(&mut pieces),
            '\\' => literal = characters.next().filter(|c| !c.is_alphanumeric()),
            '.' | '+' | '^' | '$' | ']' | '}' | HOLE => {}
            other => literal = Some(other),
        }
        match (literal, pieces.last_mut()) {
            (Some(literal), Some(piece)) if depth == 0 => piece.push(literal),
            _ => pieces.push(String::new()),
        }
    }
    let longest = pieces
        .into_iter()
        .rev()
        .max_by_key(|piece| piece.chars().count());
    longest.unwrap_or_default()
}

/// What stands before a quantifier need not be there.
fn drop_last(pieces: &mut [String]) {
    if let Some(piece) = pieces.last_mut() {
        piece.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_patterns() {
        let case = |pattern: &str, expected: &str| {
            assert_eq!(literal_part(pattern), expected, "{pattern}");
        };
        case("no such item", "no such item");
        case("no such item: .*", "no such item: ");
        case(r"item \d+ is gone\.", " is gone.");
        case("^items?$", "item");
        case("(the )?item is gone", "item is gone");
        case("gone|lost", "");
        case("[Ii]tem", "tem");
        case("ab{2}c", "a");
        case("", "");
    }

    #[test]
    fn what_is_found() {
        let case = |pattern: &str, text: &str, extent: Extent, flags: u16, expected: &str| {
            let found = match found(pattern, text, extent, flags) {
                None => "?".to_string(),
                Some(Value::Tuple(rows)) => match &rows[0] {
                    Value::Tuple(row) => {
                        let text = row.get(1).and_then(Value::literal);
                        text.unwrap_or("all").to_string()
                    }
                    _ => String::new(),
                },
                Some(_) => "nothing".to_string(),
            };
            assert_eq!(found, expected, "{pattern} {text}");
        };
        use Extent::{AllParts, AnyPart, Beginning, Whole};
        case(r"\d+", "a 17", AnyPart, 0, "17");
        case(r"\d+", "a 17", Beginning, 0, "nothing");
        case("a|ab", "abc", Beginning, 0, "a");
        case("a|ab", "ab", Whole, 0, "ab");
        case(r"(favicon\.ico)", "favicon.ico/x", Whole, 0, "nothing");
        case("[[a]+", "[a]", AnyPart, 0, "[a");
        case("[]a]+", "b]a", AnyPart, 0, "]a");
        case("[a&&b]+", "&", Whole, 0, "&");
        case("{b}{2}", "{b}}", Whole, 0, "{b}}");
        case("b{,2}", "bbb", Beginning, 0, "?");
        case("[+--]", "-", Whole, 0, "?");
        case(r"\<b\>", "<b>", Whole, 0, "<b>");
        case(r"\Ab\Z", "b", AnyPart, 0, "b");
        case("B$", "b", AnyPart, IGNORECASE, "b");
        case("b$", "b\n", AnyPart, 0, "?");
        case("b c # d", "bc", Whole, VERBOSE, "bc");
        case("(?i)B", "b", Whole, 0, "b");
        case("b(?=c)", "bc", AnyPart, 0, "?");
        case(r"(b)\1", "bb", AnyPart, 0, "?");
        case("b", "b", AnyPart, 4, "?");
        case("b", "abb", AllParts, 0, "all");
    }
}
