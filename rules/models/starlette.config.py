"""`starlette.config`: settings from the environment with defaults.

Source: https://www.starlette.io/config/
"""

import covgap


class Config:
    def __init__(self, *args, **options): ...

    def __call__(self, key, cast=None, default=None):
        if default is not None:
            return default
        return covgap.setting(key)


class Environ: ...
