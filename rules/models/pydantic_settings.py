"""`pydantic_settings`: settings with defaults, filled from the environment.

Source: https://docs.pydantic.dev/latest/concepts/pydantic_settings/
"""

import covgap
from pydantic import BaseModel


class BaseSettings(BaseModel): ...


def SettingsConfigDict(**options):
    return options
