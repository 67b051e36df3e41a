import pytest

from shop.main import API_PREFIX

URL = f"{API_PREFIX}/accounts"


def test_sign_up(client):
    response = client.post(URL, json={"name": "bob", "password": "x"})
    assert response.status_code == 201
    assert response.json() == {"name": "bob"}


def test_sign_up_twice(client, token):
    response = client.post(URL, json={"name": "ada", "password": "x"})
    assert response.status_code == 409


@pytest.mark.parametrize(
    "body, expected",
    [
        ({"name": "ada", "password": "wrong"}, 401),
        ({"name": "nobody", "password": "secret"}, 401),
        ({"name": "a", "password": "secret"}, 422),
        ({}, 422),
    ],
)
def test_login_errors(client, token, body, expected):
    assert client.post(f"{URL}/login", json=body).status_code == expected


def test_me(client, headers):
    assert client.get(f"{URL}/me", headers=headers).json() == {"name": "ada", "role": "customer"}


def test_me_without_token(client):
    assert client.get(f"{URL}/me").status_code == 401
