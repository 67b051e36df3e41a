"""`sqlmodel`: tables that are pydantic models; the rest is SQLAlchemy's.

Source: https://sqlmodel.tiangolo.com
"""

import covgap
from pydantic import BaseModel, FieldInfo


def Field(default=covgap.unknown("parameter"), *, default_factory=None, primary_key=False, **options):
    # None is not what it stays: the database gives the key.
    if primary_key is True and default is None:
        default = covgap.unknown("run-time-value")
    return FieldInfo(default, default_factory)


class SQLModel(BaseModel):
    def __init_subclass__(cls, table=False, **options):
        if table is not True:
            return
        # Each field is a column: an attribute of the class, too.
        for name, annotation, default, kind in covgap.parameters(cls):
            if not hasattr(cls, name):
                setattr(cls, name, FieldInfo())

    def sqlmodel_update(self, *args, **kwargs):
        return self
