"""`starlette_admin`: an application for administrators, which is mounted on another when it is complete.

Source: https://jowilf.github.io/starlette-admin/
"""

import covgap

# In its own repository its code says more.
covgap_yields = True


class BaseAdmin:
    def __init__(self, *args, base_url="/admin", route_name="admin", **options):
        self.base_url = base_url
        self.route_name = route_name

    def add_view(self, view): ...

    def mount_to(self, app, *args, **options):
        app.mount(self.base_url, covgap.external("starlette_admin.BaseAdmin().app"), name=self.route_name)
