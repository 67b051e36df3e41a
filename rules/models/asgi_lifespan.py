"""`asgi_lifespan`: runs an application's startup and shutdown around tests."""

import covgap


class LifespanManager:
    def __init__(self, app, *args, **options):
        self.app = app

    def __aenter__(self):
        covgap.lifespan(self.app)
        return self

    def __aexit__(self, *args):
        return None
