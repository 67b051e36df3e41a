"""`fastapi.applications`: the application, its routes for its own description, its dependency overrides.

Source: https://fastapi.tiangolo.com/reference/fastapi/
"""

import covgap
import fastapi.routing
from starlette.applications import Starlette
from starlette.datastructures import State


class _Overrides(dict):
    def __setitem__(self, dependency, replacement):
        covgap.double(dependency, "fastapi/dependency-override", replacement)
        covgap.payload(self)[dependency] = replacement

    def update(self, other=(), **named):
        for dependency, replacement in dict(other).items():
            self[dependency] = replacement

    def setdefault(self, dependency, replacement=None):
        self[dependency] = replacement


class FastAPI(Starlette):
    covgap_app = True

    def __init__(self, *, debug=False, routes=None, title="FastAPI", openapi_url="/openapi.json", docs_url="/docs", redoc_url="/redoc", swagger_ui_oauth2_redirect_url="/docs/oauth2-redirect", dependencies=None, middleware=None, exception_handlers=None, on_startup=None, on_shutdown=None, lifespan=None, root_path="", redirect_slashes=True, **options):
        self.debug = debug
        self.title = title
        self.root_path = root_path
        self.openapi_url = openapi_url
        self.docs_url = docs_url
        self.redoc_url = redoc_url
        self.swagger_ui_oauth2_redirect_url = swagger_ui_oauth2_redirect_url
        self.state = State()
        self.dependency_overrides = _Overrides()
        self.exception_handlers = dict(exception_handlers or {})
        self.user_middleware = list(middleware or [])
        self.router = fastapi.routing.APIRouter(routes=routes, redirect_slashes=redirect_slashes, dependencies=dependencies, on_startup=on_startup, on_shutdown=on_shutdown, lifespan=lifespan)
        self.setup()
        covgap.created(self)

    def setup(self):
        if self.openapi_url:
            self.add_route(self.openapi_url, covgap.external("fastapi.openapi"), include_in_schema=False)
            if self.docs_url:
                self.add_route(self.docs_url, covgap.external("fastapi.swagger_ui_html"), include_in_schema=False)
            if self.redoc_url:
                self.add_route(self.redoc_url, covgap.external("fastapi.redoc_html"), include_in_schema=False)

    def openapi(self):
        """The schema, of which the paths and their methods are known."""
        paths = {}
        for route in self.routes:
            if getattr(route, "include_in_schema", False) and hasattr(route, "methods"):
                paths.setdefault(route.path, {}).update({method.lower(): covgap.unknown("library") for method in route.methods})
        return {"openapi": "3.1.0", "info": {"title": self.title, "version": self.version}, "paths": paths, "components": covgap.unknown("library")}

    def covgap_keep(self):
        """The overrides at the moment of a request: tests take them back."""
        return dict(covgap.payload(self.dependency_overrides))

    def add_api_route(self, path, endpoint, **options):
        self.router.add_api_route(path, endpoint, **options)

    def api_route(self, path, **options):
        return self.router.api_route(path, **options)

    def add_api_websocket_route(self, path, endpoint, name=None, **options):
        self.router.add_api_websocket_route(path, endpoint, name=name, **options)

    def websocket(self, path, name=None, **options):
        return self.router.websocket(path, name=name, **options)

    def include_router(self, router, **options):
        self.router.include_router(router, **options)

    def frontend(self, path, **options):
        self.router.mount(path, covgap.external("fastapi.frontend"))

    def get(self, path, **options):
        return self.router.get(path, **options)

    def put(self, path, **options):
        return self.router.put(path, **options)

    def post(self, path, **options):
        return self.router.post(path, **options)

    def delete(self, path, **options):
        return self.router.delete(path, **options)

    def options(self, path, **options):
        return self.router.options(path, **options)

    def head(self, path, **options):
        return self.router.head(path, **options)

    def patch(self, path, **options):
        return self.router.patch(path, **options)

    def trace(self, path, **options):
        return self.router.trace(path, **options)
