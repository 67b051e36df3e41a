"""`requests`: a client over the network that follows redirects.

Source: https://requests.readthedocs.io
"""

import covgap
import httpx
from httpx import Response, codes
from requests import exceptions
from requests.exceptions import ConnectionError, HTTPError, RequestException, Timeout


class Session(httpx.Client):
    def __init__(self):
        super().__init__(follow_redirects=True)

    def mount(self, prefix, adapter):
        return None


def session():
    return Session()


def request(method, url, **options):
    return Session().request(method, url, **options)


def get(url, *args, **options):
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
