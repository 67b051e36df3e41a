"""`starlette.middleware`: middleware and its options."""


class Middleware:
    def __init__(self, cls, *args, **options):
        self.cls = cls
        self.args = args
        self.kwargs = options
