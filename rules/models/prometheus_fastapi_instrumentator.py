"""`prometheus_fastapi_instrumentator`: measures requests, and serves what was measured.

Source: https://github.com/trallnag/prometheus-fastapi-instrumentator
"""

import covgap

# In its own repository its code says more.
covgap_yields = True


class Instrumentator:
    def __init__(self, *args, **options): ...

    def add(self, *functions):
        return self

    def instrument(self, app, *args, **options):
        return self

    def expose(self, app, should_gzip=False, endpoint="/metrics", include_in_schema=True, tags=None, **options):
        app.get(endpoint, include_in_schema=include_in_schema, tags=tags, **options)(covgap.external("prometheus_fastapi_instrumentator.metrics"))
        return self


metrics = covgap.unknown("library")
