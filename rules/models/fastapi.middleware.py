"""`fastapi.middleware`: Starlette's."""

from starlette.middleware import Middleware
