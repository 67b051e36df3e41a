//! Formats: what `f"{n:04d}"`, `"{:>8}".format(name)` and `"%05.1f" % x` make of a known value.
//!
//! Source: <https://docs.python.org/3/library/string.html#format-specification-mini-language> and
//! <https://docs.python.org/3/library/stdtypes.html#printf-style-string-formatting>. Not handled: the types `g` and `n` of floats,
//! and numbers in other bases with a group separator.

use super::numbers::{Float, Number};
use crate::facts::program::Conversion;
use crate::project::symbols::Symbol;
use crate::project::values::machine::{Machine, Raise};
use crate::project::values::natives::Native;
use crate::project::values::value::{HOLE, HOLE_TEXT, LONGEST_TEXT, Value};

/// `[[fill]align][sign]["#"]["0"][width][grouping]["." precision][type]`
#[derive(Debug, Default, Clone, PartialEq)]
struct Specification {
    fill: Option<char>,
    align: Option<char>,
    sign: Option<char>,
    is_alternate: bool,
    width: usize,
    grouping: Option<char>,
    precision: Option<usize>,
    kind: Option<char>,
}

impl Specification {
    fn read(text: &str) -> Option<Specification> {
        let letters: Vec<char> = text.chars().collect();
        let mut found = Specification::default();
        let mut at = 0;
        let is_align = |letter: Option<&char>| matches!(letter, Some('<' | '>' | '=' | '^'));
        if is_align(letters.get(1)) {
            found.fill = letters.first().copied();
            found.align = letters.get(1).copied();
            at = 2;
        } else if is_align(letters.first()) {
            found.align = letters.first().copied();
            at = 1;
        }
        found.sign = take(&letters, &mut at, "+- ");
        take(&letters, &mut at, "z");
        found.is_alternate = take(&letters, &mut at, "#").is_some();
        if take(&letters, &mut at, "0").is_some() && found.align.is_none() {
            found.fill = found.fill.or(Some('0'));
            found.align = Some('=');
        }
        found.width = digits(&letters, &mut at)?.unwrap_or(0);
        found.grouping = take(&letters, &mut at, ",_");
        if take(&letters, &mut at, ".").is_some() {
            found.precision = Some(digits(&letters, &mut at)?.unwrap_or(0));
        }
        found.kind = letters.get(at).copied();
        (letters.len() <= at + 1 && found.width < LONGEST_TEXT).then_some(found)
    }

    fn of_text(&self, text: &str) -> Option<String> {
        if !matches!(self.kind, None | Some('s')) || self.sign.is_some() {
            return None;
        }
        let cut: String = match self.precision {
            Some(most) => text.chars().take(most).collect(),
            None => text.to_string(),
        };
        // `f"{'a':05}"` fills behind it.
        let align = self.align.filter(|align| *align != '=').unwrap_or('<');
        Some(self.padded("", &cut, align))
    }

    fn of_number(&self, number: Number) -> Option<String> {
        let is_negative = match number {
            Number::Int(number) => number < 0,
            Number::Float(number) => number.is_sign_negative(),
        };
        let sign = match (is_negative, self.sign) {
            (true, _) => "-",
            (false, Some('+')) => "+",
            (false, Some(' ')) => " ",
            (false, _) => "",
        };
        let (prefix, digits) = match number {
            Number::Int(number) => self.of_integer(number)?,
            Number::Float(number) => ("", self.of_float(number.abs())?),
        };
        let digits = match self.grouping {
            Some(separator) if prefix.is_empty() => grouped(&digits, separator),
            Some(_) => return None,
            None => digits,
        };
        Some(self.padded(
            &format!("{sign}{prefix}"),
            &digits,
            self.align.unwrap_or('>'),
        ))
    }

    fn of_integer(&self, number: i64) -> Option<(&'static str, String)> {
        let size = number.unsigned_abs();
        let with = |prefix: &'static str| if self.is_alternate { prefix } else { "" };
        Some(match self.kind {
            None | Some('d' | 'n') if self.precision.is_none() => ("", size.to_string()),
            Some('b') => (with("0b"), format!("{size:b}")),
            Some('o') => (with("0o"), format!("{size:o}")),
            Some('x') => (with("0x"), format!("{size:x}")),
            Some('X') => (with("0X"), format!("{size:X}")),
            Some('c') => {
                let letter = u32::try_from(number).ok().and_then(char::from_u32)?;
                ("", letter.to_string())
            }
            Some('e' | 'E' | 'f' | 'F' | '%') => ("", self.of_float(size as f64)?),
            _ => return None,
        })
    }

    fn of_float(&self, size: f64) -> Option<String> {
        if !size.is_finite() {
            return None;
        }
        let precision = self.precision.unwrap_or(6);
        if precision > 300 {
            return None;
        }
        Some(match self.kind {
            None if self.precision.is_none() => Float::new(size).spelled(),
            Some('f' | 'F') => format!("{size:.precision$}"),
            Some('%') => format!("{:.precision$}%", size * 100.0),
            Some(kind @ ('e' | 'E')) => {
                let text = format!("{size:.precision$e}");
                let (digits, exponent) = text.split_once('e')?;
                let exponent: i32 = exponent.parse().ok()?;
                let sign = if exponent < 0 { '-' } else { '+' };
                format!("{digits}{kind}{sign}{:02}", exponent.unsigned_abs())
            }
            _ => return None,
        })
    }

    fn padded(&self, sign: &str, text: &str, align: char) -> String {
        let length = sign.chars().count() + text.chars().count();
        let lacking = self.width.saturating_sub(length);
        let fill = |count: usize| self.fill.unwrap_or(' ').to_string().repeat(count);
        match align {
            '<' => format!("{sign}{text}{}", fill(lacking)),
            '^' => format!(
                "{}{sign}{text}{}",
                fill(lacking / 2),
                fill(lacking - lacking / 2)
            ),
            '=' => format!("{sign}{}{text}", fill(lacking)),
            _ => format!("{}{sign}{text}", fill(lacking)),
        }
    }
}

/// The next letter, if it is one of these.
fn take(letters: &[char], at: &mut usize, wanted: &str) -> Option<char> {
    let found = letters.get(*at).copied();
    let found = found.filter(|letter| wanted.contains(*letter));
    *at += usize::from(found.is_some());
    found
}

/// None: more digits than any width has.
fn digits(letters: &[char], at: &mut usize) -> Option<Option<usize>> {
    let start = *at;
    while letters.get(*at).is_some_and(char::is_ascii_digit) {
        *at += 1;
    }
    if start == *at {
        return Some(None);
    }
    let digits: String = letters[start..*at].iter().collect();
    digits.parse().ok().map(Some)
}

fn grouped(digits: &str, separator: char) -> String {
    let end = digits.find(['.', 'e', 'E', '%']).unwrap_or(digits.len());
    let mut result = String::new();
    for (position, digit) in digits[..end].chars().enumerate() {
        if position > 0 && (end - position).is_multiple_of(3) {
            result.push(separator);
        }
        result.push(digit);
    }
    result + &digits[end..]
}

/// What `format(value, specification)` gives. None: not known, or not of this value.
pub(super) fn formatted(value: &Value, specification: &str) -> Option<String> {
    let specification = Specification::read(specification)?;
    match value {
        Value::Text(text) if !text.contains(HOLE) => specification.of_text(text),
        // `f"{True:d}"` is `1`, `f"{True}"` is `True`.
        Value::Bool(truth) if specification.kind.is_none() => specification
            .of_text(if *truth { "True" } else { "False" })
            .filter(|_| specification.width == 0),
        value => specification.of_number(Number::of(value)?),
    }
}

/// One conversion of the `%` operator, without its sign: `05.1f`. The number is how many bytes of the template it takes.
pub(super) fn percent(template: &str) -> (usize, Option<(Conversion, String)>) {
    let end = template
        .find(|letter: char| letter.is_ascii_alphabetic())
        .unwrap_or(template.len());
    let Some(kind) = template[end..].chars().next() else {
        return (template.len(), None);
    };
    let bounds = &template[..end];
    let rest = bounds.trim_start_matches(['-', '0', '+', ' ', '#']);
    let flags = &bounds[..bounds.len() - rest.len()];
    let has = |flag: char| flags.contains(flag);
    if rest.contains('*') {
        return (end + 1, None);
    }
    let align = match (has('-'), has('0')) {
        (true, _) => "<",
        (false, true) if !matches!(kind, 's' | 'r' | 'a') => "0=",
        _ => ">",
    };
    let sign = if has('+') {
        "+"
    } else if has(' ') {
        " "
    } else {
        ""
    };
    let alternate = if has('#') { "#" } else { "" };
    let (conversion, kind) = match kind {
        's' => (Conversion::Str, "s"),
        'r' => (Conversion::Repr, "s"),
        'a' => (Conversion::Ascii, "s"),
        'd' | 'i' | 'u' => (Conversion::None, "d"),
        'x' => (Conversion::None, "x"),
        'X' => (Conversion::None, "X"),
        'o' => (Conversion::None, "o"),
        'c' => (Conversion::None, "c"),
        'f' | 'F' => (Conversion::None, "f"),
        'e' => (Conversion::None, "e"),
        _ => return (end + 1, None),
    };
    let is_plain = bounds.is_empty() && conversion != Conversion::None;
    let specification = match is_plain {
        true => String::new(),
        false => format!("{align}{sign}{alternate}{rest}{kind}"),
    };
    (end + 1, Some((conversion, specification)))
}

/// As `repr` spells a text: in single quotes, unless these are in it and double ones are not. None: it has characters that are not
/// printed, which are escaped by rules of their own.
fn quoted(text: &str) -> Option<String> {
    let quote = if text.contains('\'') && !text.contains('"') {
        '"'
    } else {
        '\''
    };
    let mut result = String::from(quote);
    for letter in text.chars() {
        match letter {
            '\\' => result.push_str("\\\\"),
            '\n' => result.push_str("\\n"),
            '\r' => result.push_str("\\r"),
            '\t' => result.push_str("\\t"),
            letter if letter == quote => result.extend(['\\', letter]),
            letter if letter.is_control() => return None,
            letter => result.push(letter),
        }
    }
    result.push(quote);
    Some(result)
}

impl<'w> Machine<'w> {
    /// The ways in which `{value!conversion:specification}` may be spelled, holes where it is not known.
    pub(super) fn formats(
        &mut self,
        value: &Value,
        conversion: Conversion,
        specification: &str,
    ) -> Result<Vec<String>, Raise> {
        if conversion == Conversion::None {
            let own = vec![Value::text(specification)];
            if let Some(own) = self.special(value, Symbol::FORMAT, own)? {
                return self.spellings(&own);
            }
        }
        let is_spelled = matches!(conversion, Conversion::None | Conversion::Str);
        if is_spelled && specification.is_empty() {
            return self.spellings(value);
        }
        let mut texts: Vec<String> = Vec::new();
        let several = value.alternatives().len() > 1;
        for one in value.alternatives().to_vec() {
            if several && one == Value::None {
                continue;
            }
            let held = match conversion {
                Conversion::None => match self.payload(&one) {
                    Value::Object(_) => self.spelled_value(&one)?,
                    held => held,
                },
                Conversion::Str => self.spelled_value(&one)?,
                Conversion::Repr => self.represented(&one)?,
                Conversion::Ascii => match self.represented(&one)? {
                    Value::Text(text) if !text.is_ascii() => Value::hole(),
                    spelled => spelled,
                },
            };
            let text = match (&held, specification) {
                (Value::Text(text), "" | "s") => Some(text.to_string()),
                (Value::Text(text), _) if text.contains(HOLE) => None,
                (held, specification) => formatted(held, specification),
            };
            let text = text.unwrap_or_else(|| HOLE_TEXT.into());
            if !texts.contains(&text) {
                texts.push(text);
            }
        }
        if texts.is_empty() {
            texts.push(HOLE_TEXT.into());
        }
        Ok(texts)
    }

    /// `str(value)` as a value: a text, or a hole.
    fn spelled_value(&mut self, value: &Value) -> Result<Value, Raise> {
        let texts = self.spellings(value)?;
        Ok(match &texts[..] {
            [text] => Value::text(text),
            _ => Value::hole(),
        })
    }

    /// `repr(value)`
    pub(super) fn represented(&mut self, value: &Value) -> Result<Value, Raise> {
        if let Some(own) = self.special_of_builtin(Native::repr, value)? {
            return Ok(own);
        }
        Ok(match value {
            Value::Text(text) if !text.contains(HOLE) => {
                quoted(text).map_or_else(Value::hole, |text| Value::text(&text))
            }
            Value::Int(_) | Value::Float(_) | Value::Bool(_) | Value::None => {
                self.spelled_value(value)?
            }
            _ => Value::hole(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_formatted_as_python_does() {
        let case = |value: Value, specification: &str, expected: Option<&str>| {
            let result = formatted(&value, specification);
            assert_eq!(result.as_deref(), expected, "{specification}");
        };
        let float = |number| Value::Float(Float::new(number));
        case(Value::Int(7), "03d", Some("007"));
        case(Value::Int(-7), "03d", Some("-07"));
        case(Value::Int(7), ">3", Some("  7"));
        case(Value::Int(7), "*^5", Some("**7**"));
        case(Value::Int(1_234_567), ",", Some("1,234,567"));
        case(Value::Int(255), "#x", Some("0xff"));
        case(Value::Int(255), "08b", Some("11111111"));
        case(Value::Int(47), "c", Some("/"));
        case(Value::text("ab"), "5", Some("ab   "));
        case(Value::text("ab"), ">5s", Some("   ab"));
        case(Value::text("abcdef"), ".3", Some("abc"));
        case(Value::text("ab"), "d", None);
        case(float(2.5), ".2f", Some("2.50"));
        case(float(0.256), ".1%", Some("25.6%"));
        case(float(12345.678), ",.1f", Some("12,345.7"));
        case(float(12345.678), ".3e", Some("1.235e+04"));
        case(float(2.5), "", Some("2.5"));
        case(Value::Int(3), "+", Some("+3"));
        case(Value::Int(3), "q", None);
    }

    #[test]
    fn percent_conversions_are_specifications() {
        let case = |template: &str, taken: usize, expected: Option<(Conversion, &str)>| {
            let (length, found) = percent(template);
            assert_eq!(length, taken, "{template}");
            let found = found.as_ref().map(|(kind, text)| (*kind, text.as_str()));
            assert_eq!(found, expected, "{template}");
        };
        case("s!", 1, Some((Conversion::Str, "")));
        case("5s!", 2, Some((Conversion::Str, ">5s")));
        case("05d", 3, Some((Conversion::None, "0=5d")));
        case("-8s|", 3, Some((Conversion::Str, "<8s")));
        case(".1f", 3, Some((Conversion::None, ">.1f")));
        case("*d", 2, None);
    }
}
