"""`classy_fastapi`: the decorated methods of an object are the routes of its `router`.

Source: https://gitlab.com/companionlabs-opensource/classy-fastapi
"""

from fastapi.routing import APIRouter

# In its own repository its code says more.
covgap_yields = True


def route(path, methods=None, **options):
    def decorator(function):
        function.covgap_routes = [*getattr(function, "covgap_routes", []), (path, methods, options)]
        return function

    return decorator


def get(path, **options):
    return route(path, ["GET"], **options)


def head(path, **options):
    return route(path, ["HEAD"], **options)


def post(path, **options):
    return route(path, ["POST"], **options)


def put(path, **options):
    return route(path, ["PUT"], **options)


def patch(path, **options):
    return route(path, ["PATCH"], **options)


def delete(path, **options):
    return route(path, ["DELETE"], **options)


def websocket(path, **options):
    return route(path, None, **options)


class Routable:
    def __init__(self, *args, **options):
        self.router = APIRouter(*args, **options)
        for name in dir(self):
            endpoint = getattr(self, name)
            for path, methods, options in getattr(endpoint, "covgap_routes", []):
                if methods is None:
                    self.router.add_api_websocket_route(path, endpoint, **options)
                else:
                    self.router.add_api_route(path, endpoint, methods=methods, **options)
