"""`sys`: the version of Python that the analysis assumes.

Source: https://docs.python.org/3/library/sys.html
"""

import covgap

version_info = (3, 12, 1, "final", 0)
platform = "linux"
path = []
argv = []


class _Modules:
    def __getitem__(self, name):
        return covgap.import_module(name)

    def get(self, name, default=None):
        return covgap.import_module(name)

    def __setitem__(self, name, module):
        covgap.replace_module(name, module)

    def update(self, modules):
        for name, module in modules.items():
            covgap.replace_module(name, module)

    def pop(self, name, default=None):
        return default

    def __delitem__(self, name): ...

    def copy(self):
        return self

    def __iter__(self):
        return iter(covgap.external("sys.modules"))

    def __contains__(self, name):
        return covgap.unknown("run-time-value")


modules = _Modules()


def exit(status=None):
    raise SystemExit(status)
