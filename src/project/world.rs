//! The world: every module that can be imported, the project's own and the models of libraries, parsed when first needed.
//!
//! `import app.main` in a test finds the file `app/main.py`; `import fastapi` finds the model of that library in `rules/`;
//! `import numpy` finds neither and is a name outside the project.

use std::sync::{Arc, Mutex, OnceLock, RwLock};

use rustc_hash::{FxHashMap, FxHashSet};

use crate::facts::program::{ClassId, FunctionId, NameId};
use crate::facts::{self, Before, Facts};
use crate::project::chunks::{Chunks, LineName};
use crate::project::kept::{Sum, sum_of};
use crate::project::libraries::Libraries;
use crate::project::looks::{self, Look};
use crate::project::read_once::{ReadOnce, once};
use crate::project::symbols::{Symbol, Symbols};
use crate::project::values::native_names::NativeNames;
use crate::rules::Rules;
use crate::source::requirements::Strength;
use crate::source::{FileId, Resolution, Sources, Unreadable, dotenv, paths};

/// What a model binds whose library is read in its own repository.
const YIELDS: &str = "covgap_yields";

/// A module: first the project's files in the order of [`Sources::files`], then the models.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ModuleId(pub u32);

/// The module for which those ask that stand in none.
pub const FIRST: ModuleId = ModuleId(0);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ModuleKind {
    /// The project's own code that is no test.
    App,
    /// Test files, conftests and what lies beside them.
    Test,
    /// A model of a library or of Python's standard library.
    Model,
}

/// A parsed module.
pub struct Unit {
    pub id: ModuleId,
    pub facts: Arc<Facts>,
    /// [`Facts::names`] as symbols.
    pub symbols: Vec<Symbol>,
    /// [`Facts::texts`], shared.
    pub texts: Vec<Arc<str>>,
    pub kind: ModuleKind,
    /// Relative to the project's root; for a model, its name.
    pub path: Arc<str>,
    /// Dotted.
    pub name: String,
    pub is_package: bool,
    /// Of the text.
    pub sum: Sum,
    /// None: a model's, or nobody wants to know.
    pub chunks: Option<Chunks>,
}

impl Unit {
    pub fn symbol(&self, name: NameId) -> Symbol {
        self.symbols[name.0 as usize]
    }

    /// What stands on this line is looked at.
    pub fn look_at_line(&self, line: u32) {
        if looks::is_on() {
            let chunks = self.chunks.as_ref();
            self.look_at(chunks.map(|chunks| chunks.code_at(line)));
        }
    }

    /// None: the whole text.
    fn look_at(&self, code: Option<u32>) {
        looks::note(match code {
            Some(code) => Look::Code(self.id, code),
            None => Look::Text(self.id),
        });
    }
}

/// A place in the project's code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CodePlace {
    pub module: ModuleId,
    pub line: u32,
}

/// What an import statement names.
#[derive(Debug, Clone, PartialEq)]
pub enum Import {
    Module(ModuleId),
    /// A folder without `__init__.py`.
    Namespace,
    /// Not the project's, and no model.
    External,
    /// The project's by its first part, but not there.
    Missing,
}

/// What running code asks of the files around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Asking {
    /// [`World::resolve`]
    Import,
    /// [`World::resolve_text`]
    ImportOfText,
    /// [`World::is_guess`]
    Guess,
    /// [`World::is_ignored`]
    Ignored,
    /// [`World::version`]
    Version,
    /// [`World::module_at`]
    ModuleAt,
    /// [`World::folder`]
    Folder,
    /// [`World::variables`]
    Variables,
    /// [`World::text_at`]
    Text,
    /// Which routes of a served app take a request?
    Taken,
    /// Which of its routes have a name?
    Named,
    /// Has it routes?
    Routed,
    /// All that its table says.
    Table,
    /// Which routes may redirect?
    Redirecting,
}

/// What was asked, by which module, about which name.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Question {
    pub asking: Asking,
    pub importer: ModuleId,
    pub name: Box<str>,
}

/// The questions of pieces of work, each with its number.
#[derive(Default)]
struct Asked {
    questions: Vec<Question>,
    numbers: FxHashMap<Question, u32>,
}

/// What names mean to one importer.
type Resolved = FxHashMap<ModuleId, FxHashMap<Box<str>, Import>>;

/// Names with their values, in the order of the file.
pub type Variables = Vec<(String, String)>;

/// A longer file, in bytes, is data that nobody's routes come from.
const LONGEST_FILE: usize = 100_000;

/// Importers share locks; this many do not wait for each other.
const SHARDS: usize = 32;

/// What comes after a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Other work of the process, for which it needs its memory.
    Work,
    /// The end of the process, which gives all its memory back at once.
    End,
}

impl Next {
    /// Takes the value apart, unless that is of no use to anybody any more.
    pub fn let_go<T>(self, value: T) {
        match self {
            Next::Work => drop(value),
            Next::End => std::mem::forget(value),
        }
    }
}

pub struct World<'s> {
    pub sources: &'s Sources,
    pub rules: &'s Rules,
    pub symbols: Symbols,
    pub natives: NativeNames,
    pub next: Next,
    /// What the run before knew of texts.
    before: Option<Before>,
    /// Does anybody want to know which parts of files are looked at?
    has_chunks: bool,
    units: Vec<OnceLock<Result<Box<Unit>, Unreadable>>>,
    aside: Vec<OnceLock<Option<Box<Chunks>>>>,
    kinds: Vec<ModuleKind>,
    models: FxHashMap<&'s str, ModuleId>,
    /// Names under which the project itself is distributed.
    own_distributions: FxHashSet<String>,
    libraries: Libraries,
    /// What was resolved before, by importer.
    resolved: Vec<RwLock<Resolved>>,
    asked: Mutex<Asked>,
    /// Files of variables that were read before.
    variables: ReadOnce<Arc<Variables>>,
    /// Other files, likewise.
    texts: ReadOnce<Arc<str>>,
}

impl<'s> World<'s> {
    pub fn new(
        sources: &'s Sources,
        rules: &'s Rules,
        is_test: impl Fn(FileId) -> bool,
    ) -> World<'s> {
        let files = sources.files.len();
        let mut kinds: Vec<ModuleKind> = (0..files)
            .map(|position| {
                if is_test(FileId(position as u32)) {
                    ModuleKind::Test
                } else {
                    ModuleKind::App
                }
            })
            .collect();
        kinds.extend(std::iter::repeat_n(ModuleKind::Model, rules.models.len()));
        let models = rules
            .models
            .iter()
            .enumerate()
            .map(|(position, model)| (&*model.name, ModuleId((files + position) as u32)))
            .collect();
        let units = (0..kinds.len()).map(|_| OnceLock::new()).collect();
        let aside = (0..kinds.len()).map(|_| OnceLock::new()).collect();
        let own_distributions = sources
            .versions
            .own
            .iter()
            .map(|name| name.replace('-', "_"))
            .collect();
        let symbols = Symbols::new();
        World {
            sources,
            rules,
            natives: NativeNames::new(&symbols),
            next: Next::Work,
            before: None,
            has_chunks: false,
            symbols,
            units,
            aside,
            kinds,
            models,
            own_distributions,
            libraries: Libraries::of(sources),
            resolved: (0..SHARDS).map(|_| RwLock::default()).collect(),
            asked: Mutex::default(),
            variables: RwLock::default(),
            texts: RwLock::default(),
        }
    }

    /// The same world, with what the run before knew of texts, and what comes after this one.
    pub fn between(mut self, before: Option<Before>, next: Next) -> World<'s> {
        self.before = before;
        self.next = next;
        self
    }

    /// The same world, in which the parts of files are known.
    pub fn with_chunks(mut self, has_chunks: bool) -> World<'s> {
        self.has_chunks = has_chunks;
        self
    }

    /// What is known of texts for the next run, if it is worth to be kept.
    pub fn known_of_texts(&self) -> Option<Vec<u8>> {
        let units = self
            .units
            .iter()
            .filter_map(|unit| unit.get()?.as_deref().ok());
        let texts = units.map(|unit| (unit.sum, &*unit.facts));
        self.before.as_ref()?.bytes(texts)
    }

    /// Notes what a piece of work asks the tables of the served apps; who keeps pieces knows the answers.
    pub fn note_of_tables(&self, asking: Asking, text: &str) {
        self.note(asking, FIRST, text);
    }

    /// Notes what a piece of work wants to know.
    fn note(&self, asking: Asking, importer: ModuleId, name: &str) {
        if !looks::is_on() {
            return;
        }
        let question = Question {
            asking,
            importer,
            name: name.into(),
        };
        if let Ok(mut asked) = self.asked.lock() {
            let next = asked.questions.len() as u32;
            let number = *asked.numbers.entry(question.clone()).or_insert(next);
            if number == next {
                asked.questions.push(question);
            }
            looks::note(Look::Answer(number));
        }
    }

    pub fn question(&self, number: u32) -> Option<Question> {
        let asked = self.asked.lock().ok()?;
        asked.questions.get(number as usize).cloned()
    }

    /// What a question is answered, as one number.
    pub fn answer(&self, question: &Question) -> Sum {
        let Question {
            asking,
            importer,
            name,
        } = question;
        let of_import = |import: Import| match import {
            Import::Module(module) => self.spelled(module),
            Import::Namespace => 1,
            Import::External => 2,
            Import::Missing => 3,
        };
        match asking {
            Asking::Import => of_import(self.resolve(*importer, name)),
            Asking::ImportOfText => of_import(self.resolve_text(*importer, name)),
            Asking::Guess => sum_of(self.is_guess(*importer, name)),
            Asking::Ignored => sum_of(self.is_ignored(*importer, name)),
            Asking::Version => sum_of(self.version(name)),
            Asking::ModuleAt => sum_of(
                self.module_at(*importer, name)
                    .map(|module| self.spelled(module)),
            ),
            Asking::Folder => sum_of(self.folder(*importer, name)),
            Asking::Variables => sum_of(self.variables(*importer, name)),
            Asking::Text => sum_of(self.text_at(*importer, name)),
            // Of tables the world knows nothing.
            Asking::Taken
            | Asking::Named
            | Asking::Routed
            | Asking::Table
            | Asking::Redirecting => 0,
        }
    }

    /// What a module is, beside its text: its number is another once a file is added.
    pub fn spelled(&self, module: ModuleId) -> Sum {
        let name = self.file_of(module);
        let name = name.map(|file| self.sources.modules.module_name(file));
        sum_of((self.path(module), name, self.kind(module)))
    }

    /// The chunks of a module that has been parsed.
    fn chunks(&self, module: ModuleId) -> Option<&Chunks> {
        let unit = self.units[module.0 as usize].get()?.as_deref().ok()?;
        unit.chunks.as_ref()
    }

    /// The chunks of any module; one that nobody has parsed does not count as parsed by that.
    pub fn chunks_aside(&self, module: ModuleId) -> Option<&Chunks> {
        self.chunks(module).or_else(|| {
            let aside = self.aside[module.0 as usize].get_or_init(|| {
                let text = self.sources.read(self.file_of(module)?).ok()?;
                let before = self.before.as_ref();
                let facts = before.and_then(|before| before.facts(sum_of(&*text)));
                let facts = facts.unwrap_or_else(|| facts::kept(&text));
                Some(Box::new(Chunks::of(&text, &facts)))
            });
            aside.as_deref()
        })
    }

    /// What a line is called, whatever stands above it; one that has no name is known by its number, while the whole text is as it is.
    pub fn line_name(&self, place: CodePlace) -> Result<LineName, u32> {
        let chunks = self.chunks(place.module);
        let name = chunks.and_then(|chunks| chunks.line_name(place.line));
        name.ok_or(place.line)
    }

    /// The same for a function.
    pub fn function_name(&self, module: ModuleId, function: FunctionId) -> Result<Sum, u32> {
        let chunks = self.chunks(module);
        let name = chunks.and_then(|chunks| chunks.function_name(function));
        name.ok_or(function.0)
    }

    /// The same for a class.
    pub fn class_name(&self, module: ModuleId, class: ClassId) -> Result<Sum, u32> {
        let chunks = self.chunks(module);
        let name = chunks.and_then(|chunks| chunks.class_name(class));
        name.ok_or(class.0)
    }

    /// The numbers of all modules, in order.
    pub fn modules(&self) -> impl Iterator<Item = ModuleId> + use<> {
        (0..self.kinds.len() as u32).map(ModuleId)
    }

    /// What lies in a folder of the project, by name: files, and folders with a `/` at their end. `/` is the project's root; a
    /// path that begins elsewhere begins in the nearest folder around the importer that has it. None: it has no such folder, or nobody
    /// knows where the path begins.
    pub fn folder(&self, importer: ModuleId, path: &str) -> Option<Vec<String>> {
        self.note(Asking::Folder, importer, path);
        if path.starts_with('.') {
            return None;
        }
        if path.starts_with('/') {
            return self
                .sources
                .folder(&paths::join("", path.trim_matches('/'))?);
        }
        let from = self.path(self.file_of(importer).map(|_| importer)?);
        let mut around = paths::ancestors(&from);
        around.find_map(|dir| self.sources.folder(&paths::join(dir, path)?))
    }

    /// The module whose file lies at a path, which begins as that of a [`World::folder`] does.
    pub fn module_at(&self, importer: ModuleId, path: &str) -> Option<ModuleId> {
        self.note(Asking::ModuleAt, importer, path);
        let file = |path: &str| self.sources.modules.file(path);
        let found = if path.starts_with('/') {
            file(&paths::join("", path.trim_start_matches('/'))?)
        } else {
            let from = self.path(self.file_of(importer).map(|_| importer)?);
            let mut around = paths::ancestors(&from);
            around.find_map(|dir| file(&paths::join(dir, path)?))
        };
        found.map(|file| self.module_of(file))
    }

    /// What a file of variables of the project holds, by their names. `/` is the project's root; a path that begins elsewhere begins in
    /// the nearest folder around the importer where that file is. None: the project has no such file.
    pub fn variables(&self, importer: ModuleId, path: &str) -> Option<Arc<Variables>> {
        self.note(Asking::Variables, importer, path);
        once(&self.variables, (importer, path), || {
            let (entries, _) = dotenv::read(&self.read_near(importer, path)?);
            let entries = entries.into_iter().map(|entry| (entry.name, entry.value));
            Some(Arc::new(entries.collect()))
        })
    }

    /// The text of a file of the project, whose path begins as that of [`World::variables`] does. None: the project has no such file, or
    /// it has more than 100,000 bytes.
    pub fn text_at(&self, importer: ModuleId, path: &str) -> Option<Arc<str>> {
        self.note(Asking::Text, importer, path);
        once(&self.texts, (importer, path), || {
            let text = self.read_near(importer, path)?;
            (text.len() <= LONGEST_FILE).then(|| text.into())
        })
    }

    fn read_near(&self, importer: ModuleId, path: &str) -> Option<String> {
        let read = |path: &str| self.sources.read_other(path).ok();
        if path.starts_with('/') {
            return read(path.trim_start_matches('/'));
        }
        let from = self.path(self.file_of(importer).map(|_| importer)?);
        let mut around = paths::ancestors(&from);
        around.find_map(|dir| read(&paths::join(dir, path)?))
    }

    /// The version of a library that the project uses, as numbers.
    pub fn version(&self, name: &str) -> Option<Vec<i64>> {
        self.note(Asking::Version, FIRST, name);
        let version = self
            .sources
            .versions
            .by_name
            .get(name)
            .filter(|version| version.strength >= Strength::Pinned)?;
        let numbers: Vec<i64> = version
            .text
            .split('.')
            .map_while(|part| part.parse().ok())
            .collect();
        (!numbers.is_empty()).then_some(numbers)
    }

    /// May the first-party module that is missing lie in a place that version control ignores, or be built of a source there?
    pub fn is_ignored(&self, importer: ModuleId, module: &str) -> bool {
        self.note(Asking::Ignored, importer, module);
        self.file_of(importer).is_some_and(|file| {
            self.sources
                .may_be_made(file, module, &self.rules.names.translated)
        })
    }

    /// Is the module that a name seems to mean perhaps not the one that running code would import?
    pub fn is_guess(&self, importer: ModuleId, name: &str) -> bool {
        self.note(Asking::Guess, importer, name);
        self.file_of(importer)
            .is_some_and(|file| self.sources.modules.is_guess(file, name))
    }

    pub fn module_of(&self, file: FileId) -> ModuleId {
        ModuleId(file.0)
    }

    pub fn kind(&self, module: ModuleId) -> ModuleKind {
        self.kinds[module.0 as usize]
    }

    pub fn file_of(&self, module: ModuleId) -> Option<FileId> {
        ((module.0 as usize) < self.sources.files.len()).then_some(FileId(module.0))
    }

    /// The module's file, or its name for a model.
    pub fn path(&self, module: ModuleId) -> Arc<str> {
        match self.file_of(module) {
            Some(file) => Arc::from(&*self.sources.files[file.0 as usize].path),
            None => {
                Arc::from(&*self.rules.models[module.0 as usize - self.sources.files.len()].name)
            }
        }
    }

    /// Parses the module on first use; none when it can't be read. All of its text counts as looked at.
    pub fn unit(&self, module: ModuleId) -> Option<&Unit> {
        looks::note(Look::Text(module));
        self.parsed(module)
    }

    fn parsed(&self, module: ModuleId) -> Option<&Unit> {
        self.units[module.0 as usize]
            .get_or_init(|| self.load(module).map(Box::new))
            .as_deref()
            .ok()
    }

    /// The module for who reads no more of it than its path says, and what functions and classes are called that objects stand for.
    pub fn named(&self, module: ModuleId) -> Option<&Unit> {
        let unit = self.parsed(module);
        if unit.is_none() {
            looks::note(Look::Text(module));
        }
        unit
    }

    /// The module for who reads no more of it than this function; the first one is the module's body, without that of functions.
    pub fn code(&self, module: ModuleId, function: FunctionId) -> Option<&Unit> {
        let unit = self.named(module)?;
        let code = unit.chunks.as_ref();
        unit.look_at(code.map(|chunks| chunks.code_of_function(function)));
        Some(unit)
    }

    /// Has it been parsed?
    pub fn loaded(&self, module: ModuleId) -> Option<&Unit> {
        let unit = self.units[module.0 as usize].get()?.as_deref().ok();
        looks::note(Look::Text(module));
        unit
    }

    /// Why it could not be read, when somebody wanted to.
    pub fn unreadable(&self, module: ModuleId) -> Option<&Unreadable> {
        self.units[module.0 as usize]
            .get()
            .and_then(|unit| unit.as_ref().err())
    }

    /// The sum of the module's text, whether or not it has been parsed; none when it can't be read.
    pub fn sum(&self, module: ModuleId) -> Option<Sum> {
        match self.units[module.0 as usize].get() {
            Some(unit) => unit.as_ref().ok().map(|unit| unit.sum),
            None => match self.file_of(module) {
                Some(file) => self.sources.read(file).ok().map(|text| sum_of(&*text)),
                None => {
                    let position = module.0 as usize - self.sources.files.len();
                    Some(sum_of(&*self.rules.models[position].text))
                }
            },
        }
    }

    fn load(&self, module: ModuleId) -> Result<Unit, Unreadable> {
        let files = self.sources.files.len();
        let position = module.0 as usize;
        let read;
        let (text, path, name, is_package) = if position < files {
            let file = FileId(module.0);
            let path = &*self.sources.files[position].path;
            let is_package = path.ends_with("__init__.py");
            let name = self.sources.modules.module_name(file);
            read = self.sources.read(file)?;
            (&*read, path, name, is_package)
        } else {
            let model = &self.rules.models[position - files];
            (&*model.text, &*model.name, model.name.to_string(), true)
        };
        let sum = sum_of(text);
        let before = self.before.as_ref().and_then(|before| before.facts(sum));
        let facts = before.unwrap_or_else(|| facts::kept(text));
        let symbols = self.symbols.intern_all(&facts.names);
        let texts = facts.texts.iter().map(|text| Arc::from(&**text)).collect();
        let has_chunks = self.has_chunks && position < files;
        let chunks = has_chunks.then(|| Chunks::of(text, &facts));
        Ok(Unit {
            id: module,
            symbols,
            texts,
            facts,
            kind: self.kinds[position],
            path: Arc::from(path),
            name,
            is_package,
            sum,
            chunks,
        })
    }

    /// Does the package say that installed packages have modules of its name, too: `__path__ = extend_path(__path__, __name__)`?
    pub fn shares_its_name(&self, package: ModuleId) -> bool {
        let sharing = &self.rules.names.sharing;
        let unit = self.unit(package);
        unit.is_some_and(|unit| {
            let mut names = unit.facts.names.iter();
            names.any(|name| sharing.iter().any(|known| **known == **name))
        })
    }

    pub fn model(&self, name: &str) -> Option<ModuleId> {
        self.models.get(name).copied()
    }

    /// Did the project bring this model? Then it stands for the module even where that is the project's.
    fn is_own_model(&self, module: ModuleId) -> bool {
        (module.0 as usize)
            .checked_sub(self.sources.files.len())
            .and_then(|position| self.rules.models.get(position))
            .is_some_and(|model| model.own_path.is_some())
    }

    /// What a dotted name in a string means to running code. Other than an import statement, it may name the module that holds
    /// it, as `run("main:app")` in `main.py` does: the folder of a script is the first place to look.
    pub fn resolve_text(&self, importer: ModuleId, name: &str) -> Import {
        self.note(Asking::ImportOfText, importer, name);
        let path = self.path(importer);
        let stem = crate::source::paths::name(&path).strip_suffix(".py");
        let is_itself = stem == Some(name)
            || self
                .file_of(importer)
                .is_some_and(|file| self.sources.modules.module_name(file) == name);
        if is_itself {
            Import::Module(importer)
        } else {
            self.resolve(importer, name)
        }
    }

    /// Does the model say that in the library's own repository its code is read: `covgap_yields = True`?
    fn yields(&self, model: ModuleId) -> bool {
        let unit = self.unit(model);
        unit.is_some_and(|unit| unit.facts.names.iter().any(|name| &**name == YIELDS))
    }

    /// What the absolute dotted `name` means in `importer`. The project's own modules come before models, as they come before
    /// installed libraries on `sys.path`; only in a library's own repository its model stands for it, unless it yields.
    pub fn resolve(&self, importer: ModuleId, name: &str) -> Import {
        self.note(Asking::Import, importer, name);
        let shard = &self.resolved[importer.0 as usize % SHARDS];
        if let Ok(known) = shard.read()
            && let Some(known) = known.get(&importer).and_then(|names| names.get(name))
        {
            return known.clone();
        }
        let found = self.resolve_anew(importer, name);
        if let Ok(mut known) = shard.write() {
            let names = known.entry(importer).or_default();
            names.insert(name.into(), found.clone());
        }
        found
    }

    fn resolve_anew(&self, importer: ModuleId, name: &str) -> Import {
        let top = name.split('.').next().unwrap_or(name);
        let model = self.model(name);
        if let Some(own) = model.filter(|model| self.is_own_model(*model)) {
            return Import::Module(own);
        }
        let stands_for_its_own = self.own_distributions.contains(top)
            && self.model(top).is_some_and(|model| !self.yields(model));
        if self.kind(importer) == ModuleKind::Model || stands_for_its_own {
            return model.map_or(Import::External, Import::Module);
        }
        let Some(file) = self.file_of(importer) else {
            return Import::External;
        };
        match self.sources.modules.resolve(file, name) {
            Resolution::File(found) if self.is_shown_elsewhere(file, top, found) => {
                model.map_or(Import::External, Import::Module)
            }
            Resolution::File(found) => Import::Module(self.module_of(found)),
            Resolution::Namespace(_) if model.is_none() => Import::Namespace,
            Resolution::Namespace(_) | Resolution::Missing => match model {
                Some(model) => Import::Module(model),
                None if self.model(top).is_some() => Import::External,
                None => match self.sources.modules.resolve(file, top) {
                    Resolution::File(_) if self.sources.modules.is_guess(file, top) => {
                        self.inside_or_external(file, name)
                    }
                    Resolution::File(package) if self.shares_its_name(self.module_of(package)) => {
                        Import::External
                    }
                    Resolution::File(_)
                        if self.sources.modules.is_elsewhere(file, top)
                            && self.libraries.end_with(top) =>
                    {
                        Import::External
                    }
                    Resolution::File(_) => Import::Missing,
                    Resolution::Namespace(dir)
                        if top != name
                            && !self.libraries.share(top)
                            && !self.is_aside_of(importer, &dir) =>
                    {
                        Import::Missing
                    }
                    Resolution::Namespace(_) | Resolution::Missing => {
                        self.inside_or_external(file, name)
                    }
                },
            },
        }
    }

    /// Does the module lie in an example, to which nothing but its name leads code that is none? What that imports is a library's.
    fn is_shown_elsewhere(&self, importer: FileId, top: &str, found: FileId) -> bool {
        let is_aside = |file: FileId| self.rules.names.is_aside(self.sources.path(file));
        self.kind(self.module_of(importer)) == ModuleKind::App
            && is_aside(found)
            && !is_aside(importer)
            && self.sources.modules.is_elsewhere(importer, top)
    }

    /// Is this a folder of tests to code that is none? `tests/workflows` is on `sys.path` when pytest runs, but where an installed
    /// package is called so, that is meant: a folder without `__init__.py` gives way to it (PEP 420).
    fn is_aside_of(&self, importer: ModuleId, dir: &str) -> bool {
        let is_inside = |module: &ModuleId| paths::is_within(&self.path(*module), dir);
        self.kind(importer) == ModuleKind::App
            && self
                .modules()
                .filter(is_inside)
                .all(|module| self.kind(module) == ModuleKind::Test)
    }

    /// The module of the project that a name means to which no folder of `sys.path` leads, if no library that is required may be
    /// called so.
    fn inside_or_external(&self, importer: FileId, name: &str) -> Import {
        let top = name.split('.').next().unwrap_or(name);
        // Where nothing says what is required, any bare name may be a library.
        let is_told = name.contains('.') || !self.libraries.is_empty();
        if self.libraries.may_have(top) || !is_told {
            return Import::External;
        }
        match self.sources.modules.inside_a_package(importer, name) {
            Some(found) => Import::Module(self.module_of(found)),
            None => Import::External,
        }
    }
}

/// `..a` in the package of `unit`, as an absolute name; without a dot, at level 0, it is one.
pub fn absolute(unit: &Unit, level: u32, module: Option<&str>) -> String {
    if level == 0 {
        return module.unwrap_or("").to_string();
    }
    let mut parts: Vec<&str> = unit
        .name
        .split('.')
        .filter(|part| !part.is_empty())
        .collect();
    let up = if unit.is_package {
        level.saturating_sub(1)
    } else {
        level
    };
    for _ in 0..up {
        parts.pop();
    }
    if let Some(module) = module {
        parts.extend(module.split('.'));
    }
    parts.join(".")
}
