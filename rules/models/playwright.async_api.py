"""`playwright`, awaited: a browser opens pages.

What is awaited has run already, and `async with` enters what `with` would: the classes are those of the other module.

Source: https://playwright.dev/python/docs/api/class-page#page-goto
"""

from playwright.sync_api import *
from playwright.sync_api import sync_playwright as async_playwright
