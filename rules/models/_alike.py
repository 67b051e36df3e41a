"""What classes of libraries are that nobody has read, as far as their names tell: an application, a router, a client of tests,
settings that are read from the environment.

`class BentoFastAPI(FastAPI)` of a company's own library is imported as `from bento_lib.apps import BentoFastAPI`.
"""

import covgap
import fastapi
import fastapi.routing
import pydantic
import starlette.testclient


class FastAPI(fastapi.FastAPI):
    covgap_guess = True

    def __init__(self, *args, **options):
        super().__init__(**options)
        for one in args:
            if covgap.marks(one, "covgap_app"):
                self.mount("", one)


class _Route(fastapi.routing.APIRoute):
    covgap_guess = True


class APIRouter(fastapi.APIRouter):
    def __init__(self, *args, **options):
        super().__init__(**{"route_class": _Route, **options})


class Router(APIRouter):
    """Some libraries call something else so: what it has beside, nobody knows."""

    def __getattr__(self, name):
        return covgap.external("Router()." + name)


class TestClient(starlette.testclient.TestClient):
    """A client of what is no application, as far as anybody knows, sends its requests elsewhere."""

    __test__ = False
    covgap_guess = True

    def __init__(self, *args, app=None, **options):
        for one in (app, *args):
            if covgap.marks(one, "covgap_app"):
                super().__init__(one, **options)
                return
        super().__init__(None)
        self.covgap_stub = True


class Settings(pydantic.BaseSettings):
    """Nobody knows what it declares beside what its subclasses do."""

    def __getattr__(self, name):
        return covgap.external("Settings()." + name)
