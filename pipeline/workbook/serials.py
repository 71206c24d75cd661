"""Numbers and serial dates as a spreadsheet stores them, turned into plain text."""

import math
import re
from datetime import date, time, timedelta
from decimal import Decimal
from functools import lru_cache

from pipeline.workbook.grid import CellType, Moment

_NUMBER = re.compile(r"\s*[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,5})?\s*", re.ASCII)
_EXACT_DIGITS = 15  # so many digits survive a double unchanged
_PLAIN_EXPONENTS = range(-15, 21)  # beyond these a number is written with an exponent

_DAY = 86_400_000  # milliseconds
_LAST_SERIAL = 2_958_466  # the first serial after 31 December 9999
_LEAP_BUG = 60  # 29 February 1900, a day that Excel counts and no calendar has
_EPOCH_BEFORE_BUG = date(1899, 12, 31)
_EPOCH = date(1899, 12, 30)
_EPOCH_1904 = date(1904, 1, 1)
_BEFORE_DATES = 1900  # a time of day may be written with one of Excel's zero days before this year

_ISO = re.compile(
    r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})?"
    r"(?:T?(?P<time>[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?))?"
    r"(?:Z|[+-][0-9]{2}:[0-9]{2})?",
    re.ASCII,
)


def number_of(text: str) -> float:
    """Read a stored number.

    Raises ValueError for what is no finite number.
    """
    if not _NUMBER.fullmatch(text) or not math.isfinite(number := float(text)):
        raise ValueError(f"no number {text[:40]!r}")
    return number


def decimal_text(text: str) -> str:
    """Give the shortest decimal that is the same double as the stored number.

    Raises ValueError for what is no finite number.
    """
    if len(text) <= _EXACT_DIGITS and text.isascii() and text.isdigit():
        return text.lstrip("0") or "0"
    return _shortest(number_of(text))


@lru_cache(maxsize=4096)
def moment_text(text: str, moment: Moment, *, date1904: bool) -> tuple[CellType, str]:
    """Turn a serial into an ISO date or time; one that names no day stays a number.

    Raises ValueError for what is no finite number.
    """
    number = number_of(text)
    if moment is Moment.ELAPSED and 0 <= number < _LAST_SERIAL:
        return CellType.TIME, _clock(round(number * _DAY))
    day = math.floor(number)
    # The fraction never rounds up into the next day: the day shown is the day stored.
    clock = min(round((number - day) * _DAY), _DAY - 1)
    if day == 0 and (moment is Moment.TIME or (moment is Moment.BOTH and not date1904)):
        return CellType.TIME, _clock(clock)
    found = _date(day, date1904=date1904)
    if found is None or moment is Moment.ELAPSED:
        return CellType.NUMBER, _shortest(number)
    return CellType.DATE, _stamp(found, clock)


def iso_text(text: str, moment: Moment | None) -> tuple[CellType, str]:
    """Read a date or time that is stored in ISO form; the zone, which no sheet has, is left out.

    Raises ValueError for what is no date or time.
    """
    match = _ISO.fullmatch(text)
    if match is None or not (match["date"] or match["time"]):
        raise ValueError(f"no date {text[:40]!r}")
    clock = _milliseconds(match["time"]) if match["time"] else 0
    if match["date"] is None:
        return CellType.TIME, _clock(clock)
    day = date.fromisoformat(match["date"])
    if moment is Moment.TIME and day.year < _BEFORE_DATES:
        return CellType.TIME, _clock(clock)
    return CellType.DATE, _stamp(day, clock)


def _shortest(number: float) -> str:
    """Write a double in the fewest digits, without an exponent where that is readable."""
    if not number:
        return "0"
    text = repr(number)
    if "e" not in text:
        return text.removesuffix(".0")
    exact = Decimal(text)
    if exact.adjusted() not in _PLAIN_EXPONENTS:
        return text.upper()
    return format(exact, "f")


def _date(day: int, *, date1904: bool) -> date | None:
    """Give the calendar day that a whole serial stands for, if there is one."""
    epoch = _EPOCH_1904 if date1904 else _EPOCH
    first = 0 if date1904 else 1
    if not first <= day < _LAST_SERIAL - (0 if not date1904 else (_EPOCH_1904 - _EPOCH).days):
        return None
    if not date1904 and day <= _LEAP_BUG:
        return None if day == _LEAP_BUG else _EPOCH_BEFORE_BUG + timedelta(day)
    return epoch + timedelta(day)


def _stamp(day: date, clock: int) -> str:
    """Write a day, with its time only where there is one."""
    return f"{day.isoformat()}T{_clock(clock)}" if clock else day.isoformat()


def _clock(milliseconds: int) -> str:
    """Write hours, minutes and seconds; hours go on past 24 for an elapsed time."""
    seconds, rest = divmod(milliseconds, 1000)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    text = f"{hour:02}:{minute:02}:{second:02}"
    return f"{text}.{rest:03}" if rest else text


def _milliseconds(text: str) -> int:
    """Read a time of day, cut after the millisecond."""
    whole, _, fraction = text.partition(".")
    read = time.fromisoformat(whole)
    seconds = (read.hour * 60 + read.minute) * 60 + read.second
    return seconds * 1000 + int(fraction[:3].ljust(3, "0"))
