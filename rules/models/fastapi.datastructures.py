"""`fastapi.datastructures`: state, URLs, files that are sent."""

import covgap
from starlette.datastructures import State, URL


class UploadFile:
    """What is known of it depends on the request."""

    covgap_content = covgap.unknown("run-time-value")

    def read(self, size=-1):
        return self.covgap_content

    @property
    def file(self):
        """A handler that does not wait reads the same from here."""
        return self
