"""`jwt.exceptions` (PyJWT)."""

from jwt import *
