"""`requests.exceptions`."""

import covgap


class RequestException(OSError): ...


class _Answered:
    """The response that an exception for its status carries."""

    def __init__(self, request):
        self.status_code = covgap.status(request)
        self.covgap_answer = covgap.body(request)

    def __getattr__(self, name):
        return self.covgap_answer

    def json(self, **options):
        return self.covgap_answer


class HTTPError(RequestException):
    covgap_failing = True

    def covgap_answered(self, request):
        self.response = _Answered(request)


class ConnectionError(RequestException): ...
class Timeout(RequestException): ...
class ConnectTimeout(ConnectionError, Timeout): ...
class ReadTimeout(Timeout): ...
