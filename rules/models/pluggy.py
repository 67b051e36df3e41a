"""`pluggy`: hooks, called by name on every plugin that a manager knows, the last one registered first.

Not handled: wrappers around hooks, and hooks that go by another name than the function's.

Source: https://pluggy.readthedocs.io
"""

import covgap
import importlib.metadata


class _Marker:
    def __init__(self, project_name):
        self.project_name = project_name

    def __call__(self, function=None, **options):
        if function is None:
            return lambda marked: self._mark(marked, options)
        return self._mark(function, options)

    def _mark(self, function, options):
        setattr(function, self.project_name + self.suffix, options)
        return function


class HookspecMarker(_Marker):
    suffix = "_spec"


class HookimplMarker(_Marker):
    suffix = "_impl"


class PluginValidationError(Exception): ...


class _HookCaller:
    def __init__(self, manager, name, without=()):
        self.manager = manager
        self.name = name
        self.without = without

    def get_hookimpls(self):
        return covgap.unknown("library")

    def __call__(self, **arguments):
        first = self.manager.covgap_stops_at_first(self.name)
        results = []
        for implementation, options in self.manager.covgap_implementations(self.name, self.without):
            taken = [name for name, annotation, default, kind in covgap.parameters(implementation)]
            result = implementation(**{name: value for name, value in arguments.items() if name in taken})
            if result is None:
                continue
            if first:
                return result
            results.append(result)
        return None if first else results

    def call_extra(self, methods, kwargs):
        return self(**kwargs)

    def call_historic(self, result_callback=None, kwargs=None):
        self(**(kwargs or {}))


class _HookRelay:
    def __init__(self, manager):
        self.covgap_manager = manager

    def __getattr__(self, name):
        return _HookCaller(self.covgap_manager, name)


class PluginManager:
    def __init__(self, project_name):
        self.project_name = project_name
        self.covgap_plugins = {}
        self.covgap_specifications = []
        self.hook = _HookRelay(self)

    def add_hookspecs(self, module_or_class):
        self.covgap_specifications.append(module_or_class)

    def register(self, plugin, name=None):
        name = name or self.get_canonical_name(plugin)
        self.covgap_plugins[name] = plugin
        return name

    def unregister(self, plugin=None, name=None):
        name = name if plugin is None else self.get_name(plugin)
        return self.covgap_plugins.pop(name, None)

    def load_setuptools_entrypoints(self, group, name=None):
        found = importlib.metadata.entry_points(group=group)
        for entry in found:
            if (name is None or entry.name == name) and entry.name not in self.covgap_plugins:
                self.register(entry.load(), name=entry.name)
        return len(found)

    def get_canonical_name(self, plugin):
        return getattr(plugin, "__name__", None) or str(id(plugin))

    def get_name(self, plugin):
        for name, registered in self.covgap_plugins.items():
            if registered is plugin:
                return name
        return None

    def get_plugin(self, name):
        return self.covgap_plugins.get(name)

    def get_plugins(self):
        return list(self.covgap_plugins.values())

    def list_name_plugin(self):
        return list(self.covgap_plugins.items())

    def has_plugin(self, name):
        return name in self.covgap_plugins

    def is_registered(self, plugin):
        return self.get_name(plugin) is not None

    def is_blocked(self, name):
        return False

    def check_pending(self):
        return None

    def subset_hook_caller(self, name, remove_plugins):
        return _HookCaller(self, name, remove_plugins)

    def covgap_stops_at_first(self, name):
        for specification in self.covgap_specifications:
            function = getattr(specification, name, None)
            options = getattr(function, self.project_name + "_spec", None)
            if options is not None:
                return options.get("firstresult", False)
        return False

    def covgap_implementations(self, name, without):
        early, usual, late = [], [], []
        for plugin in reversed(list(self.covgap_plugins.values())):
            function = getattr(plugin, name, None)
            options = getattr(function, self.project_name + "_impl", None)
            if options is None or options.get("hookwrapper") or options.get("wrapper"):
                continue
            if any(one is plugin for one in without):
                continue
            rank = early if options.get("tryfirst") else late if options.get("trylast") else usual
            rank.append((function, options))
        return early + usual + late
