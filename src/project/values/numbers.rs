//! Numbers: integers, floats and booleans in arithmetic and comparisons, and the builtins that make one of them.
//!
//! `7 / 2` is `3.5`, `round(2.5)` is `2`, `int("x")` raises a `ValueError`.

use std::cmp::Ordering;

use crate::facts::program::BinaryOperator;
use crate::project::values::machine::{Eval, Machine};
use crate::project::values::natives::Native;
use crate::project::values::value::{HOLE, Reason, Value};

/// The bits of a 64-bit IEEE 754 number, which are compared as bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Float(u64);

impl Float {
    pub fn new(number: f64) -> Float {
        Float(number.to_bits())
    }

    pub fn of_bits(bits: u64) -> Float {
        Float(bits)
    }

    pub fn bits(self) -> u64 {
        self.0
    }

    pub fn get(self) -> f64 {
        f64::from_bits(self.0)
    }

    /// As Python's `repr` spells it: the shortest text that is read as the same number.
    pub fn spelled(self) -> String {
        let number = self.get();
        if number.is_nan() {
            return "nan".into();
        }
        if number.is_infinite() {
            return if number > 0.0 { "inf" } else { "-inf" }.into();
        }
        let spelled = format!("{number:e}");
        let (digits, exponent) = spelled.split_once('e').unwrap_or((&spelled, "0"));
        let exponent: i32 = exponent.parse().unwrap_or(0);
        if (-4..16).contains(&exponent) {
            let plain = number.to_string();
            return if plain.contains('.') {
                plain
            } else {
                plain + ".0"
            };
        }
        let sign = if exponent < 0 { '-' } else { '+' };
        format!("{digits}e{sign}{:02}", exponent.unsigned_abs())
    }
}

/// A number as Python compares it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Number {
    Int(i64),
    Float(f64),
}

impl Number {
    pub(super) fn of(value: &Value) -> Option<Number> {
        match value {
            Value::Int(number) => Some(Number::Int(*number)),
            Value::Bool(truth) => Some(Number::Int(i64::from(*truth))),
            Value::Float(number) => Some(Number::Float(number.get())),
            _ => None,
        }
    }

    pub(super) fn float(self) -> f64 {
        match self {
            Number::Int(number) => number as f64,
            Number::Float(number) => number,
        }
    }

    /// None: one of them is not a number.
    pub(super) fn order(self, other: Number) -> Option<Ordering> {
        match (self, other) {
            (Number::Int(one), Number::Int(two)) => Some(one.cmp(&two)),
            (one, two) => one.float().partial_cmp(&two.float()),
        }
    }

    /// Integers that a float can't hold exactly are left to run time.
    fn is_exact(self) -> bool {
        match self {
            Number::Int(number) => number.unsigned_abs() <= 1 << 53,
            Number::Float(_) => true,
        }
    }
}

/// None: one of them is not a number, or is NaN.
pub(super) fn order_of_numbers(one: &Value, two: &Value) -> Option<Ordering> {
    Number::of(one)?.order(Number::of(two)?)
}

fn float(number: f64) -> Value {
    Value::Float(Float::new(number))
}

/// What an operator makes of two numbers. None: it raises, or it is no operator of these.
pub(super) fn arithmetic(operator: BinaryOperator, left: Number, right: Number) -> Option<Value> {
    if let (Number::Int(one), Number::Int(two)) = (left, right)
        && operator != BinaryOperator::Divide
    {
        return of_integers(operator, one, two).map(Value::Int);
    }
    if !left.is_exact() || !right.is_exact() {
        return None;
    }
    let (one, two) = (left.float(), right.float());
    let result = match operator {
        BinaryOperator::Add => one + two,
        BinaryOperator::Subtract => one - two,
        BinaryOperator::Multiply => one * two,
        BinaryOperator::Divide if two != 0.0 => one / two,
        BinaryOperator::FloorDivide if two != 0.0 => ((one - modulo(one, two)) / two).round(),
        BinaryOperator::Modulo if two != 0.0 => modulo(one, two),
        BinaryOperator::Power => one.powf(two),
        _ => return None,
    };
    // A result that is none: Python raises, or gives a complex number.
    let is_lost = !result.is_finite() && one.is_finite() && two.is_finite();
    (!is_lost).then(|| float(result))
}

/// What is left has the sign of the divisor.
fn modulo(one: f64, two: f64) -> f64 {
    let left = one % two;
    if left != 0.0 && (left < 0.0) != (two < 0.0) {
        left + two
    } else {
        left
    }
}

fn of_integers(operator: BinaryOperator, left: i64, right: i64) -> Option<i64> {
    match operator {
        BinaryOperator::Add => left.checked_add(right),
        BinaryOperator::Subtract => left.checked_sub(right),
        BinaryOperator::Multiply => left.checked_mul(right),
        BinaryOperator::FloorDivide if right != 0 => floor_divide(left, right),
        BinaryOperator::Modulo if right != 0 => floor_divide(left, right)
            .and_then(|quotient| left.checked_sub(quotient.checked_mul(right)?)),
        BinaryOperator::Power if (0..63).contains(&right) => left.checked_pow(right as u32),
        BinaryOperator::BitAnd => Some(left & right),
        BinaryOperator::BitOr => Some(left | right),
        BinaryOperator::BitXor => Some(left ^ right),
        BinaryOperator::LeftShift if (0..62).contains(&right) => left.checked_mul(1 << right),
        BinaryOperator::RightShift if (0..62).contains(&right) => left.checked_shr(right as u32),
        _ => None,
    }
}

/// Python rounds down, not towards zero: `-7 // 2` is `-4`.
fn floor_divide(left: i64, right: i64) -> Option<i64> {
    let quotient = left.checked_div(right)?;
    let is_rounded_up = left % right != 0 && (left < 0) != (right < 0);
    Some(if is_rounded_up {
        quotient - 1
    } else {
        quotient
    })
}

/// An integer that a float is, if it fits.
fn integer(number: f64) -> Value {
    if number.abs() < 9.0e15 {
        Value::Int(number as i64)
    } else {
        Value::Unknown(Reason::Runtime)
    }
}

/// `round(number, digits)`: to the even neighbor where both are as near.
fn rounded(number: Number, digits: Option<&Value>) -> Value {
    match (number, digits) {
        (Number::Int(number), None | Some(Value::None)) => Value::Int(number),
        (Number::Int(number), Some(Value::Int(0..))) => Value::Int(number),
        (Number::Float(number), None | Some(Value::None)) => integer(number.round_ties_even()),
        // Decimal digits of a text are rounded from the exact number, as Python does.
        (Number::Float(number), Some(Value::Int(digits @ 0..=20))) => {
            let digits = usize::try_from(*digits).unwrap_or(0);
            let text = format!("{number:.digits$}");
            text.parse().map_or(Value::Unknown(Reason::Runtime), float)
        }
        _ => Value::Unknown(Reason::Runtime),
    }
}

impl<'w> Machine<'w> {
    /// `int(…)`, `float(…)`, `round(…)`, `abs(…)` of a value that is there.
    pub(super) fn number_of(
        &mut self,
        native: Native,
        value: &Value,
        second: Option<&Value>,
    ) -> Eval {
        let held = self.payload(value);
        if let status @ Value::Status(_) = held {
            return Ok(status);
        }
        if let Value::Text(text) = &held {
            if text.contains(HOLE) || second.is_some_and(|base| *base != Value::Int(10)) {
                return Ok(of_base(text, second));
            }
            return self.number_of_text(native, &text.clone());
        }
        let Some(number) = Number::of(&held) else {
            return Ok(Value::Unknown(Reason::Runtime));
        };
        Ok(match (native, number) {
            (Native::int, Number::Int(number)) => Value::Int(number),
            (Native::int, Number::Float(number)) => integer(number.trunc()),
            (Native::float, number) => float(number.float()),
            (Native::round, number) => rounded(number, second),
            (_, Number::Int(number)) => Value::Int(number.saturating_abs()),
            (_, Number::Float(number)) => float(number.abs()),
        })
    }

    fn number_of_text(&mut self, native: Native, text: &str) -> Eval {
        let digits = text.trim().replace('_', "");
        match native {
            Native::int => match digits.parse() {
                Ok(number) => Ok(Value::Int(number)),
                // A number too large for us is one for Python.
                Err(_) if is_integer(&digits) => Ok(Value::Unknown(Reason::Runtime)),
                Err(_) => Err(self.error(
                    "ValueError",
                    &format!("invalid literal for int() with base 10: '{text}'"),
                )),
            },
            Native::float => match digits.parse() {
                Ok(number) => Ok(float(number)),
                Err(_) => Err(self.error(
                    "ValueError",
                    &format!("could not convert string to float: '{text}'"),
                )),
            },
            _ => Ok(Value::Unknown(Reason::Runtime)),
        }
    }

    /// `min(…)` and `max(…)`, where all of the values are known, or as many as differ.
    pub(super) fn extreme(
        &mut self,
        native: Native,
        items: Vec<Value>,
        key: Option<Value>,
    ) -> Eval {
        let mut best: Option<(Value, Value)> = None;
        for item in items {
            let own = match &key {
                Some(key) if *key != Value::None => {
                    self.call(key, super::calls::Args::of([item.clone()]))?
                }
                _ => item.clone(),
            };
            let Some((_, known)) = &best else {
                best = Some((item, own));
                continue;
            };
            let wanted = match native {
                Native::min => Ordering::Less,
                _ => Ordering::Greater,
            };
            match self.order(&own, known) {
                Some(order) if order == wanted => best = Some((item, own)),
                Some(_) => {}
                // Which of them it is, nobody knows.
                None => {
                    let other = best.map(|(item, _)| item).unwrap_or(Value::Unbound);
                    return Ok(other.or(Value::Unknown(Reason::Runtime)));
                }
            }
        }
        Ok(best.map_or(Value::Unknown(Reason::Runtime), |(item, _)| item))
    }
}

fn is_integer(digits: &str) -> bool {
    let digits = digits.strip_prefix(['-', '+']).unwrap_or(digits);
    !digits.is_empty() && digits.chars().all(char::is_numeric)
}

/// `int("ff", 16)`
fn of_base(text: &str, base: Option<&Value>) -> Value {
    let base = match base {
        Some(Value::Int(base @ 2..=36)) => u32::try_from(*base).ok(),
        _ => None,
    };
    let digits = text.trim().trim_start_matches("0x").replace('_', "");
    let number = base.and_then(|base| i64::from_str_radix(&digits, base).ok());
    number.map_or(Value::Unknown(Reason::Runtime), Value::Int)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn division_is_pythons() {
        let case = |operator, left: i64, right: i64, expected: Option<i64>| {
            let result = arithmetic(operator, Number::Int(left), Number::Int(right));
            assert_eq!(result, expected.map(Value::Int), "{left} {right}");
        };
        case(BinaryOperator::FloorDivide, -7, 2, Some(-4));
        case(BinaryOperator::FloorDivide, 7, -2, Some(-4));
        case(BinaryOperator::Modulo, -7, 2, Some(1));
        case(BinaryOperator::Modulo, 7, -2, Some(-1));
        case(BinaryOperator::FloorDivide, i64::MIN, -1, None);
        case(BinaryOperator::Modulo, i64::MIN, -1, None);
        case(BinaryOperator::Modulo, 1, 0, None);
        case(BinaryOperator::LeftShift, 3, 62, None);
    }

    #[test]
    fn what_is_left_of_a_float_has_the_sign_of_the_divisor() {
        let case = |operator, left: f64, right: f64, expected: f64| {
            let result = arithmetic(operator, Number::Float(left), Number::Float(right));
            assert_eq!(result, Some(float(expected)), "{left} {right}");
        };
        case(BinaryOperator::Modulo, -7.5, 2.0, 0.5);
        case(BinaryOperator::Modulo, 7.5, -2.0, -0.5);
        case(BinaryOperator::Modulo, 5.5, 0.1, 0.0999999999999997);
        case(BinaryOperator::FloorDivide, -7.5, 2.0, -4.0);
        case(BinaryOperator::FloorDivide, 5.5, 0.1, 54.0);
        let root = arithmetic(
            BinaryOperator::Power,
            Number::Float(-2.0),
            Number::Float(0.5),
        );
        assert_eq!(root, None);
    }

    #[test]
    fn floats_are_spelled_as_python_does() {
        let case = |number: f64, expected: &str| assert_eq!(Float::new(number).spelled(), expected);
        case(1.0, "1.0");
        case(0.1, "0.1");
        case(-2.5, "-2.5");
        case(1e16, "1e+16");
        case(123456789012345680.0, "1.2345678901234568e+17");
        case(1e15, "1000000000000000.0");
        case(0.0001, "0.0001");
        case(0.00001, "1e-05");
        case(f64::INFINITY, "inf");
    }

    #[test]
    fn halves_are_rounded_to_even() {
        let case = |number: f64, digits: Option<i64>, expected: Value| {
            let digits = digits.map(Value::Int);
            assert_eq!(rounded(Number::Float(number), digits.as_ref()), expected);
        };
        case(2.5, None, Value::Int(2));
        case(3.5, None, Value::Int(4));
        case(2.675, Some(2), float(2.67));
        case(1.005, Some(1), float(1.0));
    }
}
