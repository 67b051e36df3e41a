"""`fastapi_restful`: class-based views."""

from fastapi_restful.cbv import cbv

# In its own repository its code says more.
covgap_yields = True
