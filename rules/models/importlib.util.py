"""`importlib.util`: a module is made of the file at a path.

Not handled: such a module is the one that an import of the file gives, not another beside it.

Source: https://docs.python.org/3/library/importlib.html#importlib.util.spec_from_file_location
"""

import covgap
from importlib.machinery import ModuleSpec, SourceFileLoader


def find_spec(name, package=None):
    if name.startswith("."):
        return covgap.external("importlib.util.find_spec()")
    if covgap.has_module(name):
        return ModuleSpec(name, covgap.external("importlib.util.find_spec().loader"), origin=covgap.hole())
    return None


def spec_from_file_location(name, location=None, *, loader=None, submodule_search_locations=None):
    return ModuleSpec(name, loader or SourceFileLoader(name, location), origin=location)


def spec_from_loader(name, loader, *, origin=None, is_package=None):
    return ModuleSpec(name, loader, origin=origin or loader.path)


def module_from_spec(spec):
    return covgap.module_at(str(spec.origin))
