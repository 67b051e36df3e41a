"""`starlette.middleware`: middleware and its options."""


class Middleware:
    covgap_wraps = True

    def __init__(self, cls, *args, **options):
        self.cls = cls
        self.args = args
        self.kwargs = options


class _Around:
    """Around an application, which it passes connections on to."""

    def __init__(self, app, *args, **options):
        self.app = app

    def __call__(self, scope, receive, send):
        return self.app(scope, receive, send)
