"""`fastapi.requests`: the requests of Starlette."""

from starlette.requests import HTTPConnection, Request
