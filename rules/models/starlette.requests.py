"""`starlette.requests`: what a handler sees of a request.

Source: https://www.starlette.io/requests/
"""

import covgap
from starlette.datastructures import Address, Headers, State, URL


class HTTPConnection:
    covgap_connection = True
    covgap_root = None

    def __init__(self, scope=None, receive=None, send=None):
        self.scope = scope
        if scope is not None and covgap.is_known(scope):
            self.url = URL(scope["path"])
            self.method = scope.get("method")
            self.app = scope["app"]
            told = scope.get("covgap_request")
            if told is not None:
                self.headers = told.headers
                self.cookies = told.cookies
                self.query_params = told.query_params
        self.state = State()

    def covgap_receive(self, sent):
        """What a request of which something is known carries."""
        self.url = URL(sent["url"])
        self.headers = Headers(sent["headers"], covgap_host=self.url.netloc)
        self.cookies = sent["cookies"]
        self.query_params = sent["query"]
        self.path_params = sent["path"]
        self.method = sent["method"]
        self.covgap_root = sent["root"]
        # A test's client says where it is; a server behind a Unix socket does not.
        self.client = Address(covgap.unknown("run-time-value"), covgap.unknown("run-time-value"))
        # Nothing has set a cookie yet: nothing is remembered of the client.
        self.session = {**covgap.unknown("run-time-value")} if self.cookies else {}

    def __getitem__(self, key):
        return covgap.unknown("run-time-value")

    def __getattr__(self, name):
        return covgap.unknown("run-time-value")

    def url_for(self, name, /, **params):
        root = self.covgap_root if self.covgap_root is not None else self.app
        return URL("http://" + covgap.hole() + covgap.url_for(root, name, params))


class Request(HTTPConnection): ...
class ClientDisconnect(Exception): ...
