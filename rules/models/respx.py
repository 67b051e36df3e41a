"""`respx`: answers for requests to other hosts. What it routes is no request.

Source: https://lundberg.github.io/respx/
"""

import covgap
import pytest


class _Router:
    def __enter__(self):
        return self

    def __exit__(self, *args):
        return None

    def __call__(self, function):
        return function

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
    return _Router()
