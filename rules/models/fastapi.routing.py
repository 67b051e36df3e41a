"""`fastapi.routing`: routes whose parameters are injected, and routers that are included in others.

Up to 0.136 `include_router` copies the routes that the included router has at that moment; from 0.137 on it keeps the router,
so that routes added later are seen. Source: https://fastapi.tiangolo.com/reference/apirouter/
"""

import covgap
import starlette.routing
from starlette.responses import JSONResponse
from fastapi.datastructures import UploadFile
from fastapi.exceptions import RequestValidationError
from pydantic import covgap_fits, covgap_lacks, covgap_validate
from fastapi.params import Body, Cookie, Form, Header
from starlette.requests import Request
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.websockets import WebSocket


def solve(call, overrides, request, sent=None):
    """Calls with every parameter injected as the framework would."""
    arguments = {}
    bodies = 0
    parts = []
    for name, annotation, default, kind in covgap.parameters(call):
        marker = None
        field = None
        for extra in [default, *covgap.metadata(annotation)]:
            if covgap.marks(extra, "covgap_dependency"):
                marker = extra
            elif covgap.marks(extra, "covgap_parameter"):
                field = extra
        if marker is not None:
            dependency = marker.dependency if marker.dependency is not None else covgap.plain_type(annotation)
            if dependency in overrides:
                dependency = overrides[dependency]
            arguments[name] = covgap.first(injected(dependency, overrides, request, sent))
            if name == "self":
                view(arguments[name], overrides, request, sent)
        elif kind != 2 and kind != 4:
            value = covgap.instance(annotation)
            if covgap.is_request(value):
                arguments[name] = request
            elif name == "self":
                arguments[name] = view(value, overrides, request, sent)
            elif sent is None:
                arguments[name] = value
            else:
                is_body = _is_body(name, annotation, field, sent)
                bodies = bodies + 1 if is_body else bodies
                parts.append((name, annotation, default, field, is_body))
    for name, annotation, default, field, is_body in parts:
        arguments[name] = given(name, annotation, default, field, is_body, bodies > 1, sent)
    for value in arguments.values():
        if covgap.marks(value, "covgap_validators"):
            covgap_validate(value, covgap.attempt if sent is None else _call)
    return call(**arguments)


def injected(dependency, overrides, request, sent):
    """What a dependency gives. It takes no more than a part of the steps that are left, so that the endpoint has some, too."""
    if sent is None:
        return covgap.attempt_in_part(solve, dependency, overrides, request)
    return covgap.in_part(solve, dependency, overrides, request, sent)


def _call(function, *args):
    return function(*args)


def depends_on(call):
    """What the parameters of a function ask for."""
    found = []
    for name, annotation, default, kind in covgap.parameters(call):
        for extra in [default, *covgap.metadata(annotation)]:
            if covgap.marks(extra, "covgap_dependency"):
                found.append(extra.dependency if extra.dependency is not None else covgap.plain_type(annotation))
    return found


def view(instance, overrides, request, sent):
    """A class-based view: dependencies stand in the body of its class."""
    for name in dir(instance):
        marker = getattr(type(instance), name, None)
        if covgap.marks(marker, "covgap_dependency"):
            setattr(instance, name, covgap.first(injected(marker.dependency, overrides, request, sent)))
    return instance


def _is_body(name, annotation, field, sent):
    if field is not None:
        return isinstance(field, Body) and not isinstance(field, Form)
    return name not in sent["path"] and covgap.is_body(annotation)


def given(name, annotation, default, field, is_body, is_embedded, sent):
    """What the request gives to a parameter: a part of its path, query, headers, cookies, form or body."""
    key = name
    if field is not None and field.alias is not None:
        key = field.alias
    if field is not None and (covgap.marks(default, "covgap_parameter") or not covgap.is_known(default)):
        default = field.default
    if key in sent["path"]:
        return parsed(annotation, field, sent["path"][key])
    if key in sent["files"]:
        return uploaded(annotation, sent["files"][key])
    if is_body:
        body = sent["json"]
        if body is None:
            if sent["has_other_body"]:
                return covgap.instance(annotation)
            return default if covgap.is_known(default) and default is not ... else absent(annotation, field)
        if is_embedded or (field is not None and field.embed):
            if key in body:
                return covgap.parse(annotation, body[key])
            return default if covgap.is_known(default) else covgap.instance(annotation)
        made = covgap.parse(annotation, body)
        if covgap.marks(made, "covgap_given") and isinstance(body, dict) and covgap_lacks(made, body):
            raise RequestValidationError()
        return made
    if isinstance(field, Header):
        part = sent["headers"]
        key = key.replace("_", "-").lower()
    elif isinstance(field, Cookie):
        part = sent["cookies"]
    elif isinstance(field, Form):
        part = sent["form"]
    else:
        part = sent["query"]
    is_there = key in part
    if is_there:
        return parsed(annotation, field, part[key])
    if covgap.is_known(default) and default is not ...:
        return default
    return absent(annotation, field) if field is not None and covgap.is_known(is_there) else covgap.instance(annotation)


def parsed(annotation, field, value):
    """A part of the request, as the parameter wants it; one that surely does not fit is refused."""
    if not covgap_fits(covgap.plain_type(annotation), {} if field is None else field.covgap_limits, value):
        raise RequestValidationError()
    return covgap.parse(annotation, value)


def absent(annotation, field):
    """What is asked for and surely not there is missed, unless somebody makes a default."""
    if field is None or field.default_factory is None:
        raise RequestValidationError()
    return covgap.instance(annotation)


def uploaded(annotation, files):
    """Files of one name: a list where the parameter wants several."""
    made = []
    for filename, kind, content in files:
        told = {"filename": filename, "content_type": kind, "covgap_content": content, "size": len(content)}
        made.append(covgap.copy(UploadFile(), told))
    return covgap.parse(annotation, made if isinstance(covgap.instance(annotation), list) else made[-1])


def receive(request, sent):
    """A request with what is known of it."""
    if sent is None:
        return None
    request.covgap_receive(sent)
    return {**sent, "headers": request.headers}


def handle(route, request, app, dependencies, overrides, sent):
    """Dependencies in order, then the endpoint. Of a request that is not known, one failing dependency hides no other."""
    request.app = app
    sent = receive(request, sent)
    turned_away = starlette.routing.admitted(route, request, app, sent)
    if turned_away is not None:
        return turned_away
    for marker in [*dependencies, *route.dependencies]:
        dependency = overrides[marker.dependency] if marker.dependency in overrides else marker.dependency
        injected(dependency, overrides, request, sent)
    return solve(route.endpoint, overrides, request, sent)


class APIRoute(starlette.routing.Route):
    covgap_route = "http"
    include_in_schema = True
    response_class = JSONResponse
    summary = description = operation_id = deprecated = openapi_extra = None

    def __init__(self, path, endpoint, *, methods=None, name=None, dependencies=None, **options):
        self.path = path
        self.path_format = path
        self.endpoint = endpoint
        self.name = name if name is not None else getattr(endpoint, "__name__", covgap.hole())
        self.methods = methods if methods is not None else ["GET"]
        self.dependencies = list(dependencies or [])
        self.tags = options.get("tags")
        self.response_model = options.get("response_model")
        self.status_code = options.get("status_code")
        self.options = options
        for told in ("include_in_schema", "response_class", "summary", "description", "operation_id", "deprecated", "openapi_extra"):
            if told in options:
                setattr(self, told, options[told])
        covgap.registered(self)

    def covgap_refusal_of_parameters(self):
        return RequestValidationError()

    def get_route_handler(self):
        return covgap.unknown("library")

    def covgap_handle(self, app, dependencies=(), overrides={}, sent=None):
        return handle(self, Request(), app, dependencies, overrides, sent)

    def covgap_parameters(self):
        return depends_on(self.endpoint)


class APIWebSocketRoute(starlette.routing.WebSocketRoute):
    covgap_route = "websocket"

    def __init__(self, path, endpoint, *, name=None, dependencies=None, **options):
        self.path = path
        self.path_format = path
        self.endpoint = endpoint
        self.name = name if name is not None else getattr(endpoint, "__name__", covgap.hole())
        self.methods = []
        self.dependencies = list(dependencies or [])
        covgap.registered(self)

    def covgap_handle(self, app, dependencies=(), overrides={}, sent=None):
        return handle(self, WebSocket(), app, dependencies, overrides, sent)

    def covgap_parameters(self):
        return depends_on(self.endpoint)


class _IncludedRouter:
    covgap_route = "include"

    def __init__(self, router, prefix, dependencies, tags):
        self.app = router
        self.path = prefix
        self.dependencies = dependencies
        self.tags = tags
        self.name = None
        covgap.registered(self)

    @property
    def routes(self):
        return self.app.routes


class APIRouter(starlette.routing.Router):
    covgap_router = True

    def __init__(self, *, prefix="", tags=None, dependencies=None, default_response_class=None, responses=None, callbacks=None, routes=None, redirect_slashes=True, default=None, dependency_overrides_provider=None, route_class=APIRoute, on_startup=None, on_shutdown=None, lifespan=None, **options):
        super().__init__(routes=routes, redirect_slashes=redirect_slashes, on_startup=on_startup, on_shutdown=on_shutdown, lifespan=lifespan)
        self.prefix = prefix
        self.tags = tags or []
        self.dependencies = list(dependencies or [])
        self.route_class = route_class
        self.responses = responses or {}

    def add_api_route(self, path, endpoint, *, methods=None, name=None, tags=None, dependencies=None, route_class_override=None, **options):
        route_class = route_class_override if route_class_override is not None else self.route_class
        options = {**options, "methods": methods, "name": name, "tags": [*self.tags, *(tags or [])], "dependencies": [*self.dependencies, *(dependencies or [])]}
        route = route_class(self.prefix + path, endpoint=endpoint, **options)
        # A library's class of routes changes how a handler is called, not what reaches it.
        if not covgap.marks(route, "covgap_route"):
            route = APIRoute(self.prefix + path, endpoint=endpoint, **options)
        self.routes.append(route)

    def api_route(self, path, *, methods=None, name=None, dependencies=None, **options):
        def decorator(function):
            self.add_api_route(path, function, methods=methods, name=name, dependencies=dependencies, **options)
            return function

        return decorator

    def add_api_websocket_route(self, path, endpoint, name=None, *, dependencies=None):
        route = APIWebSocketRoute(self.prefix + path, endpoint=endpoint, name=name, dependencies=[*self.dependencies, *(dependencies or [])])
        self.routes.append(route)

    def websocket(self, path, name=None, *, dependencies=None):
        def decorator(function):
            self.add_api_websocket_route(path, function, name=name, dependencies=dependencies)
            return function

        return decorator

    def websocket_route(self, path, name=None):
        def decorator(function):
            self.add_websocket_route(path, function, name=name)
            return function

        return decorator

    def include_router(self, router, *, prefix="", tags=None, dependencies=None, default_response_class=None, responses=None, **options):
        if covgap.version("fastapi", (0, 200, 0)) >= (0, 137, 0):
            self.routes.append(_IncludedRouter(router, self.prefix + prefix, [*self.dependencies, *(dependencies or [])], [*self.tags, *(tags or [])]))
        else:
            for route in list(router.routes):
                if not covgap.is_known(route):
                    continue
                if isinstance(route, APIRoute):
                    self.add_api_route(prefix + route.path, route.endpoint, methods=route.methods, name=route.name, dependencies=[*(dependencies or []), *route.dependencies], route_class_override=type(route), **{**route.options, "tags": [*(tags or []), *(route.tags or [])]})
                elif isinstance(route, APIWebSocketRoute):
                    self.add_api_websocket_route(prefix + route.path, route.endpoint, name=route.name, dependencies=[*(dependencies or []), *route.dependencies])
                elif isinstance(route, WebSocketRoute):
                    self.add_websocket_route(prefix + route.path, route.endpoint, name=route.name)
                elif isinstance(route, Route):
                    self.add_route(prefix + route.path, route.endpoint, methods=route.methods, name=route.name)
        for handler in router.on_startup:
            self.add_event_handler("startup", handler)

    def get(self, path, **options):
        return self.api_route(path, methods=["GET"], **options)

    def put(self, path, **options):
        return self.api_route(path, methods=["PUT"], **options)

    def post(self, path, **options):
        return self.api_route(path, methods=["POST"], **options)

    def delete(self, path, **options):
        return self.api_route(path, methods=["DELETE"], **options)

    def options(self, path, **options):
        return self.api_route(path, methods=["OPTIONS"], **options)

    def head(self, path, **options):
        return self.api_route(path, methods=["HEAD"], **options)

    def patch(self, path, **options):
        return self.api_route(path, methods=["PATCH"], **options)

    def trace(self, path, **options):
        return self.api_route(path, methods=["TRACE"], **options)
