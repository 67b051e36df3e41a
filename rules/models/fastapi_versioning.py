"""`fastapi_versioning`: an application for each version, mounted on one.

Source: https://github.com/DeanWay/fastapi-versioning
"""

from fastapi import FastAPI

# In its own repository its code says more.
covgap_yields = True


def version(major, minor=0):
    def decorator(function):
        function._api_version = (major, minor)
        return function

    return decorator


def _mount(parent, prefix, app, version, routes):
    mounted = FastAPI(title=app.title, version=version)
    for route in routes.values():
        mounted.router.routes.append(route)
    parent.mount(prefix, mounted)


def VersionedFastAPI(app, version_format="{major}.{minor}", prefix_format="/v{major}_{minor}", default_version=(1, 0), enable_latest=False, **options):
    parent = FastAPI(title=app.title, **options)
    by_version = {}
    for route in app.routes:
        by_version.setdefault(getattr(route.endpoint, "_api_version", default_version), []).append(route)
    routes = {}
    for major, minor in sorted(by_version):
        for route in by_version[(major, minor)]:
            for method in route.methods:
                routes[route.path + "|" + method] = route
        prefix = prefix_format.format(major=major, minor=minor)
        name = version_format.format(major=major, minor=minor)
        _mount(parent, prefix, app, name, routes)

        @parent.get(f"{prefix}/openapi.json", name=name)
        @parent.get(f"{prefix}/docs", name=name)
        def noop(): ...

    if enable_latest:
        _mount(parent, "/latest", app, "", routes)
    return parent
