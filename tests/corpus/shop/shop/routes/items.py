"""The catalog."""

from fastapi import APIRouter, Depends, status
from pydantic import BaseModel

from shop.deps import Catalog, require_admin

router = APIRouter(prefix="/items", tags=["items"])


class Item(BaseModel):
    sku: str
    name: str
    price: int
    stock: int = 0


@router.get("")
def list_items(catalog: Catalog, at_most: int | None = None) -> list[dict]:
    return catalog.list_items(at_most)


@router.get("/{sku}")
def read_item(sku: str, catalog: Catalog) -> dict:
    return catalog.get(sku)


@router.get("/cheapest")
def cheapest_item(catalog: Catalog) -> dict:
    return min(catalog.list_items(), key=lambda item: item["price"])


@router.post("", status_code=status.HTTP_201_CREATED, dependencies=[Depends(require_admin)])
def create_item(item: Item, catalog: Catalog) -> dict:
    return catalog.put(item.model_dump())


@router.put("/{sku}", dependencies=[Depends(require_admin)])
def replace_item(sku: str, item: Item, catalog: Catalog) -> dict:
    return catalog.put({**item.model_dump(), "sku": sku})


@router.delete("/{sku}", status_code=status.HTTP_204_NO_CONTENT, dependencies=[Depends(require_admin)])
def delete_item(sku: str, catalog: Catalog) -> None:
    catalog.remove(sku)
