"""`dataclasses`: a constructor made from the annotated names of the class.

Source: https://docs.python.org/3/library/dataclasses.html
"""

import covgap

MISSING = covgap.unknown("parameter")


class Field:
    covgap_field = True

    def __init__(self, default=MISSING, default_factory=None, name=covgap.hole(), type=MISSING):
        self.default = default
        self.default_factory = default_factory
        self.name = name
        self.type = type


def field(*, default=MISSING, default_factory=None, init=True, **options):
    return Field(default, default_factory)


def _fill(self, *args, **kwargs):
    covgap.fields(self, args, kwargs)
    post = getattr(self, "__post_init__", None)
    if post is not None:
        post()


def dataclass(cls=None, /, **options):
    def make(cls):
        if not covgap.defines(cls, "__init__"):
            cls.__init__ = _fill
        cls.covgap_parsed = True
        return cls

    return make(cls) if cls is not None else make


def fields(thing):
    cls = thing if covgap.is_class(thing) else type(thing)
    return tuple([Field(default, None, name, annotation) for name, annotation, default, kind in covgap.parameters(cls)])


def asdict(thing, **options):
    return dict(vars(thing))


def replace(thing, /, **changes):
    return covgap.copy(thing, changes)


def is_dataclass(thing):
    return covgap.unknown("library")
