"""`fastapi_users.authentication`: a way to log in has a name, by which its routes are called.

Source: https://fastapi-users.github.io/fastapi-users/latest/configuration/authentication/backend/
"""


class AuthenticationBackend:
    def __init__(self, name, transport, get_strategy):
        self.name = name
        self.transport = transport
        self.get_strategy = get_strategy
