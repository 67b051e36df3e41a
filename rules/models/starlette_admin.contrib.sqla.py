"""`starlette_admin.contrib.sqla`: the same for models of SQLAlchemy."""

from starlette_admin import BaseAdmin


class Admin(BaseAdmin): ...
