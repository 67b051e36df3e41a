"""`fastapi.testclient`: the client of Starlette."""

from starlette.testclient import TestClient
