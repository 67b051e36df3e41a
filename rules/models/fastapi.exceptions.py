"""`fastapi.exceptions`: exceptions that carry the status of their answer.

Source: https://fastapi.tiangolo.com/reference/exceptions/
"""

import starlette.exceptions


class HTTPException(starlette.exceptions.HTTPException): ...
class WebSocketException(starlette.exceptions.WebSocketException): ...
class FastAPIError(RuntimeError): ...
class ValidationException(Exception): ...


class RequestValidationError(ValidationException):
    covgap_validation = True
    covgap_carries_status = True

    def __init__(self, errors=(), *, body=None, **options):
        self.status_code = 422
        self.body = body


class WebSocketRequestValidationError(ValidationException): ...
class ResponseValidationError(ValidationException): ...
