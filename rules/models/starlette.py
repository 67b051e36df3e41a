"""`starlette`: the package itself has no names."""

from starlette import status
