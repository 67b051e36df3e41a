"""`pkg_resources`: entry points in the way of older setuptools.

Source: https://setuptools.pypa.io/en/latest/pkg_resources.html
"""

from importlib.metadata import entry_points


def iter_entry_points(group, name=None):
    return entry_points(group=group, name=name)
