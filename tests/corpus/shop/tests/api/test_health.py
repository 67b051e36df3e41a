import pytest


@pytest.mark.parametrize("path", ["/health", "/healthz"])
def test_up(client, path):
    response = client.get(path)
    assert response.status_code == 200
    assert response.json() == {"status": "up"}
