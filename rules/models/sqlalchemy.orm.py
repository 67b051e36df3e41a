"""`sqlalchemy.orm`: columns of mapped classes."""

import covgap
from sqlalchemy import Column


class _MappedColumn(Column):
    def __get__(self, instance, owner):
        return covgap.external("sqlalchemy.orm.mapped_column()")


def mapped_column(*args, **options):
    return _MappedColumn(*args, **options)
