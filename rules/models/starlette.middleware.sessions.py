"""`starlette.middleware.sessions`: signed session cookies."""

from starlette.middleware import _Around


class SessionMiddleware(_Around): ...
