"""`fastapi.datastructures`: state, URLs, files that are sent."""

from starlette.datastructures import State, URL


class UploadFile:
    """What is known of it depends on the request."""
