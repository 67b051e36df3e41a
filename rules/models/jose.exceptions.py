"""`jose.exceptions` (python-jose)."""


class JOSEError(Exception):
    # What raises it is told by `jose.jwt`: a handler for it runs for nothing else.
    covgap_told = True


class JWTError(JOSEError): ...
class JWTClaimsError(JWTError): ...
class ExpiredSignatureError(JWTError): ...
