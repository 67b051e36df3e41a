"""`trio`: structured concurrency; what it runs has run.

Source: https://trio.readthedocs.io
"""

from trio import to_thread


def run(function, *args, **options):
    return function(*args)


def open_nursery(**options):
    return _Nursery()


class _Nursery:
    def __aenter__(self):
        return self

    def __aexit__(self, *args):
        return None

    def start_soon(self, function, *args, **options):
        function(*args)
        return None

    def start(self, function, *args, **options):
        return function(*args)
