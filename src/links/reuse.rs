//! Pieces of work that need not be done again: a test file whose modules, and all that they lead to, are what they were in the run before.
//!
//! ```text
//! tests/test_items.py   looked at `tests.conftest`, `app.items`, …, each with its sum     → what its tests do
//! ```
//! One test file that changes is walked again, and the others are taken over; so are those that never came to a handler that changes.
//! A new file, another setting, other versions of libraries, another table of routes: everything is done again.

use std::collections::BTreeMap;
use std::sync::Mutex;

use rustc_hash::FxHashMap;

use crate::links::sums::Sums;
use crate::project::kept::{Kept, Reader, Sum, Writer, whole};
use crate::project::looks::{self, Look};
use crate::project::world::ModuleId;

/// What a piece of work depends on, and what it came to.
#[derive(Debug, Clone, PartialEq)]
struct Piece {
    /// What it was given beside the ground.
    given: Sum,
    looked: Vec<(Look, Sum)>,
    result: Vec<u8>,
}

type Pieces = BTreeMap<String, Piece>;

impl Kept for Look {
    fn put(&self, writer: &mut Writer) {
        self.slot().put(writer);
    }

    fn take(reader: &mut Reader<'_>) -> Option<Look> {
        let number = u64::take(reader)?;
        Some(match number {
            0 => Look::Subclasses,
            1 => Look::Beyond,
            _ => {
                let module = ModuleId(u32::try_from(number / 2 - 1).ok()?);
                if number % 2 == 0 {
                    Look::Text(module)
                } else {
                    Look::Object(module)
                }
            }
        })
    }
}

/// The pieces of the run before, and those of this one.
pub struct Reuse<'w> {
    sums: Sums<'w>,
    /// What all pieces depend on.
    around: Sum,
    before: Pieces,
    now: Mutex<Pieces>,
    known: Mutex<FxHashMap<Look, Sum>>,
}

impl<'w> Reuse<'w> {
    /// With the bytes of the run before, if they are of this ground.
    pub fn new(sums: Sums<'w>, around: Sum, before: &[u8]) -> Reuse<'w> {
        let before = read(before).filter(|(of, _)| *of == around);
        Reuse {
            sums,
            around,
            before: before.map(|(_, pieces)| pieces).unwrap_or_default(),
            now: Mutex::default(),
            known: Mutex::default(),
        }
    }

    pub fn sums(&self) -> &Sums<'w> {
        &self.sums
    }

    /// The result of the run before, if it would be the same; else that of the work, for the next run.
    pub fn piece<T: Kept>(&self, name: &str, given: Sum, work: impl FnOnce() -> T) -> T {
        if let Some(piece) = self.before.get(name)
            && piece.given == given
            && piece
                .looked
                .iter()
                .all(|(look, sum)| self.sum(*look) == *sum)
            && let Some(result) = whole(&piece.result)
        {
            self.sums.parse(piece.looked.iter().map(|(look, _)| *look));
            self.keep(name, piece.clone());
            return result;
        }
        let (result, mut looked) = looks::piece(work);
        if looked.last() != Some(&Look::Beyond) {
            let mut writer = Writer::default();
            result.put(&mut writer);
            looked.extend(writer.named.into_iter().map(Look::Text));
            looked.sort_unstable();
            looked.dedup();
            let looked = looked.into_iter();
            let piece = Piece {
                given,
                looked: looked.map(|look| (look, self.sum(look))).collect(),
                result: writer.bytes,
            };
            self.keep(name, piece);
        }
        result
    }

    fn keep(&self, name: &str, piece: Piece) {
        if let Ok(mut now) = self.now.lock() {
            now.insert(name.to_string(), piece);
        }
    }

    fn sum(&self, look: Look) -> Sum {
        if let Ok(known) = self.known.lock()
            && let Some(sum) = known.get(&look)
        {
            return *sum;
        }
        let sum = self.sums.of_look(look);
        if let Ok(mut known) = self.known.lock() {
            known.insert(look, sum);
        }
        sum
    }

    /// The pieces of this run as bytes. None: they are those of the run before.
    pub fn bytes(self) -> Option<Vec<u8>> {
        let now = self.now.into_inner().ok()?;
        if now == self.before {
            return None;
        }
        let mut writer = Writer::default();
        self.around.put(&mut writer);
        now.len().put(&mut writer);
        for (name, piece) in now {
            name.put(&mut writer);
            piece.given.put(&mut writer);
            piece.looked.put(&mut writer);
            piece.result.len().put(&mut writer);
            writer.bytes.extend_from_slice(&piece.result);
        }
        Some(writer.bytes)
    }
}

fn read(bytes: &[u8]) -> Option<(Sum, Pieces)> {
    let mut reader = Reader::new(bytes);
    let around = Sum::take(&mut reader)?;
    let mut pieces = Pieces::new();
    for _ in 0..usize::take(&mut reader)? {
        let name = String::take(&mut reader)?;
        let given = Sum::take(&mut reader)?;
        let looked = Vec::take(&mut reader)?;
        let length = u64::take(&mut reader)?;
        let result = reader.slice(length)?.to_vec();
        let piece = Piece {
            given,
            looked,
            result,
        };
        pieces.insert(name, piece);
    }
    reader.is_at_end().then_some((around, pieces))
}
