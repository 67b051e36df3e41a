"""`dependency_injector.wiring`: parameters that a provider of the application's container gives.

Source: https://python-dependency-injector.ets-labs.org/wiring.html
"""

import functools

import covgap
from dependency_injector.containers import made


class _Marker:
    covgap_marker = True

    def __init__(self, provider):
        self.covgap_named = provider

    def __class_getitem__(cls, provider):
        return cls(provider)

    def covgap_provider_of(self):
        provider = self.covgap_named
        if isinstance(provider, str):
            found = made[-1]
            for part in provider.split("."):
                found = getattr(found, part)
            return found
        return provider

    def __call__(self):
        """What `Depends` asks it for."""
        return self.covgap_provider_of()()


class Provide(_Marker): ...


class Closing(_Marker):
    def covgap_provider_of(self):
        return self.covgap_named


class Provider(_Marker):
    def __call__(self):
        return self.covgap_provider_of()


def _wanted(default, annotation):
    for one in [default, *covgap.metadata(annotation)]:
        if covgap.marks(one, "covgap_marker"):
            return one


def inject(function):
    """What `Depends` asks for is given by the framework."""
    wanted = []
    for position, (name, annotation, default, kind) in enumerate(covgap.parameters(function)):
        marker = _wanted(default, annotation)
        if marker is not None:
            wanted.append((position, name, marker))
    if not wanted:
        return function

    @functools.wraps(function)
    def wrapped(*args, **kwargs):
        for position, name, marker in wanted:
            if name not in kwargs and position >= len(args):
                kwargs[name] = marker()
        return function(*args, **kwargs)

    return wrapped


def required(*args, **options):
    return lambda marker: marker


as_int = as_float = provided = invariant = required
