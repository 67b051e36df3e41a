"""`attrs`, under its newer name."""

from attr import *
from attr import _fill
