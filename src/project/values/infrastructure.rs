//! Infrastructure: where running code makes clients of what production stands on, where it speaks to it, and what stands in for it.
//!
//! ```python
//! client = redis.Redis()     # a client is made
//! client.get("key")          # Redis is spoken to
//! ```
//! Which calls do so is data: `rules/infrastructure.toml`.

use std::sync::Arc;

use crate::facts::program::FunctionId;
use crate::project::symbols::Symbol;
use crate::project::values::calls::Args;
use crate::project::values::heap::Object;
use crate::project::values::log::Log;
use crate::project::values::machine::{Activation, Eval, Machine, Raise};
use crate::project::values::value::{ObjectId, Value};
use crate::project::world::{CodePlace, ModuleId, ModuleKind};
use crate::rules::infrastructure::Use;

/// Most uses that one run notes.
const MOST_USES: usize = 400;
/// Steps that a function may take which stands in the place of another.
const STEPS_OF_A_REPLACEMENT: u64 = 2_000;
/// Lists in arguments are looked into so deep.
const DEEPEST: usize = 3;

/// Something was done with infrastructure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Used {
    /// Position in the rules.
    pub kind: usize,
    pub what: Use,
    pub place: CodePlace,
}

/// A test looks whether something is there.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Probe {
    pub place: CodePlace,
    /// The words of its arguments.
    pub words: Vec<Arc<str>>,
    /// The numbers among them.
    pub numbers: Vec<i64>,
    /// The test passes where nothing is there, too.
    pub passes_without: bool,
}

/// What a path says.
#[derive(Debug, Clone, Copy)]
pub enum Meaning {
    Use(usize, Use),
    Probe,
    Other,
}

/// What was looked up before.
pub type Known = rustc_hash::FxHashMap<Symbol, Meaning>;

impl Machine<'_> {
    /// A call of something of a library that no model describes.
    pub(super) fn external_may_use(&mut self, path: Symbol, args: &Args) {
        let Some(caller) = self.stack.last().copied() else {
            return;
        };
        // A constructor that runs because somebody asked for an attribute has run long before.
        if caller.kind == ModuleKind::Model || !self.initializing.is_empty() {
            return;
        }
        match self.meaning(path) {
            Meaning::Use(kind, Use::Made) if self.names_embedded(kind, args) => {
                self.note_use(caller, kind, Use::Embedded);
            }
            Meaning::Use(kind, what) => self.note_use(caller, kind, what),
            Meaning::Probe if caller.kind == ModuleKind::Test => {
                let mut probe = Probe {
                    place: caller.place(),
                    words: Vec::new(),
                    numbers: Vec::new(),
                    passes_without: false,
                };
                // Those with names are timeouts and the like.
                for value in &args.positional {
                    self.add_words(value, &mut probe, 0);
                }
                if self.log.probes.len() < MOST_USES && !self.log.probes.contains(&probe) {
                    self.log.probes.push(probe);
                }
            }
            Meaning::Probe | Meaning::Other => {}
        }
    }

    /// What the call of a test answers that looks for something, in a run that finds nothing; None: it is another call.
    pub(super) fn answer_of_nothing(&mut self, path: Symbol, args: &Args) -> Option<Eval> {
        if !self.finds_nothing || self.own_activation()?.kind != ModuleKind::Test {
            return None;
        }
        let world = self.world;
        let answers = &world.rules.infrastructure.probes.absent;
        let (module, function) = answers.get(&*self.spelled(path))?.rsplit_once('.')?;
        let module = self.import_module(world.model(module)?)?;
        let function = self.symbol(function);
        Some(self.call_attribute(&Value::Object(module), function, args.clone()))
    }

    /// What is asserted holds, or the test fails.
    pub(super) fn must_hold(&mut self, asserted: &Value) -> Result<(), Raise> {
        let truth = self.truth(asserted)?;
        if truth == Some(true) {
            return Ok(());
        }
        match self.error("AssertionError", "") {
            Raise::Exception(raised) if truth.is_none() => self.may_raise(*raised),
            failure => return Err(failure),
        }
        Ok(())
    }

    /// Live code sends a request over the network: it speaks to another service.
    pub(super) fn note_sender(&mut self, sender: Activation) {
        if let Some(kind) = self.world.rules.infrastructure.of_requests() {
            self.note_use(sender, kind, Use::Contacted);
        }
    }

    /// A model stands for what the path names, and is asked for something.
    pub(super) fn note_stand_in(&mut self, path: &str) {
        let path = self.symbol(path);
        if let (Meaning::Use(kind, Use::Faked), Some(asks)) =
            (self.meaning(path), self.own_activation())
        {
            self.note_use(asks, kind, Use::Faked);
        }
    }

    fn note_use(&mut self, by: Activation, kind: usize, what: Use) {
        let takes_requests = self.world.rules.infrastructure.of_requests() == Some(kind);
        let what = match what {
            // Where it depends on what nobody knows, it may as well be a service.
            Use::Embedded if self.undecided > 0 => Use::Made,
            // A test speaks to the app with it.
            Use::Made | Use::Contacted if takes_requests && by.kind == ModuleKind::Test => return,
            Use::Made | Use::Contacted if self.is_set_up(by) => Use::Started,
            Use::Contacted if self.undecided > 0 => Use::MayContact,
            what => what,
        };
        let place = by.place();
        self.log.note_used(Used { kind, what, place });
    }

    /// Is the client one of what runs inside of the process, as its URL says?
    fn names_embedded(&self, kind: usize, args: &Args) -> bool {
        let named = args.named.iter().map(|(_, value)| value);
        let mut urls = args.positional.first().into_iter().chain(named);
        let rules = &self.world.rules.infrastructure;
        let is_embedded =
            |url: &Value| matches!(url, Value::Text(url) if rules.is_embedded(kind, url));
        // One that may name a service is no reason to believe that it does not.
        urls.any(|url| {
            let all = url.alternatives();
            !all.is_empty() && all.iter().all(is_embedded)
        })
    }

    fn meaning(&mut self, path: Symbol) -> Meaning {
        if let Some(known) = self.infrastructure_known.get(&path) {
            return *known;
        }
        let rules = &self.world.rules.infrastructure;
        let spelled = self.spelled(path);
        let meaning = match rules.find(&spelled) {
            Some((kind, what)) => Meaning::Use(kind, what),
            None if rules.is_probe(&spelled) => Meaning::Probe,
            None => Meaning::Other,
        };
        self.infrastructure_known.insert(path, meaning);
        meaning
    }

    fn add_words(&self, value: &Value, probe: &mut Probe, depth: usize) {
        if depth > DEEPEST {
            return;
        }
        for one in value.alternatives() {
            match one {
                Value::Text(text) => {
                    probe.words.extend(text.split_whitespace().map(Arc::from));
                }
                Value::Int(number) => probe.numbers.push(*number),
                Value::Tuple(items) => {
                    for item in items.iter() {
                        self.add_words(item, probe, depth + 1);
                    }
                }
                Value::Object(id) => {
                    for item in self.heap.list(*id).map_or(&[][..], |list| &list.items) {
                        self.add_words(item, probe, depth + 1);
                    }
                }
                _ => {}
            }
        }
    }

    /// Is it the body of a module of the project, a constructor, or a method that starts something?
    fn is_set_up(&self, running: Activation) -> bool {
        let Some(unit) = self.world.code(running.module, running.function) else {
            return false;
        };
        let function = unit.facts.function(running.function);
        let starts = &self.world.rules.names.lifecycle;
        let is_start = |name: &str| {
            let mut starts = starts.iter();
            name == "__init__"
                || match name.strip_prefix('_') {
                    Some(private) => starts.any(|known| private.starts_with(known.as_str())),
                    None => starts.any(|known| known == name),
                }
        };
        // `Cache.connect.<locals>.<lambda>`, `Cache._connect_again`
        let qualified = unit.facts.name(function.qualified_name);
        running.kind == ModuleKind::App
            && (running.function == FunctionId(0) || qualified.split('.').any(is_start))
    }

    /// The path of what is a library's.
    pub(super) fn library_of(&self, value: &Value) -> Option<Arc<str>> {
        let mut all = value.alternatives().iter();
        all.find_map(|one| match one {
            Value::External(path) => Some(self.spelled(*path)),
            Value::Object(id) => self.modelled(*id),
            _ => None,
        })
    }

    /// The path of what a model defines.
    fn modelled(&self, id: ObjectId) -> Option<Arc<str>> {
        let module = match self.heap.get(id) {
            Object::Class(class) => class.module,
            Object::Function(function) => function.module,
            _ => return None,
        };
        let unit = self.world.named(module)?;
        let name = self.describe(&Value::Object(id));
        (unit.kind == ModuleKind::Model).then(|| Arc::from(format!("{}.{name}", unit.name)))
    }

    /// What a function returns or yields that takes the place of another; nothing is left of its run.
    pub(super) fn given_by(&mut self, function: &Value) -> Eval {
        let mark = self.heap.len() as u32;
        self.in_trial(|machine| {
            let given = machine.bounded(STEPS_OF_A_REPLACEMENT, |machine| {
                let args = Args {
                    is_open: true,
                    ..Args::default()
                };
                match machine.call(function, args) {
                    Err(Raise::Exception(_)) => Ok(Value::None),
                    other => other,
                }
            })?;
            let yielded = match &given {
                Value::Object(id) => machine.heap.list(*id),
                _ => None,
            };
            let first = yielded
                .and_then(|list| list.items.first())
                .unwrap_or(&given);
            // What was made is gone with the trial; its class is older.
            Ok(match first {
                Value::Object(id) => match machine.heap.get(*id) {
                    Object::Instance(instance) if instance.class.0 < mark => {
                        Value::Object(instance.class)
                    }
                    _ => Value::None,
                },
                Value::External(path) => Value::External(*path),
                _ => Value::None,
            })
        })
    }

    /// The code that is gone when something stands in the place of the value: a function, or how a class or the class of an object
    /// of the project begins.
    pub(super) fn replaced_code(&self, value: &Value) -> Option<(ModuleId, FunctionId)> {
        self.code_of(value).or_else(|| match value {
            Value::Object(id) => match self.heap.get(*id) {
                Object::Instance(instance) => self.code_of(&Value::Object(instance.class)),
                _ => None,
            },
            _ => None,
        })
    }
}

impl Log {
    pub fn note_used(&mut self, used: Used) {
        if self.used.len() < MOST_USES && !self.used.contains(&used) {
            self.used.push(used);
        }
    }
}
