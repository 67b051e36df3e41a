"""`starlette.middleware.base`: middleware that sees requests and responses.

Source: https://www.starlette.io/middleware/#basehttpmiddleware
"""

import covgap
from starlette.middleware import _Around
from starlette.responses import Response


class BaseHTTPMiddleware(_Around):
    covgap_dispatches = True

    def __init__(self, app, dispatch=None):
        self.app = app
        self.dispatch_func = dispatch if dispatch is not None else self.dispatch

    def dispatch(self, request, call_next):
        return call_next(request)


class _Answer(Response):
    def __init__(self):
        self.status_code = covgap.unknown("run-time-value")
        self.headers = {}


class _Next:
    """Where a middleware passes a request on."""

    def __init__(self):
        self.covgap_requests = []

    def __call__(self, request):
        self.covgap_requests.append(request)
        return _Answer()


def scope_of(kind, method, path, headers, app):
    """What a server tells an application of a connection."""
    return {
        "type": kind,
        "asgi": {"version": "3.0", "spec_version": covgap.hole()},
        "http_version": covgap.hole(),
        "scheme": covgap.hole(),
        "client": covgap.unknown("run-time-value"),
        "server": covgap.unknown("run-time-value"),
        "extensions": covgap.unknown("run-time-value"),
        "method": method,
        "path": path,
        "raw_path": path,
        "root_path": "",
        "query_string": covgap.hole(),
        "headers": headers,
        "app": app,
        "state": {},
    }


class _Fails:
    """What a middleware passes a request on to, and what fails there."""

    def __init__(self, error):
        self.error = error

    def __call__(self, *args):
        raise self.error


class Layer:
    """A middleware around an application, called with an error that comes out of what it is around."""

    def __init__(self, middleware):
        self.middleware = middleware

    def __call__(self, error):
        fails = _Fails(error)
        around = self.middleware.cls(fails, *self.middleware.args, **self.middleware.kwargs)
        if covgap.marks(around, "covgap_dispatches"):
            return around.dispatch_func(covgap.unknown("run-time-value"), fails)
        around(scope_of("http", covgap.hole(), covgap.hole(), [], covgap.unknown("run-time-value")), None, None)
        return _Answer()


def layers(middleware):
    """Those of which the code is known, and catches something, innermost first."""
    known = []
    for one in reversed(middleware):
        if not covgap.marks(one, "covgap_wraps") or not covgap.is_class(one.cls):
            continue
        if covgap.catches(one.cls) or covgap.catches(one.kwargs.get("dispatch")):
            known.append(Layer(one))
    return known


class _On:
    """What a middleware that is called as an application passes a connection on to."""

    def __init__(self):
        self.covgap_requests = []

    def __call__(self, scope, receive=None, send=None):
        self.covgap_requests.append(scope)


class TurnedAway:
    """A middleware answers by itself: no route sees the request."""

    covgap_turned_away = True

    def __init__(self, status):
        self.status = status


class _Send:
    """Where a middleware sends the messages of its own answer."""

    def __init__(self):
        self.status = covgap.unknown("run-time-value")

    def __call__(self, message):
        kind = message["type"]
        if kind == "http.response.start" or kind == "websocket.http.response.start":
            self.status = message["status"]
            covgap.answer(message["status"])
        elif kind == "websocket.close":
            covgap.closed(message.get("code", 1000))


def admits(middleware, app, request, kind):
    """Runs a middleware, so that what it puts on the connection is there. None: it may pass the connection on."""
    # A class of a library that nobody has read is one of which nothing is certain.
    is_class = covgap.is_class(middleware.cls)
    if not covgap.marks(middleware, "covgap_wraps") or not covgap.is_certain(is_class) or not is_class:
        return None
    on = _On()
    send = _Send()
    around = covgap.attempt_briefly(middleware.cls, on, *middleware.args, **middleware.kwargs)
    if not covgap.is_known(around):
        return None
    if not covgap.marks(around, "covgap_dispatches"):
        scope = scope_of(kind, request.method, request.url.path, list(request.headers.items()), app)
        answer = covgap.attempt_briefly(around, {**scope, "covgap_request": request}, None, send)
    elif kind == "http":
        on = _Next()
        answer = covgap.attempt_briefly(around.dispatch_func, request, on)
    else:
        return None
    passed = len(on.covgap_requests)
    if not covgap.is_known(answer) or not covgap.is_certain(passed):
        # What a library does with it is not known.
        return None
    if passed > 0 and isinstance(on, _On):
        for name in ["auth", "user", "session"]:
            if name in on.covgap_requests[0]:
                setattr(request, name, on.covgap_requests[0][name])
    if passed > 0:
        return None
    return TurnedAway(send.status if isinstance(on, _On) else answer.status_code)
