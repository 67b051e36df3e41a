//! Facts of the run before: most texts are the same again, and to read what they say is faster than to find it out.
//!
//! ```text
//! 8c1f…  1,204 bytes     what the text of `app/main.py` says, by the sum of the text
//! ```
//! A few texts that are new are not worth to write all of them anew.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rustc_hash::FxHashMap;

use super::Facts;

/// New texts are kept once they are more than one in so many.
const WORTHWHILE: usize = 12;

pub struct Before {
    bytes: Vec<u8>,
    known: FxHashMap<u64, Range<usize>>,
    found: AtomicUsize,
    new: AtomicUsize,
}

impl Before {
    /// With the bytes that a run has left; if they are not such bytes, without.
    pub fn new(bytes: Vec<u8>) -> Before {
        let known = entries(&bytes).unwrap_or_default();
        Before {
            bytes,
            known,
            found: AtomicUsize::new(0),
            new: AtomicUsize::new(0),
        }
    }

    /// What the text with this sum says; none: nobody has read it.
    pub fn facts(&self, sum: u64) -> Option<Arc<Facts>> {
        let slice = self.slice(sum);
        let facts = slice.and_then(|slice| postcard::from_bytes(slice).ok());
        let count = if facts.is_some() {
            &self.found
        } else {
            &self.new
        };
        count.fetch_add(1, Ordering::Relaxed);
        facts.map(Arc::new)
    }

    fn slice(&self, sum: u64) -> Option<&[u8]> {
        let range = self.known.get(&sum)?;
        self.bytes.get(range.clone())
    }

    /// The bytes for the next run, if they are worth it: of the texts of this one, each with its sum.
    pub fn bytes<'f>(&self, texts: impl Iterator<Item = (u64, &'f Facts)>) -> Option<Vec<u8>> {
        let (found, new) = (
            self.found.load(Ordering::Relaxed),
            self.new.load(Ordering::Relaxed),
        );
        if new * WORTHWHILE <= found {
            return None;
        }
        let mut bytes = Vec::new();
        for (sum, facts) in texts {
            let written;
            let slice = match self.slice(sum) {
                Some(slice) => slice,
                None => {
                    written = postcard::to_stdvec(facts).ok()?;
                    &written
                }
            };
            bytes.extend_from_slice(&sum.to_le_bytes());
            bytes.extend_from_slice(&(slice.len() as u64).to_le_bytes());
            bytes.extend_from_slice(slice);
        }
        Some(bytes)
    }
}

fn entries(bytes: &[u8]) -> Option<FxHashMap<u64, Range<usize>>> {
    let mut found = FxHashMap::default();
    let mut at = 0;
    while at < bytes.len() {
        let number = |from: usize| {
            let number = bytes.get(from..from + 8)?.try_into().ok()?;
            Some(u64::from_le_bytes(number))
        };
        let (sum, length) = (number(at)?, usize::try_from(number(at + 8)?).ok()?);
        let start = at + 16;
        at = start
            .checked_add(length)
            .filter(|end| *end <= bytes.len())?;
        found.insert(sum, start..at);
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::extract;

    #[test]
    fn what_a_text_says_is_read_as_it_was_written() {
        let text = "import os\n\n\nclass Shop(Base):\n    name: str = f\"{os.sep}a\"\n\n    def open(self, *, at=1.5):\n        return [x for x in at if x]\n";
        let facts = extract(text);
        let none = Before::new(b"no such bytes".to_vec());
        assert!(none.facts(7).is_none());
        let bytes = none.bytes([(7, &facts)].into_iter()).unwrap();
        let before = Before::new(bytes);
        assert_eq!(before.facts(7).as_deref(), Some(&facts));
        assert!(before.facts(8).is_none());
        for _ in 0..WORTHWHILE {
            before.facts(7);
        }
        assert!(before.bytes([(7, &facts)].into_iter()).is_none());
    }
}
