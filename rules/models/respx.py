"""`respx`: answers for requests to other hosts. What it routes is no request.

Source: https://lundberg.github.io/respx/
"""

import covgap
import pytest


class _Router:
    def start(self):
        covgap.stand_in("respx")

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *args):
        return None

    def __call__(self, function=None, **options):
        return self if function is None else covgap.patched(function, self, False)

    def __getattr__(self, name):
        return covgap.unknown("double")


class MockRouter(_Router):
    def __init__(self, *args, **options): ...


mock = _Router()


def get(*args, **kwargs):
    return covgap.unknown("double")


post = put = patch = delete = head = options = route = request = get


@pytest.fixture
def respx_mock():
    covgap.stand_in("respx")
    return _Router()
