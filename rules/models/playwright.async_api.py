"""`playwright`, awaited: a browser opens pages.

Source: https://playwright.dev/python/docs/api/class-page#page-goto
"""

import covgap


class Page:
    async def goto(self, url, **options):
        covgap.request("http", None, "GET", url, "", True, "browser", "browser/visit")
        return covgap.unknown("run-time-value")

    def __getattr__(self, name):
        return covgap.unknown("run-time-value")


class Context:
    async def new_page(self, **options):
        return Page()

    async def __aenter__(self):
        return self

    async def __aexit__(self, *args):
        return None

    def __getattr__(self, name):
        return covgap.unknown("run-time-value")


class Browser(Context):
    async def new_context(self, **options):
        return Context()


class BrowserType:
    async def launch(self, **options):
        return Browser()

    async def connect(self, *args, **options):
        return Browser()

    async def launch_persistent_context(self, *args, **options):
        return Context()


class Playwright:
    def __init__(self):
        self.chromium = BrowserType()
        self.firefox = BrowserType()
        self.webkit = BrowserType()
        self.devices = covgap.unknown("run-time-value")

    async def start(self):
        return self

    async def stop(self):
        return None

    async def __aenter__(self):
        return self

    async def __aexit__(self, *args):
        return None


def async_playwright():
    return Playwright()


def expect(*args, **options):
    return covgap.unknown("run-time-value")


BrowserContext = Context
Error = Exception
TimeoutError = Exception
