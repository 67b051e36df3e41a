"""`fastapi_utils`: class-based views."""

from fastapi_utils.cbv import cbv
