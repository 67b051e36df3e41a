"""`datetime`: dates and times that are spelled out, spans of time, and moments that are so far from now.

What the clock says is not known, but what lies a year ago or an hour ahead is.

Source: https://docs.python.org/3/library/datetime.html
"""

import covgap
import re

MINYEAR = 1
MAXYEAR = 9999

# Years that are surely over, and surely still to come, whenever a test runs.
_LAST_PAST = 2023
_FIRST_FUTURE = 2100


class _Ordered:
    """What is compared by `covgap_order`: below zero where it comes before the other."""

    def __lt__(self, other):
        return self.covgap_order(other) < 0

    def __le__(self, other):
        return self.covgap_order(other) <= 0

    def __gt__(self, other):
        return self.covgap_order(other) > 0

    def __ge__(self, other):
        return self.covgap_order(other) >= 0


class timedelta(_Ordered):
    covgap_span = True

    def __init__(self, days=0, seconds=0, microseconds=0, milliseconds=0, minutes=0, hours=0, weeks=0):
        self.covgap_seconds = ((weeks * 7 + days) * 24 + hours) * 3600 + minutes * 60 + seconds

    def total_seconds(self):
        return self.covgap_seconds

    @property
    def days(self):
        return self.covgap_seconds // 86400

    @property
    def seconds(self):
        return self.covgap_seconds % 86400

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

    def __truediv__(self, other):
        if covgap.marks(other, "covgap_span"):
            return self.covgap_seconds / other.covgap_seconds
        return timedelta(seconds=self.covgap_seconds / other)

    def __neg__(self):
        return timedelta(seconds=0 - self.covgap_seconds)

    def __abs__(self):
        return timedelta(seconds=abs(self.covgap_seconds))

    def __eq__(self, other):
        return self.covgap_seconds == other.covgap_seconds if covgap.marks(other, "covgap_span") else covgap.unknown("run-time-value")

    def covgap_order(self, other):
        return self.covgap_seconds - other.covgap_seconds

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
    if covgap.marks(moment, "covgap_date"):
        return moment.covgap_at(moment.covgap_since + seconds)
    if covgap.marks(moment, "covgap_moment"):
        seconds = seconds + moment.covgap_seconds
    return _Moment(seconds)


def _days(year, month, day):
    """Days since the first of March of the year 0 of the calendar."""
    years = year - 1 if month <= 2 else year
    months = month + 9 if month <= 2 else month - 3
    return years * 365 + years // 4 - years // 100 + years // 400 + (153 * months + 2) // 5 + day - 1


def _calendar(days):
    """Year, month and day of so many days since the first of March of the year 0."""
    era = days // 146097
    rest = days % 146097
    years = (rest - rest // 1460 + rest // 36524 - rest // 146096) // 365
    days = rest - (365 * years + years // 4 - years // 100)
    months = (5 * days + 2) // 153
    day = days - (153 * months + 2) // 5 + 1
    month = months + 3 if months < 10 else months - 9
    return years + era * 400 + (1 if month <= 2 else 0), month, day


def _length(year, month):
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def _check(year, month, day):
    if not covgap.is_known(year * month * day):
        return
    if not 1 <= year <= 9999:
        raise ValueError("year is out of range")
    if not 1 <= month <= 12:
        raise ValueError("month must be in 1..12")
    if not 1 <= day <= _length(year, month):
        raise ValueError("day is out of range for month")


class date(_Ordered):
    covgap_date = covgap_reads = True

    def __init__(self, year, month=None, day=None):
        if isinstance(year, str):
            year, month, day = _read_date(year)
        _check(year, month, day)
        self.year = year
        self.month = month
        self.day = day
        self.covgap_since = _days(year, month, day) * 86400

    @classmethod
    def today(cls):
        return covgap.external("datetime.date.today()")

    @classmethod
    def fromtimestamp(cls, timestamp):
        return covgap.external("datetime.date.today()")

    @classmethod
    def fromisoformat(cls, text):
        return date(*_read_date(text))

    @classmethod
    def covgap_at(cls, seconds):
        return date(*_calendar(seconds // 86400))

    def isoformat(self):
        return f"{self.year:04d}-{self.month:02d}-{self.day:02d}"

    def __str__(self):
        return self.isoformat()

    def strftime(self, form):
        text = form
        for sign, value in (("%Y", f"{self.year:04d}"), ("%m", f"{self.month:02d}"), ("%d", f"{self.day:02d}"), ("%H", "00"), ("%M", "00"), ("%S", "00")):
            text = text.replace(sign, value)
        return covgap.hole() if "%" in text else text

    def replace(self, year=None, month=None, day=None):
        return date(self.year if year is None else year, self.month if month is None else month, self.day if day is None else day)

    def weekday(self):
        return (self.covgap_since // 86400 + 2) % 7

    def isoweekday(self):
        return self.weekday() + 1

    def toordinal(self):
        return self.covgap_since // 86400 - 305

    def __sub__(self, other):
        if covgap.marks(other, "covgap_span"):
            return _moved(self, 0 - other.covgap_seconds)
        if covgap.marks(other, "covgap_date"):
            return timedelta(seconds=self.covgap_since - other.covgap_since)
        return covgap.external("datetime.timedelta()")

    def __eq__(self, other):
        if other is None:
            return False
        return self.covgap_since == other.covgap_since if covgap.marks(other, "covgap_date") else covgap.unknown("run-time-value")

    def covgap_order(self, other):
        if covgap.marks(other, "covgap_date"):
            return self.covgap_since - other.covgap_since
        # Only the clock knows the other one.
        if covgap.is_known(self.year) and self.year <= _LAST_PAST:
            return -1
        return 1 if covgap.is_known(self.year) and self.year >= _FIRST_FUTURE else covgap.unknown("run-time-value")

    def __getattr__(self, name):
        return covgap.external("datetime.datetime.now()." + name)


def _read_date(text):
    """The numbers of `2024-01-31`."""
    if not covgap.is_known(len(text)):
        if covgap.unknown("run-time-value"):
            raise ValueError("Invalid isoformat string")
        return [covgap.unknown("run-time-value")] * 3
    found = re.fullmatch(r"(\d{4})-?(\d{2})-?(\d{2})", text)
    if not found:
        raise ValueError("Invalid isoformat string")
    return [int(part) for part in found.groups()]


class datetime(date):
    def __init__(self, year, month=None, day=None, hour=0, minute=0, second=0, microsecond=0, tzinfo=None, *, fold=0):
        if isinstance(year, str):
            year, month, day, hour, minute, second, microsecond, tzinfo = _read_time(year)
        super().__init__(year, month, day)
        if covgap.is_known(hour * minute * second) and not (0 <= hour < 24 and 0 <= minute < 60 and 0 <= second < 60):
            raise ValueError("hour, minute or second is out of range")
        self.hour = hour
        self.minute = minute
        self.second = second
        self.microsecond = microsecond
        self.tzinfo = tzinfo
        self.covgap_since = self.covgap_since + hour * 3600 + minute * 60 + second

    @classmethod
    def now(cls, tz=None):
        return covgap.external("datetime.datetime.now()")

    @classmethod
    def today(cls):
        return covgap.external("datetime.datetime.now()")

    @classmethod
    def utcnow(cls):
        return covgap.external("datetime.datetime.now()")

    @classmethod
    def fromtimestamp(cls, timestamp, tz=None):
        return covgap.external("datetime.datetime.now()")

    @classmethod
    def utcfromtimestamp(cls, timestamp):
        return covgap.external("datetime.datetime.now()")

    @classmethod
    def fromisoformat(cls, text):
        return datetime(*_read_time(text))

    @classmethod
    def strptime(cls, text, form):
        return _parsed(text, form)

    @classmethod
    def combine(cls, date, time, tzinfo=None):
        return datetime(date.year, date.month, date.day, time.hour, time.minute, time.second, time.microsecond, tzinfo)

    @classmethod
    def covgap_at(cls, seconds):
        days, rest = divmod(seconds, 86400)
        return datetime(*_calendar(days), rest // 3600, rest // 60 % 60, rest % 60)

    def isoformat(self, sep="T", timespec="auto"):
        text = f"{self.year:04d}-{self.month:02d}-{self.day:02d}{sep}{self.hour:02d}:{self.minute:02d}:{self.second:02d}"
        if self.microsecond:
            text = text + f".{self.microsecond:06d}"
        if self.tzinfo is None:
            return text
        return text + ("+00:00" if covgap.marks(self.tzinfo, "covgap_utc") else covgap.hole())

    def __str__(self):
        return self.isoformat(" ")

    def strftime(self, form):
        text = form
        for sign, number, width in (("%Y", self.year, 4), ("%m", self.month, 2), ("%d", self.day, 2), ("%H", self.hour, 2), ("%M", self.minute, 2), ("%S", self.second, 2), ("%f", self.microsecond, 6)):
            text = text.replace(sign, str(number).zfill(width))
        return covgap.hole() if "%" in text else text

    def replace(self, year=None, month=None, day=None, hour=None, minute=None, second=None, microsecond=None, tzinfo=covgap.unknown("parameter"), **options):
        return datetime(
            self.year if year is None else year,
            self.month if month is None else month,
            self.day if day is None else day,
            self.hour if hour is None else hour,
            self.minute if minute is None else minute,
            self.second if second is None else second,
            self.microsecond if microsecond is None else microsecond,
            tzinfo if covgap.is_known(tzinfo) else self.tzinfo,
        )

    def astimezone(self, tz=None):
        return self

    def date(self):
        return date(self.year, self.month, self.day)

    def time(self):
        return time(self.hour, self.minute, self.second, self.microsecond)

    def timestamp(self):
        return float(self.covgap_since - 719468 * 86400) if covgap.marks(self.tzinfo, "covgap_utc") else covgap.unknown("run-time-value")


def _read_time(text):
    """The parts of `2024-01-31T12:00:00+00:00`."""
    if not covgap.is_known(len(text)):
        if covgap.unknown("run-time-value"):
            raise ValueError("Invalid isoformat string")
        return [*[covgap.unknown("run-time-value")] * 7, None]
    found = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):?(\d{2})(?::?(\d{2}))?(?:[.,](\d{1,9}))?(Z|[+-]\d{2}:?\d{2})?)?", text)
    if not found:
        raise ValueError("Invalid isoformat string")
    year, month, day, hour, minute, second, fraction, zone = found.groups()
    zone = None if zone is None else timezone.utc if zone in ("Z", "+00:00", "+0000") else covgap.unknown("run-time-value")
    fraction = int((fraction or "0")[:6].ljust(6, "0"))
    return [int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0), fraction, zone]


# What stands for a part of a moment in the form of `strptime`.
_SIGNS = (("%Y", r"(?P<year>\d{4})"), ("%m", r"(?P<month>\d{1,2})"), ("%d", r"(?P<day>\d{1,2})"), ("%H", r"(?P<hour>\d{1,2})"), ("%M", r"(?P<minute>\d{1,2})"), ("%S", r"(?P<second>\d{1,2})"), ("%f", r"(?P<fraction>\d{1,6})"))


def _parsed(text, form):
    pattern = form.replace(".", "[.]").replace("+", "[+]")
    for sign, part in _SIGNS:
        pattern = pattern.replace(sign, part)
    if not covgap.is_known(len(text)) or not covgap.is_known(len(form)) or "%" in pattern:
        if covgap.unknown("run-time-value"):
            raise ValueError("time data does not match format")
        return covgap.external("datetime.datetime.now()")
    found = re.fullmatch(pattern, text)
    if not found:
        raise ValueError("time data does not match format")
    parts = found.groupdict()
    fraction = int(parts.get("fraction", "0").ljust(6, "0"))
    return datetime(
        int(parts.get("year", "1900")), int(parts.get("month", "1")), int(parts.get("day", "1")), int(parts.get("hour", "0")), int(parts.get("minute", "0")), int(parts.get("second", "0")), fraction
    )


class time(_Ordered):
    covgap_time = covgap_reads = True

    def __init__(self, hour=0, minute=0, second=0, microsecond=0, tzinfo=None, *, fold=0):
        if isinstance(hour, str):
            hour, minute, second = _read_clock(hour)
        if covgap.is_known(hour * minute * second) and not (0 <= hour < 24 and 0 <= minute < 60 and 0 <= second < 60):
            raise ValueError("hour, minute or second is out of range")
        self.hour = hour
        self.minute = minute
        self.second = second
        self.microsecond = microsecond
        self.tzinfo = tzinfo
        self.covgap_since = hour * 3600 + minute * 60 + second

    @classmethod
    def fromisoformat(cls, text):
        return time(*_read_clock(text))

    def isoformat(self, timespec="auto"):
        return f"{self.hour:02d}:{self.minute:02d}:{self.second:02d}"

    def __str__(self):
        return self.isoformat()

    def strftime(self, form):
        text = form.replace("%H", f"{self.hour:02d}").replace("%M", f"{self.minute:02d}").replace("%S", f"{self.second:02d}")
        return covgap.hole() if "%" in text else text

    def __eq__(self, other):
        return self.covgap_since == other.covgap_since if covgap.marks(other, "covgap_time") else covgap.unknown("run-time-value")

    def covgap_order(self, other):
        return self.covgap_since - other.covgap_since

    def __getattr__(self, name):
        return covgap.unknown("run-time-value")


def _read_clock(text):
    if not covgap.is_known(len(text)):
        if covgap.unknown("run-time-value"):
            raise ValueError("Invalid isoformat string")
        return [covgap.unknown("run-time-value")] * 3
    found = re.fullmatch(r"(\d{2}):(\d{2})(?::(\d{2}))?(?:[.]\d+)?(?:Z|[+-]\d{2}:\d{2})?", text)
    if not found:
        raise ValueError("Invalid isoformat string")
    hour, minute, second = found.groups()
    return [int(hour), int(minute), int(second or 0)]


class tzinfo: ...


class timezone(tzinfo):
    def __init__(self, offset, name=None):
        self.covgap_utc = None if offset.covgap_seconds else True

    def __str__(self):
        return covgap.hole()


class _Utc(timezone):
    covgap_utc = True

    def __init__(self):
        return None


UTC = timezone.utc = _Utc()
