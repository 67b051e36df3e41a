"""The fixtures that pytest itself provides.

Source: https://docs.pytest.org/en/stable/reference/fixtures.html
"""

import covgap
import pytest


@pytest.fixture
def monkeypatch():
    return pytest.MonkeyPatch()


@pytest.fixture
def tmp_path():
    return covgap.external("pathlib.Path()")


@pytest.fixture
def tmpdir():
    return covgap.external("pathlib.Path()")


@pytest.fixture
def tmp_path_factory():
    return covgap.external("pytest.TempPathFactory()")


@pytest.fixture
def tmpdir_factory():
    return covgap.external("pytest.TempPathFactory()")


@pytest.fixture
def capsys():
    return covgap.external("pytest.CaptureFixture()")


@pytest.fixture
def capfd():
    return covgap.external("pytest.CaptureFixture()")


@pytest.fixture
def caplog():
    return covgap.external("pytest.LogCaptureFixture()")


@pytest.fixture
def recwarn():
    return covgap.external("pytest.WarningsRecorder()")


@pytest.fixture
def pytestconfig():
    return covgap.external("pytest.Config()")


@pytest.fixture
def subtests():
    return _Subtests()


class _Subtests:
    def test(self, *args, **kwargs):
        return self

    def __enter__(self):
        return self

    def __exit__(self, *args):
        return None


@pytest.fixture
def event_loop():
    import asyncio

    return asyncio.get_event_loop()


@pytest.fixture
def anyio_backend():
    return "asyncio"
