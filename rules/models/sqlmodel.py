"""`sqlmodel`: tables that are pydantic models; the rest is SQLAlchemy's."""

import covgap
from pydantic import BaseModel, Field


class SQLModel(BaseModel):
    def __init_subclass__(cls, **options): ...

    def sqlmodel_update(self, *args, **kwargs):
        return self
