"""Items, orders and users, in the database."""

from shop.adapters.database import DatabaseAdapter


class ItemRepository:
    def __init__(self, database: DatabaseAdapter) -> None:
        self.database = database

    def all(self) -> list[dict]:
        return [self._item(row) for row in self.database.rows("select * from items order by sku")]

    def find(self, sku: str) -> dict | None:
        rows = self.database.rows("select * from items where sku = ?", sku)
        return self._item(rows[0]) if rows else None

    def save(self, item: dict) -> None:
        self.database.run("insert or replace into items values (?, ?, ?, ?)", *item.values())

    def remove(self, sku: str) -> None:
        self.database.run("delete from items where sku = ?", sku)

    @staticmethod
    def _item(row: tuple) -> dict:
        return dict(zip(("sku", "name", "price", "stock"), row))


class OrderRepository:
    def __init__(self, database: DatabaseAdapter) -> None:
        self.database = database

    def add(self, owner: str, sku: str, amount: int) -> int:
        return self.database.run("insert into orders values (null, ?, ?, ?, 'open')", owner, sku, amount)

    def find(self, number: int) -> dict | None:
        rows = self.database.rows("select * from orders where id = ?", number)
        return dict(zip(("id", "owner", "sku", "amount", "state"), rows[0])) if rows else None

    def of(self, owner: str) -> list[dict]:
        rows = self.database.rows("select id from orders where owner = ?", owner)
        return [self.find(row[0]) for row in rows]

    def change_state(self, number: int, state: str) -> None:
        self.database.run("update orders set state = ? where id = ?", state, number)


class UserRepository:
    def __init__(self, database: DatabaseAdapter) -> None:
        self.database = database

    def add(self, name: str, password: str, role: str = "customer") -> None:
        self.database.run("insert into users values (?, ?, ?)", name, password, role)

    def find(self, name: str) -> dict | None:
        rows = self.database.rows("select * from users where name = ?", name)
        return dict(zip(("name", "password", "role"), rows[0])) if rows else None
