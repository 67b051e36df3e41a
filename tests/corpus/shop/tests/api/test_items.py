URL = "/api/v1/items"


def test_list(client, nail):
    assert client.get(URL).json() == [nail]
    assert client.get(URL, params={"at_most": 2}).json() == []


def test_read(client, nail):
    assert client.get(f"{URL}/{nail['sku']}").json()["name"] == "A nail"


def test_missing(client):
    response = client.get(URL + "/bolt")
    assert response.status_code == 404
    assert response.json()["detail"] == "item bolt not found"


def test_create_needs_an_admin(client, headers, nail):
    assert client.post(URL, json=nail, headers=headers).status_code == 403


def test_delete_answers(client, headers, nail):
    assert client.delete(f"{URL}/nail", headers=headers).status_code in (204, 403, 404)
