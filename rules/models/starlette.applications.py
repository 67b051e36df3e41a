"""`starlette.applications`: an application is a router with middleware and exception handlers.

Source: https://www.starlette.io/applications/
"""

import covgap
from starlette.datastructures import State
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware, admits, layers, scope_of
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Router, _dispatch


class _Arrivals:
    """Stands for the routes behind all middleware, and keeps the paths with which connections arrive."""

    def __init__(self):
        self.paths = []

    def __call__(self, scope, receive=None, send=None):
        self.paths.append(scope["path"])


class _Dispatching:
    """A middleware that is called for what its `dispatch` does."""

    def __init__(self, middleware):
        self.middleware = middleware

    def __call__(self, scope, receive=None, send=None):
        def call_next(request):
            self.middleware.app(scope, receive, send)
            return Response()

        if scope["type"] == "http":
            self.middleware.dispatch_func(Request(scope), call_next)
        else:
            self.middleware.app(scope, receive, send)


class Starlette:
    covgap_app = True

    def __init__(self, debug=False, routes=None, middleware=None, exception_handlers=None, on_startup=None, on_shutdown=None, lifespan=None, **options):
        self.debug = debug
        self.state = State()
        self.exception_handlers = dict(exception_handlers or {})
        self.user_middleware = list(middleware or [])
        self.router = Router(routes, on_startup=on_startup, on_shutdown=on_shutdown, lifespan=lifespan)
        covgap.created(self)

    def __call__(self, scope, receive=None, send=None):
        _dispatch(self, scope)

    @property
    def routes(self):
        return self.router.routes

    def url_path_for(self, name, /, **params):
        return covgap.url_for(self, name, params)

    def mount(self, path, app, name=None):
        self.router.mount(path, app=app, name=name)

    def host(self, host, app, name=None):
        self.router.host(host, app=app, name=name)

    def add_middleware(self, middleware, *args, **options):
        self.user_middleware.insert(0, Middleware(middleware, *args, **options))

    def covgap_arrivals(self, own, kind, method, path):
        """The paths with which a connection may come to the routes, behind middleware of the project."""
        routes = _Arrivals()
        app = routes
        for middleware in reversed(own):
            app = middleware.cls(app, *middleware.args, **middleware.kwargs)
            if isinstance(app, BaseHTTPMiddleware):
                app = _Dispatching(app)
        app(scope_of(kind, method, path, [], self), None, None)
        return routes.paths

    def add_exception_handler(self, kind, handler):
        self.exception_handlers[kind] = handler

    def exception_handler(self, kind):
        def decorator(function):
            self.add_exception_handler(kind, function)
            return function

        return decorator

    def add_route(self, path, route, methods=None, name=None, include_in_schema=True):
        self.router.add_route(path, route, methods=methods, name=name)

    def add_websocket_route(self, path, route, name=None):
        self.router.add_websocket_route(path, route, name=name)

    def route(self, path, methods=None, name=None, include_in_schema=True):
        return self.router.route(path, methods=methods, name=name)

    def websocket_route(self, path, name=None):
        return self.router.websocket_route(path, name=name)

    def middleware(self, kind):
        def decorator(function):
            self.add_middleware(BaseHTTPMiddleware, dispatch=function)
            return function

        return decorator

    def add_event_handler(self, event_type, func):
        self.router.add_event_handler(event_type, func)

    def on_event(self, event_type):
        return self.router.on_event(event_type)

    def covgap_hooks(self):
        """What runs at the start."""
        return [*self.router.on_startup, self.router.lifespan_context]

    def covgap_start(self):
        """What a server does before the first request."""
        for function in self.router.on_startup:
            function()
        lifespan = self.router.lifespan_context
        if lifespan is not None:
            covgap.enter(lifespan(self))

    def covgap_admits(self, request, kind):
        """None: the middleware may pass the request on. What it puts on it is there then."""
        for middleware in self.user_middleware:
            turned_away = admits(middleware, self, request, kind)
            if covgap.is_certain(turned_away) and turned_away is not None:
                return turned_away
        return None

    def covgap_layers(self):
        """The middleware that an error passes on its way out."""
        return layers(self.user_middleware)

    def covgap_answer(self, request, error):
        """The answer to an exception that reached the application: a response, or None when nothing handles it."""
        if request is None:
            request = Request()
            request.app = self
        handler = covgap.handler_of(self.exception_handlers, error, Exception)
        return None if handler is None else handler(request, error)
