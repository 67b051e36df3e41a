"""`punq`: a container that makes what was registered for a type.

Source: https://punq.readthedocs.io/
"""

import covgap
from _resolved import made


class MissingDependencyError(Exception): ...
class InvalidRegistrationError(Exception): ...


class Scope:
    transient = "transient"
    singleton = "singleton"


class Container:
    def __init__(self):
        self.registrations = {}
        self.singletons = {}
        self.register(Container, instance=self)

    def register(self, service, factory=None, instance=None, scope=Scope.transient, **kwargs):
        self.singletons.pop(service, None)
        given = self.registrations.get(service, [])
        self.registrations[service] = [*given, (factory if factory is not None else service, instance, scope, kwargs)]
        return self

    def resolve(self, service, **kwargs):
        if service not in self.registrations:
            return covgap.instance(service)
        return self._built(service, self.registrations[service][-1], kwargs)

    def resolve_all(self, service, **kwargs):
        return [self._built(service, one, kwargs) for one in self.registrations.get(service, [])]

    def instantiate(self, service, **kwargs):
        return made(service, self.resolve)

    def _built(self, service, registration, kwargs):
        factory, instance, scope, given = registration
        if instance is not None:
            return instance
        if service in self.singletons:
            return self.singletons[service]
        result = made(factory, self._asked) if covgap.is_class(factory) and not given and not kwargs else self._called(factory, {**given, **kwargs})
        if scope == Scope.singleton:
            self.singletons[service] = result
        return result

    def _asked(self, kind):
        return self.resolve(kind)

    def _called(self, factory, given):
        arguments = {}
        for name, annotation, default, how in covgap.parameters(factory):
            if name not in given and not covgap.is_known(default) and how != 2 and how != 4:
                arguments[name] = self.resolve(covgap.plain_type(annotation))
        return factory(**{**arguments, **given})
