"""`fastapi.concurrency`: a call handed to a thread is a call."""

from contextlib import asynccontextmanager
from starlette.concurrency import iterate_in_threadpool, run_in_threadpool, run_until_first_complete


def contextmanager_in_threadpool(context):
    return context
