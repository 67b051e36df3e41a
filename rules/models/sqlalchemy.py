"""`sqlalchemy`: what a mapped class tells of its columns; the rest of the library is looked at from outside.

Source: https://docs.sqlalchemy.org/en/20/core/inspection.html
"""

import covgap


class Column:
    covgap_column = True

    def __init__(self, *args, primary_key=False, unique=None, nullable=None, index=None, default=None, key=None, **options):
        self.name = args[0] if args and isinstance(args[0], str) else None
        self.key = key
        self.primary_key = primary_key
        self.unique = unique
        self.nullable = nullable
        self.index = index
        self.type = covgap.external("sqlalchemy.TypeEngine()")

    def __get__(self, instance, owner):
        return covgap.external("sqlalchemy.Column()")


class _Columns(list):
    def keys(self):
        return [column.key for column in self]


class _Mapper:
    def __init__(self, cls, columns):
        self.class_ = cls
        self.mapper = self
        self.columns = self.c = _Columns(columns)
        self.primary_key = tuple([column for column in columns if column.primary_key])

    def __getattr__(self, name):
        return covgap.external("sqlalchemy.orm.Mapper")


def _columns(cls):
    """The columns of a mapped class, those of its bases first; None: it may be no mapped class."""
    found = {}
    for base in reversed(cls.__mro__):
        if covgap.is_class(base):
            for name, value in vars(base).items():
                if covgap.marks(value, "covgap_column"):
                    found[name] = covgap.copy(value, {"name": value.name or name, "key": name})
    return list(found.values())


def inspect(subject, raiseerr=True):
    if covgap.is_class(subject):
        columns = _columns(subject)
        if columns:
            return _Mapper(subject, columns)
    return covgap.external("sqlalchemy.inspect")(subject)
