from unittest.mock import AsyncMock, Mock

import pytest

from shop.deps import get_catalog, require_admin
from shop.main import app


class FakeCatalog:
    def list_items(self):
        return [{"sku": "nail", "stock": 4}]


@pytest.fixture
def admin(client):
    app.dependency_overrides[require_admin] = lambda: {"name": "root", "role": "admin"}
    yield client
    app.dependency_overrides.clear()


def test_stock(admin):
    app.dependency_overrides[get_catalog] = FakeCatalog
    assert admin.get("/api/v1/admin/stock").json() == {"nail": 4}


def test_broadcast(admin):
    app.state.notifications = Mock(broadcast=AsyncMock(return_value=3))
    assert admin.post("/api/v1/admin/broadcast?text=sale").json() == {"listeners": 3}


def test_customers_are_refused(client, headers):
    assert client.get("/api/v1/admin/stock", headers=headers).status_code == 403
