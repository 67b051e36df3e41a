"""`starlette.websockets`: one side of a WebSocket.

Source: https://www.starlette.io/websockets/
"""

import covgap
from starlette.requests import HTTPConnection


class WebSocketDisconnect(Exception):
    covgap_disconnect = True

    def __init__(self, code=1000, reason=None):
        self.code = code
        self.reason = reason


class WebSocketState:
    CONNECTING = 0
    CONNECTED = 1
    DISCONNECTED = 2
    RESPONSE = 3


class WebSocket(HTTPConnection):
    def close(self, code=1000, reason=None):
        covgap.closed(code)
