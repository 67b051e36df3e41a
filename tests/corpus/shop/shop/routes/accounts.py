"""Sign up, log in, log out."""

from typing import Annotated

from fastapi import APIRouter, Depends, status
from pydantic import BaseModel, Field

from shop.deps import Accounts, User, get_token

router = APIRouter(prefix="/accounts", tags=["accounts"])


class Credentials(BaseModel):
    name: str = Field(min_length=2)
    password: str


@router.post("", status_code=status.HTTP_201_CREATED)
def sign_up(credentials: Credentials, accounts: Accounts) -> dict:
    return accounts.sign_up(credentials.name, credentials.password)


@router.post("/login")
def log_in(credentials: Credentials, accounts: Accounts) -> dict:
    return {"token": accounts.log_in(credentials.name, credentials.password)}


@router.get("/me")
def who_am_i(user: User) -> dict:
    return {"name": user["name"], "role": user["role"]}


@router.delete("/login", status_code=status.HTTP_204_NO_CONTENT)
def log_out(token: Annotated[str, Depends(get_token)], accounts: Accounts) -> None:
    accounts.log_out(token)
