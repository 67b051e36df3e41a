"""`types`: namespaces and the kinds of objects.

Source: https://docs.python.org/3/library/types.html
"""

import covgap


class SimpleNamespace:
    def __init__(self, **attributes):
        for name, value in attributes.items():
            setattr(self, name, value)


class ModuleType:
    def __init__(self, name, doc=None):
        self.__name__ = name


class FunctionType: ...
class CodeType: ...


def MethodType(function, instance):
    return covgap.partial(function, (instance,), {})


def MappingProxyType(mapping):
    return mapping
