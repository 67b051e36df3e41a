from types import SimpleNamespace

from shop.routes.admin import read_settings
from shop.routes.health import health


async def test_health():
    assert await health() == {"status": "up"}


def test_settings():
    state = SimpleNamespace(settings=SimpleNamespace(environment="testing"))
    request = SimpleNamespace(app=SimpleNamespace(state=state))
    assert read_settings(request) == {"environment": "testing"}
