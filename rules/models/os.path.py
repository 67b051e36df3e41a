"""`os.path`: joining is text; what lies in the project is there, the rest is the machine's.

Source: https://docs.python.org/3/library/os.path.html
"""

import covgap


def join(first, *others):
    path = str(first)
    for other in others:
        path = covgap.join_url(path.rstrip("/") + "/", other) if path else str(other)
    return path


def basename(path):
    return path.rsplit("/", 1)[-1]


def dirname(path):
    return path.rsplit("/", 1)[0]


def abspath(path):
    return path


realpath = normpath = expanduser = abspath


def splitext(path):
    if not covgap.is_known(len(path)):
        return (covgap.hole(), covgap.hole())
    name = basename(path)
    stem = name.rsplit(".", 1)[0]
    return (path[: len(path) - len(name) + len(stem)], name[len(stem) :])


def isfile(path):
    return basename(path) in (covgap.folder(dirname(path)) or ()) or covgap.unknown("run-time-value")


def isdir(path):
    return covgap.folder(path) is not None or covgap.unknown("run-time-value")
