"""`uvicorn.middleware.proxy_headers`: trusts what a proxy says of the client."""

from starlette.middleware import _Around


class ProxyHeadersMiddleware(_Around): ...
