"""`starlette.exceptions`: exceptions that carry the status of their answer.

Source: https://www.starlette.io/exceptions/
"""


class HTTPException(Exception):
    # The framework answers with its status when no handler does.
    covgap_carries_status = True

    def __init__(self, status_code, detail=None, headers=None):
        self.status_code = status_code
        self.detail = detail
        self.headers = headers


class WebSocketException(Exception):
    covgap_close = True

    def __init__(self, code, reason=None):
        self.code = code
        self.reason = reason
