"""`tomllib`: what a text of the project says.

Source: https://docs.python.org/3/library/tomllib.html
"""

import covgap
from _data_files import said


def loads(s, **options):
    return said("toml", s, covgap.external("tomllib.loads")(s, **options))


def load(fp, **options):
    return said("toml", fp, covgap.external("tomllib.load")(fp, **options))
