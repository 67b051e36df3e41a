"""`operator`: attribute and item getters.

Source: https://docs.python.org/3/library/operator.html
"""


def attrgetter(name, *names):
    if names:
        return lambda thing: tuple([_attribute(thing, one) for one in (name, *names)])
    return lambda thing: _attribute(thing, name)


def _attribute(thing, path):
    for name in path.split("."):
        thing = getattr(thing, name)
    return thing


def itemgetter(key, *keys):
    if keys:
        return lambda thing: tuple([thing[one] for one in (key, *keys)])
    return lambda thing: thing[key]


def methodcaller(name, /, *args, **kwargs):
    return lambda thing: getattr(thing, name)(*args, **kwargs)
