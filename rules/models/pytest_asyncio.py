"""`pytest_asyncio`: fixtures of coroutines."""

from pytest import fixture
