"""`collections`: the containers that behave like a list or a dict.

Source: https://docs.python.org/3/library/collections.html
"""

import covgap
from collections import abc


class OrderedDict(dict): ...
class ChainMap(dict): ...
class UserDict(dict): ...
class UserList(list): ...


class Counter(dict):
    def __init__(self, values=None, **counts):
        super().__init__()
        self.update(values, **counts)

    def update(self, values=None, **counts):
        known = covgap.payload(self)
        if isinstance(values, dict):
            for value, count in values.items():
                known[value] = known.get(value, 0) + count
        elif values is not None:
            for value in values:
                known[value] = known.get(value, 0) + 1
        for value, count in counts.items():
            known[value] = known.get(value, 0) + count

    def __getitem__(self, key):
        return covgap.payload(self).get(key, 0)

    def most_common(self, n=None):
        return sorted(covgap.payload(self).items(), key=lambda item: item[1], reverse=True)[:n]


class defaultdict(dict):
    def __init__(self, factory=None, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.default_factory = factory

    def __getitem__(self, key):
        values = covgap.payload(self)
        if key not in values and self.default_factory is not None:
            values[key] = self.default_factory()
        return values[key]


def deque(values=(), maxlen=None):
    return list(values)


def namedtuple(name, fields, *, defaults=(), **options):
    names = fields.replace(",", " ").split() if isinstance(fields, str) else fields
    without = len(names) - len(defaults or ())

    class Tuple:
        _fields = tuple(names)

        def __init__(self, *args, **kwargs):
            for field, value in zip(names[without:], defaults or ()):
                setattr(self, field, value)
            for field, value in zip(names, args):
                setattr(self, field, value)
            for field, value in kwargs.items():
                setattr(self, field, value)

        def __iter__(self):
            return [getattr(self, field) for field in names]

        def __getitem__(self, index):
            return [getattr(self, field) for field in names][index]

        def __len__(self):
            return len(names)

        def _asdict(self):
            return {field: getattr(self, field) for field in names}

        def _replace(self, **changes):
            return covgap.copy(self, changes)

    return Tuple
