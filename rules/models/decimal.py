"""`decimal`: numbers that are what their digits say.

A number is kept as a float, to twelve places, beside its digits.

Source: https://docs.python.org/3/library/decimal.html
"""

import covgap
import re

ROUND_HALF_UP = "ROUND_HALF_UP"
ROUND_HALF_EVEN = "ROUND_HALF_EVEN"
ROUND_HALF_DOWN = "ROUND_HALF_DOWN"
ROUND_UP = "ROUND_UP"
ROUND_DOWN = "ROUND_DOWN"
ROUND_CEILING = "ROUND_CEILING"
ROUND_FLOOR = "ROUND_FLOOR"


class DecimalException(ArithmeticError): ...
class InvalidOperation(DecimalException): ...
class DivisionByZero(DecimalException): ...
class Overflow(DecimalException): ...


class Decimal:
    covgap_decimal = covgap_reads = True

    def __init__(self, value="0", context=None):
        self.covgap_number = _read(value)
        self.covgap_text = value if isinstance(value, str) else covgap.hole()

    def __str__(self):
        return self.covgap_text

    def __int__(self):
        return int(self.covgap_number)

    def __float__(self):
        return self.covgap_number

    def __bool__(self):
        return self.covgap_number != 0

    def __add__(self, other):
        return _computed(self.covgap_number + _number(other))

    __radd__ = __add__

    def __sub__(self, other):
        return _computed(self.covgap_number - _number(other))

    def __rsub__(self, other):
        return _computed(_number(other) - self.covgap_number)

    def __mul__(self, other):
        return _computed(self.covgap_number * _number(other))

    __rmul__ = __mul__

    def __truediv__(self, other):
        return _computed(self.covgap_number / _number(other))

    def __rtruediv__(self, other):
        return _computed(_number(other) / self.covgap_number)

    def __neg__(self):
        return _computed(0 - self.covgap_number)

    def __eq__(self, other):
        return self.covgap_number == _number(other)

    def __lt__(self, other):
        return self.covgap_number < _number(other)

    def __le__(self, other):
        return self.covgap_number <= _number(other)

    def __gt__(self, other):
        return self.covgap_number > _number(other)

    def __ge__(self, other):
        return self.covgap_number >= _number(other)

    def quantize(self, exponent, rounding=None, context=None):
        return covgap.unknown("run-time-value")

    def is_nan(self):
        return False

    def is_finite(self):
        return True

    def is_signed(self):
        return self.covgap_number < 0

    def normalize(self, context=None):
        return self


def _number(other):
    return other.covgap_number if covgap.marks(other, "covgap_decimal") else other


def _computed(number):
    """Decimal fractions are exact where binary ones are not: `0.1 + 0.2` is `0.3`. How it is spelled, nobody knows."""
    made = Decimal()
    made.covgap_number = round(number, 12)
    made.covgap_text = covgap.hole()
    return made


def _read(value):
    if covgap.marks(value, "covgap_decimal"):
        return value.covgap_number
    if isinstance(value, str) and covgap.is_known(len(value)) and not re.fullmatch(r"[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?", value.strip()):
        raise InvalidOperation("conversion syntax")
    return float(value)


def getcontext():
    return covgap.unknown("run-time-value")


localcontext = setcontext = getcontext
