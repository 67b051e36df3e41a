"""`posixpath`: paths with slashes, which is what URLs are joined with, too.

Source: https://docs.python.org/3/library/os.path.html
"""

from os.path import *
