"""`aiohttp`: a client over the network whose answers are contexts.

Source: https://docs.aiohttp.org/en/stable/client.html
"""

import covgap
import httpx


class ClientError(Exception): ...
class ClientConnectionError(ClientError): ...
class ClientResponseError(ClientError): ...
class ClientTimeout: ...


class ClientResponse(httpx.Response):
    @property
    def status(self):
        return self.status_code

    def text(self, **options):
        return self.covgap_answer

    def read(self):
        return self.covgap_answer


class ClientSession(httpx.Client):
    def __init__(self, base_url="", **options):
        super().__init__(base_url=base_url, follow_redirects=True, headers=options.get("headers"), cookies=options.get("cookies"), auth=options.get("auth"))

    def request(self, method, url, **options):
        request = covgap.request("http", None, method, url, httpx.covgap_base(self), True, "network", "aiohttp/request", httpx.covgap_sent(self, options))
        return ClientResponse(covgap.status(request), covgap_answer=covgap.body(request))

    def ws_connect(self, url, **options):
        covgap.request("websocket", None, "GET", url, httpx.covgap_base(self), True, "network", "aiohttp/ws-connect")
        return _WebSocket()


class _WebSocket:
    def __aenter__(self):
        return self

    def __aexit__(self, *args):
        return None

    def __getattr__(self, name):
        return covgap.unknown("run-time-value")
