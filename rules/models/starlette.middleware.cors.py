"""`starlette.middleware.cors`: answers to preflight requests."""

from starlette.middleware import _Around


class CORSMiddleware(_Around): ...
