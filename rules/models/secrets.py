"""`secrets`: what is random, and a comparison that is not.

Source: https://docs.python.org/3/library/secrets.html
"""

import covgap


def compare_digest(a, b, /):
    return a == b


def token_hex(nbytes=None):
    return covgap.hole()


token_urlsafe = token_hex


def token_bytes(nbytes=None):
    return covgap.unknown("run-time-value")


choice = randbelow = randbits = SystemRandom = token_bytes
