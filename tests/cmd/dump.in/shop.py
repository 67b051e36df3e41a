from fastapi import APIRouter, FastAPI, HTTPException
from somewhere import plugins

router = APIRouter(prefix="/orders")


@router.get("/{number}")
def read_order(number: int):
    if number > 9:
        raise HTTPException(404)
    return {"number": number}


app = FastAPI(docs_url=None, redoc_url=None)
admin = FastAPI(openapi_url=None)
app.include_router(router, prefix="/api")
app.mount("/admin", admin)
for plugin in plugins():
    app.include_router(plugin)
