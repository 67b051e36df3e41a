//! What `pytest.raises(ValueError, match="no such item: .*")` says of the exception's text: it has `no such item: ` in it.
//!
//! Source: <https://docs.python.org/3/library/re.html#regular-expression-syntax>

use crate::project::values::value::HOLE;

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
}
