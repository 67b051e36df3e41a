"""`importlib_metadata`: what `importlib.metadata` of later Pythons has.

Source: https://importlib-metadata.readthedocs.io
"""

from importlib.metadata import *
