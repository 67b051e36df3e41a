"""`fastapi_restful`: class-based views."""

from fastapi_restful.cbv import cbv
