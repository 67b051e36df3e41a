"""`json`: what a text of the project says.

Source: https://docs.python.org/3/library/json.html
"""

import covgap
from _data_files import said


def loads(s, **options):
    return said("json", s, covgap.external("json.loads")(s, **options))


def load(fp, **options):
    return said("json", fp, covgap.external("json.load")(fp, **options))
