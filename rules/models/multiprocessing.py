"""`multiprocessing`: a started process runs its target.

Source: https://docs.python.org/3/library/multiprocessing.html
"""

from threading import Thread as Process
