"""`starlette.middleware.authentication`: who sends a request."""

from starlette.middleware import _Around


class AuthenticationMiddleware(_Around): ...
