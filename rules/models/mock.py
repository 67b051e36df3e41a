"""`mock`: the backport of `unittest.mock`."""

from unittest.mock import *
