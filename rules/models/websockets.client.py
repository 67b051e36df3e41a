"""`websockets.client`: another way to `websockets.connect`."""

from websockets import connect
