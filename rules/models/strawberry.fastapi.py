"""`strawberry.fastapi`: a router that answers GraphQL at one path, over HTTP and WebSockets.

Source: https://strawberry.rocks/docs/integrations/fastapi
"""

from fastapi.routing import APIRouter
from starlette.requests import Request
from starlette.websockets import WebSocket

import covgap


class BaseContext:
    def __init__(self):
        self.request = None
        self.background_tasks = None
        self.response = None


class GraphQLRouter(APIRouter):
    def __init__(
        self,
        schema,
        path="",
        graphiql=None,
        graphql_ide="graphiql",
        allow_queries_via_get=True,
        keep_alive=False,
        keep_alive_interval=1,
        root_value_getter=None,
        context_getter=None,
        subscription_protocols=(),
        connection_init_wait_timeout=None,
        prefix="",
        tags=None,
        dependencies=None,
        multipart_uploads_enabled=False,
        **options,
    ):
        super().__init__(prefix=prefix, tags=tags, dependencies=dependencies, **options)
        self.schema = schema

        @self.get(path)
        async def handle_http_get(request: Request):
            return covgap.unknown("run-time-value")

        @self.post(path)
        async def handle_http_post(request: Request):
            return covgap.unknown("run-time-value")

        @self.websocket(path)
        async def websocket_endpoint(websocket: WebSocket):
            await websocket.accept()
