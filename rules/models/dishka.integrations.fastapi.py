"""`dishka.integrations.fastapi`: the container is in the application's state, and gives parameters.

Source: https://dishka.readthedocs.io/en/stable/integrations/fastapi.html
"""

from dishka import FromDishka
from fastapi.routing import APIRoute, APIRouter


class DishkaRoute(APIRoute): ...


class DishkaRouter(APIRouter): ...


DishkaSyncRoute = DishkaRoute
DishkaSyncRouter = DishkaRouter


def setup_dishka(container, app, **options):
    app.state.dishka_container = container


def inject(function):
    return function


inject_sync = inject
