"""`dependency_injector.containers`: providers by name. An instance of a container has those of its class: what is wired to
`Container.lamps` gets what the instance that the application has made gives, whether a test replaces it there or in the class.

Source: https://python-dependency-injector.ets-labs.org/containers/
"""

import covgap

made = []


class WiringConfiguration:
    def __init__(self, *args, **options): ...


class Container:
    covgap_container = True

    def __init__(self, **replacements):
        made.append(self)
        self.override_providers(**replacements)

    def override_providers(self, **replacements):
        for name, replacement in replacements.items():
            getattr(self, name).override(replacement)

    def reset_override(self): ...
    def reset_singletons(self): ...
    def wire(self, *args, **options): ...
    def unwire(self): ...
    def check_dependencies(self): ...

    def init_resources(self, *args):
        return covgap.awaitable[None]

    def shutdown_resources(self, *args):
        return covgap.awaitable[None]


class DeclarativeContainer(Container): ...


class DynamicContainer(Container): ...


def copy(base):
    return lambda cls: cls


def override(base):
    return lambda cls: cls
