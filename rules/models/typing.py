"""`typing`: what annotations mean to whoever asks for an instance of one.

Source: https://docs.python.org/3/library/typing.html
"""

import covgap

TYPE_CHECKING = covgap.type_checking
Annotated = covgap.annotated
Literal = covgap.literal
Optional = Union = covgap.union
Iterator = Iterable = AsyncIterator = AsyncIterable = Generator = AsyncGenerator = covgap.iterator
ContextManager = AsyncContextManager = covgap.iterator
Awaitable = Coroutine = covgap.awaitable
Final = ClassVar = Required = NotRequired = ReadOnly = covgap.annotated
List = list
Sequence = MutableSequence = Collection = list
Set = set
FrozenSet = frozenset
Dict = Mapping = MutableMapping = DefaultDict = OrderedDict = dict
Tuple = tuple
Type = type
Text = str
Any = object


class Generic: ...
class Protocol:
    # Who has what a protocol asks for is an instance of it.
    covgap_structural = True


class Hashable: ...
class Sized: ...


class TypedDict(dict):
    def __init__(self, *args, **kwargs):
        self.update(kwargs)


def _fill(self, *args, **kwargs):
    covgap.fields(self, args, kwargs)


class _FieldNames:
    def __get__(self, instance, owner):
        return tuple([name for name, annotation in owner.__annotations__.items()])


class NamedTuple:
    _fields = _FieldNames()

    def __init__(self, *args, **kwargs):
        covgap.fields(self, args, kwargs)

    def __iter__(self):
        return list(vars(self).values())

    def __getitem__(self, index):
        return list(vars(self).values())[index]

    def _asdict(self):
        return vars(self)

    def _replace(self, **changes):
        return covgap.copy(self, changes)


def TypeVar(name, *constraints, bound=None, **options):
    return bound if bound is not None else covgap.unknown("parameter")


def ParamSpec(name, **options):
    return covgap.unknown("parameter")


def NewType(name, kind):
    return kind


def cast(kind, value):
    return value if covgap.is_known(value) else covgap.instance(kind)


# Classes whose attributes no annotation declares.
_UNDECLARED = (object, dict, list, tuple, set, frozenset, str, bytes, int, float, bool, BaseException, Exception)


def get_type_hints(thing, *args, **kwargs):
    """Of a class, what it and its bases declare; of a function, its parameters and what it returns."""
    if not covgap.is_class(thing):
        return {name: annotation for name, annotation in covgap.annotations(thing)}
    hints = {}
    for base in reversed(thing.__mro__):
        if base not in _UNDECLARED:
            hints = {**hints, **base.__annotations__}
    return hints


def get_args(alias):
    return getattr(alias, "__args__", ())


def get_origin(alias):
    return getattr(alias, "__origin__", None)


def overload(function):
    return function


def final(function):
    return function


def override(function):
    return function


def no_type_check(function):
    return function


def runtime_checkable(cls):
    return cls


def dataclass_transform(**options):
    return lambda cls: cls
