"""`fastapi_utils`: class-based views."""

from fastapi_utils.cbv import cbv

# In its own repository its code says more.
covgap_yields = True
