"""`uvicorn`: serves an application.

Source: https://www.uvicorn.org
"""

import covgap


class Config:
    def __init__(self, app, *args, factory=False, **options):
        self.app = app
        self.factory = factory
        covgap.serve(app, factory)


class Server:
    def __init__(self, config=None):
        self.config = config
        self.started = True
        self.should_exit = False

    def run(self, *args, **options):
        return None

    serve = run
    startup = run
    shutdown = run


def run(app, *args, factory=False, **options):
    covgap.serve(app, factory)
