from fastapi.testclient import TestClient

from main import app

client = TestClient(app)


def test_read():
    assert client.get("/items/1").status_code == 200
