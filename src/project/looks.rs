//! Looks: which parts of which modules a piece of work looked at, so that it need not be done again while they are what they were.
//!
//! ```python
//! def test_read(client):                 # looks at `tests.test_items`, `tests.conftest`, ...
//!     client.get("/items/1")             # ... and at `app.items`, where the handler stands
//! ```
//! A piece is done by one thread from its beginning to its end, so that every look is its own. Whoever takes over what another
//! piece has found out takes over its looks, too.

use std::cell::{Cell, RefCell};
use std::hash::BuildHasher;

use rustc_hash::{FxBuildHasher, FxHashMap};

use crate::project::values::value::ObjectId;
use crate::project::world::ModuleId;

/// What was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Look {
    /// The whole text of a module.
    Text(ModuleId),
    /// A function or another of its [`Chunks`](crate::project::chunks::Chunks), by its number there.
    Code(ModuleId, u32),
    /// Whether a module has an object; what objects hold besides names notes the [`Heap`](crate::project::values::heap::Heap).
    Object(ModuleId),
    /// What a module or a class of the base has by a name: the number of its symbol.
    Name(ObjectId, u32),
    /// All names that it has.
    Names(ObjectId),
    /// Whether the table of the app, the first one, depends on the other object.
    Unread(ObjectId, ObjectId),
    /// What the files around the code answered: the number of a question of the [`World`](crate::project::world::World).
    Answer(u32),
}

#[derive(Default)]
struct Looks {
    /// In order; one look stands there once for each watch that it is in.
    log: Vec<Look>,
    /// Where each stands last, counted from 1.
    last: FxHashMap<Look, u32>,
    /// Some of those: most looks are like one shortly before.
    recent: Vec<Option<(Look, u32)>>,
    /// Where the innermost watch begins.
    from: u32,
}

/// A power of two.
const RECENT: usize = 1 << 10;

thread_local! {
    static IS_ON: Cell<bool> = const { Cell::new(false) };
    static LOOKS: RefCell<Looks> = RefCell::default();
}

/// A piece of work with what it looked at, sorted.
pub fn piece<T>(work: impl FnOnce() -> T) -> (T, Vec<Look>) {
    LOOKS.with_borrow_mut(|looks| {
        looks.log.clear();
        looks.last.clear();
        looks.recent.clear();
        looks.recent.resize(RECENT, None);
        looks.from = 0;
    });
    IS_ON.set(true);
    let result = work();
    let looked = since();
    IS_ON.set(false);
    (result, looked)
}

/// Does a piece of work run on this thread?
pub fn is_on() -> bool {
    IS_ON.get()
}

pub fn note(look: Look) {
    if !is_on() {
        return;
    }
    LOOKS.with_borrow_mut(|looks| {
        let from = looks.from;
        let slot = (FxBuildHasher.hash_one(look) >> 40) as usize % RECENT;
        if looks.recent[slot].is_some_and(|(known, at)| known == look && at > from) {
            return;
        }
        let last = looks.last.entry(look).or_default();
        if *last <= from {
            looks.log.push(look);
            *last = looks.log.len() as u32;
        }
        looks.recent[slot] = Some((look, *last));
    });
}

/// Begins a watch inside of a piece; give what it returns to [`end`].
pub fn begin() -> u32 {
    LOOKS.with_borrow_mut(|looks| std::mem::replace(&mut looks.from, looks.log.len() as u32))
}

/// What was looked at since the innermost watch began, sorted.
pub fn since() -> Vec<Look> {
    LOOKS.with_borrow(|looks| {
        let mut looked = looks.log[looks.from as usize..].to_vec();
        looked.sort_unstable();
        looked.dedup();
        looked
    })
}

/// Ends a watch: what was looked at in it is of the one around it, too.
pub fn end(outer: u32) {
    LOOKS.with_borrow_mut(|looks| looks.from = outer);
}

/// Does something of which the looks do not count, because what comes out of it is known by itself.
pub fn apart<T>(work: impl FnOnce() -> T) -> T {
    let was_on = IS_ON.replace(false);
    let result = work();
    IS_ON.set(was_on);
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_watch_sees_what_was_seen_before_it_and_gives_it_to_the_one_around() {
        let (one, two) = (Look::Text(ModuleId(1)), Look::Object(ModuleId(1)));
        let three = Look::Answer(7);
        let (_, looked) = piece(|| {
            note(two);
            let outer = begin();
            note(two);
            let inner = begin();
            note(three);
            note(one);
            assert_eq!(since(), [one, three]);
            end(inner);
            assert_eq!(since(), [one, two, three]);
            end(outer);
            apart(|| note(Look::Answer(0)));
        });
        assert_eq!(looked, [one, two, three]);
        note(one);
        assert_eq!(piece(|| ()).1, []);
    }
}
