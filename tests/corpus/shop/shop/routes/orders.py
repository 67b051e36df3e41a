"""Orders of the user who is logged in."""

from fastapi import APIRouter, status
from pydantic import BaseModel, Field

from shop.deps import Orders, User

router = APIRouter(prefix="/orders", tags=["orders"])


class NewOrder(BaseModel):
    sku: str
    amount: int = Field(gt=0)


@router.post("", status_code=status.HTTP_201_CREATED)
async def place_order(order: NewOrder, user: User, orders: Orders) -> dict:
    return await orders.place(user["name"], order.sku, order.amount)


@router.get("")
def list_orders(user: User, orders: Orders) -> list[dict]:
    return orders.list_orders(user["name"])


@router.get("/{number}")
def read_order(number: int, user: User, orders: Orders) -> dict:
    return orders.get(user["name"], number)


@router.post("/{number}/pay")
async def pay_order(number: int, user: User, orders: Orders) -> dict:
    return await orders.pay(user["name"], number)


@router.delete("/{number}", status_code=status.HTTP_204_NO_CONTENT)
def cancel_order(number: int, user: User, orders: Orders) -> None:
    orders.cancel(user["name"], number)
