from fastapi.testclient import TestClient
from shop import app

client = TestClient(app)


def test_missing_order():
    assert client.get("/api/orders/10").status_code == 404
