"""`traitlets`: configurable attributes with defaults.

Source: https://traitlets.readthedocs.io
"""

import covgap


def Unicode(default="", *args, **options):
    return default


def Bool(default=False, *args, **options):
    return default


def Integer(default=0, *args, **options):
    return default


Int = Float = CInt = Integer
CBool = Bool
CUnicode = Unicode


def List(trait=None, default=None, *args, **options):
    return options.get("default_value", default or [])


Tuple = Set = List


def Dict(default=None, *args, **options):
    return options.get("default_value", default or {})


def Type(default=covgap.unknown("run-time-value"), *args, **options):
    return options.get("default_value", default)


def Instance(kind=None, *args, **options):
    return covgap.instance(kind)


def Union(traits, *args, **options):
    return options.get("default_value", covgap.unknown("run-time-value"))


def Any(default=covgap.unknown("run-time-value"), *args, **options):
    return default


Callable = Enum = Any


def _keep(*args, **options):
    return lambda function: function


observe = validate = default = _keep


class HasTraits:
    def __init__(self, *args, **values):
        for name, value in values.items():
            setattr(self, name, value)


class TraitError(Exception): ...
