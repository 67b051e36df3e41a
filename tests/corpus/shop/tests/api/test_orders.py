import httpx
import pytest
import respx
from httpx import ASGITransport

from shop.adapters.mail import MailAdapter
from shop.main import API_PREFIX, app


@pytest.fixture
async def orders(client, headers, nail):
    transport = ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url=f"http://test{API_PREFIX}", headers=headers) as http:
        yield http


async def place(http, amount=1):
    response = await http.post("/orders", json={"sku": "nail", "amount": amount})
    assert response.status_code == 201
    return response.json()["id"]


async def test_place_and_read(orders):
    number = await place(orders, amount=2)
    response = await orders.get(f"/orders/{number}")
    assert response.json()["amount"] == 2


async def test_list(orders):
    await place(orders)
    response = await orders.get("/orders")
    assert len(response.json()) == 1


async def test_out_of_stock(orders):
    response = await orders.post("/orders", json={"sku": "nail", "amount": 11})
    assert response.status_code == 409


async def test_no_such_order(orders):
    response = await orders.get("/orders/99")
    assert response.status_code == 404


@respx.mock(base_url="http://payments.test")
async def test_pay(orders, monkeypatch, respx_mock):
    respx_mock.post("/charges").respond(json={"id": "c-1"})
    monkeypatch.setattr(MailAdapter, "send", lambda self, to, text: None)
    number = await place(orders)
    response = await orders.post(f"/orders/{number}/pay")
    assert response.json()["state"] == "paid"


@respx.mock(base_url="http://payments.test")
async def test_payment_refused(orders, respx_mock):
    respx_mock.post("/charges").respond(402)
    number = await place(orders)
    response = await orders.post(f"/orders/{number}/pay")
    assert response.status_code == 402
