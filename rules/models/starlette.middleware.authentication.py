"""`starlette.middleware.authentication`: who sends a request.

Source: https://www.starlette.io/authentication/
"""

from starlette.authentication import AuthCredentials, AuthenticationError, UnauthenticatedUser
from starlette.middleware import _Around
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse


class AuthenticationMiddleware(_Around):
    def __init__(self, app, backend, on_error=None):
        self.app = app
        self.backend = backend
        self.on_error = on_error if on_error is not None else self.default_on_error

    def __call__(self, scope, receive, send):
        connection = HTTPConnection(scope)
        try:
            found = self.backend.authenticate(connection)
        except AuthenticationError as error:
            return self.on_error(connection, error)
        if found is None:
            found = AuthCredentials(), UnauthenticatedUser()
        scope["auth"], scope["user"] = found
        return self.app(scope, receive, send)

    @staticmethod
    def default_on_error(connection, error):
        return PlainTextResponse(str(error), status_code=400)
