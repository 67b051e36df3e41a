from unittest.mock import AsyncMock, MagicMock

import pytest
from fastapi import HTTPException

from shop.repository import OrderRepository
from shop.services.orders import OrderService


@pytest.fixture
def service(database):
    catalog = MagicMock()
    catalog.get.return_value = {"sku": "nail", "price": 3}
    return OrderService(OrderRepository(database), catalog, AsyncMock(), MagicMock())


async def test_cancel(service):
    order = await service.place("ada", "nail", 1)
    service.cancel("ada", order["id"])
    assert service.get("ada", order["id"])["state"] == "cancelled"


async def test_cancel_after_payment(service):
    order = await service.place("ada", "nail", 1)
    await service.pay("ada", order["id"])
    with pytest.raises(HTTPException) as error:
        service.cancel("ada", order["id"])
    assert error.value.status_code == 423


async def test_order_of_somebody_else(service):
    order = await service.place("ada", "nail", 1)
    with pytest.raises(HTTPException):
        service.get("eve", order["id"])
