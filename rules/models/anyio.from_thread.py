"""`anyio.from_thread`: what a thread hands back to the event loop is called, and has run when its result is asked for.

Source: https://anyio.readthedocs.io/en/stable/threads.html
"""

from concurrent.futures import _Future


def run(function, *args):
    return function(*args)


run_sync = run


def start_blocking_portal(*args, **options):
    return BlockingPortal()


class BlockingPortal:
    def __enter__(self):
        return self

    def __exit__(self, *args):
        return None

    def call(self, function, *args):
        return function(*args)

    def start_task_soon(self, function, *args, **options):
        return _Future(function(*args))

    def wrap_async_context_manager(self, manager):
        return _Entered(manager)


class BlockingPortalProvider(BlockingPortal):
    def __init__(self, *args, **options): ...


class _Entered:
    def __init__(self, manager):
        self.manager = manager

    def __enter__(self):
        return self.manager.__aenter__()

    def __exit__(self, *args):
        return self.manager.__aexit__(*args)
