//! Shell text → the commands in it, as far as they can be read without running anything.
//!
//! ```sh
//! cd backend && exec poetry run uvicorn app.main:app \
//!     --port "${PORT:-8000}"
//! # → in `backend`: exec poetry run uvicorn app.main:app --port 8000
//! ```
//! Not handled: conditions (every branch is read), functions, here documents (their lines are read as commands), arithmetic.

use std::collections::BTreeMap;

/// One simple command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    pub words: Vec<String>,
    /// The line it begins on, from 1.
    pub line: usize,
    /// The folder that a `cd` before it changed to, as written.
    pub dir: Option<String>,
}

/// Variables and what is known of their values.
pub type Variables = BTreeMap<String, String>;

/// The commands of a script. Assignments are added to `variables`, and known variables are replaced.
pub fn commands(text: &str, variables: &mut Variables) -> Vec<Command> {
    let mut found = Vec::new();
    let mut dir: Option<String> = None;
    for (line, words) in split(text) {
        let mut words: Vec<String> = words
            .into_iter()
            .map(|word| match word.is_literal {
                true => word.text,
                false => substitute(&word.text, variables),
            })
            .collect();
        let assigned = words.iter().take_while(|word| is_assignment(word)).count();
        let only_assigns = assigned == words.len();
        for word in words.drain(..assigned) {
            if let (true, Some((name, value))) = (only_assigns, word.split_once('=')) {
                variables.insert(name.to_string(), value.to_string());
            }
        }
        match words.first().map(String::as_str) {
            None => continue,
            Some("cd" | "pushd") => dir = words.get(1).cloned(),
            Some("export") => {
                for (name, value) in words.iter().filter_map(|word| word.split_once('=')) {
                    variables.insert(name.to_string(), value.to_string());
                }
            }
            Some(_) => found.push(Command {
                words,
                line,
                dir: dir.clone(),
            }),
        }
    }
    found
}

fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| {
        name.starts_with(|char: char| char.is_ascii_alphabetic() || char == '_')
            && name
                .chars()
                .all(|char| char.is_ascii_alphanumeric() || char == '_')
    })
}

/// Replaces `$NAME`, `${NAME}`, `${NAME:-default}`; what is not known and has no default stays as it is.
pub fn substitute(text: &str, variables: &Variables) -> String {
    let mut result = String::new();
    let mut rest = text;
    while let Some(dollar) = rest.find('$') {
        let (before, after) = rest.split_at(dollar);
        result.push_str(before);
        let after = after.get(1..).unwrap_or_default();
        let (name, default, length) = match after.strip_prefix('{') {
            Some(braced) => {
                let Some(end) = braced.find('}') else {
                    result.push('$');
                    rest = after;
                    continue;
                };
                let inner = braced.get(..end).unwrap_or_default();
                let name_end = inner
                    .find(|char: char| !char.is_ascii_alphanumeric() && char != '_')
                    .unwrap_or(inner.len());
                let (name, operator) = inner.split_at(name_end);
                let operator = operator.trim_start_matches(':');
                (name, operator.strip_prefix('-'), end + 2)
            }
            None => {
                let end = after
                    .find(|char: char| !char.is_ascii_alphanumeric() && char != '_')
                    .unwrap_or(after.len());
                (after.get(..end).unwrap_or_default(), None, end)
            }
        };
        match variables.get(name).map(String::as_str).or(default) {
            Some(value) => result.push_str(value),
            None => {
                result.push('$');
                result.push_str(after.get(..length).unwrap_or_default());
            }
        }
        rest = after.get(length..).unwrap_or_default();
    }
    result.push_str(rest);
    result
}

struct Word {
    text: String,
    /// It was wholly in single quotes, where nothing is replaced.
    is_literal: bool,
}

/// Words, command by command, each with the line it begins on.
fn split(text: &str) -> Vec<(usize, Vec<Word>)> {
    let mut splitter = Splitter::default();
    let mut chars = text.chars().peekable();
    let mut line = 1;
    while let Some(char) = chars.next() {
        match char {
            '\\' => match chars.next() {
                Some('\n') => line += 1,
                Some('\r') if chars.peek() == Some(&'\n') => {
                    chars.next();
                    line += 1;
                }
                Some(escaped) => splitter.push(escaped, line),
                None => {}
            },
            '\'' => {
                splitter.open(line);
                splitter.is_literal = splitter.word.is_empty();
                for quoted in chars.by_ref() {
                    if quoted == '\'' {
                        break;
                    }
                    line += usize::from(quoted == '\n');
                    splitter.push(quoted, line);
                }
            }
            '"' => {
                splitter.open(line);
                while let Some(quoted) = chars.next() {
                    match quoted {
                        '"' => break,
                        '\\' => match chars.next() {
                            Some('\n') => line += 1,
                            Some(escaped @ ('"' | '\\' | '$' | '`')) => {
                                splitter.push(escaped, line);
                            }
                            Some(other) => {
                                splitter.push('\\', line);
                                splitter.push(other, line);
                            }
                            None => {}
                        },
                        other => {
                            line += usize::from(other == '\n');
                            splitter.push(other, line);
                        }
                    }
                }
            }
            '$' if chars.peek() == Some(&'(') => {
                let mut depth = 0;
                splitter.push('$', line);
                for inner in chars.by_ref() {
                    depth += i32::from(inner == '(') - i32::from(inner == ')');
                    line += usize::from(inner == '\n');
                    splitter.push(inner, line);
                    if depth == 0 {
                        break;
                    }
                }
            }
            '#' if splitter.is_between_words() => {
                while chars.next_if(|char| *char != '\n').is_some() {}
            }
            '\n' => {
                splitter.end_command();
                line += 1;
            }
            ';' | '|' | '&' | '(' | ')' => splitter.end_command(),
            char if char.is_whitespace() => splitter.end_word(),
            char => splitter.push(char, line),
        }
    }
    splitter.end_command();
    splitter.commands
}

#[derive(Default)]
struct Splitter {
    commands: Vec<(usize, Vec<Word>)>,
    words: Vec<Word>,
    word: String,
    is_open: bool,
    is_literal: bool,
    line: usize,
}

impl Splitter {
    fn open(&mut self, line: usize) {
        if self.words.is_empty() && !self.is_open {
            self.line = line;
        }
        self.is_open = true;
    }

    fn push(&mut self, char: char, line: usize) {
        self.open(line);
        self.word.push(char);
    }

    fn is_between_words(&self) -> bool {
        !self.is_open
    }

    fn end_word(&mut self) {
        if self.is_open {
            self.words.push(Word {
                text: std::mem::take(&mut self.word),
                is_literal: self.is_literal,
            });
        }
        (self.is_open, self.is_literal) = (false, false);
    }

    fn end_command(&mut self) {
        self.end_word();
        let keywords = [
            "then", "do", "else", "{", "!", "if", "while", "until", "time",
        ];
        while self
            .words
            .first()
            .is_some_and(|word| keywords.contains(&word.text.as_str()))
        {
            self.words.remove(0);
        }
        if !self.words.is_empty() {
            let words = std::mem::take(&mut self.words);
            self.commands.push((self.line, words));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Variables, commands, substitute};

    #[test]
    fn reads_commands() {
        let cases = [
            ("a b c", "1 a b c"),
            ("cd back && a 'b c' \"d e\"", "1 back: a|b c|d e"),
            ("# no\n\nx=1\na $x ${y:-2} $z", "4 a 1 2 $z"),
            ("a \\\n  b\nc # d\n", "1 a b;3 c"),
            (
                "if [ -f x ]; then\n  exec a b\nfi",
                "1 [ -f x ];2 exec a b;3 fi",
            ),
            ("A=1 B=2 run it", "1 run it"),
            ("export A=1; run $A", "1 run 1"),
            ("a $(date +%s; x) b", "1 a|$(date +%s; x)|b"),
            ("a 'it''s' \"x\\\"y\"", "1 a its x\"y"),
            ("a | b & c", "1 a;1 b;1 c"),
            ("a '$x'", "1 a $x"),
        ];
        for (text, expected) in cases {
            let found: Vec<String> = commands(text, &mut Variables::new())
                .into_iter()
                .map(|command| {
                    let dir = command
                        .dir
                        .map(|dir| format!("{dir}: "))
                        .unwrap_or_default();
                    let has_spaces = command.words.iter().any(|word| word.contains(' '));
                    let words = command.words.join(if has_spaces { "|" } else { " " });
                    format!("{} {dir}{words}", command.line)
                })
                .collect();
            assert_eq!(found.join(";"), expected, "{text}");
        }
    }

    #[test]
    fn substitutes() {
        let variables = Variables::from([("A".to_string(), "1".to_string())]);
        let cases = [
            ("$A:${A}", "1:1"),
            ("${B:-x}${B-y}", "xy"),
            ("$B ${B}", "$B ${B}"),
            ("100$", "100$"),
            ("${A", "${A"),
        ];
        for (text, expected) in cases {
            assert_eq!(substitute(text, &variables), expected, "{text}");
        }
    }
}
