"""`asgiref.sync`: the same function for the other world; awaited or not, it has run.

Source: https://docs.djangoproject.com/en/stable/topics/async/#async-adapter-functions
"""


def sync_to_async(function=None, **options):
    return sync_to_async if function is None else function


def async_to_sync(awaitable=None, **options):
    return async_to_sync if awaitable is None else awaitable
