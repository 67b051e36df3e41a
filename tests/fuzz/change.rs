//! Changes a text at random: lines move, go, come twice or from elsewhere, words become other words.
//!
//! ```text
//! app.include_router(items)  →  app.include_router(app)
//! ```

/// Words at which an interpreter may stumble.
const WORDS: &[&str] = &[
    "self",
    "app",
    "router",
    "client",
    "None",
    "True",
    "0",
    "-1",
    "2**62",
    "10**10",
    "\"\"",
    "'/'",
    "'{id:path}'",
    "b''",
    "f'{x}'",
    "[]",
    "{}",
    "()",
    "*",
    "**",
    "lambda: 0",
    "yield",
    "await",
    "super()",
    "__init__",
    "__getattr__",
    "__class__",
    "object",
    "type",
    "range(10**9)",
    "print",
    "async",
    "class",
    "def",
    "return",
    "raise",
    "try:",
    "finally:",
    "else:",
    "with",
    "del",
    "global x",
    "nonlocal x",
    "import",
    "from",
    "match",
    "case _:",
    "...",
    "\\",
    "\u{feff}",
    "\u{f8ff}",
    "ü",
    "\t",
    "\u{c}",
    "\"\"\"",
    "#",
    "@",
];

/// Random numbers, the same for the same seed (xorshift*).
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % end.max(1)
    }

    fn one<'a, T: ?Sized>(&mut self, of: &[&'a T]) -> &'a T {
        of[self.below(of.len())]
    }
}

/// One of the seeds, changed in a few places.
pub fn changed(seeds: &[String], dice: &mut Dice) -> String {
    let mut lines: Vec<String> = lines_of(seeds, dice);
    for _ in 0..1 + dice.below(12) {
        change(&mut lines, seeds, dice);
    }
    lines.concat()
}

fn lines_of(seeds: &[String], dice: &mut Dice) -> Vec<String> {
    let seed = &seeds[dice.below(seeds.len())];
    seed.split_inclusive('\n').map(str::to_owned).collect()
}

fn change(lines: &mut Vec<String>, seeds: &[String], dice: &mut Dice) {
    if lines.is_empty() {
        return;
    }
    let at = dice.below(lines.len());
    let length = 1 + dice.below(6.min(lines.len() - at));
    match dice.below(7) {
        0 => drop(lines.drain(at..at + length)),
        1 => {
            let again: Vec<String> = lines[at..at + length].to_vec();
            lines.splice(at..at, again);
        }
        2 => {
            let other = dice.below(lines.len());
            lines.swap(at, other);
        }
        3 => {
            let other = lines_of(seeds, dice);
            let from = dice.below(other.len());
            let part = other
                .into_iter()
                .skip(from)
                .take(length)
                .collect::<Vec<_>>();
            lines.splice(at..at, part);
        }
        4 => lines[at].insert_str(0, dice.one(&["    ", "\t", " "])),
        _ => lines[at] = with_another_word(&lines[at], dice),
    }
}

/// The line with one of its words replaced, or with one more.
fn with_another_word(line: &str, dice: &mut Dice) -> String {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
    let starts: Vec<usize> = line
        .char_indices()
        .scan(false, |was_part, (at, letter)| {
            let begins = is_part(letter) && !*was_part;
            *was_part = is_part(letter);
            Some((at, begins))
        })
        .filter(|(_, begins)| *begins)
        .map(|(at, _)| at)
        .collect();
    let word = dice.one(WORDS);
    if starts.is_empty() {
        return format!("{word}{line}");
    }
    let start = starts[dice.below(starts.len())];
    let rest = &line[start..];
    let end = rest.find(|letter| !is_part(letter)).unwrap_or(rest.len());
    let keeps = if dice.below(4) == 0 { 0 } else { end };
    format!("{}{word}{}", &line[..start], &rest[keeps..])
}
