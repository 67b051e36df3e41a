"""`unittest.mock`: doubles, and patches that put them in place.

Source: https://docs.python.org/3/library/unittest.mock.html
"""

import covgap

DEFAULT = covgap.unknown("double")
ANY = covgap.unknown("double")
sentinel = covgap.unknown("double")
call = covgap.unknown("double")

# What a mock tells of the calls that it has seen.
_TOLD = ("called", "call_count", "call_args", "call_args_list", "method_calls", "mock_calls", "awaited", "await_count", "await_args", "await_args_list")


class NonCallableMock:
    """Its attributes, and what it returns, are mocks, too, that a test may tell what to give."""

    covgap_mock = True

    def __init__(self, spec=None, side_effect=None, return_value=DEFAULT, wraps=None, name=None, spec_set=None, **attributes):
        self.side_effect = side_effect
        self.covgap_wrapped = wraps
        self.covgap_turn = 0
        if covgap.is_known(return_value):
            self.return_value = return_value
        self.configure_mock(**attributes)

    def configure_mock(self, **attributes):
        for path, value in attributes.items():
            target = self
            *steps, name = path.split(".")
            for step in steps:
                target = getattr(target, step)
            setattr(target, name, value)

    def __getattr__(self, name):
        covgap.asserts_if(name)
        if name in _TOLD or name.startswith("assert_") or name.startswith("__"):
            return covgap.unknown("double")
        child = MagicMock()
        setattr(self, name, child)
        return child


class Mock(NonCallableMock):
    def __call__(self, *args, **kwargs):
        effect = self.side_effect
        if effect is None:
            return self.return_value if self.covgap_wrapped is None else self.covgap_wrapped(*args, **kwargs)
        if covgap.is_function(effect):
            return effect(*args, **kwargs)
        if covgap.is_class(effect):
            if issubclass(effect, BaseException):
                raise effect
            return effect(*args, **kwargs)
        if isinstance(effect, BaseException):
            raise effect
        # One after the other of those in a sequence.
        result = covgap.unknown("double")
        if isinstance(effect, (list, tuple)):
            turn = self.covgap_turn
            self.covgap_turn = turn + 1
            result = effect[turn if covgap.is_known(turn) else covgap.unknown("double")]
        if isinstance(result, BaseException):
            raise result
        return result


class _Entered:
    """`__enter__` of a mock: a test may tell what it gives."""

    def __getattr__(self, name):
        given = MagicMock()
        setattr(self, name, given)
        return given

    def __call__(self, *args):
        return self.return_value


class MagicMock(Mock):
    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.__enter__ = self.__aenter__ = _Entered()

    def __enter__(self):
        return self.__enter__()

    def __aenter__(self):
        return self.__aenter__()

    def __exit__(self, kind, value, traceback):
        return None

    def __getitem__(self, key):
        return covgap.unknown("double")

    def __iter__(self):
        return covgap.unknown("double")


class AsyncMock(MagicMock): ...
class PropertyMock(Mock):
    def __get__(self, instance, owner=None):
        return self()

    def __set__(self, instance, value):
        self(value)


class NonCallableMagicMock(MagicMock): ...


def create_autospec(spec, **options):
    return MagicMock(spec, **options)


def mock_open(*args, **kwargs):
    return MagicMock()


class _Patch:
    def __init__(self, target, name, new, rule, factory):
        self.target = target
        self.name = name
        self.new = new
        self.rule = rule
        self.gives = factory

    def __enter__(self):
        covgap.patch(self.target, self.name, self.new, self.rule)
        return self.new

    def __exit__(self, kind, value, traceback):
        covgap.unpatch(self.target, self.name)
        return None

    def start(self):
        covgap.patch(self.target, self.name, self.new, self.rule)
        return self.new

    def stop(self):
        covgap.unpatch(self.target, self.name)

    def __call__(self, function):
        return covgap.patched(function, self, self.gives)


def _double(new, options):
    if new is not DEFAULT:
        return new
    factory = options.pop("new_callable", None)
    if factory is not None:
        return factory(**options)
    return MagicMock(**options)


class _Patcher:
    def __call__(self, target, new=DEFAULT, **options):
        given = covgap.is_known(new)
        return _Patch(None, target, new if given else _new(options), "unittest/patch", not given)

    def object(self, target, attribute, new=DEFAULT, **options):
        given = covgap.is_known(new)
        return _Patch(target, attribute, new if given else _new(options), "unittest/patch-object", not given)

    def dict(self, mapping, values=(), clear=False, **named):
        return _PatchDict(mapping, values, named)

    def multiple(self, target, **options):
        return _Nothing()

    def stopall(self):
        return None


def _new(options):
    factory = options.get("new_callable")
    named = {key: value for key, value in options.items() if key not in ("new_callable", "autospec", "create", "spec", "spec_set")}
    return factory(**named) if factory is not None else MagicMock(**named)


class _PatchDict:
    def __init__(self, mapping, values, named):
        self.mapping = covgap.locate(mapping) if isinstance(mapping, str) else mapping
        self.values = dict(values)
        self.values.update(named)

    def __enter__(self):
        for key, value in self.values.items():
            covgap.patch_item(self.mapping, key, value)
        return self.mapping

    def __exit__(self, kind, value, traceback):
        return None

    start = __enter__

    def stop(self):
        return None

    def __call__(self, function):
        return covgap.patched(function, self, False)


class _Nothing:
    def __enter__(self):
        return None

    def __exit__(self, *args):
        return None

    def __call__(self, function):
        return function


patch = _Patcher()
