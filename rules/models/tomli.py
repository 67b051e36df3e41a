"""`tomli`: the same as Python's own reader.

Source: https://pypi.org/project/tomli/
"""

from tomllib import load, loads
