"""What happens while one looks."""

import asyncio

from fastapi import APIRouter, WebSocket, WebSocketDisconnect, WebSocketException

router = APIRouter(prefix="/live")


@router.websocket("/news")
async def news(websocket: WebSocket) -> None:
    notifications = websocket.app.state.notifications
    await websocket.accept()
    notifications.listeners.append(websocket)
    await websocket.send_text("welcome")
    try:
        while True:
            await websocket.receive_text()
    except WebSocketDisconnect:
        notifications.listeners.remove(websocket)


@router.websocket("/orders/{number}")
async def order_state(websocket: WebSocket, number: int, token: str = "") -> None:
    user = websocket.app.state.accounts.user_of(token)
    if user is None:
        raise WebSocketException(code=1008, reason="unknown token")
    await websocket.accept()
    state = None
    while state not in ("paid", "cancelled"):
        order = websocket.app.state.orders.get(user["name"], number)
        if order["state"] != state:
            state = order["state"]
            await websocket.send_json({"state": state})
        await asyncio.sleep(1)
    await websocket.close()
