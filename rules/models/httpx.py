"""`httpx`: clients over the network, over an ASGI application, or over a stub.

Source: https://www.python-httpx.org/api/
"""

import base64
import covgap
from _data_files import said


class HTTPError(Exception): ...
class RequestError(HTTPError): ...
class TransportError(RequestError): ...
class TimeoutException(TransportError): ...
class ConnectTimeout(TimeoutException): ...
class ReadTimeout(TimeoutException): ...
class NetworkError(TransportError): ...
class ConnectError(NetworkError): ...
class ReadError(NetworkError): ...
class InvalidURL(Exception): ...


class HTTPStatusError(HTTPError):
    covgap_failing = True

    def __init__(self, message, *, request=None, response=None):
        self.response = response

    def covgap_answered(self, request):
        self.response = Response(covgap.status(request), covgap_answer=covgap.body(request))


class Response:
    def __init__(self, status_code=200, *, headers=None, content=None, json=None, text=None, request=None, covgap_answer=covgap.unknown("run-time-value"), **options):
        self.status_code = status_code
        self.covgap_answer = covgap_answer

    @property
    def is_success(self):
        return 200 <= self.status_code < 300

    @property
    def is_error(self):
        return 400 <= self.status_code < 600

    @property
    def is_client_error(self):
        return 400 <= self.status_code < 500

    @property
    def is_server_error(self):
        return 500 <= self.status_code < 600

    @property
    def is_redirect(self):
        return 300 <= self.status_code < 400

    @property
    def ok(self):
        return self.status_code < 400

    def raise_for_status(self):
        covgap.claim(self.status_code, 200, 399)
        return self

    def __getattr__(self, name):
        return self.covgap_answer

    def json(self, **options):
        return self.covgap_answer

    def __enter__(self):
        return self

    def __exit__(self, kind, value, traceback):
        return None


class ASGITransport:
    def __init__(self, app=None, raise_app_exceptions=True, root_path="", client=None):
        self.covgap_app = app
        self.app = app
        self.covgap_root_path = root_path


class WSGITransport(ASGITransport): ...


class MockTransport:
    covgap_stub = True

    def __init__(self, handler=None):
        self.handler = handler


class BaseTransport:
    covgap_stub = True


AsyncBaseTransport = BaseTransport


class HTTPTransport: ...
class AsyncHTTPTransport: ...


class URL:
    covgap_url = True

    def __init__(self, url="", **parts):
        self.url = str(url)
        self.scheme, self.netloc, self.path, self.query, self.fragment = covgap.split_url(self.url)

    def __str__(self):
        return self.url

    def join(self, url):
        return URL(covgap.join_url(self.url, str(url)))

    def copy_with(self, **changes):
        scheme = changes.get("scheme", self.scheme)
        netloc = changes.get("netloc", changes.get("host", self.netloc))
        path = changes.get("path", self.path)
        before = scheme + "://" + netloc if netloc else ""
        query = changes.get("query", covgap.hole() if "params" in changes else self.query)
        return URL(before + path + ("?" + query if query else ""))


class Headers(dict): ...
class Cookies(dict): ...
class Auth: ...


class BasicAuth(Auth):
    covgap_basic = True

    def __init__(self, username, password):
        self.username = username
        self.password = password


def _authorization(auth):
    """The header of a name and a password; what other ways put there is not known."""
    if covgap.marks(auth, "covgap_basic"):
        auth = (auth.username, auth.password)
    if isinstance(auth, tuple) and len(auth) == 2:
        return "Basic " + base64.b64encode(f"{auth[0]}:{auth[1]}")
    return covgap.hole()


class Timeout: ...
class Limits: ...


class Request:
    def __init__(self, method, url, **options):
        self.method = method
        self.url = url
        self.covgap_options = options


def _files(files):
    """The names, types and contents of the files that are sent, by the name of their field."""
    sent = {}
    if files is None or not covgap.is_known(files):
        return sent
    for field, file in files.items() if isinstance(files, dict) else files:
        told = file if covgap.is_known(file) and isinstance(file, tuple) else (covgap.hole(), file)
        content = told[1] if isinstance(told[1], (bytes, str)) else covgap.unknown("run-time-value")
        sent.setdefault(field, []).append((told[0], told[2] if len(told) > 2 else covgap.hole(), content))
    return sent


def covgap_base(client):
    """The base URL as text: a test may have put another in its place."""
    base = getattr(client, "base_url", "")
    return str(base) if covgap.marks(base, "covgap_url") else base


def covgap_routed(client, url):
    """The URL without the path that the client says the application is mounted at: what the routes are asked for.

    Source: https://asgi.readthedocs.io/en/latest/specs/www.html (`root_path`)
    """
    root = client.covgap_root_path
    if isinstance(root, str) and isinstance(url, str) and root and url.startswith(root + "/"):
        return url[len(root):]
    return url


def covgap_sent(client, options):
    """What a request carries beside its URL."""
    headers = {**(client.headers or {}), **(options.get("headers") or {})}
    auth = options.get("auth")
    auth = client.auth if auth is None else auth
    if auth is not None:
        headers["authorization"] = _authorization(auth)
    return {
        "query": options.get("params"),
        "headers": headers,
        "cookies": {**client.covgap_received, **covgap.payload(client.cookies), **(options.get("cookies") or {})},
        "json": _json(options),
        "form": options.get("data"),
        "files": _files(options.get("files")),
        "has_other_body": _has_other_body(options),
    }


def _json(options):
    """What the body says as JSON: a value, or a text that somebody has made of one."""
    value = options.get("json")
    if value is not None:
        return value
    text = options.get("content")
    text = options.get("data") if text is None else text
    return said("json", text, None) if isinstance(text, (str, bytes)) else None


def _has_other_body(options):
    """Is there a body that is no form and is not known as JSON?"""
    if options.get("content") is not None or options.get("files") is not None:
        return True
    data = options.get("data")
    return data is not None and not isinstance(data, (dict, list, tuple))


class Cookies(dict):
    def __init__(self, cookies=None):
        super().__init__()
        if cookies is not None:
            self.update(cookies)
        self.jar = covgap.unknown("run-time-value")

    def set(self, name, value, domain="", path="/"):
        self[name] = value

    def delete(self, name, domain=None, path=None):
        self.pop(name, None)


class Client:
    covgap_client = True
    covgap_root_path = ""

    def __init__(self, *, app=None, transport=None, base_url="", follow_redirects=False, headers=None, cookies=None, **options):
        self.headers = headers if headers is not None else {}
        self.cookies = Cookies(cookies)
        self.base_url = URL(base_url) if covgap.is_certain(base_url) and isinstance(base_url, str) else base_url
        self.covgap_app = app if app is not None else getattr(transport, "covgap_app", None)
        self.covgap_stub = getattr(transport, "covgap_stub", False)
        self.covgap_root_path = getattr(transport, "covgap_root_path", "")
        self._transport = transport
        self.follow_redirects = follow_redirects
        self.auth = options.get("auth")
        self.covgap_received = {}
        covgap.placed(self)

    def build_request(self, method, url, **options):
        return Request(method, url, **options)

    def send(self, request, **options):
        return self.request(request.method, request.url, **request.covgap_options)

    def request(self, method, url, **options):
        follows = options.get("follow_redirects", options.get("allow_redirects", self.follow_redirects))
        transport = "stub" if self.covgap_stub is True else "in-process" if self.covgap_app is not None else "network"
        request = covgap.request("http", self.covgap_app, method, covgap_routed(self, url), covgap_base(self), follows, transport, "httpx/request", covgap_sent(self, options), self)
        # An answer may set cookies.
        self.covgap_received = {**covgap.unknown("run-time-value")}
        return Response(covgap.status(request), covgap_answer=covgap.body(request))

    def stream(self, method, url, **options):
        return self.request(method, url, **options)

    def get(self, url, **options):
        return self.request("GET", url, **options)

    def options(self, url, **options):
        return self.request("OPTIONS", url, **options)

    def head(self, url, **options):
        return self.request("HEAD", url, **options)

    def post(self, url, *args, **options):
        return self.request("POST", url, **options)

    def put(self, url, *args, **options):
        return self.request("PUT", url, **options)

    def patch(self, url, *args, **options):
        return self.request("PATCH", url, **options)

    def delete(self, url, **options):
        return self.request("DELETE", url, **options)

    def __enter__(self):
        return self

    def __exit__(self, kind, value, traceback):
        return None

    def close(self):
        return None

    aclose = close


class AsyncClient(Client):
    covgap_awaited = True

    def __aenter__(self):
        return self

    def __aexit__(self, kind, value, traceback):
        return None


def request(method, url, **options):
    return Client(follow_redirects=options.get("follow_redirects", False)).request(method, url, **options)


def get(url, **options):
    return request("GET", url, **options)


def options(url, **options):
    return request("OPTIONS", url, **options)


def head(url, **options):
    return request("HEAD", url, **options)


def post(url, *args, **options):
    return request("POST", url, **options)


def put(url, *args, **options):
    return request("PUT", url, **options)


def patch(url, *args, **options):
    return request("PATCH", url, **options)


def delete(url, **options):
    return request("DELETE", url, **options)


def stream(method, url, **options):
    return request(method, url, **options)


class codes:
    OK = 200
    CREATED = 201
    ACCEPTED = 202
    NO_CONTENT = 204
    MOVED_PERMANENTLY = 301
    FOUND = 302
    SEE_OTHER = 303
    NOT_MODIFIED = 304
    TEMPORARY_REDIRECT = 307
    PERMANENT_REDIRECT = 308
    BAD_REQUEST = 400
    UNAUTHORIZED = 401
    PAYMENT_REQUIRED = 402
    FORBIDDEN = 403
    NOT_FOUND = 404
    METHOD_NOT_ALLOWED = 405
    NOT_ACCEPTABLE = 406
    CONFLICT = 409
    GONE = 410
    PRECONDITION_FAILED = 412
    UNPROCESSABLE_ENTITY = 422
    TOO_MANY_REQUESTS = 429
    INTERNAL_SERVER_ERROR = 500
    NOT_IMPLEMENTED = 501
    BAD_GATEWAY = 502
    SERVICE_UNAVAILABLE = 503
    ok = 200
    bad_request = 400
    not_found = 404
