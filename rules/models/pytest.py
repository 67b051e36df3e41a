"""`pytest`: fixtures, marks, expected exceptions and skips.

Source: https://docs.pytest.org/en/stable/reference/reference.html
"""

import covgap


class FixtureDefinition:
    covgap_fixture = True

    def __init__(self, function, scope, params, autouse, name, ids=None):
        self.function = function
        self.scope = scope
        self.params = params
        self.autouse = autouse
        self.name = name
        self.ids = ids
        self.__wrapped__ = function

    def __get__(self, instance, owner):
        return self

    def __call__(self, *args, **kwargs):
        return self.function(*args, **kwargs)


def fixture(function=None, *, scope="function", params=None, autouse=False, ids=None, name=None, **options):
    if function is not None:
        return FixtureDefinition(function, scope, params, autouse, name)
    return lambda function: FixtureDefinition(function, scope, params, autouse, name, ids)


yield_fixture = fixture


class MarkDecorator:
    covgap_mark = True

    def __init__(self, name, args=(), kwargs={}):
        self.name = name
        self.args = args
        self.kwargs = kwargs
        self.mark = self

    def __call__(self, *args, **kwargs):
        if len(args) == 1 and covgap.marks(args[0], "covgap_fixture"):
            return args[0]
        if len(args) == 1 and not kwargs and (covgap.is_function(args[0]) or covgap.is_class(args[0])) and self.name != "parametrize":
            covgap.add_mark(args[0], self)
            return args[0]
        if len(args) == 1 and self.args and (covgap.is_function(args[0]) or covgap.is_class(args[0])):
            covgap.add_mark(args[0], self)
            return args[0]
        return MarkDecorator(self.name, (*self.args, *args), {**self.kwargs, **kwargs})

    def with_args(self, *args, **kwargs):
        return MarkDecorator(self.name, (*self.args, *args), {**self.kwargs, **kwargs})


class Metafunc:
    """What `pytest_generate_tests` is given: the marks that it asks for are added to those of the test."""

    def __init__(self, fixturenames, function, cls, module):
        self.fixturenames = fixturenames
        self.function = function
        self.cls = cls
        self.module = module
        self.definition = self
        self.covgap_marks = []

    def parametrize(self, *args, **options):
        self.covgap_marks.append(MarkDecorator("parametrize", args, options))

    def __getattr__(self, name):
        return covgap.unknown("run-time-value")


class _Marks:
    def __getattr__(self, name):
        return MarkDecorator(name)


mark = _Marks()


class ParameterSet:
    covgap_param = True

    def __init__(self, values, marks, id):
        self.values = values
        self.marks = marks if isinstance(marks, (list, tuple)) else [marks]
        self.id = id


def param(*values, marks=(), id=None):
    return ParameterSet(values, marks, id)


class _Info:
    def __init__(self, kind):
        self.type = kind
        self.value = covgap.instance(kind)

    def match(self, pattern):
        return True

    def __getattr__(self, name):
        return covgap.unknown("run-time-value")


class _Raises:
    covgap_swallows = True

    def __init__(self, kind, pattern=None):
        self.kind = kind
        self.pattern = pattern

    def __enter__(self):
        covgap.asserts()
        self.covgap_since = covgap.sent()
        self.info = _Info(self.kind)
        return self.info

    def __exit__(self, kind, value, traceback):
        # A WebSocket may have been opened before: what is expected happens when it is read.
        request = self.covgap_since if covgap.sent() > self.covgap_since else self.covgap_since - 1
        is_class = covgap.is_class(self.kind)
        if is_class and getattr(self.kind, "covgap_denial", False):
            # An answer, and no exception that the handler raises.
            self.info.value.status_code = covgap.status(request)
            return True
        if covgap.is_certain(value) and isinstance(value, BaseException):
            self.info.value = value
        covgap.expected(self.kind, self.covgap_since, self.pattern)
        if is_class and getattr(self.kind, "covgap_disconnect", False):
            self.info.value.code = covgap.status(request)
        if is_class and getattr(self.kind, "covgap_failing", False) and covgap.sent() > self.covgap_since:
            self.info.value.covgap_answered(covgap.sent() - 1)
        return True


def raises(expected=Exception, *args, match=None, **options):
    if args:
        covgap.asserts()
        args[0](*args[1:], **options)
        return _Info(expected)
    return _Raises(expected, match)


RaisesGroup = RaisesExc = raises


class _Warns:
    def __enter__(self):
        covgap.asserts()
        return []

    def __exit__(self, kind, value, traceback):
        return None


def warns(*args, **options):
    return _Warns()


deprecated_call = warns


def skip(reason="", **options):
    covgap.skip(reason)


def importorskip(name, *args, **options):
    return covgap.import_module(name)


def fail(reason="", **options):
    covgap.asserts()
    raise AssertionError(reason)


def xfail(reason="", **options):
    covgap.skip(reason)


def approx(value, *args, **options):
    return value


def exit(reason="", **options):
    raise SystemExit(reason)


class MonkeyPatch:
    def setattr(self, target, name, value=covgap.unknown("parameter"), raising=True):
        if isinstance(target, str):
            covgap.patch(None, target, name, "pytest/monkeypatch")
        else:
            covgap.patch(target, name, value, "pytest/monkeypatch")

    def setitem(self, mapping, key, value):
        covgap.patch_item(mapping, key, value)

    def setenv(self, name, value, prepend=None):
        import os

        covgap.patch_item(os.environ, name, str(value))

    def delenv(self, name, raising=True):
        import os

        covgap.patch_item(os.environ, name, os.covgap_absent)

    def delattr(self, target, name=None, raising=True):
        return None

    delitem = delattr

    def chdir(self, path):
        return None

    def syspath_prepend(self, path):
        return None

    def undo(self):
        return None

    def context(self):
        return self

    def __enter__(self):
        return self

    def __exit__(self, *args):
        return None


class UsageError(Exception): ...


class Node:
    """The test that a fixture is made for, as far as its marks go."""

    def iter_markers(self, name=None):
        return [mark for mark in covgap.asking("marks") if name is None or mark.name == name]

    def get_closest_marker(self, name, default=None):
        for mark in covgap.asking("marks"):
            if mark.name == name:
                return mark
        return default

    @property
    def own_markers(self):
        return list(covgap.asking("marks"))

    @property
    def keywords(self):
        return {mark.name: mark for mark in covgap.asking("marks")}

    def add_marker(self, marker, append=True):
        return None

    def addfinalizer(self, function):
        return None

    def __getattr__(self, name):
        return covgap.unknown("run-time-value")


class FixtureRequest:
    def __init__(self, param):
        self.param = param
        self.scope = "function"
        self.node = Node()

    @property
    def keywords(self):
        return self.node.keywords

    @property
    def cls(self):
        return covgap.asking("cls")

    @property
    def instance(self):
        return covgap.asking("instance")

    @property
    def module(self):
        return covgap.asking("module")

    def getfixturevalue(self, name):
        return covgap.fixture_value(name)

    def addfinalizer(self, function):
        return None

    def applymarker(self, mark):
        return None

    def __getattr__(self, name):
        return covgap.unknown("run-time-value")
