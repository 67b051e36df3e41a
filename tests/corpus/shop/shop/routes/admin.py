"""What only admins may do."""

from fastapi import APIRouter, Depends, Request

from shop.deps import Catalog, require_admin

router = APIRouter(prefix="/admin", tags=["admin"], dependencies=[Depends(require_admin)])


@router.get("/stock")
def stock(catalog: Catalog) -> dict:
    return {item["sku"]: item["stock"] for item in catalog.list_items()}


@router.post("/stock/{sku}/refill")
def refill(sku: str, amount: int, catalog: Catalog) -> dict:
    item = catalog.get(sku)
    return catalog.put({**item, "stock": item["stock"] + amount})


@router.get("/settings")
def read_settings(request: Request) -> dict:
    return {"environment": request.app.state.settings.environment}


@router.post("/broadcast")
async def broadcast(text: str, request: Request) -> dict:
    return {"listeners": await request.app.state.notifications.broadcast(text)}


@router.api_route("/maintenance", methods=["POST", "DELETE"])
def maintenance(request: Request) -> dict:
    request.app.state.maintenance = request.method == "POST"
    return {"maintenance": request.app.state.maintenance}
