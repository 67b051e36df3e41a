"""`datetime`: spans of time, and moments that are so far from now; the rest is only known to the clock.

Source: https://docs.python.org/3/library/datetime.html
"""

import covgap


class timedelta:
    covgap_span = True

    def __init__(self, days=0, seconds=0, microseconds=0, milliseconds=0, minutes=0, hours=0, weeks=0):
        self.covgap_seconds = ((weeks * 7 + days) * 24 + hours) * 3600 + minutes * 60 + seconds

    def total_seconds(self):
        return self.covgap_seconds

    def __add__(self, other):
        if covgap.marks(other, "covgap_span"):
            return timedelta(seconds=self.covgap_seconds + other.covgap_seconds)
        return _moved(other, self.covgap_seconds)

    __radd__ = __add__

    def __sub__(self, other):
        return timedelta(seconds=self.covgap_seconds - other.covgap_seconds)

    def __rsub__(self, moment):
        return _moved(moment, 0 - self.covgap_seconds)

    def __mul__(self, count):
        return timedelta(seconds=self.covgap_seconds * count)

    __rmul__ = __mul__

    def __eq__(self, other):
        return covgap.unknown("run-time-value")

    def __getattr__(self, name):
        return covgap.unknown("run-time-value")


class _Moment:
    """A moment that is so many seconds from now."""

    covgap_moment = True

    def __init__(self, seconds):
        self.covgap_seconds = seconds

    def timestamp(self):
        return self.covgap_seconds

    def replace(self, **changes):
        return self

    def astimezone(self, zone=None):
        return self

    def __sub__(self, other):
        if covgap.marks(other, "covgap_span"):
            return _moved(self, 0 - other.covgap_seconds)
        return covgap.external("datetime.timedelta()")

    def __eq__(self, other):
        return covgap.unknown("run-time-value")

    def __getattr__(self, name):
        return covgap.external("datetime.datetime.now()." + name)


def _moved(moment, seconds):
    if covgap.marks(moment, "covgap_moment"):
        seconds = seconds + moment.covgap_seconds
    return _Moment(seconds)
