"""`starlette.middleware.gzip`: compressed answers."""

from starlette.middleware import _Around


class GZipMiddleware(_Around): ...
