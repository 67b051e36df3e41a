"""`starlette.routing`: routes, mounts and routers.

A request is given to the first route in order that matches path and method.
Source: https://www.starlette.io/routing/
"""

import covgap
from starlette.requests import Request
from starlette.websockets import WebSocket


class BaseRoute: ...


def _name_of(endpoint):
    return getattr(endpoint, "__name__", covgap.hole())


def _joined(prefix, path):
    return prefix.rstrip("/") + path


def admitted(route, request, app, sent):
    """Runs the middleware of the applications around the route. Only one request of which something is known ends there: without
    None, that is how. One that is seen to have got past it does not."""
    around = [app] if sent is None or sent["root"] is app else [sent["root"], app]
    for one in around:
        if covgap.marks(one, "covgap_app"):
            turned_away = covgap.in_part(one.covgap_admits, request, route.covgap_route)
            if covgap.is_known(turned_away) and turned_away is not None and sent is not None and not sent["gets_past"]:
                return turned_away
    return None


class Route(BaseRoute):
    covgap_route = "http"

    def __init__(self, path, endpoint, *, methods=None, name=None, include_in_schema=True, middleware=None):
        self.path = path
        self.path_format = path
        self.endpoint = endpoint
        self.app = endpoint
        self.name = name if name is not None else _name_of(endpoint)
        if methods is None:
            methods = covgap.methods_of(endpoint)
        self.methods = methods
        self.dependencies = []
        covgap.registered(self)

    def covgap_handle(self, app, dependencies=(), overrides={}, sent=None):
        request = Request()
        request.app = app
        if sent is not None:
            request.covgap_receive(sent)
        turned_away = admitted(self, request, app, sent)
        if turned_away is not None:
            return turned_away
        if covgap.is_class(self.endpoint):
            endpoint = self.endpoint(request)
            return [getattr(endpoint, method.lower())(request) for method in self.methods]
        return self.endpoint(request)

    def url_path_for(self, name, /, **params):
        return covgap.url_for(self, name, params)


class WebSocketRoute(BaseRoute):
    covgap_route = "websocket"

    def __init__(self, path, endpoint, *, name=None, middleware=None):
        self.path = path
        self.path_format = path
        self.endpoint = endpoint
        self.app = endpoint
        self.name = name if name is not None else _name_of(endpoint)
        self.methods = []
        self.dependencies = []
        covgap.registered(self)

    def covgap_handle(self, app, dependencies=(), overrides={}, sent=None):
        websocket = WebSocket()
        websocket.app = app
        if sent is not None:
            websocket.covgap_receive(sent)
        turned_away = admitted(self, websocket, app, sent)
        if turned_away is not None:
            return turned_away
        return self.endpoint(websocket)


class Mount(BaseRoute):
    covgap_route = "mount"

    def __init__(self, path, app=None, routes=None, name=None, *, middleware=None):
        self.path = path.rstrip("/")
        self.app = app if app is not None else Router(routes)
        self.name = name
        covgap.registered(self)

    @property
    def routes(self):
        return getattr(self.app, "routes", [])


class Host(BaseRoute):
    covgap_route = "mount"

    def __init__(self, host, app, name=None):
        self.host = host
        self.path = ""
        self.app = app
        self.name = name

    @property
    def routes(self):
        return getattr(self.app, "routes", [])


def _dispatch(app, scope):
    """What an application does with a connection that it is given as ASGI gives it."""
    kind = scope["type"]
    if kind == "lifespan":
        covgap.lifespan(app)
    elif covgap.is_known(scope["path"]):
        covgap.request("websocket" if kind == "websocket" else "http", app, scope.get("method", "GET"), scope["path"], None, False, "in-process", "starlette/asgi-call")


class Router:
    covgap_router = True

    def __init__(self, routes=None, redirect_slashes=True, default=None, on_startup=None, on_shutdown=None, lifespan=None, *, middleware=None):
        self.routes = list(routes) if routes is not None else []
        self.redirect_slashes = redirect_slashes
        self.on_startup = list(on_startup) if on_startup is not None else []
        self.on_shutdown = list(on_shutdown) if on_shutdown is not None else []
        self.lifespan_context = lifespan

    def __call__(self, scope, receive=None, send=None):
        _dispatch(self, scope)

    def url_path_for(self, name, /, **params):
        return covgap.url_for(self, name, params)

    def mount(self, path, app, name=None):
        self.routes.append(Mount(path, app=app, name=name))

    def host(self, host, app, name=None):
        self.routes.append(Host(host, app=app, name=name))

    def add_route(self, path, endpoint, methods=None, name=None, include_in_schema=True):
        self.routes.append(Route(path, endpoint=endpoint, methods=methods, name=name))

    def add_websocket_route(self, path, endpoint, name=None):
        self.routes.append(WebSocketRoute(path, endpoint=endpoint, name=name))

    def route(self, path, methods=None, name=None, include_in_schema=True):
        def decorator(function):
            self.add_route(path, function, methods=methods, name=name)
            return function

        return decorator

    def websocket_route(self, path, name=None):
        def decorator(function):
            self.add_websocket_route(path, function, name=name)
            return function

        return decorator

    def add_event_handler(self, event_type, func):
        if event_type == "startup":
            self.on_startup.append(func)
        else:
            self.on_shutdown.append(func)

    def on_event(self, event_type):
        def decorator(function):
            self.add_event_handler(event_type, function)
            return function

        return decorator
