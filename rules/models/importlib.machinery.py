"""`importlib.machinery`: what is known of a module before it runs.

Source: https://docs.python.org/3/library/importlib.html#module-importlib.machinery
"""

import covgap


class ModuleSpec:
    def __init__(self, name, loader, *, origin=None, loader_state=None, is_package=None):
        self.name = name
        self.loader = loader
        self.origin = origin
        self.submodule_search_locations = None


class SourceFileLoader:
    def __init__(self, fullname, path):
        self.name = fullname
        self.path = path

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        return None

    def load_module(self, name=None):
        return covgap.module_at(str(self.path))
