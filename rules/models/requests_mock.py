"""`requests_mock`: answers for what `requests` sends. What it registers is no request.

Source: https://requests-mock.readthedocs.io/
"""

import functools

import covgap
import pytest

ANY = covgap.unknown("library")


class Mocker:
    def __init__(self, *args, **options): ...

    def __enter__(self):
        covgap.stand_in("requests_mock")
        return self

    def __exit__(self, *args):
        return None

    def __call__(self, function):
        if covgap.is_class(function):
            return function

        @functools.wraps(function)
        def wrapped(*args, **kwargs):
            with self:
                return function(*args, self, **kwargs)

        return wrapped

    def __getattr__(self, name):
        return covgap.unknown("double")


class Adapter(Mocker): ...


mock = Mocker


@pytest.fixture
def requests_mock():
    covgap.stand_in("requests_mock")
    return Mocker()
