import os
import socket

import pytest

from shop.adapters.payments import PaymentsAdapter

pytestmark = pytest.mark.payments


@pytest.fixture
def payments():
    try:
        socket.create_connection(("localhost", 9000), timeout=0.2).close()
    except OSError:
        pytest.skip("the payment service is not running")
    return PaymentsAdapter("http://localhost:9000", "test-key")


async def test_connect(payments):
    assert await payments.connect()


async def test_charge(payments):
    assert await payments.charge(1, 100)


@pytest.mark.skipif(not os.environ.get("SHOP_LIVE_URL"), reason="no live shop")
def test_ready_live():
    import httpx

    assert httpx.get(os.environ["SHOP_LIVE_URL"] + "/ready").status_code == 200


@pytest.mark.skip(reason="the relay is gone since the move")
def test_mail_relay(client, headers):
    assert client.post("/api/v1/admin/maintenance", headers=headers).status_code == 200
