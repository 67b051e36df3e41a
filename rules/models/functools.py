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


def _first_kind(function):
    """The annotation of its first parameter that has one."""
    for name, annotation, default, how in covgap.parameters(function):
        if name != "self" and name != "cls":
            return annotation
    return object


def _dispatched(kinds, value):
    """Of the kinds that the value is of, that which is of all the others."""
    found = None
    for kind, function in kinds:
        if isinstance(value, kind) and (found is None or issubclass(kind, found[0])):
            found = (kind, function)
    return kinds[0][1] if found is None else found[1]


def _registering(kinds):
    def register(kind, method=None):
        if method is not None:
            kinds.append((kind, method))
            return method
        if covgap.is_function(kind):
            kinds.append((_first_kind(kind), kind))
            return kind

        def decorate(function):
            kinds.append((kind, function))
            return function

        return decorate

    return register


def singledispatch(function):
    kinds = [(object, function)]

    def dispatch(first, *args, **kwargs):
        return _dispatched(kinds, first)(first, *args, **kwargs)

    update_wrapper(dispatch, function)
    dispatch.register = _registering(kinds)
    return dispatch


class singledispatchmethod:
    def __init__(self, function):
        self.covgap_kinds = [(object, function)]
        self.register = _registering(self.covgap_kinds)

    def __get__(self, instance, owner=None):
        def method(first, *args, **kwargs):
            return _dispatched(self.covgap_kinds, first)(instance, first, *args, **kwargs)

        return method


def total_ordering(cls):
    """The comparisons that the class leaves out, from the one that it has."""
    if covgap.defines(cls, "__lt__"):
        _complete(cls, "__gt__", lambda self, other: not (self < other or self == other))
        _complete(cls, "__le__", lambda self, other: self < other or self == other)
        _complete(cls, "__ge__", lambda self, other: not self < other)
    elif covgap.defines(cls, "__gt__"):
        _complete(cls, "__lt__", lambda self, other: not (self > other or self == other))
        _complete(cls, "__ge__", lambda self, other: self > other or self == other)
        _complete(cls, "__le__", lambda self, other: not self > other)
    elif covgap.defines(cls, "__le__"):
        _complete(cls, "__lt__", lambda self, other: self <= other and not self == other)
        _complete(cls, "__gt__", lambda self, other: not self <= other)
        _complete(cls, "__ge__", lambda self, other: not self <= other or self == other)
    elif covgap.defines(cls, "__ge__"):
        _complete(cls, "__gt__", lambda self, other: self >= other and not self == other)
        _complete(cls, "__lt__", lambda self, other: not self >= other)
        _complete(cls, "__le__", lambda self, other: not self >= other or self == other)
    return cls


def _complete(cls, name, method):
    if not covgap.defines(cls, name):
        setattr(cls, name, method)
