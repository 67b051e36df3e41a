"""`starlette.middleware.base`: middleware that sees requests and responses.

Source: https://www.starlette.io/middleware/#basehttpmiddleware
"""

from starlette.middleware import _Around


class BaseHTTPMiddleware(_Around):
    def __init__(self, app, dispatch=None):
        self.app = app
        self.dispatch_func = self.dispatch if dispatch is None else dispatch
