from fastapi import FastAPI, HTTPException

app = FastAPI(openapi_url=None)


@app.get("/orders/{number}")
def read_order(number: int):
    if number > 9:
        raise HTTPException(404)
    return {"number": number}
