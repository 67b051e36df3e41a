"""`parameterized`: a method for each row, called like the method with the row's number and its first text.

Source: https://pypi.org/project/parameterized/
"""

from functools import wraps

_SAFE = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"


class param:
    covgap_row = True

    def __init__(self, *args, **kwargs):
        self.args = args
        self.kwargs = kwargs


def _param(row):
    if isinstance(row, (tuple, list)):
        return param(*row)
    if hasattr(row, "covgap_row"):
        return row
    return param(row)


def _rows(rows):
    return [_param(row) for row in (rows() if callable(rows) else rows)]


def _case(function, row):
    @wraps(function)
    def case(self, *given, **named):
        return function(self, *row.args, *given, **row.kwargs, **named)

    return case


def _number(number, count):
    return "0" * (len(str(count - 1)) - len(str(number))) + str(number)


def _safe(text):
    safe = ""
    is_between = False
    for sign in text:
        is_safe = sign in _SAFE
        if is_safe or not is_between:
            safe += sign if is_safe else "_"
        is_between = not is_safe
    return safe


def _suffix(number, first):
    suffix = "_" + number
    if isinstance(first, str):
        suffix += "_" + _safe(first)
    return suffix


class _Expanded:
    def __init__(self, function, rows, name_func):
        self.function = function
        self.rows = _rows(rows)
        self.name_func = name_func

    def __set_name__(self, owner, name):
        for position, row in enumerate(self.rows):
            number = _number(position, len(self.rows))
            if self.name_func is None:
                case = name + _suffix(number, row.args[0] if row.args else None)
            else:
                case = self.name_func(self.function, number, row)
            setattr(owner, case, _case(self.function, row))
        delattr(owner, name)


class parameterized:
    @classmethod
    def expand(cls, rows, name_func=None, doc_func=None, skip_on_empty=False, namespace=None, **options):
        def decorator(function):
            return _Expanded(function, rows, name_func)

        return decorator

    @staticmethod
    def to_safe_name(text):
        return _safe(str(text))
