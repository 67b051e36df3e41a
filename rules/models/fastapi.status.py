"""`fastapi.status`: the same as `starlette.status`."""

from starlette.status import *
