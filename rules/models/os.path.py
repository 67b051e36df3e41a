"""`os.path`: joining is text; what lies in the project is there, the rest is the machine's.

Source: https://docs.python.org/3/library/os.path.html
"""

import covgap


def join(first, *others):
    path = str(first)
    for other in others:
        other = str(other)
        path = path.rstrip("/") + "/" + other if path and not other.startswith("/") else other
    return path


def basename(path):
    return path.rsplit("/", 1)[-1]


def dirname(path):
    return path.rpartition("/")[0]


def normpath(path):
    """Without `.` and `..`, where nothing in it is a hole."""
    text = str(path)
    if not covgap.is_known(len(text)) or "." not in text:
        return text
    kept = []
    for part in text.split("/"):
        if part == ".." and kept and kept[-1] not in ("", ".."):
            kept.pop()
        elif part == ".." and kept == [""]:
            continue
        elif part != "." and (part or not kept):
            kept.append(part)
    return "/".join(kept) or "."


abspath = realpath = normpath


def expanduser(path):
    return path


def commonpath(paths):
    """The folder that all of them are in."""
    first, *others = [path.split("/") for path in paths]
    if not covgap.is_known([len(path) for path in paths]):
        return covgap.hole()
    shared = []
    for number, part in enumerate(first):
        if not all(len(other) > number and other[number] == part for other in others):
            break
        shared.append(part)
    return "/".join(shared) or ("/" if first[0] == "" else "")


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
