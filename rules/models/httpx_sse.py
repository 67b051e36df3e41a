"""`httpx_sse`: a stream of events is an answer that is read piece by piece.

Source: https://pypi.org/project/httpx-sse/
"""

from contextlib import asynccontextmanager, contextmanager

import covgap


class EventSource:
    def __init__(self, response):
        self.response = response

    def iter_sse(self):
        return covgap.unknown("run-time-value")

    def aiter_sse(self):
        return covgap.unknown("run-time-value")


@contextmanager
def connect_sse(client, method, url, **options):
    with client.stream(method, url, **options) as response:
        yield EventSource(response)


@asynccontextmanager
async def aconnect_sse(client, method, url, **options):
    async with client.stream(method, url, **options) as response:
        yield EventSource(response)
