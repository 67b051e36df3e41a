"""`responses`: answers for requests to other hosts. What it registers is no request.

Source: https://github.com/getsentry/responses
"""

import covgap

GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS = "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"


class RequestsMock:
    def __init__(self, *args, **options): ...

    def __enter__(self):
        return self

    def __exit__(self, *args):
        return None

    def __getattr__(self, name):
        return covgap.unknown("double")


def activate(function=None, **options):
    return function if function is not None else lambda function: function


def add(*args, **kwargs):
    return covgap.unknown("double")


get = post = put = patch = delete = head = options = upsert = add_callback = add
