"""`asyncio`: a coroutine has run by the time it is awaited, so whatever schedules one gives its result.

Source: https://docs.python.org/3/library/asyncio.html
"""

import covgap
from inspect import iscoroutinefunction


class CancelledError(BaseException): ...
class TimeoutError(Exception): ...
class QueueEmpty(Exception): ...
class QueueFull(Exception): ...
class InvalidStateError(Exception): ...
class IncompleteReadError(EOFError): ...


def run(main, **options):
    return main


def gather(*results, return_exceptions=False):
    return list(results)


def wait_for(result, timeout=None):
    return result


def wait(tasks, **options):
    return list(tasks), []


def as_completed(tasks, timeout=None):
    return list(tasks)


def shield(result):
    return result


def create_task(result, **options):
    return _Task(result)


ensure_future = create_task


class _Task:
    covgap_task = True

    def __init__(self, value):
        self.value = value

    def __await__(self):
        return self.value

    def result(self):
        return self.value

    def cancel(self, *args):
        return True

    def done(self):
        return covgap.unknown("run-time-value")

    def add_done_callback(self, callback, **options):
        return None


class Future(_Task):
    def __init__(self, **options):
        self.value = covgap.unknown("run-time-value")
        self.covgap_error = None

    def set_result(self, result):
        self.value = result

    def set_exception(self, error):
        self.covgap_error = error

    def __await__(self):
        return self.result()

    def result(self):
        if self.covgap_error is not None:
            raise self.covgap_error
        return self.value


def to_thread(function, /, *args, **kwargs):
    return function(*args, **kwargs)


def sleep(delay, result=None):
    return result


class _Loop:
    def run_until_complete(self, result):
        return result.value if hasattr(result, "covgap_task") else result

    def run_in_executor(self, executor, function, *args):
        return function(*args)

    def create_task(self, result, **options):
        return _Task(result)

    def create_future(self):
        return Future()

    def call_soon_threadsafe(self, function, *args):
        return function(*args)

    def run_forever(self):
        return None

    def close(self):
        return None

    def stop(self):
        return None


def get_event_loop():
    return _Loop()


new_event_loop = get_running_loop = get_event_loop


def run_coroutine_threadsafe(result, loop):
    return _Task(result)


class Runner:
    def run(self, result):
        return result

    def __enter__(self):
        return self

    def __exit__(self, *args):
        return None


class TaskGroup:
    def __aenter__(self):
        return self

    def __aexit__(self, *args):
        return None

    def create_task(self, result, **options):
        return _Task(result)


class Timeout:
    def __aenter__(self):
        return self

    def __aexit__(self, *args):
        return None


def timeout(delay):
    return Timeout()


class Lock:
    def __aenter__(self):
        return None

    def __aexit__(self, *args):
        return None
