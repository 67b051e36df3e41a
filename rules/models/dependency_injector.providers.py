"""`dependency_injector.providers`: what makes objects, of what other providers make.

Source: https://python-dependency-injector.ets-labs.org/providers/
"""

import covgap


def _made(value):
    return value() if covgap.marks(value, "covgap_provider") else value


class _Override:
    def __init__(self, provider):
        self.provider = provider

    def __enter__(self):
        return self.provider

    def __exit__(self, *error):
        self.provider.reset_last_overriding()


class Provider:
    covgap_provider = True

    def __init__(self, provides=None, *args, **kwargs):
        self.covgap_overriding = []
        self.provides = provides
        self.args = args
        self.kwargs = kwargs

    def __call__(self, *args, **kwargs):
        if self.covgap_overriding:
            return _made(self.covgap_overriding[-1])
        return self.covgap_provide(args, kwargs)

    async_ = __call__

    def override(self, provider):
        covgap.double(self.provides, "dependency_injector/override", provider)
        self.covgap_overriding.append(provider)
        return _Override(self)

    def reset_last_overriding(self):
        if self.covgap_overriding:
            self.covgap_overriding.pop()

    def reset_override(self):
        self.covgap_overriding.clear()

    def reset(self): ...

    def delegate(self):
        return self.provider

    @property
    def provider(self):
        return Object(self)

    @property
    def provided(self):
        return _Provided(self, lambda value: value)

    def add_args(self, *args):
        self.args = (*self.args, *args)
        return self

    def add_kwargs(self, **kwargs):
        self.kwargs = {**self.kwargs, **kwargs}
        return self


class _Provided:
    """A part of what a provider makes."""

    covgap_provider = True

    def __init__(self, provider, part):
        self.covgap_source = provider
        self.covgap_part = part

    def __call__(self):
        return self.covgap_part(self.covgap_source())

    def __getattr__(self, name):
        return _Provided(self, lambda value: getattr(value, name))

    def __getitem__(self, key):
        return _Provided(self, lambda value: value[key])

    def call(self, *args, **kwargs):
        return _Provided(self, lambda value: value(*[_made(one) for one in args], **{name: _made(one) for name, one in kwargs.items()}))


class Object(Provider):
    def covgap_provide(self, args, kwargs):
        return self.provides


class Self(Object): ...


class Factory(Provider):
    def covgap_provide(self, args, kwargs):
        given = [_made(one) for one in self.args]
        named = {name: _made(one) for name, one in self.kwargs.items()}
        return _made_by(self.provides)(*given, *args, **{**named, **kwargs})


def _made_by(provides):
    # A method of what another provider makes.
    return provides() if isinstance(provides, _Provided) else provides


class DelegatedFactory(Factory): ...
class AbstractFactory(Factory): ...
class Callable(Factory): ...
class DelegatedCallable(Factory): ...
class AbstractCallable(Factory): ...
class Coroutine(Factory): ...


class Singleton(Factory):
    covgap_instance = None

    def covgap_provide(self, args, kwargs):
        if self.covgap_instance is None:
            self.covgap_instance = super().covgap_provide(args, kwargs)
        return self.covgap_instance

    def reset(self):
        self.covgap_instance = None


class DelegatedSingleton(Singleton): ...
class ThreadSafeSingleton(Singleton): ...
class ThreadLocalSingleton(Singleton): ...
class ContextLocalSingleton(Singleton): ...
class AbstractSingleton(Singleton): ...


class Resource(Singleton):
    """A function that gives it once, and takes it back after a `yield`; or a class that does."""

    def covgap_provide(self, args, kwargs):
        if self.covgap_instance is None:
            given = super(Singleton, self).covgap_provide(args, kwargs)
            self.covgap_instance = given.init(*args, **kwargs) if hasattr(given, "init") else covgap.first(given)
        return self.covgap_instance

    def init(self):
        return self()

    def shutdown(self):
        self.covgap_instance = None


class List(Provider):
    def __init__(self, *args):
        super().__init__(None, *args)

    def covgap_provide(self, args, kwargs):
        return [_made(one) for one in self.args]


class Dict(Provider):
    def __init__(self, dict_=None, **kwargs):
        super().__init__(None, **kwargs)
        self.items = dict_ or {}

    def covgap_provide(self, args, kwargs):
        return {name: _made(one) for name, one in {**self.items, **self.kwargs}.items()}


class Selector(Provider):
    def covgap_provide(self, args, kwargs):
        return self.kwargs[_made(self.provides)](*args, **kwargs)

    def __getattr__(self, name):
        return self.kwargs[name]


class Aggregate(Provider):
    def __init__(self, dict_=None, **kwargs):
        super().__init__(None, **{**(dict_ or {}), **kwargs})

    def __call__(self, name, *args, **kwargs):
        return self.kwargs[name](*args, **kwargs)

    def __getattr__(self, name):
        return self.kwargs[name]


class FactoryAggregate(Aggregate): ...


class Dependency(Provider):
    """What another container gives; without one, an instance of what it must be."""

    def __init__(self, instance_of=object, default=None):
        super().__init__(instance_of)
        self.default = default

    def covgap_provide(self, args, kwargs):
        return _made(self.default) if self.default is not None else covgap.instance(self.provides)


class ExternalDependency(Dependency): ...


class DependenciesContainer(Provider):
    def __getattr__(self, name):
        given = Dependency()
        setattr(self, name, given)
        return given

    def override(self, container):
        for name, provider in vars(container).items():
            if covgap.marks(provider, "covgap_provider"):
                setattr(self, name, provider)


class Container(Provider):
    """A container in another: what it needs is given to it."""

    def __init__(self, container_cls, container=None, **overriding_providers):
        super().__init__(container_cls)
        self.covgap_inner = container if container is not None else container_cls(**overriding_providers)

    def __getattr__(self, name):
        return getattr(self.covgap_inner, name)

    def covgap_provide(self, args, kwargs):
        return self.covgap_inner


class ConfigurationOption:
    covgap_provider = True

    def __call__(self, *args, **kwargs):
        return covgap.unknown("setting")

    def __getattr__(self, name):
        return ConfigurationOption()

    def __getitem__(self, name):
        return ConfigurationOption()

    def as_(self, *args, **kwargs):
        return ConfigurationOption()

    as_int = as_float = as_bool = required = as_

    def override(self, value):
        return _Override(Object())

    from_dict = from_yaml = from_json = from_ini = from_env = from_value = from_pydantic = reset_override = reset_last_overriding = override

    def update(self, *args, **kwargs): ...


class Configuration(ConfigurationOption):
    def __init__(self, *args, **options): ...
