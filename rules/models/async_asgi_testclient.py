"""`async_asgi_testclient`: an asynchronous client of an application in the same process."""

import covgap
import httpx
from starlette.testclient import WebSocketTestSession


class TestClient(httpx.Client):
    __test__ = False
    covgap_awaited = True

    def __init__(self, application, *args, **options):
        super().__init__(app=application, base_url="http://localhost", follow_redirects=True)
        self.application = application

    def __aenter__(self):
        covgap.lifespan(self.covgap_app)
        return self

    def websocket_connect(self, url, **options):
        return WebSocketTestSession(covgap.request("websocket", self.covgap_app, "GET", url, httpx.covgap_base(self), True, "in-process", "async-asgi-testclient/websocket-connect", None, self))
