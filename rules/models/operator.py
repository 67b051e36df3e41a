"""`operator`: attribute and item getters.

Source: https://docs.python.org/3/library/operator.html
"""


def attrgetter(name):
    return lambda thing: getattr(thing, name)


def itemgetter(key):
    return lambda thing: thing[key]
