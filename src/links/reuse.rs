//! Pieces of work that need not be done again: a test file whose modules, and all that they lead to, are what they were in the run before.
//!
//! ```text
//! tests/test_items.py   looked at `tests.conftest`, `app.items`, …, each with its sum     → what its tests do
//! ```
//! One test file that changes is walked again, and the others are taken over; so are those that never came to a handler that changes.
//! What a new file or another version of a library changes is what an import or a model is answered: those who asked do their work
//! again. Another table of routes: everything is done again.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use rustc_hash::FxHashMap;

use crate::links::sums::Sums;
use crate::project::kept::{Kept, Reader, Sum, Writer, names, whole};
use crate::project::looks::{self, Look};
use crate::project::values::value::ObjectId;
use crate::project::world::{Asking, ModuleId, Question};

/// A look in words that mean the same in another run, in which modules have other numbers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Spelled {
    Text(Sum),
    Object(Sum),
    Answer(Asking, Sum, String),
}

/// What a piece of work depends on, and what it came to.
#[derive(Debug, Clone, PartialEq)]
struct Piece {
    /// What it was given beside the ground.
    given: Sum,
    looked: Vec<(Spelled, Sum)>,
    /// The objects of the ground that it looked at: of the run before, positions in its list; of this run, their numbers.
    objects: Vec<u32>,
    /// The modules that the result names, in turn.
    named: Vec<Sum>,
    result: Vec<u8>,
}

type Pieces = BTreeMap<String, Piece>;

names! {
    Asking { Import = 0, ImportOfText = 1, Guess = 2, Ignored = 3, Version = 4 }
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
            _ => return None,
        })
    }
}

/// The pieces of the run before, and those of this one.
pub struct Reuse<'w> {
    sums: Sums<'w>,
    /// Modules by what they are.
    modules: FxHashMap<Sum, ModuleId>,
    /// What all pieces depend on.
    around: Sum,
    before: Pieces,
    /// Of each object in the list of the run before the number that it has now. None: it is gone, or holds something else.
    objects: Vec<Option<u32>>,
    now: Mutex<Pieces>,
    /// Was some piece done anew?
    is_other: AtomicBool,
    known: Mutex<FxHashMap<Look, Sum>>,
}

impl<'w> Reuse<'w> {
    /// With the bytes of the run before, if they are of this ground.
    pub fn new(sums: Sums<'w>, around: Sum, before: &[u8]) -> Reuse<'w> {
        let before = read(before).filter(|before| before.around == around);
        let before = before.unwrap_or_default();
        let modules = sums.world().modules();
        let objects = sums.objects().enumerate();
        let objects: FxHashMap<Sum, (u32, Sum)> = objects
            .map(|(number, (name, own))| (name, (number as u32, own)))
            .collect();
        let same = before.objects.iter().map(|(name, own)| {
            let (number, now) = objects.get(name)?;
            (now == own).then_some(*number)
        });
        Reuse {
            modules: modules.map(|one| (sums.spelled(one), one)).collect(),
            sums,
            around,
            objects: same.collect(),
            before: before.pieces,
            now: Mutex::default(),
            is_other: AtomicBool::new(false),
            known: Mutex::default(),
        }
    }

    pub fn sums(&self) -> &Sums<'w> {
        &self.sums
    }

    /// The result of the run before, if it would be the same; else that of the work, for the next run.
    /// The work gives the objects of the ground that it looked at, too.
    pub fn piece<T: Kept>(
        &self,
        name: &str,
        given: Sum,
        work: impl FnOnce() -> (T, Vec<ObjectId>),
    ) -> T {
        if let Some(piece) = self.before.get(name)
            && piece.given == given
            && let Some((result, objects)) = self.again(piece)
        {
            let piece = Piece {
                objects,
                ..piece.clone()
            };
            self.keep(name, piece);
            return result;
        }
        self.is_other.store(true, Ordering::Relaxed);
        let ((result, objects), mut looked) = looks::piece(work);
        let mut writer = Writer::default();
        result.put(&mut writer);
        looked.extend(writer.named.iter().copied().map(Look::Text));
        looked.sort_unstable();
        looked.dedup();
        let looked = looked.into_iter();
        let looked = looked.filter_map(|look| Some((self.spelled(look)?, self.sum(look))));
        let mut looked: Vec<(Spelled, Sum)> = looked.collect();
        looked.sort_unstable();
        let named = writer.named.iter().map(|one| self.sums.spelled(*one));
        let piece = Piece {
            given,
            looked,
            objects: objects.into_iter().map(|object| object.0).collect(),
            named: named.collect(),
            result: writer.bytes,
        };
        self.keep(name, piece);
        result
    }

    /// The piece's result, with the objects that it looked at; none: it would be another now.
    fn again<T: Kept>(&self, piece: &Piece) -> Option<(T, Vec<u32>)> {
        let number = |position: &u32| *self.objects.get(*position as usize)?;
        let objects = piece.objects.iter().map(number);
        let mut objects = objects.collect::<Option<Vec<u32>>>()?;
        objects.sort_unstable();
        let is_same = |(look, sum): &(Spelled, Sum)| self.sum_of_spelled(look) == Some(*sum);
        if !piece.looked.iter().all(is_same) {
            return None;
        }
        let named = piece.named.iter().map(|one| self.modules.get(one).copied());
        let result = whole(&piece.result, &named.collect::<Option<Vec<ModuleId>>>()?)?;
        // Every file that was looked at counts as parsed, as after the work.
        for (look, _) in &piece.looked {
            if let Spelled::Text(module) = look
                && let Some(module) = self.modules.get(module)
            {
                self.sums.world().unit(*module);
            }
        }
        Some((result, objects))
    }

    fn spelled(&self, look: Look) -> Option<Spelled> {
        Some(match look {
            Look::Text(module) => Spelled::Text(self.sums.spelled(module)),
            Look::Object(module) => Spelled::Object(self.sums.spelled(module)),
            Look::Answer(number) => {
                let question = self.sums.world().question(number)?;
                let importer = self.sums.spelled(question.importer);
                Spelled::Answer(question.asking, importer, question.name.into())
            }
        })
    }

    /// None: there is no such module any more.
    fn sum_of_spelled(&self, look: &Spelled) -> Option<Sum> {
        let module = |spelled: &Sum| self.modules.get(spelled).copied();
        Some(match look {
            Spelled::Text(of) => self.sum(Look::Text(module(of)?)),
            Spelled::Object(of) => self.sum(Look::Object(module(of)?)),
            Spelled::Answer(asking, importer, name) => {
                let question = Question {
                    asking: *asking,
                    importer: module(importer)?,
                    name: name.as_str().into(),
                };
                self.sums.world().answer(&question)
            }
        })
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
        if !self.is_other.into_inner() && now.len() == self.before.len() {
            return None;
        }
        let mut numbers: Vec<u32> = now
            .values()
            .flat_map(|piece| piece.objects.iter().copied())
            .collect();
        numbers.sort_unstable();
        numbers.dedup();
        let objects: Vec<(Sum, Sum)> = self.sums.objects().collect();
        let listed = numbers.iter();
        let listed: Vec<(Sum, Sum)> = listed
            .filter_map(|number| objects.get(*number as usize).copied())
            .collect();
        let mut writer = Writer::default();
        self.around.put(&mut writer);
        listed.put(&mut writer);
        now.len().put(&mut writer);
        for (name, piece) in now {
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
            piece.named.put(&mut writer);
            piece.result.len().put(&mut writer);
            writer.bytes.extend_from_slice(&piece.result);
        }
        Some(writer.bytes)
    }
}

/// What the run before has left.
#[derive(Default)]
struct Left {
    around: Sum,
    /// What the objects were called that some piece looked at, and what they held.
    objects: Vec<(Sum, Sum)>,
    pieces: Pieces,
}

fn read(bytes: &[u8]) -> Option<Left> {
    let mut reader = Reader::new(bytes, &[]);
    let around = Sum::take(&mut reader)?;
    let objects = Vec::take(&mut reader)?;
    let mut pieces = Pieces::new();
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
        let positions = positions.collect::<Option<Vec<u32>>>()?;
        let named = Vec::take(&mut reader)?;
        let length = u64::take(&mut reader)?;
        let result = reader.slice(length)?.to_vec();
        let piece = Piece {
            given,
            looked,
            objects: positions,
            named,
            result,
        };
        pieces.insert(name, piece);
    }
    let left = Left {
        around,
        objects,
        pieces,
    };
    reader.is_at_end().then_some(left)
}
