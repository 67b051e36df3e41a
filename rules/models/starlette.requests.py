"""`starlette.requests`: what a handler sees of a request.

Source: https://www.starlette.io/requests/
"""

import covgap


class HTTPConnection:
    covgap_connection = True

    def __init__(self, scope=None, receive=None, send=None):
        self.scope = scope

    def __getitem__(self, key):
        return covgap.unknown("run-time-value")

    def __getattr__(self, name):
        return covgap.unknown("run-time-value")

    def url_for(self, name, /, **params):
        return covgap.hole()


class Request(HTTPConnection): ...
class ClientDisconnect(Exception): ...
