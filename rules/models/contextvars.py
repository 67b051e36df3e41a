"""`contextvars`: a variable gives what was last set, or its default.

Source: https://docs.python.org/3/library/contextvars.html
"""

import covgap


class ContextVar:
    def __init__(self, name, *, default=covgap.unknown("run-time-value")):
        self.value = default

    def get(self, *default):
        return self.value

    def set(self, value):
        self.value = value
        return None

    def reset(self, token):
        return None
