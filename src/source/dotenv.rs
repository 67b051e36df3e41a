//! Files of variables, as `docker --env-file`, shells and the usual loaders read them, as far as they agree.
//!
//! ```sh
//! # a comment
//! export DATABASE_URL="postgres://db/shop"   # what follows the quotes is a comment
//! BANNER='two
//! lines'
//! ```
//! Nothing is expanded: `${HOST:-localhost}` stays what is written.

/// One variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub name: String,
    pub value: String,
    /// From 1.
    pub line: usize,
}

/// The variables of a file, and the lines that no loader would take.
pub fn read(text: &str) -> (Vec<Entry>, Vec<usize>) {
    let mut entries = Vec::new();
    let mut broken = Vec::new();
    let lines: Vec<&str> = text.lines().collect();
    let mut index = 0;
    while let Some(raw) = lines.get(index) {
        let number = index + 1;
        index += 1;
        let line = raw.trim().trim_start_matches('\u{feff}');
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let line = line.strip_prefix("export ").unwrap_or(line).trim_start();
        // A name alone is taken over from the environment.
        let Some((name, rest)) = line.split_once('=') else {
            if !is_name(line) {
                broken.push(number);
            }
            continue;
        };
        let name = name.trim();
        if !is_name(name) {
            broken.push(number);
            continue;
        }
        let rest = rest.trim();
        let value = match rest
            .chars()
            .next()
            .filter(|first| ['"', '\''].contains(first))
        {
            Some(quote) => {
                let (value, used) = quoted(&rest[1..], quote, lines.get(index..).unwrap_or(&[]));
                index += used.unwrap_or(0);
                if used.is_none() {
                    broken.push(number);
                }
                value
            }
            None => plain(rest).to_string(),
        };
        entries.push(Entry {
            name: name.to_string(),
            value,
            line: number,
        });
    }
    (entries, broken)
}

fn is_name(text: &str) -> bool {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || "_.-".contains(letter);
    text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && text.chars().all(is_part)
}

/// Up to a comment, which is set off by a space.
fn plain(rest: &str) -> &str {
    if rest.starts_with('#') {
        return "";
    }
    let end = rest.find(" #").or_else(|| rest.find("\t#"));
    rest[..end.unwrap_or(rest.len())].trim_end()
}

/// The text up to the closing quote, and how many of the following lines belong to it; none if it is never closed.
fn quoted(rest: &str, quote: char, following: &[&str]) -> (String, Option<usize>) {
    let mut value = String::new();
    for (used, line) in std::iter::once(&rest).chain(following).enumerate() {
        if used > 0 {
            value.push('\n');
        }
        let mut letters = line.chars();
        while let Some(letter) = letters.next() {
            if letter == quote {
                return (value, Some(used));
            }
            match letter {
                '\\' if quote == '"' => match letters.next() {
                    Some('n') => value.push('\n'),
                    Some('t') => value.push('\t'),
                    Some(other) => value.push(other),
                    None => value.push('\\'),
                },
                _ => value.push(letter),
            }
        }
        // A key file in quotes is this long; a forgotten quote would swallow the file.
        if used > 120 {
            break;
        }
    }
    // As it stands, with the quote that nobody closed.
    (format!("{quote}{}", plain(rest)), None)
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn reads_what_loaders_read() {
        let case = |text: &str, expected: &[(&str, &str)]| {
            let (entries, _) = read(text);
            let found: Vec<(&str, &str)> = entries
                .iter()
                .map(|entry| (entry.name.as_str(), entry.value.as_str()))
                .collect();
            assert_eq!(found, expected, "{text}");
        };
        case("A=1\n#B=2\n C = x y # z\n", &[("A", "1"), ("C", "x y")]);
        case("export A=\"b#c\" # d\n", &[("A", "b#c")]);
        case("A='x\ny'\nB=#\n", &[("A", "x\ny"), ("B", "")]);
        case("A=\"never\nB=2\n", &[("A", "\"never"), ("B", "2")]);
        case("A=${B:-c}\nD=a=b\n", &[("A", "${B:-c}"), ("D", "a=b")]);
        case("A=\"a\\\"b\"\r\nB=1\r\n", &[("A", "a\"b"), ("B", "1")]);
    }

    #[test]
    fn says_which_lines_are_broken() {
        assert_eq!(read("A=1\n<html>\n= x\nB\n1 2\n").1, [2, 3, 5]);
        assert_eq!(read("A='x\n").1, [1]);
    }
}
