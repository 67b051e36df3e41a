"""`pytest-playwright`: a page for every test.

Source: https://playwright.dev/python/docs/test-runners#fixtures
"""

import pytest
from playwright.sync_api import Browser, Context, Page, Playwright


@pytest.fixture
def page():
    return Page()


@pytest.fixture
def context():
    return Context()


@pytest.fixture
def browser():
    return Browser()


@pytest.fixture
def playwright():
    return Playwright()
