"""`starlette.concurrency`: a call handed to a thread is a call."""


def run_in_threadpool(function, *args, **kwargs):
    return function(*args, **kwargs)


def iterate_in_threadpool(values):
    return values


def run_until_first_complete(*calls):
    return None
