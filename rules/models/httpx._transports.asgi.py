"""Where `httpx.ASGITransport` is defined, and imported from by many."""

from httpx import ASGITransport
