"""`json`: what a text of the project says.

Source: https://docs.python.org/3/library/json.html
"""

import covgap
from _data_files import said


class JSONDecodeError(ValueError): ...


def dumps(obj, **options):
    """The text of a plain value; any other is sealed in the text that stands for it."""
    if obj is None:
        return "null"
    if isinstance(obj, bool):
        return "true" if obj else "false"
    if isinstance(obj, (int, float)):
        return str(obj)
    return covgap.sealed(("json", obj))


def dump(obj, fp, **options):
    fp.write(dumps(obj))


def loads(s, **options):
    return said("json", s, covgap.external("json.loads")(s, **options))


def load(fp, **options):
    return said("json", fp, covgap.external("json.load")(fp, **options))
