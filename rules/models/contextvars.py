"""`contextvars`: a variable gives what was last set, or a default.

Source: https://docs.python.org/3/library/contextvars.html
"""

import covgap


class Token:
    def __init__(self, var, old_value):
        self.var = var
        self.old_value = old_value


class ContextVar:
    def __init__(self, name, *, default=covgap.unknown("run-time-value")):
        self.name = name
        self.covgap_value = default
        self.covgap_is_set = False

    def get(self, *default):
        # What handles a request may find what a library has set.
        if self.covgap_is_set or not default or covgap.is_handling():
            return self.covgap_value
        return default[0]

    def set(self, value):
        token = Token(self, (self.covgap_is_set, self.covgap_value))
        self.covgap_is_set, self.covgap_value = True, value
        return token

    def reset(self, token):
        self.covgap_is_set, self.covgap_value = token.old_value


class Context:
    def run(self, function, /, *args, **kwargs):
        return function(*args, **kwargs)


def copy_context():
    return Context()
