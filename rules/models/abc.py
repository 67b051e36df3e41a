"""`abc`: abstract classes are classes.

Source: https://docs.python.org/3/library/abc.html
"""


class ABC: ...
class ABCMeta(type): ...


def abstractmethod(function):
    function.__isabstractmethod__ = True
    return function


abstractproperty = property
abstractclassmethod = classmethod
abstractstaticmethod = staticmethod
