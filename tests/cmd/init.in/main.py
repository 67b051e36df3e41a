from fastapi import FastAPI, HTTPException

app = FastAPI()


@app.get("/items/{item_id}")
def read_item(item_id: int):
    if item_id > 9:
        raise HTTPException(404)
    return {"id": item_id}


@app.delete("/items/{item_id}")
def delete_item(item_id: int):
    return None
