"""`trio.to_thread`: a call handed to a thread is a call."""


def run_sync(function, *args, **options):
    return function(*args)
