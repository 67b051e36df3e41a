"""`fastapi.websockets`: the WebSockets of Starlette."""

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState
