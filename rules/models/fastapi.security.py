"""`fastapi.security`: dependencies that take credentials from a request, and answer by themselves when there are none.

Source: https://fastapi.tiangolo.com/reference/security/
"""

import base64
import covgap
from fastapi.exceptions import HTTPException
from fastapi.params import Form
from starlette.requests import HTTPConnection
from typing import Annotated


class SecurityScopes:
    def __init__(self, scopes=None):
        # The framework gives those that the marker asks for.
        self.scopes = scopes if scopes is not None else covgap.unknown("parameter")
        self.scope_str = covgap.hole()


class HTTPAuthorizationCredentials:
    covgap_parsed = True

    def __init__(self, *, scheme=covgap.hole(), credentials=covgap.hole()):
        self.scheme = scheme
        self.credentials = credentials


class HTTPBasicCredentials:
    covgap_parsed = True

    def __init__(self, *, username=covgap.hole(), password=covgap.hole()):
        self.username = username
        self.password = password


def _missing():
    """From 0.122 on, missing credentials are a 401 everywhere."""
    return 401 if covgap.version("fastapi", (0, 200, 0)) >= (0, 122, 0) else 403


class SecurityBase:
    def __init__(self, *args, auto_error=True, name=None, **options):
        self.auto_error = auto_error
        self.name = name

    def covgap_refuse(self, status_code):
        if self.auto_error:
            raise HTTPException(status_code, "Not authenticated")
        return None


def _is_other(scheme, wanted):
    """Is it surely another scheme? Nobody knows that of one that is not spelled out."""
    return covgap.is_known(len(scheme)) and scheme.lower() != wanted


class _Authorization(SecurityBase):
    covgap_refusal = 401

    def __call__(self, request: HTTPConnection):
        authorization = request.headers.get("authorization")
        if not authorization:
            return self.covgap_refuse(self.covgap_refusal)
        return self.covgap_value(authorization)

    def covgap_value(self, authorization):
        if _is_other(authorization.split(" ")[0], "bearer"):
            return self.covgap_refuse(self.covgap_refusal)
        return authorization.split(" ")[-1]


class OAuth2(_Authorization):
    covgap_refusal = _missing()

    def covgap_value(self, authorization):
        return authorization


class OAuth2PasswordBearer(_Authorization): ...
class OAuth2AuthorizationCodeBearer(_Authorization): ...


class OpenIdConnect(_Authorization):
    covgap_refusal = _missing()

    def covgap_value(self, authorization):
        return authorization


class HTTPBase(_Authorization):
    covgap_refusal = _missing()
    covgap_scheme = None

    def covgap_value(self, authorization):
        if self.covgap_scheme and _is_other(authorization.split(" ")[0], self.covgap_scheme):
            return self.covgap_refuse(self.covgap_refusal)
        return HTTPAuthorizationCredentials(scheme=authorization.split(" ")[0], credentials=authorization.split(" ")[-1])


class HTTPBearer(HTTPBase):
    covgap_scheme = "bearer"


class HTTPDigest(HTTPBase):
    covgap_scheme = "digest"


class HTTPBasic(HTTPBase):
    covgap_refusal = 401

    def covgap_value(self, authorization):
        scheme, sign, encoded = authorization.partition(" ")
        if _is_other(scheme, "basic"):
            return self.covgap_refuse(401)
        try:
            decoded = base64.b64decode(encoded)
        except ValueError:
            raise HTTPException(401, "Not authenticated")
        if not covgap.is_known(len(decoded)) and ":" not in decoded:
            return HTTPBasicCredentials()
        username, sign, password = decoded.partition(":")
        if not sign:
            raise HTTPException(401, "Not authenticated")
        return HTTPBasicCredentials(username=username, password=password)


class APIKeyHeader(SecurityBase):
    def __call__(self, request: HTTPConnection):
        return request.headers.get(self.name) or self.covgap_refuse(_missing())


class APIKeyQuery(SecurityBase):
    def __call__(self, request: HTTPConnection):
        return request.query_params.get(self.name) or self.covgap_refuse(_missing())


class APIKeyCookie(SecurityBase):
    def __call__(self, request: HTTPConnection):
        return request.cookies.get(self.name) or self.covgap_refuse(_missing())


class OAuth2PasswordRequestForm:
    def __init__(self, *, grant_type: Annotated[str, Form(default=None)], username: Annotated[str, Form()], password: Annotated[str, Form()], scope: Annotated[str, Form(default="")], client_id: Annotated[str, Form(default=None)], client_secret: Annotated[str, Form(default=None)]):
        self.grant_type = grant_type
        self.username = username
        self.password = password
        self.scopes = scope.split()
        self.client_id = client_id
        self.client_secret = client_secret


class OAuth2PasswordRequestFormStrict(OAuth2PasswordRequestForm): ...
