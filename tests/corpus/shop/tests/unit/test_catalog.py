import pytest

from shop.errors import NotFound, OutOfStock
from shop.repository import ItemRepository
from shop.services.catalog import CatalogService
from tests.conftest import NAIL


@pytest.fixture
def catalog(database):
    return CatalogService(ItemRepository(database))


async def test_put_and_get(catalog):
    catalog.put(NAIL)
    assert catalog.get("nail") == NAIL


async def test_list(catalog):
    catalog.put(NAIL)
    assert catalog.list_items(at_most=1) == []


async def test_take(catalog):
    catalog.put(NAIL)
    assert catalog.take("nail", 2) == 6
    with pytest.raises(OutOfStock):
        catalog.take("nail", 9)


async def test_remove(catalog):
    catalog.put(NAIL)
    catalog.remove("nail")
    with pytest.raises(NotFound):
        catalog.get("nail")
