"""`re`: what a regular expression finds in a text that is wholly known; the rest is decided at run time.

Source: https://docs.python.org/3/library/re.html
"""

import covgap

NOFLAG = 0
TEMPLATE = T = 1
IGNORECASE = I = 2
LOCALE = L = 4
MULTILINE = M = 8
DOTALL = S = 16
UNICODE = U = 32
VERBOSE = X = 64
DEBUG = 128
ASCII = A = 256


class error(Exception):
    pass


PatternError = error


class RegexFlag(int): ...


class Match:
    def __init__(self, rows, string, pattern):
        self.covgap_rows = rows
        self.string = string
        self.re = pattern
        self.pos = 0
        self.endpos = len(string)

    def _row(self, group):
        if isinstance(group, str):
            for row in self.covgap_rows:
                if row[0] == group:
                    return row
            raise IndexError("no such group")
        return self.covgap_rows[group]

    def group(self, *groups):
        if not groups:
            return self.covgap_rows[0][1]
        if len(groups) == 1:
            return self._row(groups[0])[1]
        return tuple([self._row(group)[1] for group in groups])

    def __getitem__(self, group):
        return self._row(group)[1]

    def groups(self, default=None):
        return tuple([default if row[1] is None else row[1] for row in self.covgap_rows[1:]])

    def groupdict(self, default=None):
        return {row[0]: default if row[1] is None else row[1] for row in self.covgap_rows if row[0] is not None}

    def start(self, group=0):
        return self._row(group)[2]

    def end(self, group=0):
        return self._row(group)[3]

    def span(self, group=0):
        row = self._row(group)
        return (row[2], row[3])

    def expand(self, template):
        return _expanded(template, self)


def _expanded(template, match):
    """The template with the groups of the match; None, if it has other escapes."""
    if "\\" not in template:
        return template
    text, left = template, template
    for number in reversed(range(len(match.covgap_rows))):
        row = match.covgap_rows[number]
        for spelled in ("\\g<" + str(number) + ">", "\\g<" + (row[0] or "?") + ">", "\\" + str(number)):
            text = text.replace(spelled, row[1] or "")
            left = left.replace(spelled, "")
    return covgap.hole() if "\\" in left else text


class Pattern:
    covgap_pattern = True

    def __init__(self, pattern, flags):
        self.pattern = pattern
        self.flags = flags

    def _one(self, string, how, bounds):
        rows = covgap.unknown("run-time-value") if bounds else covgap.search(self.pattern, string, (how, self.flags))
        if not covgap.is_known(rows):
            return covgap.external("re." + how + "()")
        return None if rows is None else Match(rows, string, self)

    def match(self, string, *bounds):
        return self._one(string, "match", bounds)

    def fullmatch(self, string, *bounds):
        return self._one(string, "fullmatch", bounds)

    def search(self, string, *bounds):
        return self._one(string, "search", bounds)

    def _all(self, string, how, bounds):
        found = covgap.unknown("run-time-value") if bounds else covgap.search(self.pattern, string, ("all", self.flags))
        return found if covgap.is_certain(found) else covgap.external("re." + how + "()")

    def finditer(self, string, *bounds):
        found = self._all(string, "finditer", bounds)
        return iter([Match(rows, string, self) for rows in found]) if covgap.is_certain(found) else found

    def findall(self, string, *bounds):
        found = self._all(string, "findall", bounds)
        if not covgap.is_certain(found):
            return found
        return [_told(rows) for rows in found]

    def split(self, string, maxsplit=0):
        found = self._all(string, "split", ())
        if maxsplit or not covgap.is_certain(found):
            return covgap.external("re.split()")
        parts, at = [], 0
        for rows in found:
            parts.append(string[at : rows[0][2]])
            parts.extend([row[1] for row in rows[1:]])
            at = rows[0][3]
        parts.append(string[at:])
        return parts

    def sub(self, repl, string, count=0):
        found = self._all(string, "sub", ())
        if count or not covgap.is_certain(found):
            return covgap.external("re.sub()")
        text, at = "", 0
        for rows in found:
            match = Match(rows, string, self)
            text = text + string[at : rows[0][2]]
            text = text + (_expanded(repl, match) if isinstance(repl, str) else repl(match))
            at = rows[0][3]
        return text + string[at:]

    def subn(self, repl, string, count=0):
        return (self.sub(repl, string, count), covgap.unknown("run-time-value"))


def _told(rows):
    """What `findall` gives for a match: all of it, its only group, or its groups."""
    if len(rows) == 1:
        return rows[0][1]
    if len(rows) == 2:
        return rows[1][1] or ""
    return tuple([row[1] or "" for row in rows[1:]])


def compile(pattern, flags=0):
    return pattern if covgap.marks(pattern, "covgap_pattern") else Pattern(pattern, flags)


def match(pattern, string, flags=0):
    return compile(pattern, flags).match(string)


def fullmatch(pattern, string, flags=0):
    return compile(pattern, flags).fullmatch(string)


def search(pattern, string, flags=0):
    return compile(pattern, flags).search(string)


def finditer(pattern, string, flags=0):
    return compile(pattern, flags).finditer(string)


def findall(pattern, string, flags=0):
    return compile(pattern, flags).findall(string)


def split(pattern, string, maxsplit=0, flags=0):
    return compile(pattern, flags).split(string, maxsplit)


def sub(pattern, repl, string, count=0, flags=0):
    return compile(pattern, flags).sub(repl, string, count)


def subn(pattern, repl, string, count=0, flags=0):
    return compile(pattern, flags).subn(repl, string, count)


def escape(pattern):
    text = ""
    for letter in pattern:
        text = text + ("\\" + letter if letter in "()[]{}?*+-|^$\\.&~# \t\n\r\v\f" else letter)
    return text


def purge(): ...
