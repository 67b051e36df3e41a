"""Users and their tokens."""

from fastapi import HTTPException

from shop.repository import UserRepository


class AccountService:
    def __init__(self, users: UserRepository) -> None:
        self.users = users
        self.tokens: dict[str, str] = {}

    def sign_up(self, name: str, password: str) -> dict:
        if self.users.find(name) is not None:
            raise HTTPException(status_code=409, detail="name is taken")
        self.users.add(name, password)
        return {"name": name}

    def log_in(self, name: str, password: str) -> str:
        user = self.users.find(name)
        if user is None or user["password"] != password:
            raise HTTPException(status_code=401, detail="wrong name or password")
        token = f"token-{name}"
        self.tokens[token] = name
        return token

    def user_of(self, token: str) -> dict | None:
        name = self.tokens.get(token)
        return self.users.find(name) if name else None

    def log_out(self, token: str) -> None:
        self.tokens.pop(token, None)
