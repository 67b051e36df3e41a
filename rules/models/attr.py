"""`attrs`: a constructor made from the fields of the class.

Source: https://www.attrs.org
"""

import covgap


class Attribute:
    covgap_field = True

    def __init__(self, default, factory):
        self.default = default
        self.default_factory = factory


class Factory:
    def __init__(self, factory, takes_self=False):
        self.factory = factory


def field(*, default=covgap.unknown("parameter"), factory=None, init=True, **options):
    if isinstance(default, Factory):
        return Attribute(covgap.unknown("parameter"), default.factory)
    return Attribute(default, factory)


def _fill(self, *args, **kwargs):
    before = getattr(self, "__attrs_pre_init__", None)
    if before is not None:
        before()
    covgap.fields(self, args, kwargs)
    after = getattr(self, "__attrs_post_init__", None)
    if after is not None:
        after()


def define(cls=None, **options):
    def make(cls):
        if not covgap.defines(cls, "__init__"):
            cls.__init__ = _fill
        return cls

    return make(cls) if cls is not None else make


s = attrs = attributes = dataclass = mutable = frozen = define
ib = attrib = field


def asdict(thing, **options):
    return dict(vars(thing))


def evolve(thing, **changes):
    return covgap.copy(thing, changes)
