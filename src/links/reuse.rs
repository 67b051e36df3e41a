//! Pieces of work that need not be done again: a test file for which all that it looked at is what it was in the run before.
//!
//! ```text
//! tests/test_items.py   looked at `client` of `tests.conftest`, `list_items` of `app.items`, …, each with its sum
//!                       and came to: two tests, at the first lines of their functions, …
//! ```
//! One test that changes is walked again with its file, and the other files are taken over; so are those that never came to a
//! function that changes, wherever the change moves what they came to. What a new file or another version of a library changes is
//! what an import or a model is answered: those who asked do their work again. Another route: who asked for what it takes, or for
//! what its handler is.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, OnceLock};

use rustc_hash::FxHashMap;

use crate::facts::program::{ClassId, FunctionId};
use crate::links::asked::Asked;
use crate::links::sums::Sums;
use crate::links::tables::{Piece, Spelled, Tables, read, written};
use crate::project::kept::{Kept, Named, Sum, Writer, sum_of, whole};
use crate::project::looks::{self, Look};
use crate::project::symbols::Symbol;
use crate::project::values::value::ObjectId;
use crate::project::world::{CodePlace, ModuleId, Question, World};

/// The pieces of the run before, and those of this one.
pub struct Reuse<'w> {
    sums: Sums<'w>,
    pub asked: Asked,
    /// Modules by what they are.
    modules: FxHashMap<Sum, ModuleId>,
    /// Objects by what they are called, and what they hold.
    objects: FxHashMap<Sum, (u32, Sum)>,
    /// What all pieces depend on.
    around: Sum,
    before: BTreeMap<String, Piece>,
    held: Held,
    now: Mutex<Now>,
    /// Was some piece done anew?
    is_other: AtomicBool,
    known: Mutex<FxHashMap<Look, Sum>>,
}

/// What the tables of the run before say is in this run; each is found out when somebody asks.
struct Held {
    /// Is what was looked at as it was?
    looks: Vec<OnceLock<bool>>,
    lines: Vec<OnceLock<Option<(ModuleId, u32)>>>,
    functions: Vec<OnceLock<Option<(ModuleId, FunctionId)>>>,
    classes: Vec<OnceLock<Option<(ModuleId, ClassId)>>>,
    /// Of each object the number that it has now. None: it is gone, or holds something else.
    objects: Vec<Option<u32>>,
    tables: Tables,
}

/// The pieces of this run; the tables begin as those of the run before.
struct Now {
    pieces: BTreeMap<String, Piece>,
    tables: Tables,
}

impl<'w> Reuse<'w> {
    /// With the bytes of the run before, if they are of this ground.
    pub fn new(sums: Sums<'w>, asked: Asked, around: Sum, before: &[u8]) -> Reuse<'w> {
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
        let same = same.collect();
        let tables = before.tables;
        Reuse {
            modules: modules.map(|one| (sums.spelled(one), one)).collect(),
            sums,
            asked,
            around,
            objects,
            before: before.pieces,
            now: Mutex::new(Now {
                pieces: BTreeMap::new(),
                tables: tables.clone(),
            }),
            held: Held {
                looks: nothing_known(tables.looks.count()),
                lines: nothing_known(tables.lines.count()),
                functions: nothing_known(tables.functions.count()),
                classes: nothing_known(tables.classes.count()),
                objects: same,
                tables,
            },
            is_other: AtomicBool::new(false),
            known: Mutex::default(),
        }
    }

    pub fn sums(&self) -> &Sums<'w> {
        &self.sums
    }

    fn world(&self) -> &'w World<'w> {
        self.sums.world()
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
            self.keep(|now| drop(now.pieces.insert(name.to_string(), piece)));
            return result;
        }
        self.is_other.store(true, Ordering::Relaxed);
        let ((result, objects), mut looked) = looks::piece(work);
        let mut writer = Writer::default();
        result.put(&mut writer);
        let Writer { bytes, named, .. } = writer;
        let mut whole = named.whole;
        let spelled = |module: ModuleId| self.sums.spelled(module);
        let lines = named.lines.iter().map(|&(module, line)| {
            let name = self.world().line_name(CodePlace { module, line });
            // The line before the first stands for no place.
            whole.extend((name.is_err() && line > 0).then_some(module));
            (spelled(module), name)
        });
        let lines: Vec<_> = lines.collect();
        let functions = named.functions.iter().map(|&(module, function)| {
            let name = self.world().function_name(module, function);
            whole.extend(name.is_err().then_some(module));
            (spelled(module), name)
        });
        let functions: Vec<_> = functions.collect();
        let classes = named.classes.iter().map(|&(module, class)| {
            let name = self.world().class_name(module, class);
            whole.extend(name.is_err().then_some(module));
            (spelled(module), name)
        });
        let classes: Vec<_> = classes.collect();
        looked.extend(whole.into_iter().map(Look::Text));
        looked.sort_unstable();
        looked.dedup();
        let looked = looked.into_iter();
        let looked = looked.filter_map(|look| Some((self.spelled(look)?, self.sum(look))));
        let looked: Vec<(Spelled, Sum)> = looked.collect();
        self.keep(|now| {
            let tables = &mut now.tables;
            let piece = Piece {
                given,
                looked: tables.looks.turns(looked),
                objects: objects.into_iter().map(|object| object.0).collect(),
                modules: named.modules.iter().map(|one| spelled(*one)).collect(),
                lines: tables.lines.turns(lines),
                functions: tables.functions.turns(functions),
                classes: tables.classes.turns(classes),
                result: bytes,
            };
            now.pieces.insert(name.to_string(), piece);
        });
        result
    }

    /// The piece's result, with the objects that it looked at; none: it would be another now.
    fn again<T: Kept>(&self, piece: &Piece) -> Option<(T, Vec<u32>)> {
        let number = |position: &u32| *self.held.objects.get(*position as usize)?;
        let objects = piece.objects.iter().map(number);
        let mut objects = objects.collect::<Option<Vec<u32>>>()?;
        objects.sort_unstable();
        if !piece.looked.iter().all(|turn| self.is_same(*turn)) {
            return None;
        }
        let modules = piece.modules.iter().map(|one| self.module(*one));
        let named = Named {
            modules: modules.collect::<Option<_>>()?,
            whole: Vec::new(),
            lines: all(&piece.lines, |turn| self.line(turn))?,
            functions: all(&piece.functions, |turn| self.function(turn))?,
            classes: all(&piece.classes, |turn| self.class(turn))?,
        };
        let result = whole(&piece.result, &named)?;
        // Every file that was looked at counts as parsed, as after the work.
        for turn in &piece.looked {
            if let Some((Spelled::Text(module) | Spelled::Code(module, _), _)) =
                self.held.tables.looks.get(*turn)
                && let Some(module) = self.module(*module)
            {
                self.world().named(module);
            }
        }
        Some((result, objects))
    }

    fn module(&self, spelled: Sum) -> Option<ModuleId> {
        self.modules.get(&spelled).copied()
    }

    fn object(&self, name: Sum) -> Option<ObjectId> {
        let (number, _) = self.objects.get(&name)?;
        Some(ObjectId(*number))
    }

    fn answer(&self, question: &Question) -> Sum {
        let of_tables = self.asked.answer(&self.sums, question);
        of_tables.unwrap_or_else(|| self.world().answer(question))
    }

    fn is_same(&self, turn: u32) -> bool {
        let find = || {
            let (look, sum) = self.held.tables.looks.get(turn)?;
            Some(self.sum_of_spelled(look)? == *sum)
        };
        let known = self.held.looks.get(turn as usize);
        known.is_some_and(|known| *known.get_or_init(|| find().unwrap_or_default()))
    }

    fn line(&self, turn: u32) -> Option<(ModuleId, u32)> {
        *self.held.lines.get(turn as usize)?.get_or_init(|| {
            let (module, name) = self.held.tables.lines.get(turn)?;
            let module = self.module(*module)?;
            let line = match name {
                Ok(name) => self.world().chunks_aside(module)?.line_named(*name)?,
                Err(line) => *line,
            };
            Some((module, line))
        })
    }

    fn function(&self, turn: u32) -> Option<(ModuleId, FunctionId)> {
        *self.held.functions.get(turn as usize)?.get_or_init(|| {
            let (module, name) = self.held.tables.functions.get(turn)?;
            let module = self.module(*module)?;
            let function = match name {
                Ok(name) => self.world().chunks_aside(module)?.function_named(*name)?,
                Err(number) => FunctionId(*number),
            };
            Some((module, function))
        })
    }

    fn class(&self, turn: u32) -> Option<(ModuleId, ClassId)> {
        *self.held.classes.get(turn as usize)?.get_or_init(|| {
            let (module, name) = self.held.tables.classes.get(turn)?;
            let module = self.module(*module)?;
            let class = match name {
                Ok(name) => self.world().chunks_aside(module)?.class_named(*name)?,
                Err(number) => ClassId(*number),
            };
            Some((module, class))
        })
    }

    fn spelled(&self, look: Look) -> Option<Spelled> {
        Some(match look {
            Look::Text(module) => Spelled::Text(self.sums.spelled(module)),
            Look::Code(module, code) => {
                let (name, _) = self.world().chunks_aside(module)?.code(code)?;
                Spelled::Code(self.sums.spelled(module), name)
            }
            Look::Object(module) => Spelled::Object(self.sums.spelled(module)),
            Look::Name(object, name) => {
                let name = self.world().symbols.spelling(Symbol(name));
                Spelled::Name(self.sums.name_of(object)?, name.to_string())
            }
            Look::Names(object) => Spelled::Names(self.sums.name_of(object)?),
            Look::Unread(app, object) => {
                Spelled::Unread(self.sums.name_of(app)?, self.sums.name_of(object)?)
            }
            Look::Answer(number) => {
                let question = self.world().question(number)?;
                let importer = self.sums.spelled(question.importer);
                Spelled::Answer(question.asking, importer, question.name.into())
            }
        })
    }

    /// None: there is no such module any more.
    fn sum_of_spelled(&self, look: &Spelled) -> Option<Sum> {
        Some(match look {
            Spelled::Text(of) => self.sum(Look::Text(self.module(*of)?)),
            Spelled::Code(of, code) => {
                let module = self.module(*of)?;
                let code = self.world().chunks_aside(module)?.code_named(*code)?;
                self.sum(Look::Code(module, code))
            }
            Spelled::Object(of) => self.sum(Look::Object(self.module(*of)?)),
            Spelled::Name(object, name) => {
                let name = self.world().symbols.intern(name);
                self.sum(Look::Name(self.object(*object)?, name.0))
            }
            Spelled::Names(object) => self.sum(Look::Names(self.object(*object)?)),
            Spelled::Unread(app, object) => {
                self.sum(Look::Unread(self.object(*app)?, self.object(*object)?))
            }
            Spelled::Answer(asking, importer, name) => {
                let question = Question {
                    asking: *asking,
                    importer: self.module(*importer)?,
                    name: name.as_str().into(),
                };
                self.answer(&question)
            }
        })
    }

    fn keep(&self, change: impl FnOnce(&mut Now)) {
        if let Ok(mut now) = self.now.lock() {
            change(&mut now);
        }
    }

    fn sum(&self, look: Look) -> Sum {
        if let Ok(known) = self.known.lock()
            && let Some(sum) = known.get(&look)
        {
            return *sum;
        }
        let sum = self.of_look(look);
        if let Ok(mut known) = self.known.lock() {
            known.insert(look, sum);
        }
        sum
    }

    /// What was looked at, as one number: what comes of it is the same while this is.
    fn of_look(&self, look: Look) -> Sum {
        let world = self.world();
        match look {
            Look::Text(module) => sum_of(world.sum(module)),
            Look::Code(module, code) => {
                let chunks = world.chunks_aside(module);
                sum_of(chunks.and_then(|chunks| chunks.code(code)))
            }
            Look::Object(module) => self.sums.of_object(module),
            Look::Name(object, name) => self.sums.of_name(object, Symbol(name)),
            Look::Names(object) => self.sums.of_names(object),
            Look::Unread(app, object) => sum_of(self.asked.reads(app, object)),
            Look::Answer(question) => {
                let question = world.question(question);
                question.map_or(0, |question| self.answer(&question))
            }
        }
    }

    /// The pieces of this run as bytes. None: they are those of the run before.
    pub fn bytes(self) -> Option<Vec<u8>> {
        let now = self.now.into_inner().ok()?;
        if !self.is_other.into_inner() && now.pieces.len() == self.before.len() {
            return None;
        }
        let objects: Vec<(Sum, Sum)> = self.sums.objects().collect();
        Some(written(self.around, &objects, now.tables, now.pieces))
    }
}

fn nothing_known<T>(count: usize) -> Vec<OnceLock<T>> {
    (0..count).map(|_| OnceLock::new()).collect()
}

fn all<T>(turns: &[u32], find: impl Fn(u32) -> Option<T>) -> Option<Vec<T>> {
    turns.iter().map(|turn| find(*turn)).collect()
}
