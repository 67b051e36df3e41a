"""`httpx2`: the next generation of `httpx`, with its names.

Source: https://pypi.org/project/httpx2/
"""

from httpx import *
