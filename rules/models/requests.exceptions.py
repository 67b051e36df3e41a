"""`requests.exceptions`."""

import covgap
from httpx import Response


class RequestException(OSError): ...


class HTTPError(RequestException):
    covgap_failing = True

    def covgap_answered(self, request):
        self.response = Response(covgap.status(request), covgap_answer=covgap.body(request))


class ConnectionError(RequestException): ...
class Timeout(RequestException): ...
class ConnectTimeout(ConnectionError, Timeout): ...
class ReadTimeout(Timeout): ...
