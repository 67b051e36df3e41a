"""`httpx_ws`: WebSockets over an httpx client.

Source: https://frankie567.github.io/httpx-ws/
"""

import covgap
import httpx
from websockets import _Connection


def aconnect_ws(url, client=None, **options):
    app = getattr(client, "covgap_app", None)
    covgap.request("websocket", app, "GET", url, httpx.covgap_base(client), True, "in-process" if app is not None else "network", "httpx-ws/connect")
    return _Connection()


connect_ws = aconnect_ws
