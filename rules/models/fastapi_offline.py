"""`fastapi_offline`: an application whose documentation needs no other host.

Source: https://github.com/turettn/fastapi_offline
"""

from fastapi import FastAPI

# In its own repository its code says more.
covgap_yields = True


class FastAPIOffline(FastAPI): ...
