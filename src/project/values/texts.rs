//! Texts with holes: the methods of `str`, and when two of them may be equal.
//!
//! `"/items/{}".format(item.id)` is `/items/` and a hole; `"/".join(["a", "b"])` is `a/b`.

use std::sync::Arc;

use crate::facts::program::Conversion;
use crate::project::symbols::Symbol;
use crate::project::values::calls::Args;
use crate::project::values::expressions::{alternatives, cross};
use crate::project::values::machine::{Eval, Machine};
use crate::project::values::sealed::has_open_hole;
use crate::project::values::value::{HOLE, HOLE_TEXT, LONGEST_TEXT, Reason, Value};

const METHODS: &[&str] = &[
    "format",
    "join",
    "replace",
    "strip",
    "lstrip",
    "rstrip",
    "lower",
    "upper",
    "title",
    "capitalize",
    "split",
    "rsplit",
    "splitlines",
    "startswith",
    "endswith",
    "encode",
    "decode",
    "removeprefix",
    "removesuffix",
    "partition",
    "rpartition",
    "find",
    "index",
    "count",
    "isdigit",
    "isalpha",
    "isalnum",
    "isascii",
    "isdecimal",
    "isidentifier",
    "islower",
    "isnumeric",
    "isprintable",
    "isspace",
    "isupper",
    "rfind",
    "rindex",
    "ljust",
    "rjust",
    "center",
    "expandtabs",
    "zfill",
    "format_map",
    "hex",
    "swapcase",
    "casefold",
];

pub fn is_method(name: &str) -> bool {
    METHODS.contains(&name)
}

/// May two texts with holes be the same, each hole standing for any text?
pub fn may_equal(left: &str, right: &str) -> bool {
    let (Some(one), Some(two)) = (left.split(HOLE).next(), right.split(HOLE).next()) else {
        return true;
    };
    if !left.contains(HOLE) && !right.contains(HOLE) {
        return left == right;
    }
    let prefix = one.len().min(two.len());
    if one.as_bytes()[..prefix] != two.as_bytes()[..prefix] {
        return false;
    }
    let (one, two) = (
        left.rsplit(HOLE).next().unwrap_or(""),
        right.rsplit(HOLE).next().unwrap_or(""),
    );
    let suffix = one.len().min(two.len());
    one.as_bytes()[one.len() - suffix..] == two.as_bytes()[two.len() - suffix..]
}

/// Into how many pieces at most `split(separator, most)` takes a text apart; a negative number is no bound.
fn pieces(most: i64) -> usize {
    usize::try_from(most).map_or(usize::MAX, |most| most.saturating_add(1))
}

/// The text with the first letter of each word, of what the words are made of, in upper case, and the others in lower case.
fn titled(text: &str, is_of_word: fn(char) -> bool) -> String {
    let mut result = String::with_capacity(text.len());
    let mut is_inside = false;
    for c in text.chars() {
        if is_inside {
            result.extend(c.to_lowercase());
        } else {
            result.extend(c.to_uppercase());
        }
        is_inside = is_of_word(c);
    }
    result
}

impl<'w> Machine<'w> {
    pub fn call_text_method(&mut self, text: &Arc<str>, name: Symbol, args: Args) -> Eval {
        let spelled = self.spelled(name);
        let has_hole = text.contains(HOLE);
        let plain = |value: Option<&Value>| value.and_then(Value::literal).map(str::to_string);
        let first = plain(args.positional.first());
        Ok(match &*spelled {
            "format" => return self.format_text(text, &args),
            "format_map" => {
                let mut all = Args::default();
                if let Some(value) = args.positional.first()
                    && let Value::Object(id) = self.payload(value)
                    && let crate::project::values::heap::Object::Dict(dict) = self.heap.get(id)
                {
                    for (key, value) in dict.items.clone() {
                        if let Some(key) = key.literal() {
                            all.named.push((self.symbol(key), value));
                        }
                    }
                }
                return self.format_text(text, &all);
            }
            "join" => {
                let Some(values) = args.positional.first() else {
                    return Ok(Value::hole());
                };
                let list = self.elements(&values.clone())?;
                let is_exact = list.is_exact();
                let items = list.items;
                let mut texts = vec![String::new()];
                for (position, item) in items.iter().enumerate() {
                    if position > 0 {
                        texts = cross(texts, &[text.to_string()]);
                    }
                    let parts = self.spellings(item)?;
                    texts = cross(texts, &parts);
                }
                if !is_exact {
                    texts = cross(texts, &[HOLE_TEXT.to_string()]);
                }
                alternatives(texts)
            }
            "replace" => match (first, plain(args.positional.get(1))) {
                (Some(old), Some(new)) => {
                    let places = (text.len() / old.len().max(1)) + 1;
                    if text.len() + places * new.len() > LONGEST_TEXT {
                        return Ok(self.replaced_in_long(text, &old, &new));
                    }
                    Value::text(&text.replace(&old, &new))
                }
                (Some(old), None) => {
                    let mut texts = vec![String::new()];
                    let parts = match args.positional.get(1) {
                        Some(value) => self.spellings(&value.clone())?,
                        None => vec![HOLE_TEXT.to_string()],
                    };
                    for (position, piece) in text.split(&*old).enumerate() {
                        if position > 0 {
                            texts = cross(texts, &parts);
                        }
                        texts = cross(texts, &[piece.to_string()]);
                    }
                    alternatives(texts)
                }
                _ => Value::hole(),
            },
            "strip" | "lstrip" | "rstrip" => {
                let given = !args.positional.is_empty();
                let set: Vec<char> = match (given, first) {
                    (false, _) => vec![' ', '\n', '\t', '\r'],
                    (true, Some(set)) => set.chars().collect(),
                    (true, None) => return Ok(Value::Text(text.clone())),
                };
                let cut = |c: char| set.contains(&c);
                match &*spelled {
                    "strip" => Value::text(text.trim_matches(cut)),
                    "lstrip" => Value::text(text.trim_start_matches(cut)),
                    _ => Value::text(text.trim_end_matches(cut)),
                }
            }
            "lower" | "casefold" => Value::text(&text.to_lowercase()),
            "upper" => Value::text(&text.to_uppercase()),
            "title" if !has_hole => Value::text(&titled(text, char::is_alphabetic)),
            "capitalize" if !has_hole => Value::text(&titled(text, |_| true)),
            "removeprefix" => match first {
                Some(prefix) => Value::text(text.strip_prefix(&*prefix).unwrap_or(text)),
                None => Value::hole(),
            },
            "removesuffix" => match first {
                Some(suffix) => Value::text(text.strip_suffix(&*suffix).unwrap_or(text)),
                None => Value::hole(),
            },
            "split" | "rsplit" | "splitlines" => {
                // A token has no space in it.
                let is_open = has_hole && (first.as_deref() == Some(".") || has_open_hole(text));
                let parts: Vec<Value> = match (&*spelled, first, args.positional.is_empty()) {
                    ("splitlines", _, _) => text.lines().map(Value::text).collect(),
                    (_, _, true) => text.split_whitespace().map(Value::text).collect(),
                    (way, Some(separator), _) if !separator.is_empty() => {
                        match (way, args.positional.get(1)) {
                            ("rsplit", Some(Value::Int(most))) => {
                                let mut parts: Vec<Value> = text
                                    .rsplitn(pieces(*most), &*separator)
                                    .map(Value::text)
                                    .collect();
                                parts.reverse();
                                parts
                            }
                            (_, Some(Value::Int(most))) if *most >= 0 => text
                                .splitn(pieces(*most), &*separator)
                                .map(Value::text)
                                .collect(),
                            _ => text.split(&*separator).map(Value::text).collect(),
                        }
                    }
                    _ => return Ok(self.new_list(vec![Value::hole()], true)),
                };
                self.new_list(parts, is_open)
            }
            "partition" | "rpartition" => match first {
                Some(separator) => {
                    let found = if &*spelled == "partition" {
                        text.split_once(&*separator)
                    } else {
                        text.rsplit_once(&*separator)
                    };
                    match found {
                        Some((before, after)) => Value::tuple(vec![
                            Value::text(before),
                            Value::text(&separator),
                            Value::text(after),
                        ]),
                        None => Value::tuple(vec![
                            Value::Text(text.clone()),
                            Value::text(""),
                            Value::text(""),
                        ]),
                    }
                }
                None => Value::Unknown(Reason::Runtime),
            },
            "startswith" | "endswith" => {
                let mut result = Some(false);
                let wanted = match args.positional.first() {
                    Some(Value::Tuple(items)) => items.to_vec(),
                    Some(value) => vec![value.clone()],
                    None => return Ok(Value::Unknown(Reason::Construct)),
                };
                for one in &wanted {
                    let Some(one) = one.literal() else {
                        result = None;
                        continue;
                    };
                    let (start, known) = if &*spelled == "startswith" {
                        (text.starts_with(one), text.split(HOLE).next().unwrap_or(""))
                    } else {
                        (text.ends_with(one), text.rsplit(HOLE).next().unwrap_or(""))
                    };
                    if start {
                        return Ok(Value::Bool(true));
                    }
                    if has_hole
                        && known.len() < one.len()
                        && (one.starts_with(known) || one.ends_with(known))
                    {
                        result = None;
                    }
                }
                super::natives::known(result)
            }
            "encode" | "decode" | "expandtabs" => Value::Text(text.clone()),
            name if name.starts_with("is") => match is_of(name, text) {
                Some(_) if has_hole => Value::Unknown(Reason::Runtime),
                Some(truth) => Value::Bool(truth),
                None => Value::Unknown(Reason::Attribute),
            },
            "find" | "rfind" | "index" | "rindex" | "count"
                if !has_hole && args.positional.len() == 1 =>
            {
                let Some(part) = first else {
                    return Ok(Value::Unknown(Reason::Runtime));
                };
                let found = match &*spelled {
                    "count" if part.is_empty() => Some(text.chars().count() + 1),
                    "count" => Some(text.matches(&*part).count()),
                    "find" | "index" => text.find(&*part).map(|at| text[..at].chars().count()),
                    _ => text.rfind(&*part).map(|at| text[..at].chars().count()),
                };
                match found {
                    Some(number) => Value::Int(number as i64),
                    None if spelled.ends_with("find") => Value::Int(-1),
                    None => return Err(self.error("ValueError", "substring not found")),
                }
            }
            "find" | "rfind" | "index" | "rindex" | "count" => Value::Unknown(Reason::Runtime),
            "zfill" | "ljust" | "rjust" | "center" if !has_hole => padded(&spelled, text, &args),
            "zfill" | "ljust" | "rjust" | "center" | "hex" | "title" | "capitalize"
            | "swapcase" => Value::hole(),
            _ => Value::Unknown(Reason::Attribute),
        })
    }

    /// Counts first, so that nothing grows beyond the bound.
    fn replaced_in_long(&self, text: &str, old: &str, new: &str) -> Value {
        let grown = text.len() + text.matches(old).count() * new.len();
        if grown > LONGEST_TEXT {
            Value::hole()
        } else {
            Value::text(&text.replace(old, new))
        }
    }

    /// `str.format`: `{}`, `{0}`, `{name}`, `{name.attribute}`, `{name[key]}`, `{name!r:>8}`.
    fn format_text(&mut self, template: &str, args: &Args) -> Eval {
        let mut texts = vec![String::new()];
        let mut next = 0;
        let mut rest = template;
        while let Some(at) = rest.find(['{', '}']) {
            let before = &rest[..at];
            texts = cross(texts, &[before.to_string()]);
            let brace = &rest[at..];
            if brace.starts_with("{{") || brace.starts_with("}}") {
                texts = cross(texts, &[brace[..1].to_string()]);
                rest = &brace[2..];
                continue;
            }
            let Some(end) = closing(brace) else {
                rest = brace;
                break;
            };
            let field = brace.get(1..end).unwrap_or("");
            rest = &brace[end + 1..];
            let (path, specification) = field.split_once(':').unwrap_or((field, ""));
            let (path, conversion) = path.split_once('!').unwrap_or((path, ""));
            let name_end = path.find(['.', '[']).unwrap_or(path.len());
            let name = &path[..name_end];
            let mut value = if name.is_empty() {
                next += 1;
                args.positional.get(next - 1).cloned()
            } else if let Ok(position) = name.parse::<usize>() {
                args.positional.get(position).cloned()
            } else {
                args.keyword(self.symbol(name))
            }
            .unwrap_or(Value::Unknown(Reason::Runtime));
            for part in steps(&path[name_end..]) {
                value = match part {
                    Step::Attribute(name) => {
                        let symbol = self.symbol(name);
                        self.attribute(&value, symbol)?
                    }
                    Step::Item(key) => {
                        let key = key.parse().map_or_else(|_| Value::text(key), Value::Int);
                        self.item(&value, &key)?
                    }
                };
            }
            let conversion = match conversion {
                "s" => Conversion::Str,
                "r" => Conversion::Repr,
                "a" => Conversion::Ascii,
                _ => Conversion::None,
            };
            let parts = match specification.contains('{') {
                // Fields in a specification count on from the one that it is of.
                true => {
                    let left = args.positional.get(next..).unwrap_or_default();
                    let inner = Args {
                        positional: left.iter().cloned().collect(),
                        ..args.clone()
                    };
                    next += specification.matches("{}").count();
                    match self.format_text(specification, &inner)?.literal() {
                        Some(specification) => self.formats(&value, conversion, specification)?,
                        None => vec![HOLE_TEXT.to_string()],
                    }
                }
                false => self.formats(&value, conversion, specification)?,
            };
            texts = cross(texts, &parts);
        }
        texts = cross(texts, &[rest.to_string()]);
        Ok(alternatives(texts))
    }
}

/// Where the field that begins here ends; the specification may have fields in it.
fn closing(field: &str) -> Option<usize> {
    let mut depth = 0;
    for (at, letter) in field.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 1 => return Some(at),
            '}' => depth -= 1,
            _ => {}
        }
    }
    None
}

enum Step<'t> {
    Attribute(&'t str),
    Item(&'t str),
}

/// `.name` and `[key]` of a replacement field, in their order.
fn steps(path: &str) -> Vec<Step<'_>> {
    let mut found = Vec::new();
    let mut rest = path;
    loop {
        if let Some((key, after)) = rest.strip_prefix('[').and_then(|of| of.split_once(']')) {
            found.push(Step::Item(key));
            rest = after;
        } else if let Some(after) = rest.strip_prefix('.') {
            let end = after.find(['.', '[']).unwrap_or(after.len());
            found.push(Step::Attribute(&after[..end]));
            rest = &after[end..];
        } else {
            return found;
        }
    }
}

/// `text.isdigit()` and its relatives.
fn is_of(method: &str, text: &str) -> Option<bool> {
    let all = |is_it: fn(char) -> bool| !text.is_empty() && text.chars().all(is_it);
    let cased = |is_it: fn(char) -> bool, is_other: fn(char) -> bool| {
        text.chars().any(is_it) && !text.chars().any(is_other)
    };
    Some(match method {
        "isascii" => text.is_ascii(),
        "isdigit" | "isdecimal" => all(|letter| letter.is_ascii_digit()),
        "isnumeric" => all(char::is_numeric),
        "isalpha" => all(char::is_alphabetic),
        "isalnum" => all(char::is_alphanumeric),
        "isspace" => all(char::is_whitespace),
        "isupper" => cased(char::is_uppercase, char::is_lowercase),
        "islower" => cased(char::is_lowercase, char::is_uppercase),
        "isprintable" => !text.chars().any(char::is_control),
        "isidentifier" => {
            all(|letter| letter == '_' || letter.is_alphanumeric())
                && !text.starts_with(char::is_numeric)
        }
        _ => return None,
    })
}

/// `text.zfill(3)`, `text.ljust(8, ".")`
fn padded(method: &str, text: &str, args: &Args) -> Value {
    let Some(Value::Int(width)) = args.positional.first() else {
        return Value::hole();
    };
    let fill = match args.positional.get(1) {
        Some(fill) => fill.literal(),
        None if method == "zfill" => Some("0"),
        None => Some(" "),
    };
    let length = text.chars().count();
    let lacking = usize::try_from(*width).unwrap_or(0).saturating_sub(length);
    let Some(fill) = fill.filter(|_| lacking < LONGEST_TEXT) else {
        return Value::hole();
    };
    let fill = fill.repeat(lacking);
    Value::text(&match method {
        "ljust" => format!("{text}{fill}"),
        "center" => {
            // Python puts the odd one in front where the width is odd.
            let before = lacking / 2 + (lacking & 1 & (lacking + length));
            let letter = fill.chars().next().unwrap_or(' ').to_string();
            format!(
                "{}{text}{}",
                letter.repeat(before),
                letter.repeat(lacking - before)
            )
        }
        _ => match text.strip_prefix(['-', '+']).filter(|_| method == "zfill") {
            Some(digits) => format!("{}{fill}{digits}", &text[..1]),
            None => format!("{fill}{text}"),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holes_stand_for_any_text() {
        let case = |left: &str, right: &str, expected: bool| {
            let (left, right) = (
                left.replace("{}", HOLE_TEXT),
                right.replace("{}", HOLE_TEXT),
            );
            assert_eq!(may_equal(&left, &right), expected, "{left} {right}");
        };
        case("/a", "/a", true);
        case("/a", "/b", false);
        case("/a/{}", "/a/b", true);
        case("/a/{}", "/b/{}", false);
        case("{}/x", "/a/y", false);
        case("{}", "anything", true);
    }
}
