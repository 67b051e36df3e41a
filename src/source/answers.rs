//! What was asked of an origin and what it answered, in a few bytes: whether another tree would give the same run.
//!
//! ```text
//! l 8c1f… app             what is in the folder `app`
//! b 0b7e… app/main.py     what the file holds: git's name of it, so the disk and a revision say the same
//! t 0001… build/x.py      whether git tracks it
//! ```

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use super::origin::{Kind, Origin};
use super::store::{hex, sum};
use super::tracked::Tracked;

/// One question. The letters are those of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Question {
    /// What is in this folder?
    List,
    /// What does this path lead to?
    Kind,
    /// Is there something of this name?
    Has,
    /// What does this file hold?
    Bytes,
    /// What do the `.gitignore` files above say?
    Above,
    /// Does git track it?
    Tracked,
}

const LETTERS: [(Question, char); 6] = [
    (Question::List, 'l'),
    (Question::Kind, 'k'),
    (Question::Has, 'h'),
    (Question::Bytes, 'b'),
    (Question::Above, 'a'),
    (Question::Tracked, 't'),
];

type Sum = [u8; 20];

/// The questions so far.
#[derive(Debug, Default)]
pub(super) struct Asked(Mutex<BTreeMap<(Question, String), Sum>>);

impl Asked {
    pub fn note(&self, question: Question, path: &str, answer: Sum) {
        let mut asked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        asked.insert((question, path.to_string()), answer);
    }

    /// All of them, sorted. None: a path that can't be written on a line.
    pub fn text(&self) -> Option<String> {
        let asked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut text = String::new();
        for ((question, path), sum) in asked.iter() {
            if path.contains(['\n', '\r']) {
                return None;
            }
            text.push(letter(*question));
            text.push(' ');
            text.push_str(&hex(sum));
            text.push(' ');
            text.push_str(path);
            text.push('\n');
        }
        Some(text)
    }
}

fn letter(question: Question) -> char {
    let found = LETTERS.iter().find(|(known, _)| *known == question);
    found.map_or('?', |(_, letter)| *letter)
}

/// The answers of an origin, each asked for once.
pub struct Answers<'origin> {
    origin: &'origin Origin,
    tracked: Tracked,
    known: Mutex<BTreeMap<(Question, String), String>>,
}

impl<'origin> Answers<'origin> {
    pub fn new(origin: &'origin Origin) -> Answers<'origin> {
        Answers {
            origin,
            tracked: Tracked::new(origin),
            known: Mutex::default(),
        }
    }

    /// Would the run that asked this get the same answers?
    pub fn are_as(&self, asked: &str) -> bool {
        let mut any = false;
        asked.lines().all(|line| {
            any = true;
            self.is_as(line).unwrap_or(false)
        }) && any
    }

    fn is_as(&self, line: &str) -> Option<bool> {
        let (letter, rest) = line.split_once(' ')?;
        let (sum, path) = rest.split_once(' ')?;
        let question = LETTERS
            .iter()
            .find(|(_, known)| letter.len() == 1 && letter.starts_with(*known))?
            .0;
        let key = (question, path.to_string());
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let answer = known.entry(key).or_insert_with(|| {
            let answer = match question {
                Question::Tracked => of_bool(self.tracked.holds(path)),
                _ => self.origin.answer(question, path),
            };
            hex(&answer)
        });
        Some(answer == sum)
    }
}

pub(super) fn of_bool(answer: bool) -> Sum {
    let mut sum = [0; 20];
    sum[19] = u8::from(answer);
    sum
}

pub(super) fn of_kind(kind: Option<Kind>) -> Sum {
    sum(format!("{kind:?}").as_bytes())
}
