"""`jose` (python-jose).

Source: https://python-jose.readthedocs.io/en/latest/
"""

from jose.exceptions import *
