"""`lagom`: a container that makes an object of a type, as it was told to, or as the type's constructor says.

Source: https://lagom-di.readthedocs.io/
"""

import functools

import covgap
from _resolved import made


class Singleton:
    covgap_definition = "singleton"

    def __init__(self, construction):
        self.construction = construction


class Alias(Singleton):
    covgap_definition = "alias"


class PlainInstance(Singleton):
    covgap_definition = "plain"


class Container:
    def __init__(self, container=None, *args, **options):
        self.definitions = {**container.definitions} if isinstance(container, Container) else {}
        self.singletons = {}

    def __setitem__(self, kind, definition):
        self.define(kind, definition)

    def define(self, kind, definition):
        self.singletons.pop(kind, None)
        self.definitions[kind] = definition
        return definition

    def __getitem__(self, kind):
        return self.resolve(kind)

    def resolve(self, kind, suppress_error=False, **options):
        if kind in self.singletons:
            return self.singletons[kind]
        if kind not in self.definitions:
            return made(kind, self.resolve)
        definition = self.definitions[kind]
        result = self._made(definition)
        if covgap.marks(definition, "covgap_definition") == "singleton":
            self.singletons[kind] = result
        return result

    def _made(self, definition):
        if isinstance(definition, PlainInstance):
            return definition.construction
        if isinstance(definition, Alias):
            return self.resolve(definition.construction)
        if isinstance(definition, Singleton):
            return self._made(definition.construction)
        if covgap.is_class(definition):
            return made(definition, self.resolve)
        if covgap.is_function(definition):
            return definition(self) if covgap.parameters(definition) else definition()
        return definition

    def clone(self):
        return Container(self)

    def temporary_singletons(self, *args):
        return self

    def __enter__(self):
        return self

    def __exit__(self, *error):
        return None

    def partial(self, function, *args, **options):
        return magic_bind_to_container(self)(function)

    magic_partial = partial


class ExplicitContainer(Container): ...


def magic_bind_to_container(container, *args, **options):
    def decorate(function):
        @functools.wraps(function)
        def bound(*args, **kwargs):
            for position, (name, annotation, default, how) in enumerate(covgap.parameters(function)):
                wanted = covgap.is_class(covgap.plain_type(annotation)) and not covgap.is_known(default)
                if wanted and position >= len(args) and name not in kwargs and how != 2 and how != 4:
                    kwargs[name] = container.resolve(covgap.plain_type(annotation))
            return function(*args, **kwargs)

        return bound

    return decorate


bind_to_container = magic_bind_to_container
injectable = covgap.unknown("parameter")


def dependency_definition(container, singleton=False):
    def decorate(function):
        container.define(dict(covgap.annotations(function)).get("return"), Singleton(function) if singleton else function)
        return function

    return decorate
