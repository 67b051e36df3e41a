"""The database, and nothing that knows what is in it."""

import sqlite3

SCHEMA = """
create table if not exists items (sku text primary key, name text, price integer, stock integer);
create table if not exists orders (id integer primary key, owner text, sku text, amount integer, state text);
create table if not exists users (name text primary key, password text, role text);
"""


class DatabaseAdapter:
    def __init__(self, path: str) -> None:
        self.path = path
        self._connection: sqlite3.Connection | None = None

    async def connect(self) -> None:
        self._connection = sqlite3.connect(self.path, check_same_thread=False)
        self._connection.executescript(SCHEMA)

    async def close(self) -> None:
        if self._connection is not None:
            self._connection.close()

    def rows(self, query: str, *values: object) -> list[tuple]:
        if self._connection is None:
            raise RuntimeError("the database is not connected")
        return self._connection.execute(query, values).fetchall()

    def run(self, query: str, *values: object) -> int:
        if self._connection is None:
            raise RuntimeError("the database is not connected")
        with self._connection:
            return self._connection.execute(query, values).lastrowid or 0
