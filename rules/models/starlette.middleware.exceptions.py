"""`starlette.middleware.exceptions`: answers to exceptions that handlers are registered for."""

from starlette.middleware import _Around


class ExceptionMiddleware(_Around): ...
