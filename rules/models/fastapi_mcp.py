"""`fastapi_mcp`: a server of the Model Context Protocol at a path of the application whose routes it offers.

Source: https://fastapi-mcp.tadata.com/
"""

import covgap

# In its own repository its code says more.
covgap_yields = True


class FastApiMCP:
    def __init__(self, fastapi, *args, **options):
        self.fastapi = fastapi

    def _answer(self, router, path, methods):
        holder = self.fastapi if router is None else router
        holder.add_api_route(path, covgap.external("fastapi_mcp.transport"), methods=methods, include_in_schema=False)

    def mount_http(self, router=None, mount_path="/mcp"):
        self._answer(router, mount_path, ["GET", "POST", "DELETE"])

    def mount_sse(self, router=None, mount_path="/sse"):
        self._answer(router, mount_path, ["GET"])
        self._answer(router, mount_path + "/messages/", ["POST"])

    def mount(self, router=None, mount_path="/mcp", transport="sse"):
        self.mount_sse(router, mount_path)

    def setup_server(self): ...
