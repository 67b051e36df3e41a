"""`starlette.middleware.httpsredirect`: redirects to HTTPS."""

from starlette.middleware import _Around


class HTTPSRedirectMiddleware(_Around): ...
