"""What the environment has to say."""

from functools import lru_cache

from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="SHOP_", extra="ignore")

    environment: str = "development"
    database_path: str = "shop.db"
    payments_url: str
    payments_key: str
    mail_host: str = "localhost"
    token_minutes: int = 30
    rate_limit: int = 0
    api_prefix: str = "/api/v1"


@lru_cache
def get_settings() -> Settings:
    return Settings()
