"""`textwrap`: the space in front of lines.

Source: https://docs.python.org/3/library/textwrap.html
"""

import covgap


def dedent(text):
    if not covgap.is_known(len(text)):
        return text
    lines = text.split("\n")
    margin = None
    for line in lines:
        if line.strip():
            size = len(line) - len(line.lstrip())
            margin = size if margin is None else min(margin, size)
    return "\n".join([line[margin or 0 :] if line.strip() else "" for line in lines])


def indent(text, prefix, predicate=None):
    return "\n".join([prefix + line if line.strip() else line for line in text.split("\n")])


def fill(text, width=70, **options):
    return covgap.hole()


shorten = fill


def wrap(text, width=70, **options):
    return covgap.unknown("run-time-value")
