"""`fastapi.exception_handlers`: the default answers to exceptions."""

from starlette.responses import JSONResponse


def http_exception_handler(request, exc):
    return JSONResponse({"detail": exc.detail}, status_code=exc.status_code)


def request_validation_exception_handler(request, exc):
    return JSONResponse({"detail": []}, status_code=422)
