"""`starlette.middleware.errors`: answers to exceptions that nothing handles."""

from starlette.middleware import _Around


class ServerErrorMiddleware(_Around): ...
