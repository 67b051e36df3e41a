//! Looks: which modules a piece of work looked at, so that it need not be done again while they are what they were.
//!
//! ```python
//! def test_read(client):                 # looks at `tests.test_items`, `tests.conftest`, ...
//!     client.get("/items/1")             # ... and at `app.items`, where the handler stands
//! ```
//! A piece is done by one thread from its beginning to its end, so that every look is its own. Whoever takes over what another
//! piece has found out takes over its looks, too.

use std::cell::RefCell;

use crate::project::world::ModuleId;

/// What was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Look {
    /// The text of a module.
    Text(ModuleId),
    /// Whether a module has an object; what objects hold notes the [`Heap`](crate::project::values::heap::Heap).
    Object(ModuleId),
    /// What the files around the code answered: the number of a question of the [`World`](crate::project::world::World).
    Answer(u32),
}

impl Look {
    /// A number for each.
    fn slot(self) -> usize {
        match self {
            Look::Text(module) => 3 * module.0 as usize,
            Look::Object(module) => 1 + 3 * module.0 as usize,
            Look::Answer(question) => 2 + 3 * question as usize,
        }
    }
}

#[derive(Default)]
struct Looks {
    is_on: bool,
    /// In order; one look stands there once for each watch that it is in.
    log: Vec<Look>,
    /// Where each stands last, counted from 1, by its slot.
    last: Vec<u32>,
    /// Where the innermost watch begins.
    from: u32,
}

thread_local! {
    static LOOKS: RefCell<Looks> = RefCell::default();
}

/// A piece of work with what it looked at, sorted.
pub fn piece<T>(work: impl FnOnce() -> T) -> (T, Vec<Look>) {
    LOOKS.with_borrow_mut(|looks| {
        looks.is_on = true;
        looks.log.clear();
        looks.last.clear();
        looks.from = 0;
    });
    let result = work();
    let looked = since();
    LOOKS.with_borrow_mut(|looks| looks.is_on = false);
    (result, looked)
}

/// Does a piece of work run on this thread?
pub fn is_on() -> bool {
    LOOKS.with_borrow(|looks| looks.is_on)
}

pub fn note(look: Look) {
    LOOKS.with_borrow_mut(|looks| {
        if !looks.is_on {
            return;
        }
        let slot = look.slot();
        if slot >= looks.last.len() {
            looks.last.resize(slot + 1, 0);
        }
        if looks.last[slot] <= looks.from {
            looks.log.push(look);
            looks.last[slot] = looks.log.len() as u32;
        }
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
    let was_on = LOOKS.with_borrow_mut(|looks| std::mem::replace(&mut looks.is_on, false));
    let result = work();
    LOOKS.with_borrow_mut(|looks| looks.is_on = was_on);
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
