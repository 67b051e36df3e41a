"""`fastapi.middleware.httpsredirect`: Starlette's."""

from starlette.middleware.httpsredirect import HTTPSRedirectMiddleware
