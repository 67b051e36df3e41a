"""Orders, from the cart to the receipt."""

from fastapi import HTTPException

from shop.adapters.payments import PaymentsAdapter
from shop.errors import NotFound
from shop.repository import OrderRepository
from shop.services.catalog import CatalogService
from shop.services.notifications import NotificationService


class OrderService:
    def __init__(
        self, orders: OrderRepository, catalog: CatalogService, payments: PaymentsAdapter, notifications: NotificationService
    ) -> None:
        self.orders = orders
        self.catalog = catalog
        self.payments = payments
        self.notifications = notifications

    async def place(self, owner: str, sku: str, amount: int) -> dict:
        if amount > 100:
            raise HTTPException(413, "too many")
        self.catalog.take(sku, amount)
        return self.orders.find(self.orders.add(owner, sku, amount))

    def get(self, owner: str, number: int) -> dict:
        order = self.orders.find(number)
        if order is None:
            raise NotFound(f"order {number}")
        if order["owner"] != owner:
            raise HTTPException(status_code=403, detail="not yours")
        return order

    def list_orders(self, owner: str) -> list[dict]:
        return self.orders.of(owner)

    async def pay(self, owner: str, number: int) -> dict:
        order = self.get(owner, number)
        if order["state"] != "open":
            raise HTTPException(status_code=409, detail=f"order is {order['state']}")
        price = self.catalog.get(order["sku"])["price"] * order["amount"]
        await self.payments.charge(number, price)
        self.orders.change_state(number, "paid")
        self.notifications.order_paid(owner, number)
        return self.get(owner, number)

    def cancel(self, owner: str, number: int) -> None:
        order = self.get(owner, number)
        if order["state"] == "paid":
            raise HTTPException(status_code=423, detail="already paid")
        self.orders.change_state(number, "cancelled")
