"""`pytest_benchmark`: the fixture calls what it measures, and gives its result. `pytest-codspeed` has the same.

Source: https://pytest-benchmark.readthedocs.io/en/stable/usage.html
"""

import covgap
import pytest


class BenchmarkFixture:
    def __init__(self):
        self.extra_info = {}
        self.stats = covgap.unknown("run-time-value")

    def __call__(self, function, *args, **kwargs):
        return function(*args, **kwargs)

    def pedantic(self, target, args=(), kwargs=None, setup=None, teardown=None, **options):
        if setup is not None:
            given = setup()
            if given is not None:
                args, kwargs = given
        return target(*args, **(kwargs or {}))


@pytest.fixture
def benchmark():
    return BenchmarkFixture()
