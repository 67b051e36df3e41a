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


def _keeping(function):
    """The function once more, which gives to the same arguments what it gave before."""
    if not covgap.is_function(function):
        return function
    kept = {}
    attributes = {"covgap_kept": kept, "cache_clear": kept.clear, "cache_info": _info, "__wrapped__": function}
    return covgap.copy(function, attributes)


def _info():
    return covgap.unknown("run-time-value")


def lru_cache(maxsize=128, typed=False):
    if covgap.is_function(maxsize):
        return _keeping(maxsize)
    return _keeping


cache = _keeping


def cached_property(function):
    return property(covgap.copy(function, {"covgap_kept": True}))


def reduce(function, values, initial=None):
    result = initial
    for value in values:
        result = value if result is None else function(result, value)
    return result


def singledispatch(function):
    return function


def total_ordering(cls):
    return cls
