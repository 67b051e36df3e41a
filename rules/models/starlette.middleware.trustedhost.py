"""`starlette.middleware.trustedhost`: which hosts are answered."""

from starlette.middleware import _Around


class TrustedHostMiddleware(_Around): ...
