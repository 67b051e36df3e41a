"""`fastapi.middleware.trustedhost`: Starlette's."""

from starlette.middleware.trustedhost import TrustedHostMiddleware
