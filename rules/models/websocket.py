"""`websocket` (websocket-client): WebSockets over the network."""

import covgap
from websockets import _Connection


def create_connection(url, *args, **options):
    covgap.request("websocket", None, "GET", url, "", True, "network", "websocket/create-connection")
    return _Connection()
