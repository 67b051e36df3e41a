"""What handlers ask for."""

from typing import Annotated

from fastapi import Depends, Header, HTTPException, Request, status

from shop.services.accounts import AccountService
from shop.services.catalog import CatalogService
from shop.services.orders import OrderService


def get_catalog(request: Request) -> CatalogService:
    return request.app.state.catalog


def get_orders(request: Request) -> OrderService:
    return request.app.state.orders


def get_accounts(request: Request) -> AccountService:
    return request.app.state.accounts


Catalog = Annotated[CatalogService, Depends(get_catalog)]
Orders = Annotated[OrderService, Depends(get_orders)]
Accounts = Annotated[AccountService, Depends(get_accounts)]


def get_token(authorization: Annotated[str, Header()] = "") -> str:
    if not authorization.startswith("Bearer "):
        raise HTTPException(status.HTTP_401_UNAUTHORIZED, "no token")
    return authorization.removeprefix("Bearer ")


def get_user(token: Annotated[str, Depends(get_token)], accounts: Accounts) -> dict:
    user = accounts.user_of(token)
    if user is None:
        raise HTTPException(status.HTTP_401_UNAUTHORIZED, "unknown token")
    return user


User = Annotated[dict, Depends(get_user)]


def require_admin(user: User) -> dict:
    if user["role"] != "admin":
        raise HTTPException(status.HTTP_403_FORBIDDEN, "admins only")
    return user
