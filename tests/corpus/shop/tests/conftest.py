import pytest
from fastapi.testclient import TestClient

from shop.adapters.database import DatabaseAdapter
from shop.main import app
from shop.settings import get_settings

NAIL = {"sku": "nail", "name": "A nail", "price": 3, "stock": 10}


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    monkeypatch.setenv("SHOP_DATABASE_PATH", ":memory:")
    monkeypatch.setenv("SHOP_PAYMENTS_URL", "http://payments.test")
    monkeypatch.setenv("SHOP_PAYMENTS_KEY", "test-key")
    get_settings.cache_clear()


@pytest.fixture
async def database():
    adapter = DatabaseAdapter(":memory:")
    await adapter.connect()
    yield adapter
    await adapter.close()


@pytest.fixture
def client(monkeypatch):
    async def offline(self):
        return False

    monkeypatch.setattr("shop.adapters.payments.PaymentsAdapter.connect", offline)
    with TestClient(app) as client:
        yield client


@pytest.fixture
def token(client):
    credentials = {"name": "ada", "password": "secret"}
    client.post("/api/v1/accounts", json=credentials)
    return client.post("/api/v1/accounts/login", json=credentials).json()["token"]


@pytest.fixture
def headers(token):
    return {"authorization": f"Bearer {token}"}


@pytest.fixture
def nail(client):
    client.app.state.catalog.put(NAIL)
    return NAIL
