"""`inspect`: what reflection can tell without running.

Source: https://docs.python.org/3/library/inspect.html
"""

import covgap


def isclass(thing):
    return covgap.is_class(thing)


def isfunction(thing):
    return covgap.is_function(thing)


def ismethod(thing):
    return covgap.is_function(thing)


def isroutine(thing):
    return covgap.is_function(thing)


def unwrap(function, stop=None):
    return getattr(function, "__wrapped__", function)


def getmembers(thing, predicate=None):
    members = []
    for name in dir(thing):
        value = getattr(thing, name)
        if predicate is None or predicate(value):
            members.append((name, value))
    return members


def isawaitable(thing):
    return covgap.unknown("run-time-value")


def iscoroutinefunction(function):
    return covgap.is_coroutine_function(function)


iscoroutine = isawaitable


class Parameter:
    POSITIONAL_ONLY = 0
    POSITIONAL_OR_KEYWORD = 1
    VAR_POSITIONAL = 2
    KEYWORD_ONLY = 3
    VAR_KEYWORD = 4
    empty = covgap.unknown("parameter")

    def __init__(self, name, kind, *, default=covgap.unknown("parameter"), annotation=covgap.unknown("parameter")):
        self.name = name
        self.kind = kind
        self.default = default
        self.annotation = annotation

    def replace(self, **changes):
        return covgap.copy(self, changes)


class Signature:
    empty = Parameter.empty

    def __init__(self, parameters=None, return_annotation=None):
        self.parameters = {parameter.name: parameter for parameter in parameters or []}

    def replace(self, parameters=None, **changes):
        return Signature(parameters if parameters is not None else list(self.parameters.values()))


def signature(function, **options):
    return Signature([Parameter(name, kind, default=default, annotation=annotation) for name, annotation, default, kind in covgap.parameters(function)])
