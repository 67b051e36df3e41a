"""`responses`: answers for requests to other hosts. What it registers is no request.

Source: https://github.com/getsentry/responses
"""

import covgap

GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS = "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"


class RequestsMock:
    def __init__(self, *args, **options): ...

    def start(self):
        covgap.stand_in("responses")

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *args):
        return None

    def __getattr__(self, name):
        return covgap.unknown("double")


def activate(function=None, **options):
    return activate if function is None else covgap.patched(function, RequestsMock(), False)


def add(*args, **kwargs):
    return covgap.unknown("double")


get = post = put = patch = delete = head = options = upsert = add_callback = add
