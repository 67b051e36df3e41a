"""`math`: functions of numbers that are known.

Source: https://docs.python.org/3/library/math.html
"""

import covgap

pi = 3.141592653589793
e = 2.718281828459045
tau = 6.283185307179586
inf = float("inf")
nan = float("nan")


def floor(x, /):
    return int(x // 1)


def ceil(x, /):
    return -int(-x // 1)


def trunc(x, /):
    return int(x)


def fabs(x, /):
    return abs(float(x))


def sqrt(x, /):
    if x < 0:
        raise ValueError("math domain error")
    return float(x) ** 0.5


def pow(x, y, /):
    return float(x) ** float(y)


def isnan(x, /):
    return x != x


def isinf(x, /):
    return x == inf or x == -inf


def isfinite(x, /):
    return not (isnan(x) or isinf(x))


def isclose(a, b, *, rel_tol=1e-09, abs_tol=0.0):
    return abs(a - b) <= max(rel_tol * max(abs(a), abs(b)), abs_tol)


def fsum(values, /):
    return float(sum(values))


def prod(values, /, *, start=1):
    result = start
    for value in values:
        result = result * value
    return result


def gcd(*numbers):
    return covgap.unknown("run-time-value")


lcm = factorial = comb = perm = log = log2 = log10 = exp = sin = cos = tan = asin = acos = atan = atan2 = hypot = radians = degrees = dist = gcd
