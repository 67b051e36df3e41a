"""`starlette.config`: settings from the environment, then from a file of variables, with defaults.

Source: https://www.starlette.io/config/
"""

import covgap
import os


class Config:
    def __init__(self, env_file=None, environ=os.environ, env_prefix="", encoding="utf-8"):
        self.environ = environ
        self.env_prefix = env_prefix
        self.file_values = {} if env_file is None else covgap.variables(str(env_file)) or {}

    def __call__(self, key, cast=None, default=covgap.unknown("parameter")):
        return self.get(key, cast, default)

    def get(self, key, cast=None, default=covgap.unknown("parameter")):
        key = self.env_prefix + key
        values = covgap.payload(self.environ)
        if key in values and not covgap.marks(values[key], "covgap_absent"):
            return self._perform_cast(key, covgap.provided(values[key]), cast)
        if key in self.file_values:
            return self._perform_cast(key, self.file_values[key], cast)
        return self._perform_cast(key, default, cast) if covgap.is_known(default) else covgap.setting(key)

    def _perform_cast(self, key, value, cast=None):
        if cast is None or value is None:
            return value
        return covgap.parse(bool, value) if cast is bool and isinstance(value, str) else cast(value)


class Environ: ...
