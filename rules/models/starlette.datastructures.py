"""`starlette.datastructures`: state that holds what it is given, URLs.

Source: https://www.starlette.io/requests/
"""

import covgap


class State:
    def __getattr__(self, name):
        return covgap.unknown("attribute")


class URL:
    def __init__(self, url=""):
        self.url = url
        self.scheme, self.netloc, self.path, self.query, self.fragment = covgap.split_url(url)

    def __str__(self):
        return self.url

    def include_query_params(self, **params):
        return URL(self.url + "?" + covgap.hole())

    def replace(self, **changes):
        return URL(covgap.hole())


class URLPath(str):
    def make_absolute_url(self, base_url):
        return covgap.join_url(str(base_url), str(self))
