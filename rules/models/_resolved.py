"""What a container of objects makes of a class: an instance, whose constructor is given what the container has for its parameters."""

import covgap

_PLAIN = (str, int, float, bool, bytes, list, dict, tuple, set, object)


def made(kind, get):
    """Of a class that has no constructor of its own, and of what is no class, an instance of which nobody knows more."""
    if not covgap.is_class(kind) or kind in _PLAIN:
        return covgap.instance(kind)
    arguments = {}
    for name, annotation, default, how in covgap.parameters(kind):
        if not covgap.is_known(default) and how != 2 and how != 4:
            arguments[name] = get(covgap.plain_type(annotation))
    return kind(**arguments)
