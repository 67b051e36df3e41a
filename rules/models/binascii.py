"""`binascii`: the error of a text that is not encoded.

Source: https://docs.python.org/3/library/binascii.html
"""


class Error(ValueError): ...
class Incomplete(Exception): ...
