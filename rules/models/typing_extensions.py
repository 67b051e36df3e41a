"""`typing_extensions`: the names of `typing`, for older versions of Python."""

from typing import *
from typing import _fill
