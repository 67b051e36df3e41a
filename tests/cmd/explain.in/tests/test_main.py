from fastapi.testclient import TestClient
from main import app


def test_nothing():
    assert TestClient(app).get("/").status_code == 404
