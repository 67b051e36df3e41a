"""What the shop sells."""

from shop.errors import NotFound, OutOfStock
from shop.repository import ItemRepository


class CatalogService:
    def __init__(self, items: ItemRepository) -> None:
        self.items = items

    def list_items(self, at_most: int | None = None) -> list[dict]:
        return [item for item in self.items.all() if at_most is None or item["price"] <= at_most]

    def get(self, sku: str) -> dict:
        item = self.items.find(sku)
        if item is None:
            raise NotFound(f"item {sku}")
        return item

    def put(self, item: dict) -> dict:
        self.items.save(item)
        return item

    def remove(self, sku: str) -> None:
        self.get(sku)
        self.items.remove(sku)

    def take(self, sku: str, amount: int) -> int:
        item = self.get(sku)
        if item["stock"] < amount:
            raise OutOfStock(sku)
        self.items.save({**item, "stock": item["stock"] - amount})
        return item["price"] * amount
