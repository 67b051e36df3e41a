"""`starlette_admin.contrib.sqlmodel`: the same for models of SQLModel."""

from starlette_admin import BaseAdmin


class Admin(BaseAdmin): ...
