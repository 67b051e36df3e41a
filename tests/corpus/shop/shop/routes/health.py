"""Whether the shop is up."""

import time

import httpx
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

router = APIRouter(tags=["health"])


@router.get("/health")
@router.get("/healthz", include_in_schema=False)
async def health() -> dict:
    return {"status": "up"}


@router.get("/ready")
async def ready(request: Request):
    payments = request.app.state.payments
    for _ in range(3):
        try:
            if httpx.get(f"{payments.url}/health").status_code == 200:
                return {"ready": True}
        except httpx.TransportError:
            time.sleep(0.1)
    return JSONResponse({"ready": False}, status_code=503)
