"""The errors of the shop, and how they are answered."""

from fastapi import FastAPI, HTTPException, Request, status
from fastapi.responses import JSONResponse


class NotFound(HTTPException):
    def __init__(self, what: str) -> None:
        super().__init__(status.HTTP_404_NOT_FOUND, f"{what} not found")


class OutOfStock(Exception):
    def __init__(self, sku: str) -> None:
        super().__init__(sku)
        self.sku = sku


class PaymentRefused(Exception):
    pass


def register_error_handlers(app: FastAPI) -> None:
    @app.exception_handler(OutOfStock)
    async def out_of_stock(request: Request, error: OutOfStock) -> JSONResponse:
        return JSONResponse({"detail": f"{error.sku} is out of stock"}, status_code=409)

    @app.exception_handler(PaymentRefused)
    async def payment_refused(request: Request, error: PaymentRefused) -> JSONResponse:
        return JSONResponse({"detail": "payment refused"}, status_code=402)
