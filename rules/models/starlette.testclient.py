"""`starlette.testclient`: sends requests to an application in the same process.

Source: https://www.starlette.io/testclient/
"""

import covgap
import httpx
from anyio.from_thread import BlockingPortal


class WebSocketDenialResponse(httpx.Response):
    """A WebSocket that is refused with a status of HTTP. The real one is a `WebSocketDisconnect`, too: of that the status is not known."""

    covgap_denial = True


class WebSocketTestSession:
    def __init__(self, request):
        self.covgap_request = request

    def __enter__(self):
        return self

    def __exit__(self, kind, value, traceback):
        return None

    def __getattr__(self, name):
        covgap.accepted(self.covgap_request)
        return covgap.unknown("run-time-value")


class TestClient(httpx.Client):
    __test__ = False
    covgap_websockets = True

    def __init__(self, app=None, base_url="http://testserver", raise_server_exceptions=True, root_path="", backend="asyncio", backend_options=None, cookies=None, headers=None, follow_redirects=True, client=None):
        super().__init__(base_url=base_url, headers=headers, cookies=cookies, follow_redirects=follow_redirects)
        self.app = app
        self.covgap_app = app
        self.covgap_root_path = root_path
        self.portal = None

    def __enter__(self):
        self.portal = BlockingPortal()
        covgap.lifespan(self.covgap_app)
        return self

    def websocket_connect(self, url, subprotocols=None, **options):
        return WebSocketTestSession(covgap.request("websocket", self.covgap_app, "GET", httpx.covgap_routed(self, url), httpx.covgap_base(self), True, "in-process", "starlette/websocket-connect", httpx.covgap_sent(self, options), self))
