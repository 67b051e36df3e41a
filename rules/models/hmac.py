"""`hmac`: digests, and a comparison that is none.

Source: https://docs.python.org/3/library/hmac.html
"""

from secrets import compare_digest
