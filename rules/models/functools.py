"""`functools`: wrappers that keep what they wrap.

Source: https://docs.python.org/3/library/functools.html
"""

import covgap


def wraps(wrapped, *args, **kwargs):
    def decorate(wrapper):
        return update_wrapper(wrapper, wrapped)

    return decorate


def update_wrapper(wrapper, wrapped, *args, **kwargs):
    if covgap.is_function(wrapper):
        for name, value in getattr(wrapped, "__dict__", {}).items():
            setattr(wrapper, name, value)
        wrapper.__name__ = getattr(wrapped, "__name__", covgap.hole())
        wrapper.__wrapped__ = wrapped
    return wrapper


def partial(function, /, *args, **kwargs):
    return covgap.partial(function, args, kwargs)


def partialmethod(function, /, *args, **kwargs):
    def method(self, *more, **named):
        return function(self, *args, *more, **kwargs, **named)

    return method


class _Cached:
    def __init__(self, function):
        self.__wrapped__ = function
        self.dependency = function

    def __call__(self, *args, **kwargs):
        return self.__wrapped__(*args, **kwargs)

    def __get__(self, instance, owner):
        return covgap.partial(self.__wrapped__, (instance,), {}) if instance is not None else self

    def cache_clear(self):
        return None

    def cache_info(self):
        return covgap.unknown("library")


def lru_cache(maxsize=128, typed=False):
    if covgap.is_function(maxsize):
        return maxsize
    return lambda function: function


def cache(function):
    return function


def cached_property(function):
    return property(function)


def reduce(function, values, initial=None):
    result = initial
    for value in values:
        result = value if result is None else function(result, value)
    return result


def singledispatch(function):
    return function


def total_ordering(cls):
    return cls
