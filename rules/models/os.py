"""`os`: the environment. What a run sets is known, what the machine sets is not.

Source: https://docs.python.org/3/library/os.html
"""

import covgap


class _Absent:
    """Stands for a variable that a test takes away while it runs."""

    covgap_absent = True


covgap_absent = _Absent()


class _Environment(dict):
    def get(self, key, default=None):
        values = covgap.payload(self)
        if key in values:
            value = values[key]
            return default if covgap.marks(value, "covgap_absent") else covgap.provided(value)
        return default if default is not None else covgap.setting(key)

    def __getitem__(self, key):
        values = covgap.payload(self)
        if key not in values:
            return covgap.setting(key)
        value = values[key]
        if covgap.marks(value, "covgap_absent"):
            raise KeyError(key)
        return covgap.provided(value)

    def __contains__(self, key):
        values = covgap.payload(self)
        if key not in values:
            return covgap.unknown("run-time-value")
        return False if covgap.marks(values[key], "covgap_absent") else covgap.provided(True)

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
