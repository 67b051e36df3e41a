"""`starlette.endpoints`: classes as endpoints.

Source: https://www.starlette.io/endpoints/
"""


class HTTPEndpoint:
    covgap_endpoint = True

    def __init__(self, scope=None, receive=None, send=None):
        self.scope = scope


class WebSocketEndpoint:
    covgap_endpoint = True

    def __init__(self, scope=None, receive=None, send=None):
        self.scope = scope
