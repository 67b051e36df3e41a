//! An audit that was made before, of the same files, by the same program: nothing else may stand for a new one.
//!
//! ```text
//! asked    what is in `app/`? → a sum      what is in `app/main.py`? → a sum      …every question that the run asked of the tree
//! audit    what came out
//! ```
//! A second run asks the same questions, and takes the audit if every answer is the same. It decides nothing by time or by name.
//! For a run to which some answer is another there are the parts of its work that may still be the same; who made them, can tell.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use crate::config::{Cache, Options};
use crate::coverage::Audit;
use crate::source::{self, KEY_LENGTH, Origin, Store, hex};

/// What takes less is as fast without; who names a place wants it anyway.
const PAYS: Duration = Duration::from_millis(150);

/// Where audits of one kind of run are kept.
pub(crate) struct Memory {
    store: Store,
    /// The program and what it was asked, as the beginning of names.
    key: String,
    /// How long a run must take to be worth an entry.
    pays: Duration,
    began: Instant,
}

impl Memory {
    /// None: nobody wants it, or nobody can tell this program from another.
    pub(crate) fn of(options: &Options, origin: &Origin) -> Option<Memory> {
        let (store, pays) = match &options.cache {
            Cache::Off => return None,
            Cache::OfProject => (Store::of(origin)?, PAYS),
            Cache::At(folder) => (Store::at(folder), Duration::ZERO),
        };
        let build = source::build()?;
        let config = match &options.config {
            Some(path) => Some(source::read_foreign(path).ok()?),
            None => None,
        };
        let tests: Vec<PathBuf> = options
            .tests
            .iter()
            .map(|path| {
                path.strip_prefix(&options.root)
                    .unwrap_or(path)
                    .to_path_buf()
            })
            .collect();
        let asked = format!(
            "{} {build}\n{:?}\n{tests:?}\n{:?}\n{:?} {config:?}",
            env!("CARGO_PKG_VERSION"),
            origin.root.file_name(),
            options.apps,
            options.config,
        );
        Some(Memory {
            store,
            key: hex(&source::sum(asked.as_bytes()))
                .chars()
                .take(KEY_LENGTH)
                .collect(),
            pays,
            began: Instant::now(),
        })
    }

    pub(crate) fn recall(&self, origin: &Origin) -> Option<Audit> {
        if let Some(same) = self.same(origin)
            && let Some(id) = self.store.get(&same)
            && let Ok(held) = String::from_utf8(id)
            && let Some(id) = held.strip_prefix(&format!("{same}\n"))
            && let Some(audit) = self.audit(id)
        {
            return Some(audit);
        }
        let answers = source::Answers::new(origin);
        for name in self.store.names(&self.key, ".asked") {
            let asked = self
                .store
                .get(&name)
                .and_then(|asked| String::from_utf8(asked).ok());
            let id = name.trim_end_matches(".asked");
            let is_same = |asked: &str| self.id(asked) == id && answers.are_as(asked);
            if asked.as_deref().is_some_and(is_same) {
                let audit = self.audit(id);
                if let (Some(_), Some(same)) = (&audit, self.same(origin)) {
                    self.point(&same, id);
                }
                return audit;
            }
        }
        None
    }

    /// What the newest run before has left of a part of its work.
    pub(crate) fn part(&self, part: &str) -> Vec<u8> {
        let name = self.name_of(part);
        let held = self.store.get(&name);
        // An entry says its own name: under another it is another's.
        let own = held.and_then(|held| held.strip_prefix(name.as_bytes()).map(<[u8]>::to_vec));
        own.unwrap_or_default()
    }

    /// None: it is as it was.
    pub(crate) fn keep_part(&self, part: &str, bytes: Option<&[u8]>) {
        let name = self.name_of(part);
        match bytes.filter(|_| self.began.elapsed() >= self.pays) {
            Some(bytes) => self.store.put(&name, &[name.as_bytes(), bytes].concat()),
            None => self.store.touch(&name),
        }
    }

    fn name_of(&self, part: &str) -> String {
        format!("{}-{}.part", self.key, hex(&source::sum(part.as_bytes())))
    }

    fn audit(&self, id: &str) -> Option<Audit> {
        let name = format!("{id}.audit");
        let held = self.store.get(&name)?;
        // An entry says its own name: under another it is another's.
        let bytes = held.strip_prefix(id.as_bytes())?;
        let audit = postcard::from_bytes(bytes).ok()?;
        self.store.touch(&name);
        Some(audit)
    }

    fn point(&self, same: &str, id: &str) {
        self.store.put(same, format!("{same}\n{id}").as_bytes());
    }

    fn id(&self, asked: &str) -> String {
        format!("{}-{}", self.key, hex(&source::sum(asked.as_bytes())))
    }

    /// The entry that says which audit a tree of a commit has.
    fn same(&self, origin: &Origin) -> Option<String> {
        let tree = origin.tree()?;
        let tree = hex(&source::sum(tree.as_bytes()));
        Some(format!("{}-{tree}.same", self.key))
    }

    /// Keeps an audit with what was asked to make it.
    pub(crate) fn keep(&self, origin: &Origin, asked: Option<&str>, audit: &Audit) {
        let Some(asked) = asked.filter(|_| self.began.elapsed() >= self.pays) else {
            return;
        };
        let Ok(bytes) = postcard::to_stdvec(audit) else {
            return;
        };
        let id = self.id(asked);
        self.store
            .put(&format!("{id}.audit"), &[id.as_bytes(), &bytes].concat());
        self.store.put(&format!("{id}.asked"), asked.as_bytes());
        if let Some(same) = self.same(origin) {
            self.point(&same, &id);
        }
        self.store.prune();
    }
}
