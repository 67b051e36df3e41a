"""`trio`: structured concurrency; what it runs has run, and a nursery is a task group of anyio.

Source: https://trio.readthedocs.io
"""

from anyio import create_task_group as open_nursery, run
from trio import to_thread
