"""`pytest_lazyfixture`: a parameter that stands for what a fixture gives.

Source: https://pypi.org/project/pytest-lazy-fixture/
"""

from pytest_lazy_fixtures import LazyFixtureWrapper


def lazy_fixture(names):
    if isinstance(names, str):
        return LazyFixtureWrapper(names)
    return [LazyFixtureWrapper(name) for name in names]
