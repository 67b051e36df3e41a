"""`weakref`: references to what is still there.

Source: https://docs.python.org/3/library/weakref.html
"""


def ref(thing, callback=None):
    return lambda: thing


WeakMethod = ref


def proxy(thing, callback=None):
    return thing


def finalize(thing, function, *args, **kwargs):
    return None


WeakValueDictionary = WeakKeyDictionary = dict
WeakSet = set
