"""`pytest_lazy_fixtures`: a parameter that stands for what a fixture gives.

Source: https://pypi.org/project/pytest-lazy-fixtures/
"""

import covgap


class LazyFixtureWrapper:
    def __init__(self, name):
        self.name = name

    def covgap_given(self):
        first, *rest = self.name.split(".")
        value = covgap.fixture_value(first)
        for name in rest:
            value = getattr(value, name)
        return value


class LazyFixtureCallableWrapper:
    def __init__(self, function, args, kwargs):
        self.function = function
        self.args = args
        self.kwargs = kwargs

    def covgap_given(self):
        function = covgap.fixture_value(self.function) if isinstance(self.function, str) else self.function
        args = [given(one) for one in self.args]
        kwargs = {name: given(one) for name, one in self.kwargs.items()}
        return function(*args, **kwargs)


def given(value):
    return value.covgap_given() if isinstance(value, (LazyFixtureWrapper, LazyFixtureCallableWrapper)) else value


def lf(name):
    return LazyFixtureWrapper(name)


def lfc(function, *args, **kwargs):
    return LazyFixtureCallableWrapper(function, args, kwargs)
