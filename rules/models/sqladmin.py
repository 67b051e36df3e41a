"""`sqladmin`: an application for administrators, mounted on another.

Source: https://aminalaee.github.io/sqladmin/
"""

import covgap

# In its own repository its code says more.
covgap_yields = True


class Admin:
    def __init__(self, app, engine=None, session_maker=None, base_url="/admin", **options):
        self.app = app
        app.mount(base_url, covgap.external("sqladmin.Admin().admin"), name="admin")

    def add_view(self, view): ...

    add_model_view = add_base_view = add_view
