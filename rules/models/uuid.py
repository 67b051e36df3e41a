"""`uuid`: an identifier is what its digits say; one that is made at random is an identifier, but nobody knows which.

Source: https://docs.python.org/3/library/uuid.html
"""

import covgap
import re


class UUID:
    covgap_uuid = covgap_reads = True

    def __init__(self, hex=None, bytes=None, bytes_le=None, fields=None, int=None, version=None, *, is_safe=None):
        self.covgap_text = covgap.hole() if hex is None else _read(hex)

    def __str__(self):
        return self.covgap_text

    def __eq__(self, other):
        if not covgap.marks(other, "covgap_uuid"):
            return False if covgap.is_known(other) else covgap.unknown("run-time-value")
        return self is other or self.covgap_text == other.covgap_text

    @property
    def hex(self):
        return self.covgap_text.replace("-", "") if covgap.is_known(len(self.covgap_text)) else covgap.hole()

    @property
    def urn(self):
        return "urn:uuid:" + self.covgap_text

    def __getattr__(self, name):
        return covgap.external("uuid.UUID()." + name)


def _read(text):
    """Its usual form, or the error that it has none."""
    if not covgap.is_known(len(text)):
        if covgap.unknown("run-time-value"):
            raise ValueError("badly formed hexadecimal UUID string")
        return covgap.hole()
    digits = text.replace("urn:", "").replace("uuid:", "").strip("{}").replace("-", "").lower()
    if not re.fullmatch("[0-9a-f]{32}", digits):
        raise ValueError("badly formed hexadecimal UUID string")
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def uuid1(node=None, clock_seq=None):
    return UUID()


def uuid3(namespace, name):
    return UUID()


uuid4 = uuid7 = uuid1
uuid5 = uuid3
uuid6 = uuid8 = uuid1

NAMESPACE_DNS = UUID("6ba7b810-9dad-11d1-80b4-00c04fd430c8")
NAMESPACE_URL = UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")
NAMESPACE_OID = UUID("6ba7b812-9dad-11d1-80b4-00c04fd430c8")
NAMESPACE_X500 = UUID("6ba7b814-9dad-11d1-80b4-00c04fd430c8")
NIL = UUID("00000000-0000-0000-0000-000000000000")
MAX = UUID("ffffffff-ffff-ffff-ffff-ffffffffffff")


def getnode():
    return covgap.unknown("run-time-value")
