"""`starlette.middleware.trustedhost`: only requests to hosts that are allowed.

Source: https://www.starlette.io/middleware/#trustedhostmiddleware
"""

from starlette.datastructures import Headers
from starlette.middleware import _Around
from starlette.responses import PlainTextResponse, RedirectResponse


class TrustedHostMiddleware(_Around):
    def __init__(self, app, allowed_hosts=None, www_redirect=True):
        self.app = app
        self.allowed_hosts = ["*"] if allowed_hosts is None else list(allowed_hosts)
        self.www_redirect = www_redirect

    def __call__(self, scope, receive, send):
        host = Headers(scope=scope).get("host", "").split(":")[0]
        for allowed in self.allowed_hosts:
            if allowed == "*" or host == allowed or (allowed.startswith("*") and host.endswith(allowed[1:])):
                return self.app(scope, receive, send)
        if self.www_redirect and "www." + host in self.allowed_hosts:
            return RedirectResponse(url="http://www." + host + scope["path"])
        return PlainTextResponse("Invalid host header", status_code=400)
