"""`contextlib`: a generator as a context, stacks of contexts, contexts that swallow exceptions.

Source: https://docs.python.org/3/library/contextlib.html
"""

import covgap
import functools


class _GeneratorContext:
    """Runs the function up to its `yield`, and what stands behind that when the block has ended."""

    def __init__(self, function, args, kwargs):
        self.call = function, args, kwargs
        self.rest = None

    def __enter__(self):
        values, self.rest = covgap.begin(*self.call)
        return covgap.first(values)

    def __exit__(self, kind, value, traceback):
        return covgap.resume(self.rest, value)

    __aenter__ = __enter__
    __aexit__ = __exit__

    def __call__(self, function):
        return function


def contextmanager(function):
    @functools.wraps(function)
    def helper(*args, **kwargs):
        return _GeneratorContext(function, args, kwargs)

    return helper


asynccontextmanager = contextmanager


class AbstractContextManager:
    def __enter__(self):
        return self

    def __exit__(self, kind, value, traceback):
        return None


class AbstractAsyncContextManager(AbstractContextManager):
    __aenter__ = AbstractContextManager.__enter__
    __aexit__ = AbstractContextManager.__exit__


class ContextDecorator:
    def __call__(self, function):
        return function


class nullcontext:
    def __init__(self, result=None):
        self.result = result

    def __enter__(self):
        return self.result

    def __exit__(self, kind, value, traceback):
        return None


class closing:
    def __init__(self, thing):
        self.thing = thing

    def __enter__(self):
        return self.thing

    def __exit__(self, kind, value, traceback):
        return None


aclosing = closing


class suppress:
    covgap_swallows = True

    def __init__(self, *exceptions):
        self.exceptions = exceptions

    def __enter__(self):
        return None

    def __exit__(self, kind, value, traceback):
        return True


class ExitStack:
    def __init__(self):
        self.exits = []

    def __enter__(self):
        return self

    def __exit__(self, kind, value, traceback):
        exits, self.exits = self.exits, []
        for context, call in reversed(exits):
            if call is None:
                covgap.exit(context)
            else:
                function, args, kwargs = call
                function(*args, **kwargs)

    def enter_context(self, context):
        value = covgap.enter(context)
        self.exits.append((context, None))
        return value

    enter_async_context = enter_context

    def push(self, context):
        self.exits.append((context, None))
        return context

    push_async_exit = push

    def callback(self, function, *args, **kwargs):
        self.exits.append((None, (function, args, kwargs)))
        return function

    push_async_callback = callback

    def close(self):
        self.__exit__(None, None, None)

    aclose = close

    def pop_all(self):
        other = type(self)()
        other.exits, self.exits = self.exits, []
        return other


AsyncExitStack = ExitStack
redirect_stdout = redirect_stderr = nullcontext
