"""`fastapi_users`: routers whose handlers are the library's, and the dependency that gives the user.

Source: https://fastapi-users.github.io/fastapi-users/latest/configuration/routers/
"""

import covgap
from fastapi import APIRouter
from fastapi.exceptions import HTTPException
from starlette.requests import HTTPConnection

# In its own repository its code says more.
covgap_yields = True


def _routes(*routes):
    router = APIRouter()
    for method, path, name in routes:
        router.add_api_route(path, covgap.external("fastapi_users.router." + name), methods=[method], name=name)
    return router


def _name(backend):
    return getattr(backend, "name", None) or covgap.hole()


class FastAPIUsers:
    covgap_user = covgap.unknown("library")

    def __class_getitem__(cls, kinds):
        class Of(cls):
            covgap_user = kinds[0]

        return Of

    def __init__(self, get_user_manager, auth_backends):
        self.get_user_manager = get_user_manager
        self.authenticator = self

    def current_user(self, optional=False, active=False, verified=False, superuser=False, get_enabled_backends=None):
        def current_user_dependency(connection: HTTPConnection):
            if not connection.headers.get("authorization") and not connection.cookies:
                if optional:
                    return None
                raise HTTPException(401)
            return covgap.instance(self.covgap_user)

        return current_user_dependency

    def get_auth_router(self, backend, requires_verification=False):
        name = f"auth:{_name(backend)}"
        return _routes(("POST", "/login", f"{name}.login"), ("POST", "/logout", f"{name}.logout"))

    def get_register_router(self, user_schema, user_create_schema):
        return _routes(("POST", "/register", "register:register"))

    def get_verify_router(self, user_schema):
        return _routes(("POST", "/request-verify-token", "verify:request-token"), ("POST", "/verify", "verify:verify"))

    def get_reset_password_router(self):
        return _routes(
            ("POST", "/forgot-password", "reset:forgot_password"),
            ("POST", "/reset-password", "reset:reset_password"),
        )

    def get_users_router(self, user_schema, user_update_schema, requires_verification=False):
        return _routes(
            ("GET", "/me", "users:current_user"),
            ("PATCH", "/me", "users:patch_current_user"),
            ("GET", "/{id}", "users:user"),
            ("PATCH", "/{id}", "users:patch_user"),
            ("DELETE", "/{id}", "users:delete_user"),
        )

    def get_oauth_router(self, oauth_client, backend, state_secret, *args, **options):
        name = f"oauth:{_name(oauth_client)}.{_name(backend)}"
        return _routes(("GET", "/authorize", f"{name}.authorize"), ("GET", "/callback", f"{name}.callback"))

    def get_oauth_associate_router(self, oauth_client, user_schema, state_secret, *args, **options):
        name = f"oauth-associate:{_name(oauth_client)}"
        return _routes(("GET", "/authorize", f"{name}.authorize"), ("GET", "/callback", f"{name}.callback"))
