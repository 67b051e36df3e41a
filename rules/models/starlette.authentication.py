"""`starlette.authentication`: who sends a request, and what may only be reached with a scope.

Source: https://www.starlette.io/authentication/
"""

import functools

import covgap
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse
from starlette.websockets import WebSocket


class AuthenticationError(Exception): ...


class AuthenticationBackend:
    def authenticate(self, conn):
        raise NotImplementedError()


class AuthCredentials:
    def __init__(self, scopes=None):
        self.scopes = [] if scopes is None else list(scopes)


class BaseUser: ...


class SimpleUser(BaseUser):
    is_authenticated = True

    def __init__(self, username):
        self.username = username

    @property
    def display_name(self):
        return self.username


class UnauthenticatedUser(BaseUser):
    is_authenticated = False
    display_name = ""


def has_required_scope(conn, scopes):
    for scope in scopes:
        if scope not in conn.auth.scopes:
            return False
    return True


def _connection(arguments):
    for value in arguments:
        if covgap.is_request(value):
            return value
    return covgap.unknown("run-time-value")


def requires(scopes, status_code=403, redirect=None):
    wanted = [scopes] if isinstance(scopes, str) else list(scopes)

    def decorator(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            connection = _connection([*args, *kwargs.values()])
            if not has_required_scope(connection, wanted):
                if isinstance(connection, WebSocket):
                    connection.close()
                    return None
                if redirect is not None:
                    return RedirectResponse(url=str(connection.url_for(redirect)) + "?next=" + covgap.hole(), status_code=303)
                raise HTTPException(status_code=status_code)
            return function(*args, **kwargs)

        return wrapper

    return decorator
