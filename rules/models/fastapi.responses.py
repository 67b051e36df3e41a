"""`fastapi.responses`: the responses of Starlette."""

from starlette.responses import *
