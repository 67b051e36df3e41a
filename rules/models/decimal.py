"""`decimal`: numbers that are what their digits say.

A number is kept as a float beside its digits; what is computed of several of them is spelled without the zeros at its end.

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


class Decimal(float):
    covgap_reads = True

    def __new__(cls, value="0", context=None):
        return super().__new__(cls, _read(value))

    def __init__(self, value="0", context=None):
        self.covgap_text = value if isinstance(value, str) else covgap.hole()

    def __str__(self):
        return self.covgap_text

    def __float__(self):
        return covgap.payload(self)

    def quantize(self, exponent, rounding=None, context=None):
        return covgap.unknown("run-time-value")

    def is_nan(self):
        return False

    def is_finite(self):
        return True

    def is_signed(self):
        return self < 0

    def normalize(self, context=None):
        return self


def _read(value):
    if isinstance(value, str) and covgap.is_known(len(value)) and not re.fullmatch(r"[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?", value.strip()):
        raise InvalidOperation("conversion syntax")
    return float(value)


def getcontext():
    return covgap.unknown("run-time-value")


localcontext = setcontext = getcontext
