from shop.repository import UserRepository
from shop.services.accounts import AccountService


async def test_log_out(database):
    accounts = AccountService(UserRepository(database))
    accounts.sign_up("ada", "secret")
    token = accounts.log_in("ada", "secret")
    accounts.log_out(token)
    assert accounts.user_of(token) is None
