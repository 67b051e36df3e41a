"""`pathlib`: paths are text; what lies in a folder of the project is known, the rest is the machine's.

Source: https://docs.python.org/3/library/pathlib.html
"""

import covgap
import os.path


def _is_known(text):
    """Is no part of it a hole?"""
    return covgap.is_known(len(text))


class PurePath:
    covgap_path = True

    def __init__(self, *parts):
        text = ""
        for part in parts:
            text = os.path.join(text, str(part))
        text = text if text == "/" else text.rstrip("/")
        self.covgap_text = "" if text == "." else text.removeprefix("./")

    def __str__(self):
        return self.covgap_text or "."

    __fspath__ = as_posix = __str__

    def joinpath(self, *parts):
        return type(self)(self.covgap_text, *parts)

    def __truediv__(self, part):
        return type(self)(self.covgap_text, part)

    def __rtruediv__(self, part):
        return type(self)(part, self.covgap_text)

    def __eq__(self, other):
        if not covgap.marks(other, "covgap_path"):
            return False
        if _is_known(self.covgap_text) and _is_known(other.covgap_text):
            return self.covgap_text == other.covgap_text
        return covgap.unknown("run-time-value")

    def _part(self, of):
        """What is read off the whole path; of one that is not wholly known, nobody knows it."""
        return of(self.covgap_text) if _is_known(self.covgap_text) else covgap.external("pathlib.Path()")

    @property
    def name(self):
        return self._part(os.path.basename)

    @property
    def stem(self):
        return self._part(lambda text: os.path.splitext(os.path.basename(text))[0])

    @property
    def suffix(self):
        return self._part(lambda text: os.path.splitext(text)[1])

    @property
    def parts(self):
        return self._part(_segments)

    @property
    def parent(self):
        return self._part(lambda text: type(self)(os.path.dirname(text)))

    @property
    def parents(self):
        return self._part(lambda text: _above(type(self), text))

    def with_suffix(self, suffix):
        return self._part(lambda text: type(self)(os.path.splitext(text)[0] + suffix))

    def with_name(self, name):
        return self.parent / name

    def relative_to(self, *other, walk_up=False):
        folder = type(self)(*other).covgap_text
        is_below = _is_below(self.covgap_text, folder)
        if not covgap.is_known(is_below) or walk_up:
            return covgap.external("pathlib.Path()")
        if not is_below:
            raise ValueError("is not in the subpath")
        return type(self)(self.covgap_text[len(folder) :].lstrip("/"))

    def is_relative_to(self, *other):
        return _is_below(self.covgap_text, type(self)(*other).covgap_text)


class PurePosixPath(PurePath): ...
class PureWindowsPath(PurePath): ...


class Path(PurePath):
    def resolve(self, strict=False):
        return type(self)(os.path.normpath(self.covgap_text or "."))

    def absolute(self):
        return self

    expanduser = absolute

    @classmethod
    def cwd(cls):
        return covgap.external("pathlib.Path()")

    home = cwd

    def iterdir(self):
        names = covgap.folder(self.covgap_text)
        if names is None:
            return covgap.external("pathlib.Path().iterdir()")
        return [self / name for name in names]

    def glob(self, pattern, **options):
        if pattern.startswith("**/"):
            return self.rglob(pattern[3:])
        first, _, rest = pattern.partition("/")
        if rest and "*" not in first:
            return (self / first).glob(rest)
        names = covgap.folder(self.covgap_text)
        if names is None:
            return covgap.external("pathlib.Path().glob()")
        found = []
        for name in names:
            if not _fits(name.rstrip("/"), first):
                continue
            if not rest:
                found.append(self / name)
            elif name.endswith("/"):
                found.extend((self / name).glob(rest))
        return found

    def rglob(self, pattern, **options):
        names = covgap.folder(self.covgap_text)
        if names is None:
            return covgap.external("pathlib.Path().glob()")
        found = self.glob(pattern)
        for name in names:
            if name.endswith("/"):
                found.extend((self / name).rglob(pattern))
        return found

    def read_text(self, *args, **options):
        content = covgap.external("pathlib.Path().read_text")(*args, **options)
        text = covgap.file_text(self.covgap_text)
        return content if text is None else text

    def read_bytes(self):
        content = covgap.external("pathlib.Path().read_bytes")()
        text = covgap.file_text(self.covgap_text)
        return content if text is None else text

    def open(self, mode="r", *args, **options):
        opened = covgap.external("pathlib.Path().open")(mode, *args, **options)
        return opened if covgap.file_text(self.covgap_text) is None else open(self.covgap_text, mode)

    def is_file(self):
        return os.path.isfile(self.covgap_text)

    def is_dir(self):
        return os.path.isdir(self.covgap_text)

    def __getattr__(self, name):
        return covgap.external("pathlib.Path()." + name)


class PosixPath(Path): ...
class WindowsPath(Path): ...


def _is_below(text, folder):
    """Is a path the folder, or in it? A folder that begins where the server is started is one of the project."""
    if not _is_known(text) or not _is_known(folder):
        return covgap.unknown("run-time-value")
    if text.startswith("/") and not folder.startswith("/") and covgap.folder("/" + text.split("/")[1]) is None:
        return False
    if text.startswith("/") != folder.startswith("/"):
        return covgap.unknown("run-time-value")
    return folder == "" and not text.startswith("..") or text == folder or text.startswith(folder.rstrip("/") + "/")


def _above(kind, text):
    found = []
    while "/" in text:
        text = os.path.dirname(text)
        found.append(kind(text))
    return found


def _segments(text):
    """The parts of a path; the first of one that begins at the root is the root."""
    if text.startswith("/"):
        return ("/", *_segments(text[1:]))
    return tuple(text.split("/")) if text else ()


def _fits(name, pattern):
    """A pattern with stars; of others, everything may be meant."""
    if "[" in pattern or "?" in pattern:
        return covgap.unknown("run-time-value")
    first, *middle = pattern.split("*")
    if not middle:
        return name == pattern
    last = middle.pop()
    if len(name) < len(first) + len(last) or not name.startswith(first) or not name.endswith(last):
        return False
    rest = name[len(first) : len(name) - len(last)]
    for part in middle:
        found = rest.find(part)
        if found < 0:
            return False
        rest = rest[found + len(part) :]
    return True
