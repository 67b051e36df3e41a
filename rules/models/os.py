"""`os`: the environment. What a run sets is known, what the machine sets is not.

Source: https://docs.python.org/3/library/os.html
"""

import covgap


class _Environment(dict):
    def get(self, key, default=None):
        values = covgap.payload(self)
        if key in values:
            return covgap.provided(values[key])
        return default if default is not None else covgap.setting(key)

    def __getitem__(self, key):
        values = covgap.payload(self)
        return covgap.provided(values[key]) if key in values else covgap.setting(key)

    def __contains__(self, key):
        return covgap.provided(True) if key in covgap.payload(self) else covgap.unknown("run-time-value")

    def setdefault(self, key, value=None):
        values = covgap.payload(self)
        if key not in values:
            values[key] = value
        return values[key]


environ = _Environment()
sep = "/"
name = "posix"


def getenv(key, default=None):
    return environ.get(key, default)


def putenv(key, value):
    environ[key] = value


def listdir(path="."):
    names = covgap.folder(str(path))
    if names is None:
        return covgap.unknown("run-time-value")
    return [name.rstrip("/") for name in names]
