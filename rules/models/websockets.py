"""`websockets`: WebSockets over the network.

Source: https://websockets.readthedocs.io
"""

import covgap


class _Connection:
    def __enter__(self):
        return self

    def __exit__(self, *args):
        return None

    def __getattr__(self, name):
        return covgap.unknown("run-time-value")


def connect(uri, *args, **options):
    covgap.request("websocket", None, "GET", uri, "", True, "network", "websockets/connect")
    return _Connection()
