"""`pydantic_settings`: settings with defaults, filled from the environment.

Source: https://docs.pydantic.dev/latest/concepts/pydantic_settings/
"""

from pydantic import BaseSettings, ConfigDict


class SettingsConfigDict(ConfigDict): ...
