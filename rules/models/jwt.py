"""`jwt` (PyJWT): a token remembers what was encoded, and what never was one is refused.

Source: https://pyjwt.readthedocs.io/en/stable/api.html
"""

import covgap


class PyJWTError(Exception):
    # What raises it is told here: a handler for it runs for nothing else.
    covgap_told = True


class InvalidTokenError(PyJWTError): ...
class DecodeError(InvalidTokenError): ...
class InvalidSignatureError(DecodeError): ...
class ExpiredSignatureError(InvalidTokenError): ...
class InvalidAudienceError(InvalidTokenError): ...
class InvalidIssuerError(InvalidTokenError): ...
class InvalidIssuedAtError(InvalidTokenError): ...
class ImmatureSignatureError(InvalidTokenError): ...
class InvalidKeyError(PyJWTError): ...
class InvalidAlgorithmError(InvalidTokenError): ...
class MissingRequiredClaimError(InvalidTokenError): ...
class PyJWKError(PyJWTError): ...
class PyJWKSetError(PyJWTError): ...


ExpiredSignature = ExpiredSignatureError
InvalidAudience = InvalidAudienceError
InvalidIssuer = InvalidIssuerError
InvalidTokenException = InvalidTokenError


def encode(payload, key=None, algorithm="HS256", headers=None, **options):
    return covgap.sealed((_timed(payload), key))


def _timed(claims):
    """With the seconds until it expires, if they are known."""
    expires = claims.get("exp") if covgap.is_known(claims) else None
    return {**claims, "exp": expires.covgap_seconds} if covgap.marks(expires, "covgap_moment") else claims


def _opened(token, key, options, malformed, forged, expired):
    """What was encoded, if the key is the same and it has not expired: else one of these errors. Unknown, where nobody knows."""
    found = covgap.unsealed(token)
    if found is None:
        raise malformed
    if not covgap.is_known(found):
        return found
    payload, sealed_with = found
    is_checked = options is None or not covgap.is_known(options) or options.get("verify_signature", True)
    if is_checked and isinstance(key, str) and isinstance(sealed_with, str) and key != sealed_with:
        raise forged
    expires = payload.get("exp") if covgap.is_known(payload) else None
    if is_checked and isinstance(expires, int) and expires < 0:
        raise expired
    return payload


def decode(jwt, key="", algorithms=None, options=None, **more):
    found = _opened(jwt, key, options, DecodeError("Not enough segments"), InvalidSignatureError("Signature verification failed"), ExpiredSignatureError("Signature has expired"))
    if covgap.is_known(found):
        return found
    for error in (ExpiredSignatureError, InvalidSignatureError, InvalidAudienceError, InvalidIssuerError, ImmatureSignatureError, MissingRequiredClaimError):
        if covgap.unknown("run-time-value"):
            raise error()
    if covgap.unknown("run-time-value"):
        raise DecodeError("Invalid token")
    return covgap.external("jwt.decode")(jwt, key)
