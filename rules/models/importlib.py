"""`importlib`: a known name is imported.

Source: https://docs.python.org/3/library/importlib.html
"""

import covgap


def import_module(name, package=None):
    return covgap.import_module(name, package)


def reload(module):
    return module
