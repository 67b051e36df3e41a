//! What was found out, as bytes: for the next run, which may find that it would come to the same.
//!
//! ```text
//! name.put(&mut writer)      `items` → 5 i t e m s
//! ```
//! Only the program that wrote such bytes reads them, and only whole: see [`Store`](crate::source::Store).
//!
//! Facts and audits go through serde. What a piece of work came to can not: modules are written as turns that the reader knows
//! again in another run, and so are lines, functions and classes; what is shared is written once and shared again, and of values only that they were there. Serde gives its
//! derived code no place for that, so it would be the state of a thread. And here a field that is new is named, or nothing compiles.

use std::any::Any;
use std::fmt::{Debug, Write};
use std::hash::{BuildHasher, DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::facts::program::{ClassId, FunctionId};
use crate::project::world::{CodePlace, ModuleId};

/// What is the same is written as the same number.
pub type Sum = u64;

pub fn sum_of(value: impl Hash) -> Sum {
    let mut sum = DefaultHasher::new();
    value.hash(&mut sum);
    sum.finish()
}

/// The sum of what can only be printed.
pub fn sum_of_text(value: &impl Debug) -> Sum {
    struct Printed(DefaultHasher);
    impl Write for Printed {
        fn write_str(&mut self, text: &str) -> std::fmt::Result {
            self.0.write(text.as_bytes());
            Ok(())
        }
    }
    let mut printed = Printed(DefaultHasher::new());
    // A hasher takes everything.
    let _ = write!(printed, "{value:?}");
    printed.0.finish()
}

/// What was named: all numbers are others in another run, so each is written as its turn here.
#[derive(Debug, Default)]
pub struct Named {
    pub modules: Vec<ModuleId>,
    /// Those whose whole text the result depends on.
    pub whole: Vec<ModuleId>,
    pub lines: Vec<(ModuleId, u32)>,
    pub functions: Vec<(ModuleId, FunctionId)>,
    pub classes: Vec<(ModuleId, ClassId)>,
}

#[derive(Default)]
struct Turns {
    modules: FxHashMap<ModuleId, u32>,
    lines: FxHashMap<(ModuleId, u32), u32>,
    functions: FxHashMap<(ModuleId, FunctionId), u32>,
    classes: FxHashMap<(ModuleId, ClassId), u32>,
}

/// The turn of one of those that are named.
fn turn_of<K: Copy + Eq + Hash>(key: K, named: &mut Vec<K>, turns: &mut FxHashMap<K, u32>) -> u32 {
    let next = named.len() as u32;
    let turn = *turns.entry(key).or_insert(next);
    if turn == next {
        named.push(key);
    }
    turn
}

#[derive(Default)]
pub struct Writer {
    pub bytes: Vec<u8>,
    pub named: Named,
    turns: Turns,
    /// What is shared is written once.
    pub shared: FxHashMap<*const (), u64>,
}

pub struct Reader<'b> {
    bytes: &'b [u8],
    /// What those are in this run that the writer named.
    named: &'b Named,
    pub shared: Vec<Arc<dyn Any + Send + Sync>>,
}

impl<'b> Reader<'b> {
    pub fn new(bytes: &'b [u8], named: &'b Named) -> Reader<'b> {
        Reader {
            bytes,
            named,
            shared: Vec::new(),
        }
    }

    pub fn is_at_end(&self) -> bool {
        self.bytes.is_empty()
    }

    pub fn slice(&mut self, length: u64) -> Option<&'b [u8]> {
        let (slice, rest) = self.bytes.split_at_checked(usize::try_from(length).ok()?)?;
        self.bytes = rest;
        Some(slice)
    }
}

/// What can be written down and read again.
pub trait Kept: Sized {
    fn put(&self, writer: &mut Writer);
    /// None: nobody wrote this.
    fn take(reader: &mut Reader<'_>) -> Option<Self>;
}

impl Kept for u64 {
    fn put(&self, writer: &mut Writer) {
        let mut rest = *self;
        while rest >= 0x80 {
            writer.bytes.push(rest as u8 | 0x80);
            rest >>= 7;
        }
        writer.bytes.push(rest as u8);
    }

    fn take(reader: &mut Reader<'_>) -> Option<u64> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = *reader.slice(1)?.first()?;
            value |= u64::from(byte & 0x7F) << shift;
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }
}

/// Numbers that fit into 64 bits.
macro_rules! numbers {
    ($($number:ty),*) => { $(
        impl Kept for $number {
            fn put(&self, writer: &mut Writer) {
                (*self as u64).put(writer);
            }

            fn take(reader: &mut Reader<'_>) -> Option<$number> {
                u64::take(reader).map(|number| number as $number)
            }
        }
    )* };
}

/// Structures, field by field: one that is new must be named here, or nothing compiles.
macro_rules! fields {
    ($($type:ident { $($field:ident),* $(,)? })*) => { $(
        impl Kept for $type {
            fn put(&self, writer: &mut Writer) {
                let $type { $($field),* } = self;
                $($field.put(writer);)*
            }

            fn take(reader: &mut Reader<'_>) -> Option<$type> {
                Some($type { $($field: Kept::take(reader)?),* })
            }
        }
    )* };
}

/// Enumerations without fields.
macro_rules! names {
    ($($type:ident { $($name:ident = $number:literal),* $(,)? })*) => { $(
        impl Kept for $type {
            fn put(&self, writer: &mut Writer) {
                writer.bytes.push(match self { $($type::$name => $number),* });
            }

            fn take(reader: &mut Reader<'_>) -> Option<$type> {
                match reader.slice(1)?.first()? {
                    $($number => Some($type::$name),)*
                    _ => None,
                }
            }
        }
    )* };
}

macro_rules! tuples {
    ($(($($type:ident $position:tt),*))*) => { $(
        impl<$($type: Kept),*> Kept for ($($type),*) {
            fn put(&self, writer: &mut Writer) {
                $(self.$position.put(writer);)*
            }

            fn take(reader: &mut Reader<'_>) -> Option<Self> {
                Some(($($type::take(reader)?),*))
            }
        }
    )* };
}

pub(crate) use {fields, names};

numbers! { u16, u32, usize, i64 }

tuples! { (A 0, B 1) (A 0, B 1, C 2) (A 0, B 1, C 2, D 3) }

impl Kept for bool {
    fn put(&self, writer: &mut Writer) {
        writer.bytes.push(u8::from(*self));
    }

    fn take(reader: &mut Reader<'_>) -> Option<bool> {
        match reader.slice(1)?.first()? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }
}

impl Kept for ModuleId {
    fn put(&self, writer: &mut Writer) {
        let (named, turns) = (&mut writer.named.modules, &mut writer.turns.modules);
        turn_of(*self, named, turns).put(writer);
    }

    fn take(reader: &mut Reader<'_>) -> Option<ModuleId> {
        let turn = usize::take(reader)?;
        reader.named.modules.get(turn).copied()
    }
}

impl Kept for CodePlace {
    fn put(&self, writer: &mut Writer) {
        let (named, turns) = (&mut writer.named.lines, &mut writer.turns.lines);
        turn_of((self.module, self.line), named, turns).put(writer);
    }

    fn take(reader: &mut Reader<'_>) -> Option<CodePlace> {
        let turn = usize::take(reader)?;
        let (module, line) = *reader.named.lines.get(turn)?;
        Some(CodePlace { module, line })
    }
}

impl Kept for (ModuleId, FunctionId) {
    fn put(&self, writer: &mut Writer) {
        let (named, turns) = (&mut writer.named.functions, &mut writer.turns.functions);
        turn_of(*self, named, turns).put(writer);
    }

    fn take(reader: &mut Reader<'_>) -> Option<(ModuleId, FunctionId)> {
        let turn = usize::take(reader)?;
        reader.named.functions.get(turn).copied()
    }
}

impl Kept for (ModuleId, ClassId) {
    fn put(&self, writer: &mut Writer) {
        let (named, turns) = (&mut writer.named.classes, &mut writer.turns.classes);
        turn_of(*self, named, turns).put(writer);
    }

    fn take(reader: &mut Reader<'_>) -> Option<(ModuleId, ClassId)> {
        let turn = usize::take(reader)?;
        reader.named.classes.get(turn).copied()
    }
}

impl Kept for Arc<str> {
    fn put(&self, writer: &mut Writer) {
        (self.len() as u64).put(writer);
        writer.bytes.extend_from_slice(self.as_bytes());
    }

    fn take(reader: &mut Reader<'_>) -> Option<Arc<str>> {
        let length = u64::take(reader)?;
        let text = std::str::from_utf8(reader.slice(length)?).ok()?;
        Some(Arc::from(text))
    }
}

impl Kept for String {
    fn put(&self, writer: &mut Writer) {
        (self.len() as u64).put(writer);
        writer.bytes.extend_from_slice(self.as_bytes());
    }

    fn take(reader: &mut Reader<'_>) -> Option<String> {
        let length = u64::take(reader)?;
        let text = std::str::from_utf8(reader.slice(length)?).ok()?;
        Some(text.to_string())
    }
}

impl<T: Kept> Kept for Option<T> {
    fn put(&self, writer: &mut Writer) {
        self.is_some().put(writer);
        if let Some(value) = self {
            value.put(writer);
        }
    }

    fn take(reader: &mut Reader<'_>) -> Option<Option<T>> {
        Some(match bool::take(reader)? {
            true => Some(T::take(reader)?),
            false => None,
        })
    }
}

impl<T: Kept, E: Kept> Kept for Result<T, E> {
    fn put(&self, writer: &mut Writer) {
        self.is_ok().put(writer);
        match self {
            Ok(value) => value.put(writer),
            Err(value) => value.put(writer),
        }
    }

    fn take(reader: &mut Reader<'_>) -> Option<Result<T, E>> {
        Some(match bool::take(reader)? {
            true => Ok(T::take(reader)?),
            false => Err(E::take(reader)?),
        })
    }
}

impl<T: Kept> Kept for Vec<T> {
    fn put(&self, writer: &mut Writer) {
        (self.len() as u64).put(writer);
        for one in self {
            one.put(writer);
        }
    }

    fn take(reader: &mut Reader<'_>) -> Option<Vec<T>> {
        let length = u64::take(reader)?;
        // Each of them takes a byte at least: a length that nobody wrote asks for no memory.
        let mut values = Vec::with_capacity((length as usize).min(reader.bytes.len()));
        for _ in 0..length {
            values.push(T::take(reader)?);
        }
        Some(values)
    }
}

impl<T: Kept + Eq + Hash + Ord + Clone, S: BuildHasher + Default> Kept
    for std::collections::HashSet<T, S>
{
    fn put(&self, writer: &mut Writer) {
        let mut sorted: Vec<T> = self.iter().cloned().collect();
        sorted.sort_unstable();
        sorted.put(writer);
    }

    fn take(reader: &mut Reader<'_>) -> Option<Self> {
        Some(Vec::take(reader)?.into_iter().collect())
    }
}

/// What the bytes say, if they say that and no more.
pub fn whole<T: Kept>(bytes: &[u8], named: &Named) -> Option<T> {
    let mut reader = Reader::new(bytes, named);
    let result = T::take(&mut reader)?;
    reader.is_at_end().then_some(result)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read_and_nothing_else() {
        let value: Vec<(String, Option<i64>)> = vec![
            ("a".into(), None),
            ("b".into(), Some(-7)),
            (String::new(), Some(1 << 40)),
        ];
        let mut writer = Writer::default();
        value.put(&mut writer);
        let named = Named::default();
        assert_eq!(whole(&writer.bytes, &named), Some(value));
        for end in 0..writer.bytes.len() {
            let cut_off: Option<Vec<(String, Option<i64>)>> = whole(&writer.bytes[..end], &named);
            assert_eq!(cut_off, None);
        }
    }
    #[test]
    fn a_module_is_the_one_that_it_is_in_the_run_that_reads() {
        let mut writer = Writer::default();
        vec![ModuleId(7), ModuleId(3), ModuleId(7)].put(&mut writer);
        assert_eq!(writer.named.modules, [ModuleId(7), ModuleId(3)]);
        let named = Named {
            modules: vec![ModuleId(8), ModuleId(4)],
            ..Named::default()
        };
        let read = whole(&writer.bytes, &named);
        assert_eq!(read, Some(vec![ModuleId(8), ModuleId(4), ModuleId(8)]));
        assert_eq!(
            whole::<Vec<ModuleId>>(&writer.bytes, &Named::default()),
            None
        );
    }
}
