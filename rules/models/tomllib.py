"""`tomllib`: a text of the project is what it says; of every other one, nobody knows.

Source: https://docs.python.org/3/library/tomllib.html
"""

import covgap


def loads(s, **options):
    value = covgap.external("tomllib.loads")(s, **options)
    known = covgap.data("toml", s)
    return known if covgap.is_known(known) else value


def load(fp, **options):
    value = covgap.external("tomllib.load")(fp, **options)
    return loads(fp.read()) if covgap.marks(fp, "covgap_file") else value
