"""`sqlmodel`: tables that are pydantic models; the rest is SQLAlchemy's.

Source: https://sqlmodel.tiangolo.com
"""

import covgap
from pydantic import BaseModel, FieldInfo


class _Column(FieldInfo):
    covgap_column = True
    name = None

    def __init__(self, default=covgap.unknown("parameter"), default_factory=None, primary_key=False, unique=False):
        super().__init__(default, default_factory)
        self.primary_key = primary_key
        self.unique = unique


def Field(default=covgap.unknown("parameter"), *, default_factory=None, primary_key=False, unique=False, **options):
    # None is not what it stays: the database gives the key.
    if primary_key is True and default is None:
        default = covgap.unknown("run-time-value")
    return _Column(default, default_factory, primary_key, unique)


class SQLModel(BaseModel):
    def __init_subclass__(cls, table=False, **options):
        super().__init_subclass__()
        if table is not True:
            return
        # Each field is a column: an attribute of the class, too.
        for name in covgap.field_names(cls):
            if not hasattr(cls, name):
                setattr(cls, name, _Column())

    def sqlmodel_update(self, *args, **kwargs):
        return self
