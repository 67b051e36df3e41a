def test_items(client):
    client.get("/api/v1/items")


def test_docs(client):
    response = client.get("/openapi.json")
    print(response.json()["info"])


def test_me(client, headers):
    response = client.get("/api/v1/accounts/me", headers=headers)
    assert response.status_code != 404
