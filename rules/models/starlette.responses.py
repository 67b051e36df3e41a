"""`starlette.responses`: an answer has a status.

Source: https://www.starlette.io/responses/
"""

import covgap


class Response:
    def __init__(self, content=None, status_code=200, headers=None, media_type=None, background=None, **options):
        self.status_code = status_code
        self.body = content
        self.headers = headers if headers is not None else {}
        covgap.answer(status_code)

    def __call__(self, scope, receive, send):
        return None

    def set_cookie(self, *args, **kwargs):
        return None

    delete_cookie = set_cookie


class HTMLResponse(Response): ...
class PlainTextResponse(Response): ...
class JSONResponse(Response): ...
class UJSONResponse(Response): ...
class ORJSONResponse(Response): ...
class StreamingResponse(Response): ...


class RedirectResponse(Response):
    covgap_redirect = True

    def __init__(self, url, status_code=307, headers=None, background=None):
        self.url = url
        self.status_code = status_code
        self.headers = {}


class FileResponse(Response):
    def __init__(self, path, status_code=200, headers=None, **options):
        self.path = path
        self.status_code = status_code
        self.headers = headers
