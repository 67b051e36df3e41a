"""`jose.jwt` (python-jose): a token remembers what was encoded, and what never was one is refused.

Source: https://python-jose.readthedocs.io/en/latest/jwt/api.html
"""

import covgap
from jwt import _opened, _timed
from jose.exceptions import ExpiredSignatureError, JWTClaimsError, JWTError


def encode(claims, key, algorithm="HS256", headers=None, access_token=None):
    return covgap.sealed((_timed(claims), key))


def decode(token, key, algorithms=None, options=None, **more):
    found = _opened(token, key, options, JWTError("Not enough segments"), JWTError("Signature verification failed."), ExpiredSignatureError("Signature has expired."))
    if covgap.is_known(found):
        return found
    for error in (ExpiredSignatureError, JWTClaimsError, JWTError):
        if covgap.unknown("run-time-value"):
            raise error()
    return covgap.external("jose.jwt.decode")(token, key)
