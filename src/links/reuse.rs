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

use rustc_hash::FxHashMap;

use crate::links::sums::Sums;
use crate::project::kept::{Kept, Reader, Sum, Writer, names, whole};
use crate::project::looks::{self, Look};
use crate::project::world::{Asking, ModuleId, Question};

/// A look in words that mean the same in another run, in which modules have other numbers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Spelled {
    Subclasses,
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
            Spelled::Subclasses => 0_u64.put(writer),
            Spelled::Text(module) => (1_u64, *module).put(writer),
            Spelled::Object(module) => (2_u64, *module).put(writer),
            Spelled::Answer(asking, module, name) => {
                (3_u64, *module).put(writer);
                asking.put(writer);
                name.put(writer);
            }
        }
    }

    fn take(reader: &mut Reader<'_>) -> Option<Spelled> {
        Some(match u64::take(reader)? {
            0 => Spelled::Subclasses,
            1 => Spelled::Text(Kept::take(reader)?),
            2 => Spelled::Object(Kept::take(reader)?),
            3 => {
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
    now: Mutex<Pieces>,
    known: Mutex<FxHashMap<Look, Sum>>,
}

impl<'w> Reuse<'w> {
    /// With the bytes of the run before, if they are of this ground.
    pub fn new(sums: Sums<'w>, around: Sum, before: &[u8]) -> Reuse<'w> {
        let before = read(before).filter(|(of, _)| *of == around);
        let modules = sums.world().modules();
        Reuse {
            modules: modules.map(|one| (sums.spelled(one), one)).collect(),
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
            && let Some(result) = self.again(piece)
        {
            self.keep(name, piece.clone());
            return result;
        }
        let (result, mut looked) = looks::piece(work);
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
            named: named.collect(),
            result: writer.bytes,
        };
        self.keep(name, piece);
        result
    }

    /// The piece's result; none: it would be another now.
    fn again<T: Kept>(&self, piece: &Piece) -> Option<T> {
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
        Some(result)
    }

    fn spelled(&self, look: Look) -> Option<Spelled> {
        Some(match look {
            Look::Subclasses => Spelled::Subclasses,
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
            Spelled::Subclasses => self.sum(Look::Subclasses),
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
            piece.named.put(&mut writer);
            piece.result.len().put(&mut writer);
            writer.bytes.extend_from_slice(&piece.result);
        }
        Some(writer.bytes)
    }
}

fn read(bytes: &[u8]) -> Option<(Sum, Pieces)> {
    let mut reader = Reader::new(bytes, &[]);
    let around = Sum::take(&mut reader)?;
    let mut pieces = Pieces::new();
    for _ in 0..usize::take(&mut reader)? {
        let name = String::take(&mut reader)?;
        let given = Sum::take(&mut reader)?;
        let looked = Vec::take(&mut reader)?;
        let named = Vec::take(&mut reader)?;
        let length = u64::take(&mut reader)?;
        let result = reader.slice(length)?.to_vec();
        let piece = Piece {
            given,
            looked,
            named,
            result,
        };
        pieces.insert(name, piece);
    }
    reader.is_at_end().then_some((around, pieces))
}
