"""The app that production runs."""

from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI

from shop.adapters.database import DatabaseAdapter
from shop.adapters.mail import MailAdapter
from shop.adapters.payments import PaymentsAdapter
from shop.errors import register_error_handlers
from shop.repository import ItemRepository, OrderRepository, UserRepository
from shop.routes import accounts, admin, health, items, live, orders
from shop.services.accounts import AccountService
from shop.services.catalog import CatalogService
from shop.services.notifications import NotificationService
from shop.services.orders import OrderService
from shop.settings import get_settings

API_PREFIX = "/api/v1"


@asynccontextmanager
async def lifespan(app: FastAPI):
    settings = get_settings()
    database = DatabaseAdapter(settings.database_path)
    await database.connect()
    payments = PaymentsAdapter(settings.payments_url, settings.payments_key)
    await payments.connect()
    notifications = NotificationService(MailAdapter(settings.mail_host))
    await notifications.start()
    build_services(app, database, payments, notifications)
    app.state.settings = settings
    yield
    await database.close()


def build_services(
    app: FastAPI, database: DatabaseAdapter, payments: PaymentsAdapter, notifications: NotificationService
) -> None:
    app.state.payments = payments
    app.state.notifications = notifications
    app.state.accounts = AccountService(UserRepository(database))
    app.state.catalog = CatalogService(ItemRepository(database))
    app.state.orders = OrderService(OrderRepository(database), app.state.catalog, payments, notifications)


app = FastAPI(title="shop", lifespan=lifespan)
api = APIRouter(prefix=API_PREFIX)
for module in (accounts, items, orders, admin):
    api.include_router(module.router)
app.include_router(health.router)
app.include_router(api)
app.include_router(live.router)
register_error_handlers(app)
