"""The payment service, over HTTP."""

import httpx

from shop.errors import PaymentRefused


class PaymentsAdapter:
    def __init__(self, url: str, key: str) -> None:
        self.url = url
        self.key = key

    async def connect(self) -> bool:
        try:
            return httpx.get(f"{self.url}/health").status_code == 200
        except httpx.TransportError:
            return False

    async def charge(self, order: int, amount: int) -> str:
        async with httpx.AsyncClient(base_url=self.url, timeout=5) as client:
            response = await client.post("/charges", json={"order": order, "amount": amount}, headers={"x-key": self.key})
        if response.status_code == 402:
            raise PaymentRefused(order)
        response.raise_for_status()
        return response.json()["id"]
