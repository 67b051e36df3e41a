"""`importlib.metadata`: entry points, as the project's own packaging files announce them.

Source: https://docs.python.org/3/library/importlib.metadata.html
"""

import covgap


class EntryPoint:
    def __init__(self, name, value, group):
        self.name = name
        self.value = value
        self.group = group
        self.module, _, self.attr = value.partition(":")

    def load(self):
        return covgap.locate(self.value)

    resolve = load


class EntryPoints(list):
    def select(self, *, group=None, name=None):
        found = EntryPoints()
        for entry in self:
            if (group is None or entry.group == group) and (name is None or entry.name == name):
                found.append(entry)
        return found

    def get(self, group, default=()):
        return self.select(group=group)

    def __getitem__(self, key):
        for entry in self:
            if entry.name == key:
                return entry
        return self.select(group=key)

    @property
    def names(self):
        return {entry.name for entry in self}

    @property
    def groups(self):
        return {entry.group for entry in self}


def entry_points(*, group=None, name=None):
    found = EntryPoints()
    for in_group, named, value in covgap.entry_points():
        found.append(EntryPoint(named, value, in_group))
    return found.select(group=group, name=name)


def version(distribution):
    return covgap.hole()
