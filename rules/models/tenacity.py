"""`tenacity`: a call that is repeated until it succeeds."""

import functools


def retry(*args, **options):
    def decorate(function):
        @functools.wraps(function)
        def wrapped(*args, **kwargs):
            return function(*args, **kwargs)

        return wrapped

    if args:
        return decorate(args[0])
    return decorate
