from fastapi import APIRouter, Depends, FastAPI, status


def logged_in():
    return True


def audited():
    return True


router = APIRouter(prefix="/items", tags=["items"], dependencies=[Depends(logged_in)])


@router.post("", tags=["writes"], status_code=status.HTTP_201_CREATED, dependencies=[Depends(audited)])
def create():
    return {}


app = FastAPI(openapi_url=None)
app.include_router(router, prefix="/v1", tags=["v1", "items"])
