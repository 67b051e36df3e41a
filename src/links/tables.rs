//! Tables of kept pieces: what many of them looked at or named stands there once, and each piece has its turns.
//!
//! ```text
//! looks     12  `client` of `tests.conftest`, and the sum of its text
//! pieces    tests/test_items.py   looked at 3, 12, 40, …
//! ```

use std::collections::BTreeMap;
use std::hash::Hash;

use rustc_hash::FxHashMap;

use crate::project::chunks::LineName;
use crate::project::kept::{Kept, Named, Reader, Sum, Writer, fields, names};
use crate::project::world::Asking;

/// A look in words that mean the same in another run, in which modules have other numbers.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Spelled {
    Text(Sum),
    /// One of the chunks of a module, by its name.
    Code(Sum, Sum),
    Object(Sum),
    /// What an object has by a name.
    Name(Sum, String),
    Names(Sum),
    Unread(Sum, Sum),
    Answer(Asking, Sum, String),
}

/// What a piece of work depends on, and what it came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Piece {
    /// What it was given beside the ground.
    pub given: Sum,
    /// Turns in the table, as are the lines, the functions and the classes.
    pub looked: Vec<u32>,
    /// The objects of the ground that it looked at: of the run before, positions in its list; of this run, their numbers.
    pub objects: Vec<u32>,
    /// What the result names, in turn.
    pub modules: Vec<Sum>,
    pub lines: Vec<u32>,
    pub functions: Vec<u32>,
    pub classes: Vec<u32>,
    pub result: Vec<u8>,
}

/// What is called by its name, or, while the whole text is as it is, by its number, in which module.
type Position<N> = (Sum, Result<N, u32>);

#[derive(Debug, Clone, Default)]
pub struct Tables {
    /// Each with what it saw.
    pub looks: Table<(Spelled, Sum)>,
    pub lines: Table<Position<LineName>>,
    pub functions: Table<Position<Sum>>,
    pub classes: Table<Position<Sum>>,
}

/// Each thing once.
#[derive(Debug, Clone)]
pub struct Table<T> {
    things: Vec<T>,
    turns: FxHashMap<T, u32>,
}

impl<T> Default for Table<T> {
    fn default() -> Table<T> {
        Table {
            things: Vec::new(),
            turns: FxHashMap::default(),
        }
    }
}

impl<T: Clone + Eq + Hash + Kept> Table<T> {
    pub fn count(&self) -> usize {
        self.things.len()
    }

    pub fn get(&self, turn: u32) -> Option<&T> {
        self.things.get(turn as usize)
    }

    /// The turns of things, which get one if they have none.
    pub fn turns(&mut self, things: Vec<T>) -> Vec<u32> {
        let turns = things.into_iter().map(|thing| {
            let next = self.things.len() as u32;
            let turn = *self.turns.entry(thing.clone()).or_insert(next);
            if turn == next {
                self.things.push(thing);
            }
            turn
        });
        turns.collect()
    }

    /// Writes those that some piece has, and gives the others' turns to them.
    fn put<'p>(&self, pieces: impl Iterator<Item = &'p mut Vec<u32>>, writer: &mut Writer) {
        let mut turns: FxHashMap<u32, u32> = FxHashMap::default();
        let mut used = Vec::new();
        for turn in pieces.flatten() {
            let next = used.len() as u32;
            let new = *turns.entry(*turn).or_insert(next);
            if new == next {
                used.push(*turn);
            }
            *turn = new;
        }
        used.len().put(writer);
        for turn in used {
            if let Some(thing) = self.get(turn) {
                thing.put(writer);
            }
        }
    }

    fn take(reader: &mut Reader<'_>) -> Option<Table<T>> {
        let things: Vec<T> = Kept::take(reader)?;
        let turns = things.iter().cloned().zip(0..).collect();
        Some(Table { things, turns })
    }
}

names! {
    Asking {
        Import = 0, ImportOfText = 1, Guess = 2, Ignored = 3, Version = 4, Folder = 5, Taken = 6, Named = 7, Routed = 8, Table = 9,
        Redirecting = 10, Variables = 11, ModuleAt = 12, Text = 13,
    }
}

fields! {
    LineName { chunk, offset, text }
}

impl Kept for Spelled {
    fn put(&self, writer: &mut Writer) {
        match self {
            Spelled::Text(module) => (0_u64, *module).put(writer),
            Spelled::Object(module) => (1_u64, *module).put(writer),
            Spelled::Answer(asking, module, name) => {
                (2_u64, *module).put(writer);
                asking.put(writer);
                name.put(writer);
            }
            Spelled::Code(module, code) => (3_u64, *module, *code).put(writer),
            Spelled::Name(object, name) => {
                (4_u64, *object).put(writer);
                name.put(writer);
            }
            Spelled::Names(object) => (5_u64, *object).put(writer),
            Spelled::Unread(app, object) => (6_u64, *app, *object).put(writer),
        }
    }

    fn take(reader: &mut Reader<'_>) -> Option<Spelled> {
        Some(match u64::take(reader)? {
            0 => Spelled::Text(Kept::take(reader)?),
            1 => Spelled::Object(Kept::take(reader)?),
            2 => {
                let module = Sum::take(reader)?;
                Spelled::Answer(Kept::take(reader)?, module, Kept::take(reader)?)
            }
            3 => Spelled::Code(Kept::take(reader)?, Kept::take(reader)?),
            4 => Spelled::Name(Kept::take(reader)?, Kept::take(reader)?),
            5 => Spelled::Names(Kept::take(reader)?),
            6 => Spelled::Unread(Kept::take(reader)?, Kept::take(reader)?),
            _ => return None,
        })
    }
}

/// What the run before has left.
#[derive(Default)]
pub struct Left {
    pub around: Sum,
    /// What the objects were called that some piece looked at, and what they held.
    pub objects: Vec<(Sum, Sum)>,
    pub tables: Tables,
    pub pieces: BTreeMap<String, Piece>,
}

/// The pieces as bytes, with what all objects are called, and what they hold.
pub fn written(
    around: Sum,
    objects: &[(Sum, Sum)],
    tables: Tables,
    mut pieces: BTreeMap<String, Piece>,
) -> Vec<u8> {
    let mut numbers: Vec<u32> = pieces
        .values()
        .flat_map(|piece| piece.objects.iter().copied())
        .collect();
    numbers.sort_unstable();
    numbers.dedup();
    let listed = numbers.iter();
    let listed: Vec<(Sum, Sum)> = listed
        .filter_map(|number| objects.get(*number as usize).copied())
        .collect();
    let mut writer = Writer::default();
    around.put(&mut writer);
    listed.put(&mut writer);
    let all = |of: fn(&mut Piece) -> &mut Vec<u32>| of;
    let looked = all(|piece| &mut piece.looked);
    (tables.looks).put(pieces.values_mut().map(looked), &mut writer);
    let lines = all(|piece| &mut piece.lines);
    (tables.lines).put(pieces.values_mut().map(lines), &mut writer);
    let functions = all(|piece| &mut piece.functions);
    (tables.functions).put(pieces.values_mut().map(functions), &mut writer);
    let classes = all(|piece| &mut piece.classes);
    (tables.classes).put(pieces.values_mut().map(classes), &mut writer);
    pieces.len().put(&mut writer);
    for (name, piece) in pieces {
        name.put(&mut writer);
        piece.given.put(&mut writer);
        piece.looked.put(&mut writer);
        piece.objects.len().put(&mut writer);
        // Each as the distance from the one before.
        let mut last = 0;
        for number in &piece.objects {
            let position = numbers.binary_search(number).unwrap_or_default();
            (position - last).put(&mut writer);
            last = position;
        }
        piece.modules.put(&mut writer);
        piece.lines.put(&mut writer);
        piece.functions.put(&mut writer);
        piece.classes.put(&mut writer);
        piece.result.len().put(&mut writer);
        writer.bytes.extend_from_slice(&piece.result);
    }
    writer.bytes
}

pub fn read(bytes: &[u8]) -> Option<Left> {
    let named = Named::default();
    let mut reader = Reader::new(bytes, &named);
    let mut left = Left {
        around: Sum::take(&mut reader)?,
        objects: Vec::take(&mut reader)?,
        tables: Tables {
            looks: Table::take(&mut reader)?,
            lines: Table::take(&mut reader)?,
            functions: Table::take(&mut reader)?,
            classes: Table::take(&mut reader)?,
        },
        pieces: BTreeMap::new(),
    };
    for _ in 0..usize::take(&mut reader)? {
        let name = String::take(&mut reader)?;
        let given = Sum::take(&mut reader)?;
        let looked = Vec::take(&mut reader)?;
        let mut last = 0_u32;
        let distances: Vec<u32> = Vec::take(&mut reader)?;
        let positions = distances.into_iter().map(|distance| {
            last = last.checked_add(distance)?;
            Some(last)
        });
        let objects = positions.collect::<Option<Vec<u32>>>()?;
        let modules = Vec::take(&mut reader)?;
        let lines = Vec::take(&mut reader)?;
        let functions = Vec::take(&mut reader)?;
        let classes = Vec::take(&mut reader)?;
        let length = u64::take(&mut reader)?;
        let piece = Piece {
            given,
            looked,
            objects,
            modules,
            lines,
            functions,
            classes,
            result: reader.slice(length)?.to_vec(),
        };
        left.pieces.insert(name, piece);
    }
    reader.is_at_end().then_some(left)
}

/// What was kept of the work on two grounds: the length of what the first one's came to, as eight bytes, that, and the rest.
#[derive(Debug, Clone, Copy)]
pub struct Halves<'b> {
    pub first: &'b [u8],
    pub second: &'b [u8],
}

impl<'b> Halves<'b> {
    /// Bytes that are not of two grounds have nothing for either.
    pub fn of(bytes: &'b [u8], are_two: bool) -> Halves<'b> {
        let nothing = Halves {
            first: &[],
            second: &[],
        };
        if !are_two {
            return Halves {
                first: bytes,
                ..nothing
            };
        }
        let halves = bytes.split_first_chunk().and_then(|(length, rest)| {
            let length = usize::try_from(u64::from_le_bytes(*length)).ok()?;
            rest.split_at_checked(length)
        });
        halves.map_or(nothing, |(first, second)| Halves { first, second })
    }

    /// None: both are as they were.
    pub fn changed(self, first: Option<Vec<u8>>, second: Option<Vec<u8>>) -> Option<Vec<u8>> {
        if first.is_none() && second.is_none() {
            return None;
        }
        let first = first.as_deref().unwrap_or(self.first);
        let second = second.as_deref().unwrap_or(self.second);
        let length = (first.len() as u64).to_le_bytes();
        Some([&length, first, second].concat())
    }
}

#[cfg(test)]
mod tests {
    use super::Halves;

    #[test]
    fn halves_are_taken_apart_as_they_were_put_together() {
        let nothing = Halves::of(&[], true);
        let kept = nothing.changed(Some(vec![1, 2]), Some(vec![3]));
        let kept = kept.unwrap_or_default();
        let both = Halves::of(&kept, true);
        assert_eq!((both.first, both.second), (&[1, 2][..], &[3][..]));
        assert_eq!(both.changed(None, None), None);
        let other = both.changed(None, Some(vec![4, 5])).unwrap_or_default();
        let both = Halves::of(&other, true);
        assert_eq!((both.first, both.second), (&[1, 2][..], &[4, 5][..]));
    }

    #[test]
    fn what_is_no_two_halves_has_nothing() {
        for bytes in [&[][..], &[7, 0, 0], &[9, 0, 0, 0, 0, 0, 0, 0, 1]] {
            let halves = Halves::of(bytes, true);
            assert_eq!((halves.first, halves.second), (&[][..], &[][..]));
            assert_eq!(Halves::of(bytes, false).first, bytes);
        }
    }
}
