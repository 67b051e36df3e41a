"""`enum`: the names of a class's body become its members.

Source: https://docs.python.org/3/library/enum.html
"""

import covgap

auto = covgap.auto


class Enum:
    def __init_subclass__(cls, **options):
        covgap.make_members(cls)


class IntEnum(int, Enum): ...


class StrEnum(str, Enum):
    def _generate_next_value_(name, start, count, last_values):
        return name.lower()


class Flag(Enum): ...
class IntFlag(int, Enum): ...


class EnumMeta: ...
EnumType = EnumMeta


def unique(cls):
    return cls
