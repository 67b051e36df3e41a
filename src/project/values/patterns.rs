//! Patterns: whether the subject of a `match` fits a `case`, and the names that the case binds.
//!
//! `case {"kind": "circle", "radius": r}` fits a dictionary whose `kind` is `"circle"`; `case Point(x=0)` an instance whose `x` is 0.
//! Source: PEP 634. Not handled: `**rest` takes an unknown dictionary.

use crate::facts::program::{ExprId, Pattern, PatternId};
use crate::project::symbols::Symbol;
use crate::project::values::heap::{DictObject, Object};
use crate::project::values::machine::{Frame, Machine, Raise};
use crate::project::values::value::{Reason, Value};

/// None: it may fit.
type Fits = Result<Option<bool>, Raise>;

const UNKNOWN: Value = Value::Unknown(Reason::Runtime);

/// Whether several things hold at once.
fn both(one: Option<bool>, two: Option<bool>) -> Option<bool> {
    match (one, two) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

impl<'w> Machine<'w> {
    pub(super) fn matches(
        &mut self,
        frame: &mut Frame<'w>,
        subject: &Value,
        pattern: PatternId,
    ) -> Fits {
        let facts = &frame.unit.facts;
        match facts.patterns[pattern.0 as usize] {
            Pattern::Value(value) => {
                let value = self.eval(frame, value)?;
                Ok(match value {
                    Value::None | Value::Bool(_) => self.identical(subject, &value),
                    value => self.equal(subject, &value),
                })
            }
            Pattern::Capture(None) | Pattern::Star(None) => Ok(Some(true)),
            Pattern::Capture(Some(target)) | Pattern::Star(Some(target)) => {
                self.assign(frame, target, subject.clone())?;
                Ok(Some(true))
            }
            Pattern::As { pattern, target } => {
                let matches = self.matches(frame, subject, pattern)?;
                self.assign(frame, target, subject.clone())?;
                Ok(matches)
            }
            Pattern::Or(list) => {
                let mut result = Some(false);
                for &one in &facts.pattern_lists[list.range()] {
                    match self.matches(frame, subject, one)? {
                        Some(true) => return Ok(Some(true)),
                        Some(false) => {}
                        None => result = None,
                    }
                }
                Ok(result)
            }
            Pattern::Sequence(list) => {
                self.matches_sequence(frame, subject, &facts.pattern_lists[list.range()])
            }
            Pattern::Mapping(list) => {
                self.matches_mapping(frame, subject, &facts.pattern_lists[list.range()])
            }
            Pattern::Class { class, patterns } => {
                let patterns = &facts.pattern_lists[patterns.range()];
                self.matches_class(frame, subject, class, patterns)
            }
            Pattern::Keyword { pattern, .. } => self.matches(frame, subject, pattern),
            Pattern::Broken => Ok(None),
        }
    }

    /// Binds the names of patterns whose subjects are not known.
    fn matches_unknown(&mut self, frame: &mut Frame<'w>, patterns: &[PatternId]) -> Fits {
        for &pattern in patterns {
            self.matches(frame, &UNKNOWN, pattern)?;
        }
        Ok(None)
    }

    fn matches_each(
        &mut self,
        frame: &mut Frame<'w>,
        items: &[Value],
        patterns: &[PatternId],
    ) -> Fits {
        let mut result = Some(true);
        for (item, &pattern) in items.iter().zip(patterns) {
            result = both(result, self.matches(frame, item, pattern)?);
            if result == Some(false) {
                break;
            }
        }
        Ok(result)
    }

    fn matches_sequence(
        &mut self,
        frame: &mut Frame<'w>,
        subject: &Value,
        patterns: &[PatternId],
    ) -> Fits {
        let holds_nothing = self.holds_nothing(subject);
        let items = match self.payload(subject) {
            Value::Tuple(items) => items.to_vec(),
            Value::Object(id) => match self.heap.get(id) {
                Object::List(list) if list.is_exact() => list.items.clone(),
                Object::Dict(_) => return Ok(Some(false)),
                _ if holds_nothing => return Ok(Some(false)),
                _ => return self.matches_unknown(frame, patterns),
            },
            // A text is no sequence here.
            Value::Text(_) | Value::Int(_) | Value::Float(_) | Value::Bool(_) | Value::None => {
                return Ok(Some(false));
            }
            _ => return self.matches_unknown(frame, patterns),
        };
        let facts = &frame.unit.facts;
        let is_star = |one: &PatternId| matches!(facts.patterns[one.0 as usize], Pattern::Star(_));
        let Some(star) = patterns.iter().position(is_star) else {
            return match items.len() == patterns.len() {
                true => self.matches_each(frame, &items, patterns),
                false => Ok(Some(false)),
            };
        };
        let behind = patterns.len() - star - 1;
        if items.len() < star + behind {
            return Ok(Some(false));
        }
        let end = items.len() - behind;
        let first = self.matches_each(frame, &items[..star], &patterns[..star])?;
        if first == Some(false) {
            return Ok(first);
        }
        let rest = self.new_list(items[star..end].to_vec(), false);
        self.matches(frame, &rest, patterns[star])?;
        let last = self.matches_each(frame, &items[end..], &patterns[star + 1..])?;
        Ok(both(first, last))
    }

    fn matches_mapping(
        &mut self,
        frame: &mut Frame<'w>,
        subject: &Value,
        entries: &[PatternId],
    ) -> Fits {
        let holds_nothing = self.holds_nothing(subject);
        let dict = match self.payload(subject) {
            Value::Object(id) => match self.heap.get(id) {
                Object::Dict(dict) => dict.clone(),
                Object::List(_) => return Ok(Some(false)),
                _ if holds_nothing => return Ok(Some(false)),
                _ => return self.matches_unknown(frame, entries),
            },
            Value::Text(_)
            | Value::Int(_)
            | Value::Float(_)
            | Value::Bool(_)
            | Value::None
            | Value::Tuple(_) => return Ok(Some(false)),
            _ => return self.matches_unknown(frame, entries),
        };
        let mut result = Some(true);
        for entry in entries.chunks(2) {
            let &[key, pattern] = entry else {
                // `**rest`
                self.matches_unknown(frame, entry)?;
                continue;
            };
            let (is_there, value) = self.entry(frame, &dict, key)?;
            result = both(result, is_there);
            if result == Some(false) {
                break;
            }
            result = both(result, self.matches(frame, &value, pattern)?);
            if result == Some(false) {
                break;
            }
        }
        Ok(result)
    }

    /// Is it surely neither a sequence nor a mapping?
    fn holds_nothing(&mut self, subject: &Value) -> bool {
        self.has_attribute(subject, Symbol::GETITEM) == Some(false)
    }

    /// Is the key in the dictionary, and what does it stand for?
    fn entry(
        &mut self,
        frame: &mut Frame<'w>,
        dict: &DictObject,
        key: PatternId,
    ) -> Result<(Option<bool>, Value), Raise> {
        let Pattern::Value(key) = frame.unit.facts.patterns[key.0 as usize] else {
            return Ok((None, UNKNOWN));
        };
        let key = self.eval(frame, key)?;
        let is_sure = dict.doubtful == 0;
        let mut is_there = (!dict.is_open).then_some(false);
        for (known, _) in &dict.items {
            match self.equal(known, &key) {
                Some(true) if is_sure => {
                    is_there = Some(true);
                    break;
                }
                Some(false) => {}
                _ => is_there = None,
            }
        }
        let value = self.dict_get(dict, &key);
        Ok((is_there, value.unwrap_or(UNKNOWN)))
    }

    fn matches_class(
        &mut self,
        frame: &mut Frame<'w>,
        subject: &Value,
        class: ExprId,
        patterns: &[PatternId],
    ) -> Fits {
        let class = self.eval(frame, class)?;
        let mut result = self.is_instance(subject, &class);
        if result == Some(false) {
            return Ok(result);
        }
        if subject.is_opaque() || matches!(subject, Value::Union(_)) {
            self.matches_unknown(frame, patterns)?;
            return Ok(result.filter(|_| patterns.is_empty()));
        }
        let names = self.positional_names(&class)?;
        for (position, &pattern) in patterns.iter().enumerate() {
            let (name, pattern) = match frame.unit.facts.patterns[pattern.0 as usize] {
                Pattern::Keyword { name, pattern } => (Some(frame.unit.symbol(name)), pattern),
                // `str(text)` takes the subject itself.
                _ if matches!(class, Value::Native(_)) => {
                    result = both(result, self.matches(frame, subject, pattern)?);
                    continue;
                }
                _ => (names.get(position).copied(), pattern),
            };
            let value = match name {
                Some(name) if self.has_attribute(subject, name) == Some(false) => {
                    return Ok(Some(false));
                }
                Some(name) => self.attribute(subject, name)?,
                None => UNKNOWN,
            };
            result = both(result, self.matches(frame, &value, pattern)?);
            if result == Some(false) {
                break;
            }
        }
        Ok(result)
    }

    /// What positional patterns of the class look at: `__match_args__`, else the fields from which its constructor is made.
    fn positional_names(&mut self, class: &Value) -> Result<Vec<Symbol>, Raise> {
        let Value::Object(id) = class else {
            return Ok(Vec::new());
        };
        let name = self.symbol("__match_args__");
        if let Some((Value::Tuple(names), _)) = self.class_attribute(*id, name) {
            let spelled = names.iter().filter_map(|name| name.literal());
            let names: Vec<String> = spelled.map(str::to_string).collect();
            return Ok(names.iter().map(|name| self.symbol(name)).collect());
        }
        if !self.is_parsed(*id) {
            return Ok(Vec::new());
        }
        let fields = self.model_fields(*id)?;
        Ok(fields.into_iter().map(|(name, _)| name).collect())
    }
}
