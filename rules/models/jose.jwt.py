"""`jose.jwt` (python-jose): a token remembers what was encoded, and what never was one is refused.

Source: https://python-jose.readthedocs.io/en/latest/jwt/api.html
"""

import covgap
from jwt import _timed
from jose.exceptions import ExpiredSignatureError, JWTClaimsError, JWTError


def encode(claims, key, algorithm="HS256", headers=None, access_token=None):
    return covgap.sealed((_timed(claims), key))


def decode(token, key, algorithms=None, options=None, **more):
    found = covgap.unsealed(token)
    if found is None:
        raise JWTError("Not enough segments")
    if covgap.is_known(found):
        payload, sealed_with = found
        is_checked = options is None or not covgap.is_known(options) or options.get("verify_signature", True)
        if is_checked and isinstance(key, str) and isinstance(sealed_with, str) and key != sealed_with:
            raise JWTError("Signature verification failed.")
        expires = payload.get("exp") if covgap.is_known(payload) else None
        if is_checked and isinstance(expires, int) and expires < 0:
            raise ExpiredSignatureError("Signature has expired.")
        return payload
    for error in (ExpiredSignatureError, JWTClaimsError, JWTError):
        if covgap.unknown("run-time-value"):
            raise error()
    return covgap.external("jose.jwt.decode")(token, key)
