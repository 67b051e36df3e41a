"""`starlette.datastructures`: state that holds what it is given, URLs.

Source: https://www.starlette.io/requests/
"""

import covgap


class Address:
    def __init__(self, host, port):
        self.host = host
        self.port = port


class State:
    def __getattr__(self, name):
        return covgap.unknown("attribute")


class Headers:
    """Names in any case; those that every client sends are there with a value that is not known."""

    def __init__(self, headers=None, raw=None, scope=None, covgap_host=None):
        if headers is None:
            headers = raw if scope is None else scope["headers"]
        self.covgap_headers = {
            "host": covgap_host or covgap.hole(),
            "accept": covgap.hole(),
            "accept-encoding": covgap.hole(),
            "connection": covgap.hole(),
            "user-agent": covgap.hole(),
            **{name.lower(): value for name, value in dict(headers or {}).items()},
        }

    def get(self, name, default=None):
        return self.covgap_headers.get(name.lower(), default)

    def getlist(self, name):
        return [self.covgap_headers[name.lower()]] if name.lower() in self.covgap_headers else []

    def __getitem__(self, name):
        return self.covgap_headers[name.lower()]

    def __contains__(self, name):
        return name.lower() in self.covgap_headers

    def items(self):
        return self.covgap_headers.items()

    def keys(self):
        return self.covgap_headers.keys()


class URL:
    def __init__(self, url=""):
        self.url = url
        self.scheme, self.netloc, self.path, self.query, self.fragment = covgap.split_url(url)
        self.hostname = self.netloc.split(":")[0]

    def __str__(self):
        return self.url

    def include_query_params(self, **params):
        return URL(self.url + "?" + covgap.hole())

    def replace(self, **changes):
        return URL(covgap.hole())


class URLPath(str):
    def make_absolute_url(self, base_url):
        return covgap.join_url(str(base_url), str(self))
