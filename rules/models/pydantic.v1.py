"""`pydantic.v1`: the names of the first version."""

from pydantic import *
