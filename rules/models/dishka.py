"""`dishka`: a container that makes an object of a type, as its providers say, or as the type's constructor does.

Source: https://dishka.readthedocs.io/
"""

import typing

import covgap
import fastapi
from _resolved import made
from starlette.requests import HTTPConnection

# In its own repository its code says more.
covgap_yields = True


class Scope:
    RUNTIME = "RUNTIME"
    APP = "APP"
    SESSION = "SESSION"
    REQUEST = "REQUEST"
    ACTION = "ACTION"
    STEP = "STEP"


class _Source:
    """What a provider makes, and of which types it is."""

    covgap_source = True

    def __init__(self, source, provides):
        self.source = source
        self.provides = provides

    def kind(self):
        if self.provides is not None:
            return self.provides
        if covgap.is_class(self.source):
            return self.source
        return dict(covgap.annotations(self.source)).get("return")


def provide(source=None, *, scope=None, provides=None, **options):
    if source is None:
        return lambda source: _Source(source, provides)
    return _Source(source, provides)


def provide_all(*sources, scope=None, **options):
    return [_Source(source, None) for source in sources]


def from_context(provides, *, scope=None, **options):
    return None


def alias(source, *, provides, **options):
    return _Source(source, provides)


def decorate(source=None, *, provides=None, scope=None, **options):
    return None


class Provider:
    scope = None

    def __init__(self, scope=None, component=None):
        self.covgap_added = []

    def provide(self, source, *, scope=None, provides=None, **options):
        self.covgap_added.append(_Source(source, provides))

    def provide_all(self, *sources, scope=None, **options):
        self.covgap_added.extend(provide_all(*sources))

    def alias(self, source, *, provides, **options):
        self.covgap_added.append(_Source(source, provides))

    def from_context(self, provides, *, scope=None, **options): ...
    def decorate(self, source, **options): ...

    def covgap_sources(self):
        """What was added later is asked first."""
        found = []
        for name in dir(type(self)):
            value = getattr(type(self), name)
            found.extend(value if isinstance(value, list) else [value])
        return [one for one in reversed([*found, *self.covgap_added]) if covgap.marks(one, "covgap_source")]


class Container:
    def __init__(self, providers, context):
        self.providers = providers
        self.context = context
        self.objects = {}

    def get(self, kind, component=None):
        if kind in self.context:
            return self.context[kind]
        if kind not in self.objects:
            self.objects[kind] = self.covgap_made(kind)
        return self.objects[kind]

    def covgap_made(self, kind):
        for provider in reversed(self.providers):
            for one in provider.covgap_sources():
                if one.kind() is kind:
                    return self.covgap_from(one.source, provider)
        return covgap.instance(kind)

    def covgap_from(self, source, provider):
        if covgap.is_class(source):
            return made(source, self.get)
        arguments = {}
        for name, annotation, default, how in covgap.parameters(source):
            if name == "self":
                arguments[name] = provider
            elif not covgap.is_known(default):
                arguments[name] = self.get(covgap.plain_type(annotation))
        return covgap.first(source(**arguments))

    def __call__(self, context=None, scope=None, **options):
        return Container(self.providers, {**self.context, **(context or {})})

    def __enter__(self):
        return self

    def __exit__(self, *error):
        return None

    def close(self, *args): ...


AsyncContainer = Container


def make_container(*providers, context=None, **options):
    return Container(providers, context or {})


make_async_container = make_container


def _asked(kind):
    def give(connection: HTTPConnection):
        container = getattr(connection.app.state, "dishka_container", None)
        return container.get(kind) if isinstance(container, Container) else covgap.instance(kind)

    return give


class FromDishka:
    def __class_getitem__(cls, kind):
        return typing.Annotated[kind, fastapi.Depends(_asked(kind))]
