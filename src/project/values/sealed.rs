//! Sealed texts: a hole that remembers what is in it, as a signed token does.
//!
//! `token = jwt.encode({"sub": "ada"}, key)` gives a text that nobody can spell, and `jwt.decode(token, key)`, behind any
//! `f"Bearer {token}"`, gives the mapping again. The memory are characters of a private-use plane behind the hole.

use std::sync::Arc;

use crate::project::values::heap::{DictObject, ListKind, ListObject, Object};
use crate::project::values::machine::Machine;
use crate::project::values::numbers::Float;
use crate::project::values::value::{HOLE, Reason, Value};

/// The first of the 256 characters that stand for the bytes of a memory.
const FIRST: u32 = 0xF_0000;
/// How deep values are remembered, and how many bytes of them.
const DEEPEST: usize = 6;
const LONGEST: usize = 4_000;
/// How the tokens of RFC 7519 begin, when somebody spells one.
const HEADER: &str = "eyJ";

/// Is the character a part of what a hole remembers?
pub fn is_memory(letter: char) -> bool {
    (FIRST..FIRST + 256).contains(&u32::from(letter))
}

/// Has the text a hole that remembers nothing?
pub fn has_open_hole(text: &str) -> bool {
    let mut pieces = text.split(HOLE);
    pieces.next();
    pieces.any(|piece| !piece.starts_with(is_memory))
}

impl<'w> Machine<'w> {
    /// A text that nobody can spell, with the value in it.
    pub(super) fn sealed(&mut self, value: &Value) -> Value {
        let mut bytes = Vec::new();
        self.remember(value, 0, &mut bytes);
        if bytes.len() > LONGEST {
            return Value::hole();
        }
        let mut text = String::from(HOLE);
        text.extend(
            bytes
                .into_iter()
                .filter_map(|byte| char::from_u32(FIRST + u32::from(byte))),
        );
        Value::text(&text)
    }

    /// What is in a sealed text; None for what was surely never sealed, or changed since; unknown for what nobody knows.
    pub(super) fn unsealed(&mut self, value: &Value) -> Value {
        let text = match self.payload(value) {
            Value::Text(text) => text,
            Value::None => return Value::None,
            _ => return Value::Unknown(Reason::Runtime),
        };
        let mut letters = text.chars();
        let (is_hole, rest) = (letters.next() == Some(HOLE), letters.as_str());
        if is_hole && !rest.is_empty() && rest.chars().all(is_memory) {
            let bytes: Vec<u8> = rest
                .chars()
                .map(|letter| (u32::from(letter) - FIRST) as u8)
                .collect();
            let mut rest = &bytes[..];
            let value = self.recall(&mut rest, 0);
            return value.unwrap_or(Value::Unknown(Reason::Runtime));
        }
        let may_be_whole = text.starts_with(HEADER) && text.matches('.').count() == 2;
        let is_known = !text.contains(HOLE) && !may_be_whole;
        if is_known || text.chars().any(is_memory) {
            Value::None
        } else {
            Value::Unknown(Reason::Runtime)
        }
    }

    fn remember(&self, value: &Value, depth: usize, bytes: &mut Vec<u8>) {
        if depth > DEEPEST || bytes.len() > LONGEST {
            bytes.push(b'u');
            return;
        }
        match &self.payload(value) {
            Value::None => bytes.push(b'n'),
            Value::Bool(truth) => bytes.push(if *truth { b't' } else { b'f' }),
            Value::Int(number) => {
                bytes.push(b'i');
                bytes.extend(number.to_le_bytes());
            }
            Value::Float(number) => {
                bytes.push(b'r');
                bytes.extend(number.bits().to_le_bytes());
            }
            Value::Text(text) => {
                bytes.push(b's');
                bytes.extend((text.len() as u32).to_le_bytes());
                bytes.extend(text.as_bytes());
            }
            Value::Tuple(items) => self.remember_items(items, false, depth, bytes),
            Value::Object(id) => match self.heap.get(*id) {
                Object::List(list) => {
                    self.remember_items(&list.items, !list.is_exact(), depth, bytes);
                }
                Object::Dict(dict) => {
                    let pairs = dict.items.iter();
                    let pairs: Vec<Value> = pairs
                        .flat_map(|(key, value)| [key.clone(), value.clone()])
                        .collect();
                    bytes.push(b'd');
                    let is_open = dict.is_open || dict.doubtful > 0;
                    self.remember_items(&pairs, is_open, depth, bytes);
                }
                _ => bytes.push(b'u'),
            },
            _ => bytes.push(b'u'),
        }
    }

    fn remember_items(&self, items: &[Value], is_open: bool, depth: usize, bytes: &mut Vec<u8>) {
        bytes.push(if is_open { b'o' } else { b'l' });
        bytes.extend((items.len() as u32).to_le_bytes());
        for item in items {
            self.remember(item, depth + 1, bytes);
        }
    }

    /// None: the bytes are not what was written.
    fn recall(&mut self, bytes: &mut &[u8], depth: usize) -> Option<Value> {
        if depth > DEEPEST + 1 {
            return None;
        }
        Some(match take(bytes, 1)?[0] {
            b'n' => Value::None,
            b't' => Value::Bool(true),
            b'f' => Value::Bool(false),
            b'i' => Value::Int(i64::from_le_bytes(take(bytes, 8)?.try_into().ok()?)),
            b'r' => {
                let bits = u64::from_le_bytes(take(bytes, 8)?.try_into().ok()?);
                Value::Float(Float::of_bits(bits))
            }
            b's' => {
                let length = length(bytes)?;
                Value::Text(Arc::from(std::str::from_utf8(take(bytes, length)?).ok()?))
            }
            kind @ (b'l' | b'o') => {
                let items = self.recall_items(bytes, depth)?;
                Value::Object(self.heap.add(Object::List(ListObject {
                    items,
                    is_open: kind == b'o',
                    doubtful: 0,
                    kind: ListKind::List,
                })))
            }
            b'd' => {
                let is_open = take(bytes, 1)? == b"o";
                let mut dict = DictObject {
                    items: Vec::new(),
                    is_open,
                    doubtful: 0,
                };
                let items = self.recall_items(bytes, depth)?;
                for pair in items.chunks_exact(2) {
                    self.dict_put(&mut dict, pair[0].clone(), pair[1].clone());
                }
                Value::Object(self.heap.add(Object::Dict(dict)))
            }
            _ => Value::Unknown(Reason::Runtime),
        })
    }

    fn recall_items(&mut self, bytes: &mut &[u8], depth: usize) -> Option<Vec<Value>> {
        let count = length(bytes)?;
        (0..count).map(|_| self.recall(bytes, depth + 1)).collect()
    }
}

fn take<'b>(bytes: &mut &'b [u8], count: usize) -> Option<&'b [u8]> {
    let (taken, rest) = bytes.split_at_checked(count)?;
    *bytes = rest;
    Some(taken)
}

fn length(bytes: &mut &[u8]) -> Option<usize> {
    let number = u32::from_le_bytes(take(bytes, 4)?.try_into().ok()?);
    Some(number as usize)
}
