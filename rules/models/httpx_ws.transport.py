"""`httpx_ws.transport`: ASGI with WebSockets."""

from httpx import ASGITransport as ASGIWebSocketTransport
