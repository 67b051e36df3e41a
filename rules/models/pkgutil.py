"""`pkgutil`: which modules lie in a folder of the project.

Source: https://docs.python.org/3/library/pkgutil.html
"""

import covgap
from collections import namedtuple

ModuleInfo = namedtuple("ModuleInfo", "module_finder name ispkg")


class _Finder:
    def __init__(self, path):
        self.path = path


def _modules_in(folder, prefix):
    """None: nobody knows what lies there."""
    names = covgap.folder(folder)
    if names is None:
        return None
    found = []
    for name in names:
        if name.endswith("/"):
            if "__init__.py" in (covgap.folder(folder + "/" + name) or ()):
                found.append(ModuleInfo(_Finder(folder), prefix + name[:-1], True))
        elif name.endswith(".py") and name != "__init__.py":
            found.append(ModuleInfo(_Finder(folder), prefix + name[:-3], False))
    return found


def iter_modules(path=None, prefix=""):
    if path is None:
        return covgap.unknown("run-time-value")
    found = []
    for folder in path:
        there = _modules_in(str(folder), prefix)
        if there is None:
            return covgap.unknown("run-time-value")
        found.extend(there)
    return found


def walk_packages(path=None, prefix="", onerror=None):
    found = []
    for info in iter_modules(path, prefix):
        found.append(info)
        if info.ispkg:
            inside = info.module_finder.path + "/" + info.name[len(prefix) :]
            found.extend(walk_packages([inside], info.name + "."))
    return found
